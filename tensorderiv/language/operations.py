"""Sums, products, powers, cases and conditions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    ArgReduction,
    Compare,
    CompareOp,
    Condition,
    Expr,
    Or,
    Position,
    Select,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import IndexProblem, Place, SyntaxProblem
from tensorderiv.language import matrices, matrix_functions, norms, reductions, shapes
from tensorderiv.language import surface as s
from tensorderiv.language.references import References
from tensorderiv.language.values import Array, Value


@dataclass
class Operations(References):
    """Elaborates operators and truth values."""

    def sum(self, terms: Sequence[tuple[int, s.Node]], place: Place) -> Value:
        values = [self.value(term) for _, term in terms]
        signs = [sign for sign, _ in terms]
        arrays = [value for value in values if isinstance(value, Array)]
        if arrays and len(arrays) < len(values):
            for _, term in terms:
                self.refuse_numbered(term)
            if any(matrices.kind_of(value) == "matrix" for value in arrays):
                self.note("a number added to a matrix is added to each of its elements; write t I for a multiple of the identity")
            else:
                self.note("a number added to a vector is added to each of its components")
        if len({value.row for value in arrays}) > 1:
            raise IndexProblem("a row is added to a column", place=place, hint="transpose both or neither")

        def total(*parts: Expr) -> Expr:
            return build.add(*(part if sign > 0 else build.neg(part) for sign, part in zip(signs, parts, strict=True)))

        return self.elementwise(values, total, place)

    def refuse_numbered(self, term: s.Node) -> None:
        """W x + b_1: b_1 is a number, and a vector is meant.

        Raises: IndexProblem for a numbered name that nobody declared.
        """
        match term:
            case s.Ref(place, name, (s.Num(_, number),)) if name not in self.found.fixed and self.found.of(name).plain == {1}:
                raise IndexProblem(
                    f"{name}_{number} is element {number} of {name}, and a vector or a matrix stands beside it",
                    place=place,
                    hint=f"for a vector of its own write {name}{number}; for a number declare tensor {name}[n]",
                )

    def product(self, factors: Sequence[tuple[str, s.Node]]) -> Value:
        self.look_of_division(factors)
        before = factors[0][1]
        result = self.value(before)
        outside: Value = build.ONE  # numbers before the first array stay outside of its sums
        for op, factor in factors[1:]:
            value = self.value(factor)
            if op == "juxtaposed":
                result, value = self.ones_beside(before, result, factor, value)
            if op == "/":
                result = self.quotient(result, value, factor)
            elif op == "oslash":
                result = self.elementwise([result, value], build.div, factor.place)
            else:
                self.look_of_cdot(factors, op, factor, result, value)
                if isinstance(value, Array) and not isinstance(result, Array):
                    outside, result = result, value
                else:
                    result = self.times(result, op, value, (before, factor))
            before = factor
        return self.elementwise([outside, result], build.mul, factors[0][1].place) if outside != build.ONE else result

    def ones_beside(self, before: s.Node, left: Value, factor: s.Node, right: Value) -> tuple[Value, Value]:
        """A 1 and 1 x^T: a one that stands where only a vector can stand is the vector of ones."""
        if matrices.is_one(factor) and matrices.kind_of(left) in ("matrix", "row"):
            return left, matrices.ones(self)
        if matrices.is_one(before) and matrices.kind_of(left) == "number" and matrices.kind_of(right) == "row":
            return self.elementwise([left, matrices.ones(self)], build.mul, before.place), right
        return left, right

    def look_of_division(self, factors: Sequence[tuple[str, s.Node]]) -> None:
        """a/2 b is (a/2) b, though it may look like a/(2 b): say how it is read."""
        for (op, divisor), (after, factor) in itertools.pairwise(factors):
            plain = factor.base if isinstance(factor, s.Power) else factor
            if op == "/" and after == "juxtaposed" and isinstance(divisor, s.Num | s.Ref) and isinstance(plain, s.Ref):
                left = f"{divisor.value}" if isinstance(divisor, s.Num) else divisor.name
                read, other = f"(x/{left}) {plain.name}", f"x/({left} {plain.name})"
                self.note(f"x/{left} {plain.name} is read from left to right, {read}; write {other} for the other")

    def look_of_cdot(self, factors: Sequence[tuple[str, s.Node]], op: str, factor: s.Node, left: Value, right: Value) -> None:
        r"""x_i \cdot y_j of numbers looks like a dot product: say how it is read."""
        if op != "cdot" or isinstance(left, Array) or isinstance(right, Array):
            return
        before = factors[[id(item) for _, item in factors].index(id(factor)) - 1][1]
        pair = [node for node in (before, factor) if isinstance(node, s.Ref) and len(node.subscripts or ()) == 1]
        if len(pair) == 2:
            names = " \\cdot ".join(node.name for node in pair)
            self.note(f"{names} is read as a product of numbers; write <{pair[0].name}_i, {pair[1].name}_j> for a dot product")

    def quotient(self, over: Value, under: Value, node: s.Node) -> Value:
        """A quotient, elementwise as in NumPy.

        Raises: IndexProblem for a transposed divisor, x^T A x / x^T x, and for 1/A, which may be an inverse.
        """
        if isinstance(under, Array):
            clash = shapes.divisor(matrices.kind_of(over), matrices.kind_of(under), node)
            if clash is not None:
                raise IndexProblem(clash.message, place=node.place, hint=clash.hint)
            if not isinstance(over, Array):
                what, parts = ("a vector", "components") if len(under.axes) == 1 else ("a matrix", "elements")
                self.note(f"a number divided by {what} is divided by each of its {parts}")
        return self.elementwise([over, under], build.div, node.place)

    def times(self, left: Value, op: str, right: Value, nodes: tuple[s.Node, s.Node]) -> Value:
        """A product: of numbers with anything, elementwise, or of matrix algebra."""
        place = nodes[1].place
        if not (isinstance(left, Array) and isinstance(right, Array)):
            return self.elementwise([left, right], build.mul, place)
        names = matrices.describe(nodes[0], "the left factor"), matrices.describe(nodes[1], "the right factor")
        return matrices.product(self, left, op, right, place, names)

    def power(self, node: s.Power) -> Value:
        base, exponent = node.base, node.exponent
        if isinstance(base, s.Norm):
            short = norms.norm_power(self, base, exponent)
            if short is not None:
                return short
        below = self.value(base)
        if isinstance(below, Array) and len(below.axes) == 2:
            matrix = matrix_functions.power(self, below, node)
            if matrix is not None:
                return matrix
        above = self.value(exponent)
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
