"""Functions: of the table, of the text, and the derivative sign."""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Derivative,
    Element,
    Expr,
    Function,
)
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.errors import NameProblem, SyntaxProblem
from tensorderiv.language import lexicon, matrices, matrix_functions, vectors
from tensorderiv.language import surface as s
from tensorderiv.language.operations import Operations
from tensorderiv.language.values import Array, Value


@dataclass
class Calls(Operations):
    """Elaborates applied functions."""

    def call(self, node: s.Call) -> Value:
        name, place = node.name, node.place
        if node.exponent is not None:
            power = self.number(node.exponent)
            if power == build.MINUS_ONE:
                raise SyntaxProblem(f"{name}^(-1) can be the inverse or 1/{name}", place=place, hint=f"write 1/{name}(...)")
            inner = self.call(s.Call(place, name, node.args, node.subscripts))
            return self.elementwise([inner, power], build.power, place)
        if name in self.functions:
            return self.inline(node)
        if name == "if":
            self.arity(node, 3)
            return self.select(self.condition(node.args[0]), self.value(node.args[1]), self.value(node.args[2]), place)
        if name == "diff":
            return self.derivative(node)
        if name in ("sum", "prod", "mean", "logsumexp", "softmax", "norm", "dot") or (
            name in ("max", "min") and len(node.args) == 1
        ):
            return vectors.whole(self, node)
        if name in lexicon.MATRIX_FUNCTIONS:
            return matrix_functions.call(self, node)
        if name == "log" and not node.subscripts and len(node.args) == 1:
            short = matrix_functions.log_of(self, node.args[0])
            if short is not None:
                return short
        values = [self.value(arg) for arg in node.args]
        if name in ("exp", "log", "sqrt") and any(matrices.kind_of(value) == "matrix" for value in values):
            self.note(f"{name} of a matrix is taken elementwise")
        if name == "log" and node.subscripts:
            if len(node.subscripts) != 1:
                raise SyntaxProblem("a logarithm has one base", place=place, hint="write log_2(x)")
            self.arity(node, 1)
            base = build.call("log", self.number(node.subscripts[0]))
            return self.elementwise(values, lambda x: build.div(build.call("log", x), base), place)
        if node.subscripts:
            raise SyntaxProblem(f"{name} has no subscript", place=place, hint="reductions have: sum_i, max_j, softmax_j")
        if name == "pow":
            self.arity(node, 2)
            return self.elementwise(values, build.power, place)
        if name == "root":
            self.arity(node, 2)
            degree = values[0]
            if isinstance(degree, Array):
                raise self.vector_problem(degree, place)
            return self.elementwise([values[1]], lambda x: build.power(x, build.power(degree, -1)), place)
        if name == "log10":
            self.arity(node, 1)
            return self.elementwise(values, lambda x: build.div(build.call("log", x), build.call("log", build.number(10))), place)
        info = FUNCTIONS.get(name)
        if info is None and name in self.later:
            raise NameProblem(f"the function {name} is used before it is defined", place=place, hint="move its line up")
        if info is None:
            known = sorted({*FUNCTIONS, *lexicon.FUNCTION_NAMES, *self.functions})
            raise NameProblem(f"the function {name} is not known", place=place, hint=self.close(known, name))
        if info.arity >= 0:
            self.arity(node, info.arity)
        return self.elementwise(values, lambda *args: Function(name, args), place)

    def inline(self, node: s.Call) -> Value:
        """A call of a function defined in the text: its body with the arguments put in.

        Raises: NameProblem for recursion; SyntaxProblem for a wrong number of arguments.
        """
        definition = self.functions[node.name]
        parameters = definition.parameters or ()
        if node.name in self.calling or node.name == self.own:
            raise NameProblem(f"the function {node.name} calls itself", place=node.place, hint="recursion is not read")
        if node.name in self.later:
            raise NameProblem(f"the function {node.name} is used before it is defined", place=node.place, hint="move its line up")
        self.arity(node, len(parameters))
        values = [self.value(arg) for arg in node.args]
        own = [name for name, _ in parameters]
        same = all(
            isinstance(arg, s.Ref) and arg.subscripts is None and arg.name == name
            for arg, name in zip(node.args, own, strict=True)
        )
        lifted = self.symbols.get(node.name)
        if same and lifted is not None and all(name in self.rows for name in own):
            return self.whole(lifted)
        kept, scope, calling, free = self.parameters, self.scope, self.calling, self.free
        avoid = set(self.avoid)
        self.avoid |= {index.name for index in self.scope.values()}
        self.parameters, self.calling, self.free = dict(zip(own, values, strict=True)), (*calling, node.name), False
        self.scope = {}
        try:
            return self.value(definition.sides[-1])
        finally:
            self.parameters, self.scope, self.calling, self.free, self.avoid = kept, scope, calling, free, avoid

    def derivative(self, node: s.Call) -> Expr:
        """diff(expr, X_kl): not carried out."""
        self.arity(node, 2)
        variable = self.number(node.args[1])
        if not isinstance(variable, Element):
            raise SyntaxProblem(
                "diff is taken by an element of a tensor", place=node.args[1].place, hint="write diff(expr, X_kl)"
            )
        return Derivative(self.number(node.args[0]), variable)
