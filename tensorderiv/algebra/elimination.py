"""Inverse, determinant and cofactors of a square matrix of plain numbers, by elimination in any number system.

Exact for rationals. A singular matrix has determinant 0 and no inverse: every entry of it is nan. A matrix with an entry that is
nan or infinite has nan for everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from tensorderiv.algebra.number_system import NumberSystem

Matrix: TypeAlias = Sequence[Sequence[Any]]


def identity(system: NumberSystem, size: int) -> list[list[Any]]:
    return [[system.number(int(row == column)) for column in range(size)] for row in range(size)]


def constant(system: NumberSystem, size: int, value: float) -> list[list[Any]]:
    return [[system.number(value)] * size for _ in range(size)]


def is_finite(system: NumberSystem, matrix: Matrix) -> bool:
    """Whether no entry is nan or infinite."""
    ends = (system.number(float("inf")), system.number(float("-inf")))
    return all(system.order(x, x) is not None and all(system.order(x, end) != 0 for end in ends) for row in matrix for x in row)


def inverse(system: NumberSystem, matrix: Matrix) -> list[list[Any]]:
    """The inverse; nan in every entry where the matrix is singular.

    >>> from fractions import Fraction
    >>> from tensorderiv.algebra.numbers import FRACTION
    >>> [[str(x) for x in row] for row in inverse(FRACTION, [[Fraction(2), Fraction(1)], [Fraction(1), Fraction(1)]])]
    [['1', '-1'], ['-1', '2']]
    """
    size = len(matrix)
    if not is_finite(system, matrix):
        return constant(system, size, float("nan"))
    work = [[*row, *unit] for row, unit in zip(matrix, identity(system, size), strict=True)]
    for column in range(size):
        best = pivot_row(system, work, column)
        if best is None:
            return constant(system, size, float("nan"))
        work[column], work[best] = work[best], work[column]
        scale = system.power(work[column][column], system.number(-1))
        work[column] = [system.multiply([scale, x]) for x in work[column]]
        for row in range(size):
            if row != column:
                work[row] = _reduced(system, work[row], work[column], work[row][column])
    return [row[size:] for row in work]


def pivots(system: NumberSystem, matrix: Matrix) -> tuple[int, list[Any]]:
    """(sign, pivots) with determinant sign * product of the pivots; sign 0 where the matrix is singular."""
    work, sign = [list(row) for row in matrix], 1
    for column in range(len(work)):
        best = pivot_row(system, work, column)
        if best is None:
            return 0, []
        if best != column:
            work[column], work[best], sign = work[best], work[column], -sign
        below = system.power(work[column][column], system.number(-1))
        for row in range(column + 1, len(work)):
            work[row] = _reduced(system, work[row], work[column], system.multiply([work[row][column], below]))
    return sign, [work[place][place] for place in range(len(work))]


def determinant(system: NumberSystem, matrix: Matrix) -> Any:
    """The determinant; of the matrix without rows it is 1."""
    if not is_finite(system, matrix):
        return system.number(float("nan"))
    sign, found = pivots(system, matrix)
    return system.multiply([system.number(sign), *found])


def minor(matrix: Matrix, row: int, column: int) -> list[list[Any]]:
    """The matrix without one row and one column."""
    return [[x for c, x in enumerate(line) if c != column] for r, line in enumerate(matrix) if r != row]


def pivot_row(system: NumberSystem, work: Matrix, column: int) -> int | None:
    """The row at or below the diagonal with the largest entry in that column; None where all are 0."""
    sizes = [system.function("abs", [row[column]]) for row in work]
    best = column
    for row in range(column + 1, len(work)):
        if system.order(sizes[row], sizes[best]) == 1:
            best = row
    return None if system.is_zero(sizes[best]) else best


def _reduced(system: NumberSystem, row: Sequence[Any], by: Sequence[Any], factor: Any) -> list[Any]:
    """row - factor * by."""
    if system.is_zero(factor):
        return list(row)
    minus = system.multiply([system.number(-1), factor])
    return [system.add([x, system.multiply([minus, y])]) for x, y in zip(row, by, strict=True)]
