"""What a pair module claims: pairwise, vjp, jvp, jacobian over tables of points; pair and pair_grad for one pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorderiv.algebra.program import Program
from tensorderiv.errors import VerificationFailed
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.claims import (
    Array,
    Arrays,
    Claim,
    Directions,
    Form,
    SlopeClaim,
    both,
    by_method,
    called,
    inner,
    keywords,
    parameters_of,
)
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.running_error import Judged
from tensorderiv.verify.twoform import two_tensor


class PairClaims:
    """The forms of a pair module. `module.POINTS` names the tensors of the two slots, with the axis of the points where given."""

    def __init__(self, program: Program, module: Any) -> None:
        self.module = module
        self.original = program
        (self.x, self.row), (second, self.column) = (_point(entry) for entry in module.POINTS)
        self.alone = program.input(second) is None or second == self.x
        self.program, self.y = two_tensor(program) if self.alone else (program, second)
        self.further = [item for item in self.program.inputs if item.tensor.name not in (self.x, self.y)]
        self.wrt = tuple(item.tensor.name for item in self.further if not item.tensor.integer)

    def forms(self) -> tuple[Form, ...]:
        """The two-tensor form, and that with one tensor in both slots where the shapes allow it."""
        two = Form(
            "X, Y",
            self.program,
            (self.pairwise(), self.vjp(self.x, 0), self.vjp(self.y, 1)),
            (self.jvp(), self.jacobian(1), self.jacobian(2), self.pair(), *self.pair_grad(), *map(self.vjp_further, self.wrt)),
            self.slopes(),
        )
        return by_method(self.module, [two, self.one()] if self.alone or self.same_points() else [two])

    def same_points(self) -> bool:
        """Whether both slots take points of the same shape."""
        shapes = []
        for name, axis in ((self.x, self.row), (self.y, self.column)):
            item = self.program.input(name)
            assert item is not None, f"{name} is an input"
            shapes.append((axis, item.tensor.extents[:axis], item.tensor.extents[axis + 1 :]))
        return shapes[0] == shapes[1]

    def options(self, function: Any, arrays: Arrays) -> dict[str, Any]:
        return keywords(function, self.further, arrays)

    # the two-tensor form

    def pairwise(self) -> Claim:
        return Claim("pairwise", self.table, lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))

    def table(self, arrays: Arrays, _: Directions) -> Any:
        return self.module.pairwise(arrays[self.x], arrays[self.y], **self.options(self.module.pairwise, arrays))

    def gradients(self, arrays: Arrays, directions: Directions) -> Any:
        function = self.module.vjp
        found = function(arrays[self.x], arrays[self.y], directions.cotangent, **self.options(function, arrays))
        if not isinstance(found, tuple) or len(found) != 2:
            raise VerificationFailed("vjp(X, Y, W) returned no pair (dX, dY)")
        return found

    def vjp(self, name: str, place: int) -> Claim:
        return Claim(
            f"vjp by {name}",
            lambda arrays, d: self.gradients(arrays, d)[place],
            lambda r, d: r.vjp(name, d.cotangent),
            lambda o, arrays, d: o.vjp(arrays, [name], d.cotangent)[0],
        )

    def vjp_further(self, name: str) -> Claim:
        def kernel(arrays: Arrays, d: Directions) -> Any:
            function = self.module.vjp
            wanted = called(name, parameters_of(function))
            return function(arrays[self.x], arrays[self.y], d.cotangent, wrt=wanted, **self.options(function, arrays))

        return Claim(
            f"vjp by {name}",
            kernel,
            lambda r, d: r.vjp(name, d.cotangent),
            lambda o, arrays, d: o.vjp(arrays, [name], d.cotangent)[0],
        )

    def tangents(self, directions: Directions) -> Arrays:
        return {name: directions.tangents[name] for name in (self.x, self.y)}

    def jvp_table(self, arrays: Arrays, d: Directions) -> Any:
        function = self.module.jvp
        points = arrays[self.x], arrays[self.y], d.tangents[self.x], d.tangents[self.y]
        return function(*points, **self.options(function, arrays))

    def jvp(self) -> Claim:
        return Claim(
            "jvp",
            self.jvp_table,
            lambda r, d: r.jvp(self.tangents(d)),
            lambda o, arrays, d: o.jvp(arrays, self.tangents(d)),
        )

    def jacobian(self, slot: int) -> Claim:
        name, axis = ((self.x, self.row), (self.y, self.column))[slot - 1]

        def kernel(arrays: Arrays, _: Directions) -> Any:
            function = self.module.jacobian
            return function(arrays[self.x], arrays[self.y], slot=slot, **self.options(function, arrays))

        return Claim(
            f"jacobian, slot {slot}",
            kernel,
            lambda r, _: r.jacobian(name, axis, slot - 1),
            lambda o, arrays, _: self.blocks(o, arrays, name, axis, slot - 1),
        )

    @staticmethod
    def blocks(oracle: Oracle, arrays: Arrays, name: str, axis: int, slot: int) -> Array:
        """The Jacobian blocks from one VJP for each row or column: D_ij moves point i alone (or j alone)."""
        shape = oracle.value(arrays).shape
        rows = []
        for other in range(shape[1 - slot]):
            cotangent = np.zeros(shape)
            cotangent[(slice(None), other) if slot == 0 else (other, slice(None))] = 1.0
            rows.append(np.moveaxis(oracle.vjp(arrays, [name], cotangent)[0], axis, 0))
        return np.stack(rows, axis=1 - slot)

    def each_pair(self, function: Callable[..., Any], arrays: Arrays) -> list[list[Any]]:
        """The compiled function at every pair of points; further inputs in the order of the declarations, arrays first."""
        ordered = sorted(self.further, key=lambda item: not (item.tensor.order or item.tensor.integer))
        rest = [arrays[i.tensor.name] if i.tensor.order else arrays[i.tensor.name].item() for i in ordered]
        xs = np.moveaxis(arrays[self.x], self.row, 0)
        ys = np.moveaxis(arrays[self.y], self.column, 0)
        # compiled code tells scalars from arrays by type: a point of order 0 is a float
        points = [[p if np.ndim(p) == 0 else np.ascontiguousarray(p) for p in table] for table in (xs, ys)]
        return [[function(x, y, *rest) for y in points[1]] for x in points[0]]

    def pair(self) -> Claim:
        return Claim(
            "pair",
            lambda arrays, _: np.array(self.each_pair(self.module.pair, arrays)),
            lambda r, _: r.value(),
            lambda o, arrays, _: o.value(arrays),
        )

    def pair_grad(self) -> tuple[Claim, Claim]:
        def kernel(place: int) -> Callable[[Arrays, Directions], Any]:
            return lambda arrays, _: np.array([[e[place] for e in row] for row in self.each_pair(self.module.pair_grad, arrays)])

        value = Claim("pair_grad, value", kernel(0), lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))
        gradient = Claim(
            "pair_grad, gradient",
            kernel(1),
            lambda r, _: r.jacobian(self.x, self.row, 0),
            lambda o, arrays, _: self.blocks(o, arrays, self.x, self.row, 0),
        )
        return value, gradient

    # one tensor in both slots

    def one(self) -> Form:
        """pairwise(X) and vjp(X, None, W)."""
        program = self.original if self.alone else self.program

        def table(arrays: Arrays, _: Directions) -> Any:
            return self.module.pairwise(arrays[self.x], **self.options(self.module.pairwise, arrays))

        def gradient(arrays: Arrays, d: Directions) -> Any:
            function = self.module.vjp
            return function(arrays[self.x], None, d.cotangent, **self.options(function, arrays))

        value = Claim("pairwise, Y = None", table, lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))
        claims = (value, Claim("vjp, Y = None", gradient, self.meaning_alone, self.oracle_alone))
        return Form("X", program, claims, fill=None if self.alone else self.same)

    def same(self, arrays: Arrays) -> Arrays:
        """The first points in both slots."""
        return {**arrays, self.y: arrays[self.x]}

    def meaning_alone(self, reference: Reference, directions: Directions) -> Judged:
        first = reference.vjp(self.x, directions.cotangent)
        return first if self.alone else both(first, reference.vjp(self.y, directions.cotangent))

    def oracle_alone(self, oracle: Oracle, arrays: Arrays, directions: Directions) -> Array:
        names = [self.x] if self.alone else [self.x, self.y]
        return np.asarray(np.sum(oracle.vjp(arrays, names, directions.cotangent), axis=0))

    # slopes

    def slopes(self) -> tuple[SlopeClaim, ...]:
        def weighted(arrays: Arrays, d: Directions) -> Array:
            value = np.asarray(self.table(arrays, d))
            return np.where(d.cotangent == 0, 0.0, d.cotangent * np.where(d.cotangent == 0, 0.0, value))

        def by_vjp(arrays: Arrays, d: Directions) -> float:
            return sum(inner(g, d.tangents[name]) for g, name in zip(self.gradients(arrays, d), (self.x, self.y), strict=True))

        def by_jvp(arrays: Arrays, d: Directions) -> float:
            return inner(self.jvp_table(arrays, d), d.cotangent)

        points = (self.x, self.y)
        further = tuple(self.further_slope(weighted, name) for name in self.wrt)
        return (SlopeClaim("vjp", weighted, by_vjp, points), SlopeClaim("jvp", weighted, by_jvp, points), *further)

    def further_slope(self, weighted: Callable[[Arrays, Directions], Any], name: str) -> SlopeClaim:
        claim = self.vjp_further(name)
        return SlopeClaim(claim.name, weighted, lambda arrays, d: inner(claim.kernel(arrays, d), d.tangents[name]), (name,))


def _point(entry: Any) -> tuple[str, int]:
    """A slot of POINTS: a name, or a name and the axis of the points."""
    return (entry, 0) if isinstance(entry, str) else (str(entry[0]), int(entry[1]))
