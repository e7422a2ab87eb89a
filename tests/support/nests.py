"""Runs loop nests as they are printed: an interpreter of `lower.nest` in plain Python, without Numba and without `emit`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from tensorderiv.algebra.expression import (
    Add,
    And,
    Compare,
    Condition,
    Constant,
    Element,
    Expr,
    Function,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.lower import Plan
from tensorderiv.lower.nest import (
    Accumulate,
    Alloc,
    Blocks,
    Bound,
    If,
    Init,
    Let,
    Loop,
    MatrixStep,
    Op,
    Return,
    Span,
    Store,
    Update,
    UpdateArg,
    UpdateLogSumExp,
)

BLOCKS = 3
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in "exp log log1p expm1 sqrt sin cos tan sinh cosh tanh sign floor log2".split()},
    **{name: getattr(np, f"arc{name[1:]}") for name in "asin acos atan asinh acosh atanh".split()},
    "atan2": np.arctan2,
    "abs": abs,
    "erf": math.erf,
    "lgamma": math.lgamma,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0.0, x),
    "max": lambda a, b: a if a > b else b,
    "min": lambda a, b: a if a < b else b,
}
MATRICES: dict[str, Callable[..., Any]] = {
    "inv": np.linalg.inv,
    "det": np.linalg.det,
    "logdet": lambda matrix: np.linalg.slogdet(matrix)[1],
}


class Returned(Exception):
    """Carries the value of a scalar nest."""


class Machine:
    """The state of one nest: arrays and scalars by name, index values."""

    def __init__(self, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values: dict[str, Any] = dict(arrays)
        self.sizes = {**sizes, "blocks": BLOCKS}
        self.places: dict[str, int] = {}

    def extent(self, extent: str | int) -> int:
        return extent if isinstance(extent, int) else self.sizes[extent]

    def subscript(self, sub: Subscript) -> int:
        if isinstance(sub, Index):
            return self.places[sub.name]
        return sub if isinstance(sub, int) else int(self.value(sub))  # type: ignore[arg-type]

    def value(self, expr: Expr) -> Any:
        match expr:
            case Number(value):
                return np.float64(float(value))
            case Constant(name):
                return np.float64(getattr(math, name))
            case Size(extent):
                return np.float64(self.sizes[extent])
            case Position(index):
                return self.subscript(index)
            case Element(tensor, subscripts):
                held = self.values[tensor.name]
                return held[tuple(self.subscript(s) for s in subscripts)] if subscripts else held
            case Add(terms):
                return sum((self.value(t) for t in terms[1:]), self.value(terms[0]))
            case Mul(factors):
                return math.prod((self.value(f) for f in factors[1:]), start=self.value(factors[0]))
            case Pow(base, exponent):
                return np.power(np.float64(self.value(base)), self.value(exponent))
            case Function(name, args):
                return np.float64(FUNCTIONS[name](*(np.float64(self.value(a)) for a in args)))
            case Select(condition, then, otherwise):
                return self.value(then) if self.holds(condition) else self.value(otherwise)
        raise TypeError(f"a nest may not hold {type(expr).__name__}")

    def holds(self, condition: Condition) -> bool:
        match condition:
            case Compare(op, left, right):
                return bool(COMPARE[op](self.value(left), self.value(right)))
            case And(items):
                return all(self.holds(c) for c in items)
            case Or(items):
                return any(self.holds(c) for c in items)
        raise TypeError(f"a nest may not hold {type(condition).__name__}")

    def run(self, ops: list[Op]) -> None:
        for op in ops:
            self.step(op)

    def step(self, op: Op) -> None:
        match op:
            case Let(name, value):
                self.values[name] = self.value(value)
            case Init(name, value):
                starts = {"inf": np.inf, "-inf": -np.inf, "none": -1}
                self.values[name] = starts[value] if isinstance(value, str) else self.value(value)
            case Update(name, sign, value):
                now, new = self.values[name], self.value(value)
                done = {
                    "+": lambda: now + new,
                    "*": lambda: now * new,
                    "max": lambda: max(now, new),
                    "min": lambda: min(now, new),
                }
                self.values[name] = done[sign]()
            case UpdateLogSumExp(top, rest, value):
                joint = np.logaddexp(self.values[top] + np.log(self.values[rest]), self.value(value))
                self.values[top], self.values[rest] = joint, np.float64(1.0)
            case UpdateArg(place, best, arg, value, index):
                new = self.value(value)
                if self.values[place] < 0 or (new > self.values[best] if arg == "argmax" else new < self.values[best]):
                    self.values[place], self.values[best] = self.places[index.name], new
            case Store(element, value):
                self.values[element.tensor.name][tuple(self.subscript(s) for s in element.subscripts)] = self.value(value)
            case Accumulate(element, value):
                self.values[element.tensor.name][tuple(self.subscript(s) for s in element.subscripts)] += self.value(value)
            case MatrixStep(name, function, matrix):
                made = MATRICES[function](np.asarray(self.values[matrix.name], dtype=float))
                if name in self.values and np.ndim(self.values[name]):
                    self.values[name][...] = made
                else:
                    self.values[name] = made
            case Alloc(name, extents, zero):
                fill = 0.0 if zero else np.nan
                self.values[name] = np.full(tuple(self.extent(e) for e in extents), fill)
            case Return(values):
                raise Returned(tuple(self.value(v) for v in values))
            case If(condition, then, otherwise):
                self.run(then if self.holds(condition) else otherwise)
            case Loop():
                self.loop(op)
            case Span(group):
                held, wanted = np.sort(self.values[group.labels.name]), self.value(group.value)
                self.values[group.low] = int(np.searchsorted(held, wanted))
                self.values[group.high] = int(np.searchsorted(held, wanted, side="right"))
            case Blocks(name, body):
                for self.places[name] in range(BLOCKS):
                    self.run(body)

    def bound(self, bound: Bound) -> int:
        return self.subscript(bound.at) + bound.offset

    def loop(self, loop: Loop) -> None:
        size = self.extent(loop.index.extent)
        start = 0 if loop.start is None else self.bound(loop.start)
        stop = size if loop.stop is None else self.bound(loop.stop)
        if loop.blocked:
            block = self.places[loop.blocked]
            start, stop = block * size // BLOCKS, (block + 1) * size // BLOCKS
        places: Iterable[int] = range(start, stop)
        if loop.group is not None:
            order = np.argsort(self.values[loop.group.labels.name], kind="stable")
            places = order[self.values[loop.group.low] : self.values[loop.group.high]]
        for place in places:
            self.places[loop.index.name] = place
            self.run(loop.body)


def run_plan(plan: Plan, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> dict[str, Any]:
    """Every stored name of a plan, computed nest by nest."""
    found: dict[str, Any] = dict(arrays)
    with np.errstate(all="ignore"):
        for stage in plan.stages:
            machine = Machine(found, sizes)
            name = stage.name
            if stage.statement.tensor.order:
                shape = tuple(machine.extent(e) for e in stage.statement.tensor.extents)
                machine.values[name] = np.full(shape, np.nan)
            try:
                machine.run(stage.nest.body)
            except Returned as result:
                (found[name],) = result.args[0]
            else:
                found[name] = machine.values[name]
    return found
