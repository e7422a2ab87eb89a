"""The values of expressions at single index tuples, by recursion over the nodes: the engine of `algebra.evaluate`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tensorderiv.algebra.deadline import in_time
from tensorderiv.algebra.dual import Arithmetic, Place
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.matrix_value import matrix_value
from tensorderiv.algebra.numbers import FLOAT, NumberSystem
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, tensors
from tensorderiv.errors import DomainProblem, ExtentMismatch, IndexProblem, NameProblem

MOST_VALUES = 10_000_000
"""Of the indices of one loop."""

NOWHERE = -1
"""The value of an argmax over nothing: no index equals it."""

CHEAP = (Number, Constant, Size, Position, KroneckerDelta, CopyTensor, Bracket)
"""Factors that are looked at first, so that what a delta excludes is never computed."""


class Evaluator:
    """The values of expressions at single index tuples. Named quantities and reductions are remembered by their indices."""

    def __init__(
        self,
        arrays: Mapping[str, Any],
        sizes: Mapping[str, int],
        statements: Sequence[Statement] = (),
        system: NumberSystem = FLOAT,
    ) -> None:
        self.arithmetic = Arithmetic(system)
        self.sizes = sizes
        self.arrays = {name: np.asarray(array) for name, array in arrays.items()}
        self.statements = {statement.tensor.name: statement for statement in statements}
        self.environment: dict[Index, int] = {}
        # the tensors that the derivatives around the current expression are taken by, outermost first; a derivative's level is
        # its place here. All entries of a tensor move at once, so that a derivative by the next entry finds everything done.
        self.moving: tuple[str, ...] = ()
        self.known: dict[tuple[str, ...], dict[Any, Any]] = {}
        self.sources = self._sources(statements)

    def at(self, expr: Expr, environment: Mapping[Index, int]) -> Any:
        """The value of the expression where its free indices have the given values."""
        outside, self.environment = self.environment, dict(environment)
        try:
            return self.value(expr)
        finally:
            self.environment = outside

    def value(self, expr: Expr) -> Any:
        in_time()
        if (rule := RULES.get(type(expr))) is None:
            raise TypeError(f"evaluate: no rule for {type(expr).__name__}")
        return rule(self, expr)

    def extent(self, extent: Extent) -> int:
        """The size of an extent."""
        if isinstance(extent, int):
            return extent
        if extent not in self.sizes:
            raise NameProblem(f"the extent {extent} has no size", hint=f"known are {', '.join(self.sizes) or 'none'}")
        return self.sizes[extent]

    # leaves

    def number(self, expr: Number) -> Any:
        return self.arithmetic.number(expr.value)

    def constant(self, expr: Constant) -> Any:
        return self.arithmetic.system.constant(expr.name)

    def size(self, expr: Size) -> Any:
        return self.arithmetic.number(self.extent(expr.extent))

    def position(self, expr: Position) -> Any:
        return self.arithmetic.number(self.subscript(expr.index))

    def delta(self, expr: KroneckerDelta) -> Any:
        return self.truth(self.subscript(expr.left) == self.subscript(expr.right))

    def copy(self, expr: CopyTensor) -> Any:
        return self.truth(len({self.subscript(sub) for sub in expr.subscripts}) == 1)

    def truth(self, holds: bool) -> Any:
        return self.arithmetic.one if holds else self.arithmetic.zero

    def subscript(self, subscript: Subscript) -> int:
        """The value of what stands in an index place."""
        if isinstance(subscript, int):
            return subscript
        if isinstance(subscript, Index):
            if subscript not in self.environment:
                raise IndexProblem(f"the index {subscript.name} has no value here", hint="it is neither an axis nor bound")
            return self.environment[subscript]
        if isinstance(subscript, ArgReduction):
            return self.place_of_extremum(subscript)
        label = self.arithmetic.system.integer(self.arithmetic.primal(self.element(subscript)))
        if label is None:
            raise DomainProblem(f"{subscript.tensor.name} stands as an index, but holds a value that is no integer")
        return label

    # elements and the variables of derivatives

    def element(self, expr: Element) -> Any:
        name, place = expr.tensor.name, tuple(self.subscript(sub) for sub in expr.subscripts)
        value = self.remembered((name, place), frozenset({name}), lambda: self.entry(expr, place))
        for level, variable in enumerate(self.moving):
            if variable == name:
                value = self.arithmetic.variable(value, level, place)
        return value

    def entry(self, expr: Element, place: Place) -> Any:
        """The value of a named quantity or an input at a place."""
        name = expr.tensor.name
        statement = self.statements.get(name)
        given = statement is None and name in self.arrays
        shape = self.arrays[name].shape if given else tuple(self.extent(extent) for extent in expr.tensor.extents)
        if len(shape) != len(place):
            raise ExtentMismatch(f"{name} is of order {len(shape)}, but is used with {len(place)} subscripts")
        for axis, (value, size) in enumerate(zip(place, shape, strict=True)):
            if value == NOWHERE and isinstance(expr.subscripts[axis], ArgReduction):
                return self.arithmetic.number(math.nan)
            if not 0 <= value < size:
                raise IndexProblem(f"the subscript {value} of axis {axis} of {name} is not among 0 .. {size - 1}")
        if statement is not None:
            return self.at(statement.body, dict(zip(statement.indices, place, strict=True)))
        if name not in self.arrays:
            raise NameProblem(f"{name} has no value", hint=f"pass an array {name}=...")
        return self.arithmetic.number(self.arrays[name][place])

    def derivative(self, expr: Derivative) -> Any:
        place = tuple(self.subscript(sub) for sub in expr.variable.subscripts)
        level = len(self.moving)
        self.moving += (expr.variable.tensor.name,)
        try:
            return self.arithmetic.tangent(self.remembered_at(expr.body, lambda: self.value(expr.body)), level, place)
        finally:
            self.moving = self.moving[:level]

    def remembered(self, key: Any, names: frozenset[str], compute: Callable[[], Any]) -> Any:
        """The value under that key, computed once; derivatives by what it does not depend on are left aside."""
        around = self.moving
        while around and not any(around[-1] in self.sources.get(name, {name}) for name in names):
            around = around[:-1]
        table = self.known.setdefault(around, {})
        if key not in table:
            inside, self.moving = self.moving, around
            try:
                table[key] = compute()
            finally:
                self.moving = inside
        return table[key]

    def remembered_at(self, expr: Expr, compute: Callable[[], Any]) -> Any:
        """The value of an expression, computed once for each value of its free indices."""
        where = tuple(self.environment.get(index) for index in free_indices(expr))
        return self.remembered((expr, where), tensors(expr), compute)

    def _sources(self, statements: Sequence[Statement]) -> dict[str, frozenset[str]]:
        """For each name, everything it depends on, itself included."""
        found: dict[str, frozenset[str]] = {}
        for statement in statements:
            names = {statement.tensor.name}
            for name in tensors(statement.body):
                names |= found.get(name, frozenset({name}))
            found[statement.tensor.name] = frozenset(names)
        return found

    # operations

    def add(self, expr: Add) -> Any:
        return self.arithmetic.add([self.value(term) for term in expr.terms])

    def mul(self, expr: Mul) -> Any:
        """The product; as soon as one factor is 0 for good the rest are left alone."""
        factors: dict[int, Any] = {}
        for place, factor in sorted(enumerate(expr.factors), key=lambda item: not isinstance(item[1], CHEAP)):
            factors[place] = self.value(factor)
            if self.arithmetic.is_zero(factors[place]):
                return self.arithmetic.zero
        return self.arithmetic.multiply([factors[place] for place in range(len(expr.factors))])

    def pow(self, expr: Pow) -> Any:
        return self.arithmetic.power(self.value(expr.base), self.value(expr.exponent))

    def function(self, expr: Function) -> Any:
        args = [self.value(arg) for arg in expr.args]
        if expr.name not in ("max", "min"):
            return self.arithmetic.function(expr.name, args)
        ranked = sorted(range(len(args)), key=lambda place: (not isinstance(expr.args[place], Number), place))
        return args[ranked[self.first_extremum([args[place] for place in ranked], expr.name)]]

    def first_extremum(self, values: Sequence[Any], op: str) -> int:
        """The first place of the largest ("max", "argmax") or smallest value; of the first nan if there is one."""
        wanted = 1 if op.endswith("max") else -1
        best = 0
        for place, value in enumerate(values):
            if self.arithmetic.order(value, value) is None:
                return place
            if self.arithmetic.order(value, values[best]) == wanted:
                best = place
        return best

    def select(self, expr: Select) -> Any:
        return self.value(expr.then if self.holds(expr.condition) else expr.otherwise)

    def bracket(self, expr: Bracket) -> Any:
        return self.truth(self.holds(expr.condition))

    def holds(self, condition: Condition | None) -> bool:
        """Whether a condition holds; comparisons with nan do not, except !=."""
        if condition is None:
            return True
        if isinstance(condition, And):
            return all(self.holds(part) for part in condition.parts)
        if isinstance(condition, Or):
            return any(self.holds(part) for part in condition.parts)
        if isinstance(condition, Compare):
            order = self.arithmetic.order(self.value(condition.left), self.value(condition.right))
            return order in COMPARISONS[condition.op]
        raise TypeError(f"evaluate: no rule for {type(condition).__name__}")

    # reductions

    def places(self, indices: Sequence[Index], condition: Condition | None) -> Iterator[Place]:
        """All values of the indices for which the condition holds, the last index running fastest; they are set meanwhile."""
        outside = self.environment
        try:
            sizes = [self.extent(index.extent) for index in indices]
            if math.prod(sizes) > MOST_VALUES:
                raise DomainProblem(
                    f"a loop over {', '.join(index.name for index in indices)} takes {math.prod(sizes)} values",
                    hint=f"at most {MOST_VALUES} are evaluated",
                )
            for place in itertools.product(*map(range, sizes)):
                self.environment = {**outside, **dict(zip(indices, place, strict=True))}
                if self.holds(condition):
                    yield place
        finally:
            self.environment = outside

    def reduction(self, expr: Reduction) -> Any:
        return self.remembered_at(expr, lambda: self.reduce(expr))

    def reduce(self, expr: Reduction) -> Any:
        values = [self.value(expr.body) for _ in self.places(expr.indices, expr.condition)]
        match expr.op:
            case "sum":
                return self.arithmetic.add(values)
            case "prod":
                return self.arithmetic.multiply(values)
            case "logsumexp":
                return self.logsumexp(values)
        if not values:
            return self.arithmetic.number(-math.inf if expr.op == "max" else math.inf)
        return values[self.first_extremum(values, expr.op)]

    def logsumexp(self, values: Sequence[Any]) -> Any:
        """log sum exp, shifted by the largest value unless that is infinite."""
        a = self.arithmetic
        if not values:
            return a.number(-math.inf)
        plain = [a.primal(value) for value in values]
        sizes = [a.system.approximate(value) for value in plain]
        shift = plain[sizes.index(max(sizes))] if all(size < math.inf for size in sizes) and max(sizes) > -math.inf else a.zero
        return a.add([shift, a.function("log", [a.add([a.function("exp", [a.subtract(value, shift)]) for value in values])])])

    def place_of_extremum(self, expr: ArgReduction) -> int:
        places, values = [], []
        for place in self.places((expr.index,), expr.condition):
            places.append(place[0])
            values.append(self.value(expr.body))
        return places[self.first_extremum(values, expr.op)] if places else NOWHERE

    def argument(self, expr: ArgReduction) -> Any:
        return self.arithmetic.number(self.place_of_extremum(expr))


COMPARISONS: dict[str, tuple[int | None, ...]] = {
    "=": (0,),
    "!=": (-1, 1, None),
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (1, 0),
}

RULES: dict[type, Callable[[Evaluator, Any], Any]] = {
    Number: Evaluator.number,
    Constant: Evaluator.constant,
    Size: Evaluator.size,
    Element: Evaluator.element,
    MatrixFunction: matrix_value,
    Position: Evaluator.position,
    KroneckerDelta: Evaluator.delta,
    CopyTensor: Evaluator.copy,
    Add: Evaluator.add,
    Mul: Evaluator.mul,
    Pow: Evaluator.pow,
    Function: Evaluator.function,
    Reduction: Evaluator.reduction,
    ArgReduction: Evaluator.argument,
    Bracket: Evaluator.bracket,
    Select: Evaluator.select,
    Derivative: Evaluator.derivative,
}
