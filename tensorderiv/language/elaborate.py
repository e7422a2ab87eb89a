"""Surface trees -> algebra: names are looked up, indices bound, rows and norms written out, extents joined."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Bracket,
    Compare,
    CompareOp,
    Condition,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    Or,
    Position,
    Select,
    Size,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.algebra.index import Index
from tensorderiv.errors import DomainProblem, IndexProblem, NameProblem, Place, SyntaxProblem
from tensorderiv.language import lexicon, norms, reductions
from tensorderiv.language import surface as s
from tensorderiv.language.extents import Extents
from tensorderiv.language.guess import Survey
from tensorderiv.language.statements import Definition
from tensorderiv.language.values import Array, Value, elementwise


@dataclass
class Symbol:
    """A known tensor while elaborating: its extents are variables. `prefix`: row indices put before its subscripts."""

    name: str
    extents: tuple[str, ...]
    integer: bool = False
    role: str = "input"  # input, statement
    prefix: tuple[Index, ...] = ()
    labels: str | None = None  # the extent its values lie in, for labels
    indexes: bool = False  # whether it stands as an index somewhere
    place: Place | None = None

    @property
    def order(self) -> int:
        """The number of subscripts it is written with."""
        return len(self.extents) - len(self.prefix)

    @property
    def tensor(self) -> Tensor:
        return Tensor(self.name, self.extents, self.integer)


@dataclass
class Elaborator:
    """Everything known while the statements of one text are elaborated in order."""

    extents: Extents
    found: Survey
    taken: frozenset[str] = frozenset()
    symbols: dict[str, Symbol] = field(default_factory=dict)
    rows: dict[str, Symbol] = field(default_factory=dict)  # vectors of pair functions, by parameter name
    functions: dict[str, Definition] = field(default_factory=dict)
    scope: dict[str, Index] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    later: frozenset[str] = frozenset()  # names defined by later statements
    own: str = ""  # the name being defined
    free: bool = False  # unknown indices are free ones of the expression
    zero_based: bool = False
    notes: list[str] = field(default_factory=list)
    fresh_axes: int = 0
    calling: tuple[str, ...] = ()
    avoid: set[str] = field(default_factory=set)  # letters that the arguments of a call use

    @property
    def names(self) -> frozenset[str]:
        """Names of tensors and left-hand sides anywhere in the text: fresh letters keep away from them."""
        return self.taken

    # -- helpers ----------------------------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def number(self, node: s.Node) -> Expr:
        """The value of a node where a number is needed.

        Raises: IndexProblem for a vector.
        """
        value = self.value(node)
        if isinstance(value, Array):
            raise self.vector_problem(value, node.place)
        return value

    def vector_problem(self, value: Array, place: Place) -> IndexProblem:
        what = "a vector" if len(value.axes) == 1 else f"an array with {len(value.axes)} axes"
        return IndexProblem(
            f"{what} stands where a number is needed",
            place=value.place or place,
            hint="write its indices (X_ip), a norm |..| or a dot product <x, y>",
        )

    def axis(self, variable: str) -> Index:
        """A nameless axis of an array."""
        self.fresh_axes += 1
        return Index(f"·{self.fresh_axes}", variable)

    @contextmanager
    def binding(self, indices: Sequence[Index]) -> Iterator[None]:
        for index in indices:
            self.scope[index.name] = index
        try:
            yield
        finally:
            for index in indices:
                del self.scope[index.name]

    def close(self, names: Sequence[str], wanted: str) -> str | None:
        near = difflib.get_close_matches(wanted, sorted(set(names)), 1)
        return f"did you mean {near[0]}?" if near else None

    # -- names ------------------------------------------------------------------------------------------------------

    def lookup(self, name: str, count: int, place: Place, *, integer: bool = False) -> Symbol:
        """The symbol of a name; an unknown one becomes an input with as many indices as its uses have.

        Raises: NameProblem for use before definition and recursion.
        """
        symbol = self.rows.get(name) or self.symbols.get(name)
        if symbol is not None:
            return symbol
        if name == self.own:
            raise NameProblem(f"{name} is used in its own definition", place=place, hint="give the earlier quantity another name")
        if name in self.later:
            raise NameProblem(
                f"{name} is used before it is defined", place=place, hint="move its line up, or write it behind `where`"
            )
        if name in self.functions:
            raise NameProblem(f"{name} is a function", place=place, hint=f"write {name}(...)")
        uses = self.found.of(name)
        order = max(uses.order(name), count)
        labels = integer or uses.labels
        extents = tuple(self.extents.fresh(f"axis {number + 1} of {name}") for number in range(order))
        symbol = Symbol(name, extents, labels, place=place)
        if labels:
            symbol.labels = self.extents.fresh(f"the values of {name}")
            self.note(f"{name} is read as integer labels")
        if order and order > max((*uses.plain, count), default=0) and (uses.vector or order - 1 in uses.bars):
            letters = {1: "_i", 2: "_ij"}.get(order - 1, "")
            self.note(f"{name}{letters} is read as a vector: {name} has {order} {'index' if order == 1 else 'indices'}")
        self.symbols[name] = symbol
        return symbol

    def reference(self, node: s.Ref) -> Value:
        """X_ip, X_i, x, t, i, n, pi."""
        name, place = node.name, node.place
        if name in self.parameters:
            return self.parameter(node)
        if node.subscripts is None:
            return self.bare(name, place)
        if name in self.scope and name not in self.symbols and name not in self.rows:
            raise IndexProblem(
                f"{name} is an index here and cannot have subscripts", place=place, hint="rename the index or the tensor"
            )
        special = self.special(node)
        if special is not None:
            return special
        symbol = self.lookup(name, len(node.subscripts), place)
        return self.element(symbol, node.subscripts, place)

    def parameter(self, node: s.Ref) -> Value:
        """A parameter of a function while its body is put in place of a call."""
        value = self.parameters[node.name]
        if not node.subscripts:
            return value
        if not isinstance(value, Array):
            raise IndexProblem(
                f"{node.name} is a number here and has no indices", place=node.place, hint="call the function on a row, e.g. X_i"
            )
        return norms.component(self, value, node.subscripts, node.place)

    def bare(self, name: str, place: Place) -> Value:
        if name in self.scope:
            self.used.add(name)
            if not self.zero_based:
                self.note(f"{name} stands as a number: indices count from 0")
            return Position(self.scope[name])
        if name in self.rows or name in self.symbols:
            return self.whole(self.rows.get(name) or self.symbols[name], place)
        if name == "pi":
            return Constant("pi")
        if name in ("infty", "inf"):
            raise SyntaxProblem("infinity is not a number here", place=place, hint="infinity stands under a norm only")
        if name in self.extents.names() and name != self.own and name not in self.later:
            return Size(name)
        if name == "e" and self.found.of(name).order(name) == 0 and name not in self.later:
            return Constant("e")
        return self.whole(self.lookup(name, 0, place), place)

    def whole(self, symbol: Symbol, place: Place | None = None) -> Value:
        """The tensor without subscripts: a number, or an array over all its axes."""
        axes = tuple(self.axis(variable) for variable in symbol.extents[len(symbol.prefix) :])
        self.used.update(index.name for index in symbol.prefix)
        body = Element(symbol.tensor, symbol.prefix + axes)
        return Array(axes, body, place=place) if axes else body

    def special(self, node: s.Ref) -> Expr | None:
        """delta_ij and H_ijk, unless the text means a tensor by that name."""
        name, subscripts = node.name, node.subscripts or ()
        if name in self.symbols or name in self.rows or name in self.later or name == self.own:
            return None
        uses = self.found.of(name)
        if name == "delta" and len(subscripts) == 2 and not (uses.plain - {2} or uses.vector or uses.bars):
            left, right = self.tied(subscripts)
            return build.delta(left, right) if left != right else build.ONE
        if (
            name == "H"
            and len(subscripts) >= 3
            and not ((uses.plain | uses.bars) - {len(sub) for sub in [subscripts]} - {3, 4, 5, 6} or uses.vector)
        ):
            return CopyTensor(self.tied(subscripts))
        return None

    def tied(self, subscripts: Sequence[s.Node]) -> tuple[Subscript, ...]:
        """Subscripts that share one extent."""
        variable = self.extents.fresh("an index of a delta")
        return tuple(self.subscript(sub, variable) for sub in subscripts)

    def element(self, symbol: Symbol, subscripts: Sequence[s.Node], place: Place) -> Value:
        """symbol with subscripts; missing last ones and colons are axes of an array."""
        if len(subscripts) > symbol.order:
            if symbol.order == 0:
                raise IndexProblem(
                    f"{symbol.name} is a number and has no indices",
                    place=place,
                    hint=f"write {symbol.name}, or declare it as a tensor",
                )
            raise IndexProblem(
                f"{symbol.name} has {symbol.order} {'index' if symbol.order == 1 else 'indices'}, {len(subscripts)} are written",
                place=place,
                hint="write as many as it has",
            )
        self.used.update(index.name for index in symbol.prefix)
        own = symbol.extents[len(symbol.prefix) :]
        axes: list[Index] = []
        subs: list[Subscript] = list(symbol.prefix)
        for number, variable in enumerate(own):
            if number >= len(subscripts) or isinstance(subscripts[number], s.Slice):
                axes.append(self.axis(variable))
                subs.append(axes[-1])
            else:
                subs.append(self.subscript(subscripts[number], variable))
        body = Element(symbol.tensor, tuple(subs))
        return Array(tuple(axes), body, place=place) if axes else body

    # -- subscripts -------------------------------------------------------------------------------------------------

    def subscript(self, node: s.Node, variable: str) -> Subscript:
        """What stands in an index place, of the extent `variable`.

        Raises: IndexProblem for an index nobody binds; DomainProblem for a real tensor as an index.
        """
        place = node.place
        match node:
            case s.Ref(_, name, None):
                if name in self.scope:
                    index = self.scope[name]
                    self.extents.join(cast(str, index.extent), variable, place)
                    self.used.add(name)
                    return index
                symbol = self.rows.get(name) or self.symbols.get(name)
                if symbol is not None:
                    return self.gather(symbol, (), variable, place)
                if self.free:
                    index = Index(name, variable)
                    self.scope[name] = index
                    self.used.add(name)
                    return index
                raise IndexProblem(
                    f"the index {name} stands on the right only",
                    place=place,
                    hint=f"put it on the left-hand side or sum over it (sum_{name})",
                )
            case s.Num(_, value):
                if value.denominator != 1 or value < 0:
                    raise IndexProblem(f"{value} is not an index", place=place, hint="elements count from 0")
                extent = self.extents.get(variable)
                if isinstance(extent, int) and value >= extent:
                    raise IndexProblem(
                        f"element {value} of an axis with {extent} elements",
                        place=place,
                        hint=f"elements count from 0 to {extent - 1}",
                    )
                return int(value)
            case s.Ref(_, name, subscripts):
                if name in self.scope and name not in self.symbols:
                    raise IndexProblem(
                        f"{name} is an index here and cannot have subscripts", place=place, hint="rename the index or the tensor"
                    )
                return self.gather(
                    self.lookup(name, len(subscripts or ()), place, integer=True), subscripts or (), variable, place
                )
            case s.Reduce(_, "argmax" | "argmin"):
                found = reductions.reduce(self, node)
                assert isinstance(found, ArgReduction)
                self.extents.join(cast(str, found.index.extent), variable, place)
                return found
            case s.Slice():
                raise IndexProblem("a colon stands for an axis of a tensor only", place=place, hint="write an index")
        raise IndexProblem(
            "an index is a letter, a number or a label", place=place, hint="shifted indices such as X_{i+1} are not read"
        )

    def gather(self, symbol: Symbol, subscripts: Sequence[s.Node], variable: str, place: Place) -> Element:
        """An integer tensor as an index."""
        if not symbol.integer:
            raise DomainProblem(
                f"{symbol.name} is not an integer, so it cannot be an index",
                place=place,
                hint=f"declare it: labels {symbol.name}[...]",
            )
        value = self.element(symbol, subscripts, place) if subscripts else self.whole(symbol)
        if isinstance(value, Array):
            raise IndexProblem(f"{symbol.name} needs its own index here", place=place, hint=f"write {symbol.name}[i]")
        symbol.indexes = True
        if symbol.labels is not None:
            self.extents.join(symbol.labels, variable, place)
        return cast(Element, value)

    # -- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: s.Node) -> Value:
        """The meaning of a surface node."""
        place = node.place
        match node:
            case s.Num(_, literal):
                return build.number(literal)
            case s.Ref():
                return self.reference(node)
            case s.Ones(_, subscripts):
                return self.ones(subscripts)
            case s.Sum(_, terms):
                return self.sum(terms, place)
            case s.Product(_, factors):
                return self.product(factors)
            case s.Power(_, base, exponent):
                return self.power(base, exponent)
            case s.Transposed(_, body):
                value = self.value(body)
                if isinstance(value, Array) and len(value.axes) == 1:
                    return Array(value.axes, value.body, row=not value.row)
                if isinstance(value, Array):
                    raise self.matrix_problem(place)
                return value
            case s.Call():
                return self.call(node)
            case s.Reduce(_, op) if op in ("argmax", "argmin"):
                raise IndexProblem(
                    f"{op} is an index, not a number",
                    place=place,
                    hint=f"use it in a comparison or as a subscript: X[{op}_j (...)]",
                )
            case s.Reduce():
                return reductions.reduce_value(self, node)
            case s.Norm():
                return norms.norm(self, node)
            case s.Inner(_, left, right):
                return norms.dot(self, self.value(left), self.value(right), place)
            case s.Iverson(_, condition):
                return Bracket(self.condition(condition))
            case s.Cases(_, branches):
                return self.cases(branches, place)
            case s.Comparison() | s.Logic():
                raise SyntaxProblem(
                    "a condition stands where a number is needed", place=place, hint="write [condition], which is 1 or 0"
                )
            case s.Slice():
                raise IndexProblem("a colon stands for an axis of a tensor only", place=place, hint="write an index")
        raise TypeError(f"value: no rule for {type(node).__name__}")

    def elementwise(self, values: Sequence[Value], make: Callable[..., Expr], place: Place) -> Value:
        return elementwise(values, make, self.extents, place)

    def ones(self, subscripts: Sequence[s.Node]) -> Expr:
        """1_i is 1 and uses i; 1_{condition} is an indicator."""
        if any(isinstance(sub, s.Comparison | s.Logic) for sub in subscripts):
            found = build.both(*(self.condition(sub) for sub in subscripts))
            assert found is not None
            return Bracket(found)
        for sub in subscripts:
            self.subscript(sub, self.extents.fresh("an index of 1"))
        return build.ONE

    def sum(self, terms: Sequence[tuple[int, s.Node]], place: Place) -> Value:
        values = [self.value(term) for _, term in terms]
        signs = [sign for sign, _ in terms]
        arrays = [value for value in values if isinstance(value, Array)]
        if arrays and len(arrays) < len(values):
            self.note("a number added to a vector is added to each of its components")
        if len({value.row for value in arrays}) > 1:
            raise IndexProblem("a row is added to a column", place=place, hint="transpose both or neither")

        def total(*parts: Expr) -> Expr:
            return build.add(*(part if sign > 0 else build.neg(part) for sign, part in zip(signs, parts, strict=True)))

        return self.elementwise(values, total, place)

    def product(self, factors: Sequence[tuple[str, s.Node]]) -> Value:
        self.matrix_look(factors)
        self.look_of_division(factors)
        result = self.value(factors[0][1])
        for op, factor in factors[1:]:
            value = self.value(factor)
            if op == "/":
                result = self.quotient(result, value, factor.place)
            else:
                self.look_of_cdot(factors, op, factor, result, value)
                result = self.times(result, op, value, factor.place)
        return result

    def look_of_division(self, factors: Sequence[tuple[str, s.Node]]) -> None:
        """a/2 b is (a/2) b, though it may look like a/(2 b): say how it is read."""
        for (op, divisor), (after, factor) in itertools.pairwise(factors):
            plain = factor.base if isinstance(factor, s.Power) else factor
            if op == "/" and after == "juxtaposed" and isinstance(divisor, s.Num | s.Ref) and isinstance(plain, s.Ref):
                left = f"{divisor.value}" if isinstance(divisor, s.Num) else divisor.name
                self.note(
                    f"x/{left} {plain.name} is read from left to right, (x/{left}) {plain.name}; write x/({left} {plain.name}) for the other"
                )

    def look_of_cdot(self, factors: Sequence[tuple[str, s.Node]], op: str, factor: s.Node, left: Value, right: Value) -> None:
        r"""x_i \cdot y_j of numbers looks like a dot product: say how it is read."""
        if op != "cdot" or isinstance(left, Array) or isinstance(right, Array):
            return
        before = factors[[id(item) for _, item in factors].index(id(factor)) - 1][1]
        pair = [node for node in (before, factor) if isinstance(node, s.Ref) and len(node.subscripts or ()) == 1]
        if len(pair) == 2:
            names = " \\cdot ".join(node.name for node in pair)
            self.note(f"{names} is read as a product of numbers; write <{pair[0].name}_i, {pair[1].name}_j> for a dot product")

    def quotient(self, over: Value, under: Value, place: Place) -> Value:
        if isinstance(under, Array) and not isinstance(over, Array):
            raise IndexProblem("a number is divided by a vector", place=place, hint="write the index, e.g. 1/x_p, or a norm")
        return self.elementwise([over, under], build.div, place)

    def times(self, left: Value, op: str, right: Value, place: Place) -> Value:
        """A product; two vectors need a sign that says which one."""
        if not (isinstance(left, Array) and isinstance(right, Array)):
            return self.elementwise([left, right], build.mul, place)
        if op == "odot":
            return self.elementwise([left, right], build.mul, place)
        if left.row and len(left.axes) == 1 and len(right.axes) == 2 and op != "cdot":
            return norms.contract(self, left, right, place)
        if len(left.axes) == 2 and len(right.axes) == 1 and not right.row and op != "cdot":
            return norms.contract(self, left, right, place)
        if len(left.axes) > 1 or len(right.axes) > 1:
            raise self.matrix_problem(place)
        if op == "cdot" or (left.row and not right.row):
            return norms.dot(self, left, right, place)
        if right.row:
            raise self.matrix_problem(place)
        raise IndexProblem(
            "two vectors stand side by side",
            place=place,
            hint="write X_i . Y_j or <X_i, Y_j> for the dot product, or indices: X_ip Y_jp",
        )

    def matrix_problem(self, place: Place) -> SyntaxProblem:
        return SyntaxProblem("matrix statements are not read yet", place=place, hint="write indices, e.g. sum_k A_ik B_kj")

    def matrix_look(self, factors: Sequence[tuple[str, s.Node]]) -> None:
        """Undeclared capitals side by side without indices are matrices to a reader, not numbers."""
        for (_, left), (op, right) in itertools.pairwise(factors):
            if op not in ("juxtaposed", "odot"):
                continue
            if all(self.matrix_name(side) for side in (left, right)):
                raise self.matrix_problem(left.place)

    def matrix_name(self, node: s.Node) -> bool:
        if isinstance(node, s.Transposed):
            return self.matrix_name(node.body)
        return (
            isinstance(node, s.Ref)
            and node.subscripts is None
            and len(node.name) == 1
            and node.name.isupper()
            and node.name not in self.symbols
            and node.name not in self.scope
            and node.name not in self.parameters
            and node.name not in self.extents.names()
        )

    def power(self, base: s.Node, exponent: s.Node) -> Value:
        if isinstance(base, s.Norm):
            short = norms.norm_power(self, base, exponent)
            if short is not None:
                return short
        below, above = self.value(base), self.value(exponent)
        if isinstance(above, Array):
            raise self.vector_problem(above, exponent.place)
        return self.elementwise([below, above], build.power, base.place)

    def cases(self, branches: Sequence[tuple[s.Node, s.Node | None]], place: Place) -> Value:
        """The first branch whose condition holds; without `otherwise` the value is 0 elsewhere."""
        result: Value = build.ZERO
        last = len(branches) - 1
        for number in range(last, -1, -1):
            body, condition = branches[number]
            value = self.value(body)
            if condition is None:
                if number != last:
                    raise SyntaxProblem("`otherwise` is not the last branch", place=body.place, hint="put it last")
                result = value
                continue
            if number == last:
                self.note("cases without `otherwise` are 0 elsewhere")
            result = self.select(self.condition(condition), value, result, place)
        return result

    def select(self, condition: Condition, then: Value, otherwise: Value, place: Place) -> Value:
        return self.elementwise([then, otherwise], lambda a, b: Select(condition, a, b), place)

    # -- conditions -------------------------------------------------------------------------------------------------

    def condition(self, node: s.Node) -> Condition:
        """A truth value.

        Raises: SyntaxProblem where a number stands instead.
        """
        match node:
            case s.Comparison(_, first, rest):
                parts: list[Condition] = []
                left = first
                for op, right in rest:
                    parts.append(self.compare(left, op, right))
                    left = right
                found = build.both(*parts)
                assert found is not None
                return found
            case s.Logic(_, "and", items):
                found = build.both(*(self.condition(item) for item in items))
                assert found is not None
                return found
            case s.Logic(_, "or", items):
                return Or(tuple(self.condition(item) for item in items))
            case s.Logic(_, "not", (item,)):
                return build.negation(self.condition(item))
            case s.Iverson(_, condition):
                return self.condition(condition)
        raise SyntaxProblem("a condition is needed here", place=node.place, hint="compare two things: i != j, x_i > 0")

    def compare(self, left: s.Node, op: str, right: s.Node) -> Condition:
        one, two = self.side(left), self.side(right)
        if (
            isinstance(one, Position)
            and isinstance(two, Position)
            and isinstance(one.index, Index)
            and isinstance(two.index, Index)
        ):
            a, b = cast(str, one.index.extent), cast(str, two.index.extent)
            if self.extents.compatible(a, b):
                self.extents.join(a, b, left.place)
        return Compare(cast(CompareOp, op), one, two)

    def side(self, node: s.Node) -> Expr:
        """One side of a comparison; an index is compared as its position."""
        if isinstance(node, s.Reduce) and node.op in ("argmax", "argmin"):
            found = reductions.reduce(self, node)
            assert isinstance(found, ArgReduction)
            return Position(found)
        if isinstance(node, s.Ref) and node.subscripts is None and node.name in self.scope and node.name not in self.parameters:
            self.used.add(node.name)
            return Position(self.scope[node.name])
        if isinstance(node, s.Ref) and node.subscripts is None and self.free and self.unknown(node.name):
            index = Index(node.name, self.extents.fresh(f"the index {node.name}"))
            self.scope[node.name] = index
            return Position(index)
        return self.number(node)

    def unknown(self, name: str) -> bool:
        return (
            name not in self.symbols
            and name not in self.extents.names()
            and name not in ("pi", "e")
            and name not in self.parameters
        )

    # -- functions --------------------------------------------------------------------------------------------------

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
            return reductions.whole(self, node)
        values = [self.value(arg) for arg in node.args]
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
        if info is None:
            known = sorted({*FUNCTIONS, *lexicon.FUNCTION_NAMES, *self.functions})
            raise NameProblem(f"the function {name} is not known", place=place, hint=self.close(known, name))
        if info.arity >= 0:
            self.arity(node, info.arity)
        return self.elementwise(values, lambda *args: Function(name, args), place)

    def arity(self, node: s.Call, count: int) -> None:
        if len(node.args) != count:
            given = len(node.args)
            raise SyntaxProblem(
                f"{node.name} takes {count} argument{'s' * (count != 1)}, {given} given",
                place=node.place,
                hint="check the commas",
            )

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


__all__ = ["And", "Elaborator", "Symbol"]
