"""Brute force: values and derivatives by the reference meaning alone, with the tolerance of every entry.

Every derivative is written as an expression with `Derivative` nodes and evaluated by `algebra.evaluate` in running-error
arithmetic: sum W D by X_kl, D(X + t V) by t, the derivative by t of the derivative by X_kl. Where the value itself is infinite
or undetermined no derivative is claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.expression import Add, Derivative, Element, Expr, MatrixFunction, Mul, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sizes import bind
from tensorderiv.algebra.traverse import rewrite
from tensorderiv.verify.running_error import DoubtingEvaluator, Judged, RunningError, judged

Array = npt.NDArray[Any]

COTANGENT = "<W>"
STEP = Element(Tensor("<t>"))
"""Names no text can contain, so they collide with none."""


@dataclass(frozen=True)
class Reference:
    """The meaning of a program at given arrays, in a given precision."""

    program: Program
    arrays: Mapping[str, Any]
    dtype: type = np.float64

    def value(self) -> Judged:
        """Shape: the output's indices."""
        return self._value

    @cached_property
    def _value(self) -> Judged:
        return self._judge(self.program.output.element, self.program.output.indices)

    def vjp(self, name: str, cotangent: Array) -> Judged:
        """sum_I W_I d D_I / d X: the shape of X."""
        output = self.program.output
        weighted = Mul((Element(Tensor(COTANGENT, output.tensor.extents), output.indices), output.element))
        loss = Reduction("sum", output.indices, weighted) if output.indices else weighted
        variable = self._variable(name)
        axes = _axes(variable)
        found = self._judge(Derivative(loss, Element(variable, axes)), axes, {COTANGENT: cotangent})
        return found.where(bool(self._value.determined[np.asarray(cotangent) != 0].all()))

    def jvp(self, tangents: Mapping[str, Array]) -> Judged:
        """d D(X + t V) / d t at t = 0: the shape of the output."""
        output = self.program.output
        extra = {f"<d{name}>": tangent for name, tangent in tangents.items()}
        found = self._judge(Derivative(output.element, STEP), output.indices, extra, self._along(tangents))
        return found.where(self._value.determined)

    def hvp(self, name: str, tangent: Array) -> Judged:
        """d / d t of the gradient at X + t V: the shape of X. The output is a scalar."""
        variable = self._variable(name)
        axes = _axes(variable)
        gradient = Derivative(self.program.output.element, Element(variable, axes))
        along = self._along({name: tangent})
        return self._judge(Derivative(gradient, STEP), axes, {f"<d{name}>": tangent}, along).where(self._value.determined.item())

    def jacobian(self, name: str, axis: int, slot: int) -> Judged:
        """The block of d D_ij / d X in which the index at `axis` of X is i (slot 0) or j (slot 1): i, j, then the others."""
        output, variable = self.program.output, self._variable(name)
        axes = list(_axes(variable))
        axes[axis] = output.indices[slot]
        rest = tuple(index for place, index in enumerate(axes) if place != axis)
        found = self._judge(Derivative(output.element, Element(variable, tuple(axes))), (*output.indices, *rest))
        return found.where(self._value.determined.reshape(self._value.value.shape + (1,) * len(rest)))

    def _variable(self, name: str) -> Tensor:
        item = self.program.input(name)
        assert item is not None, f"{name} is an input of {self.program.name}"
        return item.tensor

    def _judge(
        self, expr: Expr, axes: Sequence[Index], extra: Mapping[str, Array] | None = None, program: Program | None = None
    ) -> Judged:
        bound, sizes = bind(self.program, self.arrays)
        arrays = {**bound, **(extra or {}), STEP.tensor.name: 0.0}
        system = RunningError(self.dtype)
        evaluator = DoubtingEvaluator(arrays, sizes, (program or self.program).statements, system)
        found = np.empty(tuple(evaluator.extent(index.extent) for index in axes), dtype=object)
        clear = np.ones(found.shape, dtype=bool)
        for place in np.ndindex(found.shape):
            found[place], doubt = evaluator.entry_and_doubt(expr, dict(zip(axes, place, strict=True)))
            clear[place] = not doubt
        return judged(found, system.unit).where(clear)

    def _along(self, tangents: Mapping[str, Array]) -> Program:
        """The program with X + t V for X."""

        def shift(node: Expr) -> Expr:
            if not isinstance(node, Element) or node.tensor.name not in tangents:
                return node
            direction = Element(replace(node.tensor, name=f"<d{node.tensor.name}>"), node.subscripts)
            return Add((node, Mul((STEP, direction))))

        moved = tuple(
            Statement(s.tensor, s.indices, rewrite(s.body, shift)) for s in _with_named_matrices(self.program, tangents)
        )
        return self.program.with_statements(*moved)


def _with_named_matrices(program: Program, moving: Collection[str]) -> tuple[Statement, ...]:
    """The statements, with a name for each input that moves and stands in a function of a whole matrix: <A>_ij = A_ij."""
    named: dict[str, Statement] = {}

    def by_name(node: Expr) -> Expr:
        if not isinstance(node, MatrixFunction) or node.matrix.name not in moving:
            return node
        tensor, axes = replace(node.matrix, name=f"<{node.matrix.name}>"), _axes(node.matrix)
        named[node.matrix.name] = Statement(tensor, axes, Element(node.matrix, axes))
        return replace(node, matrix=tensor)

    statements = tuple(replace(s, body=rewrite(s.body, by_name)) for s in program.statements)
    return (*named.values(), *statements)


def _axes(tensor: Tensor) -> tuple[Index, ...]:
    return tuple(Index(f"<{place}>", extent) for place, extent in enumerate(tensor.extents))
