"""A program as dense array code by named axes: what the autodiff oracle differentiates.

Within a scope of indices every expression is an array with one axis per index of the scope, of size 1 where it does not depend
on it; a reduction adds its indices at the end of the scope and removes them again. Everything is dense and masked, nothing is
contracted, so this shares no idea with the loop evaluator or with the kernels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy

from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
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
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program
from tensorderiv.errors import RuleProblem
from tensorderiv.verify.backends import Backend
from tensorderiv.verify.safe import SafeFunctions

Scope = tuple[Index, ...]


class Vectoriser:
    """Arrays of expressions for given sizes and tensors; named quantities are computed once, in order."""

    def __init__(self, backend: Backend, sizes: Mapping[str, int], tensors: Mapping[str, Any]) -> None:
        self.backend = backend
        self.np = backend.np
        self.safe = SafeFunctions(backend)
        self.sizes = sizes
        self.tensors = dict(tensors)

    def run(self, program: Program) -> Any:
        """The output's array over its indices."""
        for statement in program.statements:
            value = self.expr(statement.body, statement.indices)
            self.tensors[statement.tensor.name] = self.np.broadcast_to(value, self.shape(statement.indices))
        return self.tensors[program.output.tensor.name]

    def size(self, index: Index) -> int:
        return index.extent if isinstance(index.extent, int) else self.sizes[index.extent]

    def shape(self, scope: Scope) -> tuple[int, ...]:
        return tuple(self.size(index) for index in scope)

    def constant(self, value: float, scope: Scope) -> Any:
        return numpy.full((1,) * len(scope), float(value))

    # expressions

    def expr(self, expr: Expr, scope: Scope) -> Any:
        match expr:
            case Number(value):
                return self.constant(float(value), scope)
            case Constant(name):
                return self.constant({"pi": math.pi, "e": math.e}[name], scope)
            case Size(extent):
                return self.constant(self.sizes[extent], scope)
            case Position(index):
                return self.subscript(index, scope) * 1.0
            case KroneckerDelta(left, right):
                return (self.subscript(left, scope) == self.subscript(right, scope)) * 1.0
            case CopyTensor(subscripts):
                first = self.subscript(subscripts[0], scope)
                agree = [first == self.subscript(other, scope) for other in subscripts[1:]]
                return numpy.logical_and.reduce(numpy.broadcast_arrays(*agree)) * 1.0
            case Element(tensor, subscripts):
                return self.element(tensor.name, subscripts, scope)
            case MatrixFunction(name, matrix, subscripts):
                found = self.backend.matrix[name](self.tensors[matrix.name] * 1.0)
                if not subscripts:
                    return self.np.reshape(found, (1,) * len(scope))
                return found[tuple(self.subscript(sub, scope) for sub in subscripts)]
            case Add(terms):
                values = [self.expr(term, scope) for term in terms]
                total = values[0]
                for value in values[1:]:
                    total = total + value
                return total
            case Mul(factors):
                return self.product([self.expr(factor, scope) for factor in factors])
            case Pow(base, exponent):
                fixed = float(exponent.value) if isinstance(exponent, Number) else None
                if fixed is not None:
                    return self.safe.power_of(self.expr(base, scope), fixed)
                return self.safe.power(*self.alike(self.expr(base, scope), self.expr(exponent, scope)))
            case Function(name, args):
                if name in ("max", "min"):
                    return self.extremum(name, args, scope)
                return self.safe.function(name, self.alike(*(self.expr(arg, scope) for arg in args)))
            case Bracket(condition):
                return self.condition(condition, scope) * 1.0
            case Select(condition, then, otherwise):
                return self.where(self.condition(condition, scope), self.expr(then, scope), self.expr(otherwise, scope))
            case Reduction():
                return self.reduction(expr, scope)
            case ArgReduction():
                return self.subscript(expr, scope) * 1.0
        raise RuleProblem(f"the autodiff oracle has no rule for {type(expr).__name__}")

    def product(self, factors: list[Any]) -> Any:
        return self.backend.strong(*self.alike(*factors))

    def where(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """Selection between arrays of different shapes: autograd's own does not undo broadcasting."""
        return self.np.where(*self.alike(condition, then, otherwise))

    def alike(self, *arrays: Any) -> list[Any]:
        """The arrays, broadcast to one shape."""
        shape = numpy.broadcast_shapes(*(numpy.shape(array) for array in arrays))
        return [self.np.broadcast_to(array, shape) for array in arrays]

    def element(self, name: str, subscripts: tuple[Subscript, ...], scope: Scope) -> Any:
        if not subscripts:
            return self.np.reshape(self.tensors[name] * 1.0, (1,) * len(scope))
        places = tuple(self.subscript(sub, scope) for sub in subscripts)
        return self.tensors[name][places]

    def subscript(self, subscript: Subscript, scope: Scope) -> Any:
        """Integers over the scope."""
        if isinstance(subscript, int):
            return numpy.full((1,) * len(scope), subscript)
        if isinstance(subscript, Index):
            axis = scope.index(subscript) if scope.count(subscript) == 1 else len(scope) - 1 - scope[::-1].index(subscript)
            return numpy.arange(self.size(subscript)).reshape([-1 if place == axis else 1 for place in range(len(scope))])
        if isinstance(subscript, Element):
            return self.integers(self.element(subscript.tensor.name, subscript.subscripts, scope))
        body, mask = self.masked(Reduction("max", (subscript.index,), subscript.body, subscript.condition), scope)
        values = self.backend.stop(body) * (1.0 if subscript.op == "argmax" else -1.0)
        best = self.np.argmax(self.np.where(mask, values, -math.inf), axis=-1)
        return self.np.where(self.np.any(mask, axis=-1), best, -1)

    def integers(self, values: Any) -> Any:
        return self.np.asarray(self.backend.stop(values)).astype(int)

    def extremum(self, name: str, args: tuple[Expr, ...], scope: Scope) -> Any:
        """The winner among the arguments: a later one only if it is strictly better; literal numbers come first."""
        ranked = sorted(args, key=lambda arg: not isinstance(arg, Number))
        best = self.expr(ranked[0], scope)
        for arg in ranked[1:]:
            value = self.expr(arg, scope)
            better = value > best if name == "max" else value < best
            best = self.where(better, value, best)
        return best

    def condition(self, condition: Condition, scope: Scope) -> Any:
        match condition:
            case Compare(op, left, right):
                a, b = self.backend.stop(self.expr(left, scope)), self.backend.stop(self.expr(right, scope))
                return COMPARISONS[op](a, b)
            case And(parts):
                holds = self.condition(parts[0], scope)
                for part in parts[1:]:
                    holds = holds & self.condition(part, scope)
                return holds
            case Or(parts):
                holds = self.condition(parts[0], scope)
                for part in parts[1:]:
                    holds = holds | self.condition(part, scope)
                return holds
        raise RuleProblem(f"the autodiff oracle has no rule for {type(condition).__name__}")

    # reductions

    def masked(self, expr: Reduction, scope: Scope) -> tuple[Any, Any]:
        """Body and mask of a reduction, with all its indices flattened into one last axis."""
        inner = (*scope, *expr.indices)
        sizes = self.shape(expr.indices)
        body = self.expr(expr.body, inner)
        mask = numpy.full((1,) * len(inner), True) if expr.condition is None else self.condition(expr.condition, inner)
        lead = numpy.broadcast_shapes(numpy.shape(body)[: len(scope)], numpy.shape(mask)[: len(scope)])
        flat = (*lead, math.prod(sizes))
        return tuple(self.np.reshape(self.np.broadcast_to(x, (*lead, *sizes)), flat) for x in (body, mask))

    def reduction(self, expr: Reduction, scope: Scope) -> Any:
        np = self.np
        body, mask = self.masked(expr, scope)
        empty = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf, "logsumexp": -math.inf}[expr.op]
        if numpy.shape(body)[-1] == 0:
            return numpy.full(numpy.shape(body)[:-1], empty)
        kept = np.where(mask, body, empty)
        if expr.op == "sum":
            return np.sum(kept, axis=-1)
        if expr.op == "prod":
            return self.product([kept[..., place] for place in range(numpy.shape(kept)[-1])])
        values = self.backend.stop(kept)
        best = np.argmin(values, axis=-1) if expr.op == "min" else np.argmax(values, axis=-1)
        chosen = numpy.arange(numpy.shape(body)[-1]) == np.expand_dims(best, -1)
        if expr.op in ("max", "min"):
            return np.sum(np.where(chosen, kept, 0.0), axis=-1)
        top = np.sum(np.where(chosen, values, 0.0), axis=-1)
        finite = np.isfinite(top)
        shift = np.expand_dims(np.where(finite, top, 0.0), -1)
        shares = np.sum(np.where(mask, np.exp(np.where(mask, body, shift) - shift), 0.0), axis=-1)
        return np.where(finite, np.log(np.where(finite, shares, 1.0)) + shift[..., 0], top)


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
