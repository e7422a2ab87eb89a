"""What a module that says method="gram" may be off: each sum of squared differences by its stated bound, and nothing else.

    s_ij = sum_p w_p (a_ip - b_jp)^2   ->   s_ij + g_ij,   |g_ij| <= (d + 4) eps sum_p w_p (a_ip^2 + b_jp^2)

The program is judged with one further input g for each such sum. In running error arithmetic g is 0 with that error, which is
carried on through the definition and its derivatives; where rounding then leaves nothing determined (1 / sqrt(s) at s = 0)
nothing is claimed. Sums are found by their form, without a look at the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.build import TWO, add, factors_of, mul, power, terms_of
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Add, Element, Expr, Pow, Reduction, Tensor
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.sizes import bind
from tensorderiv.algebra.traverse import free_indices, rewrite
from tensorderiv.verify.running_error import Bounded

Array = npt.NDArray[Any]

ROUNDINGS = 4
"""Roundings that the bound counts beside one a term."""


@dataclass(frozen=True)
class Loosened:
    """The program whose sums of squared differences have an unknown added, and for each unknown sum_p w_p (a^2 + b^2)."""

    original: Program
    program: Program
    squares: tuple[tuple[Element, Reduction], ...]

    def bounds(self, arrays: Mapping[str, Any], dtype: type = np.float64) -> dict[str, Array]:
        """The bound of each unknown."""
        bound, sizes = bind(self.original, arrays)
        found = {}
        for unknown, squares in self.squares:
            axes = free_indices(squares)
            size = evaluate(squares, axes=axes, arrays=bound, sizes=sizes, statements=self.original.statements)
            extent = squares.indices[0].extent
            terms = extent if isinstance(extent, int) else sizes[extent]
            found[unknown.tensor.name] = (terms + ROUNDINGS) * float(np.finfo(dtype).eps) * np.maximum(size, 0.0)
        return found

    def unknowns(self, arrays: Mapping[str, Any], dtype: type = np.float64) -> dict[str, Array]:
        """Each unknown as 0 with its bound as error."""
        found = {}
        for name, bound in self.bounds(arrays, dtype).items():
            values = np.empty(bound.shape, dtype=object)
            for place in np.ndindex(bound.shape):
                values[place] = Bounded(0.0, float(bound[place]), False)
            found[name] = values
        return found


def loosened(program: Program) -> Loosened:
    """The program with an unknown beside each sum of squared differences."""
    squares: list[tuple[Element, Reduction]] = []

    def loosen(node: Expr) -> Expr:
        found = squares_of(node)
        if found is None:
            return node
        axes = free_indices(found)
        unknown = Element(Tensor(f"<gram {len(squares)}>", tuple(index.extent for index in axes)), axes)
        squares.append((unknown, found))
        return add(node, unknown)

    statements = tuple(Statement(s.tensor, s.indices, rewrite(s.body, loosen)) for s in program.statements)
    inputs = (*program.inputs, *(Input(unknown.tensor) for unknown, _ in squares))
    return Loosened(program, replace(program, inputs=inputs, statements=statements), tuple(squares))


def squares_of(node: Expr) -> Reduction | None:
    """sum_p w_p (a_ip - b_jp)^2 -> sum_p w_p (a_ip^2 + b_jp^2); None for any other expression."""
    if not isinstance(node, Reduction) or node.op != "sum" or len(node.indices) != 1 or node.condition is not None:
        return None
    points = set(free_indices(node))
    factors = list(factors_of(node.body))
    differences = [f for f in factors if isinstance(f, Pow) and f.exponent == TWO and points & set(free_indices(f.base))]
    if len(points) != 2 or len(differences) != 1:
        return None
    factors.remove(differences[0])
    inside = list(factors_of(differences[0].base))
    sums = [factor for factor in inside if isinstance(factor, Add)]
    if len(sums) != 1:
        return None
    inside.remove(sums[0])
    sides: list[list[Expr]] = [[], []]
    second = free_indices(node)[1]
    for term in terms_of(sums[0]):
        if points <= set(free_indices(term)):
            return None
        sides[second in free_indices(term)].append(term)
    if not all(sides) or any(points & set(free_indices(factor)) for factor in (*factors, *inside)):
        return None
    both = add(*(power(mul(*inside, add(*side)), 2) for side in sides))
    return Reduction("sum", node.indices, mul(*factors, both), None)
