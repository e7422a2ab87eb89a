r"""The shapes that a derivation needs: each tree gets axes, and axes that must agree are joined.

Rules are those of matrix calculus: a vector is a column, A B contracts, \odot and sums need equal shapes, a gradient has the
shape of its variable. A reading of the names that does not fit raises Misfit, and the next one is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tensorderiv.checker import tree as t
from tensorderiv.checker.document.joining import NUMBER, Joining, Shape
from tensorderiv.checker.document.union import Axis, Misfit

SQUARE = frozenset({"tr", "trace", "det", "logdet", "inv", "expm", "logm"})
TO_NUMBER = frozenset({"tr", "trace", "det", "logdet", "rank"})
DEEPEST = 60


@dataclass(kw_only=True)
class Shaper(Joining):
    """Shapes of trees under one reading of the names.

    `orders`: name -> its number of axes; `twins`: of basis vectors and single-entry matrices, how many of these name the member;
    `functions`: names that are functions of numbers; `unsized`: identities, each as large as its place needs (`places`: its axes
    there).
    """

    orders: Mapping[str, int]
    indices: frozenset[str]
    extents: frozenset[str]
    twins: Mapping[str, int] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    unsized: frozenset[str] = frozenset()
    places: dict[str, list[Axis]] = field(default_factory=dict)
    bodies: dict[tuple[str, int], t.Definition] = field(default_factory=dict)
    known: dict[tuple[str, int], Shape] = field(default_factory=dict)
    values: dict[str, Shape] = field(default_factory=dict)
    swapped: set[str] = field(default_factory=set)
    order_of_letters: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    depth: int = 0

    def axes_of(self, name: str) -> tuple[Axis, ...]:
        return tuple(("axis", name, k) for k in range(self.orders[name]))

    def define(self, definition: t.Definition) -> None:
        """A definition: its shape is that of its body, its own indices before it."""
        key = (definition.name, len(definition.indices))
        self.bodies[key] = definition
        if definition.parameters and any(name not in self.orders for name in definition.parameters):
            return  # read again with each call's arguments
        body = self.of(definition.body)
        self.known[key] = Shape(tuple(self.index(letter) for letter in definition.indices) + body.axes, body.row)

    def of(self, node: t.Node) -> Shape:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Misfit("too deep")
        try:
            return self._of(node)
        finally:
            self.depth -= 1

    def _of(self, node: t.Node) -> Shape:
        match node:
            case t.Number():
                return NUMBER
            case t.Name():
                return self._name(node)
            case t.Component():
                return self._component(node)
            case t.Delta(left=left, right=right):
                self._equal_letters(left, right)
                return NUMBER
            case t.Negative(body=body) | t.Group(body=body) | t.Differential(body=body):
                return self.of(body)
            case t.Evaluated(body=body):
                return self.of(body)
            case t.Sum(terms=terms):
                return self.all_same([self.of(term) for term in terms])
            case t.Product(factors=factors):
                return self._product(factors)
            case t.Hadamard(left=left, right=right):
                return self.same(self.of(left), self.of(right))
            case t.Frobenius(left=left, right=right):
                both = self.same(self.of(left), self.of(right))
                if not both.order:
                    raise Misfit("numbers")
                return NUMBER
            case t.Inner(left=left, right=right):
                if not self.same(self.of(left), self.of(right)).order and not self.tolerant:
                    raise Misfit("numbers")
                return NUMBER
            case t.Outer(left=left, right=right):
                a, b = self.of(left), self.of(right)
                return Shape(a.axes + b.axes)
            case t.Ratio(above=above, below=below):
                return self.ratio(self.of(above), self.of(below))
            case t.Power(base=base, exponent=exponent):
                return self._power(self.of(base), exponent)
            case t.Transpose(body=body):
                return self.transposed(self.of(body))
            case t.Call():
                return self._call(node)
            case t.Norm(body=body, double=double):
                return self.norm(self.of(body), double)
            case t.Comparison(left=left, right=right):
                self._equal_letters(left, right)
                return NUMBER
            case t.Iverson(conditions=conditions):
                for condition in conditions:
                    self.of(condition)
                return NUMBER
            case t.Cases(branches=branches):
                for _, conditions in branches:
                    for condition in conditions:
                        self.of(condition)
                return self.all_same([self.of(value) for value, _ in branches])
            case t.Big():
                return self._big(node)
            case t.Partial(body=body, variables=variables):
                return self.partial(self.of(body), [self.of(variable) for variable in variables])
            case t.Matrix(rows=rows):
                return self._matrix(rows)
        return NUMBER

    def _letter(self, node: t.Node) -> str | None:
        return node.name if isinstance(node, t.Name) and not node.args and node.name in self.indices else None

    def _equal_letters(self, left: t.Node, right: t.Node) -> None:
        a, b = self._letter(left), self._letter(right)
        if a and b:
            self.union.join(self.index(a), self.index(b))
        elif not (a or b):
            for node in (left, right):
                if not isinstance(node, t.Number):
                    self.of(node)

    def _name(self, node: t.Name) -> Shape:
        name = node.name
        arguments = [self.of(argument) for argument in node.args]
        if name in self.values:
            return self.values[name] if not arguments else self.times(self.values[name], arguments[0])
        if name in self.functions:
            return arguments[0] if arguments else NUMBER
        found = next((key for key in self.bodies if key[0] == name and not key[1]), None)
        if found is None and name not in self.orders:
            found = next((key for key in self.bodies if key[0] == name), None)
        if found is not None:
            definition = self.bodies[found]
            if definition.parameters and arguments and len(arguments) == len(definition.parameters):
                return self._called(definition, arguments)
            if found in self.known:
                return self.known[found]
            return self.of(definition.body)
        if name in self.unsized:
            self.places.setdefault(name, []).append(self.fresh())
            one = Shape((self.places[name][-1],) * 2)
            return one if not arguments else self.times(one, arguments[0])
        if name in self.orders:
            return Shape(self.axes_of(name)) if not arguments else self.times(Shape(self.axes_of(name)), arguments[0])
        return NUMBER

    def _called(self, definition: t.Definition, arguments: Sequence[Shape]) -> Shape:
        before = dict(self.values)
        self.values.update(zip(definition.parameters, arguments, strict=True))
        try:
            return self.of(definition.body)
        finally:
            self.values = before

    def _component(self, node: t.Component) -> Shape:
        body = node.body
        letters = [self._letter(subscript) for subscript in node.subscripts]
        for subscript, letter in zip(node.subscripts, letters, strict=True):
            if letter is None and not isinstance(subscript, t.Number):
                self.of(subscript)
        if isinstance(body, t.Name) and not body.args:
            defined = self.bodies.get((body.name, len(letters)))
            if defined is not None:
                shape = self.known.get((body.name, len(letters)))
                if shape is not None:
                    return self.at(shape, letters)
            if body.name in self.twins and body.name in self.orders:
                return self._member(body.name, letters)
        shape = self.of(body)
        if shape.order < len(letters):
            raise Misfit("more subscripts than axes")
        return self.at(shape, letters)

    def _member(self, name: str, letters: Sequence[str | None]) -> Shape:
        """A basis vector or a single-entry matrix: the subscripts range over the axes of the member itself."""
        axes = self.axes_of(name)
        size = self.twins[name]
        if len(letters) != size:
            raise Misfit("a member needs its subscripts")
        inner = axes[size:]
        if size == 2 and self._is_swapped(name, letters):
            self.swapped.add(name)
            inner = inner[::-1]
        for k, letter in enumerate(letters):
            if letter is not None:
                self.union.join(inner[k], self.index(letter))
        for k in range(size):
            self.union.join(axes[k], axes[size + k])
        return Shape(inner)

    def _is_swapped(self, name: str, letters: Sequence[str | None]) -> bool:
        """E_{lk} where E_{kl} came first."""
        first = self.order_of_letters.setdefault(name, tuple(letters))
        return tuple(letters) == first[::-1] and first[0] != first[1]

    def _product(self, factors: Sequence[tuple[t.Joint, t.Node]]) -> Shape:
        found = NUMBER
        for number, (joint, factor) in enumerate(factors):
            shape = self.of(factor)
            if number == 0:
                found = shape
            elif joint == "over":
                found = self.ratio(found, shape)
            else:
                found = self.times(found, shape, dotted=joint == "cdot")
        return found

    def _power(self, base: Shape, exponent: t.Node) -> Shape:
        self.of(exponent)
        if base.order == 2:
            self.union.join(*base.axes)
        elif base.order and not self.tolerant:
            raise Misfit("the power of a vector")
        return base

    def _call(self, node: t.Call) -> Shape:
        shapes = [self.of(argument) for argument in node.args]
        if node.name in SQUARE and shapes:
            if shapes[0].order == 2:
                self.union.join(*shapes[0].axes)
            elif not self.tolerant or shapes[0].order == 1:
                raise Misfit("no matrix")
            return NUMBER if node.name in TO_NUMBER else shapes[0]
        if node.name in ("diag", "Diag") and shapes:
            if shapes[0].order == 2:
                self.union.join(*shapes[0].axes)
                return Shape(shapes[0].axes[:1])
            if shapes[0].order != 1:
                raise Misfit("diag of a number")
            return Shape(shapes[0].axes * 2)
        if node.name in ("logsumexp", "mean", "sum", "norm"):
            return NUMBER
        return self.all_same(shapes) if shapes else NUMBER

    def _big(self, node: t.Big) -> Shape:
        for condition in node.conditions:
            self.of(condition)
        upper = node.upper
        if node.bound and isinstance(upper, t.Name) and upper.name in self.extents:
            self.union.give(self.index(node.bound[-1]), upper.name)
        elif node.bound and isinstance(upper, t.Number) and upper.value > 0 and upper.value.denominator == 1:
            self.union.give(self.index(node.bound[-1]), int(upper.value))
        elif node.bound and isinstance(node.lower, t.Number) and not node.lower.value and isinstance(upper, t.Sum):
            first = upper.terms[0]
            if isinstance(first, t.Name) and first.name in self.extents:
                self.union.give(self.index(node.bound[-1]), first.name)
        body = self.of(node.body)
        if not node.bound:
            if not body.order and not self.tolerant:
                raise Misfit("the sum of a number")
            return NUMBER
        return body

    def axes_left(self, node: t.Node) -> tuple[Axis, ...]:
        """The axes that a variable has left without its subscripts."""
        if isinstance(node, t.Name):
            return self.axes_of(node.name) if node.name in self.orders else ()
        if isinstance(node, t.Component) and isinstance(node.body, t.Name) and node.body.name in self.orders:
            return self.axes_of(node.body.name)[len(node.subscripts) :]
        return ()

    def _matrix(self, rows: Sequence[Sequence[t.Node]]) -> Shape:
        for row in rows:
            for entry in row:
                if self.of(entry).order:
                    raise Misfit("blocks")
        if len(rows) == 1 or all(len(row) == 1 for row in rows):
            axis = self.fresh()
            self.union.give(axis, max(len(rows), len(rows[0])))
            return Shape((axis,), row=len(rows) == 1)
        one, two = self.fresh(), self.fresh()
        self.union.give(one, len(rows))
        self.union.give(two, len(rows[0]))
        return Shape((one, two))
