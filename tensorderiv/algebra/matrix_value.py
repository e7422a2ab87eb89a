"""Functions of a whole matrix in the reference meaning: inv(A)_ij, det(A), logdet(A), and their derivatives by dual numbers.

    d inv(A) = -inv(A) dA inv(A),    d det(A) = sum_ab cofactor(A)_ab dA_ab,    d logdet(A) = sum_ab inv(A)_ba dA_ab

The inverse of a singular matrix is nan in every entry. A determinant is differentiable everywhere: its derivative is taken by
cofactors, that is without an inverse, also where the matrix is singular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tensorderiv.algebra.dual import Arithmetic, Dual, Place
from tensorderiv.algebra.elimination import Matrix, minor
from tensorderiv.algebra.expression import Element, MatrixFunction
from tensorderiv.algebra.sizes import check_square
from tensorderiv.errors import IndexProblem

if TYPE_CHECKING:
    from tensorderiv.algebra.evaluator import Evaluator

Moves = Mapping[Place, Any]
"""For each entry of the matrix that moves, by how much."""


def matrix_value(judge: Evaluator, expr: MatrixFunction) -> Any:
    """The value of the node. The matrix is taken apart once for each function; ExtentMismatch where it is not square."""
    name = expr.matrix.name
    check_square(expr.matrix)
    size = judge.extent(expr.matrix.extents[0])

    def compute() -> Any:
        entries = [[judge.element(Element(expr.matrix, (a, b))) for b in range(size)] for a in range(size)]
        return FUNCTIONS[expr.name](judge.arithmetic, entries)

    found = judge.remembered((expr.name, name), frozenset({name}), compute)
    if not expr.subscripts:
        return found
    row, column = (judge.subscript(sub) for sub in expr.subscripts)
    for place in (row, column):
        if not 0 <= place < size:
            raise IndexProblem(f"the subscript {place} of {expr.name}({name}) is not among 0 .. {size - 1}")
    return found[row][column]


def inverse(a: Arithmetic, matrix: Matrix) -> Matrix:
    """The inverse of a matrix of dual numbers."""
    level = _level(matrix)
    if level < 0:
        found: Matrix = a.system.inverse(matrix)
        return found
    base = inverse(a, _values(matrix, level))
    tangents: list[list[dict[Place, Any]]] = [[{} for _ in matrix] for _ in matrix]
    for place, moves in _moves(matrix, level).items():
        for row in range(len(matrix)):
            for column in range(len(matrix)):
                terms = [a.multiply([a.number(-1), base[row][r], by, base[c][column]]) for (r, c), by in moves.items()]
                tangents[row][column][place] = a.add(terms)
    return [[Dual(level, x, by) for x, by in zip(*both, strict=True)] for both in zip(base, tangents, strict=True)]


def determinant(a: Arithmetic, matrix: Matrix) -> Any:
    """The determinant of a matrix of dual numbers."""
    level = _level(matrix)
    if level < 0:
        return a.system.determinant(matrix)
    base = _values(matrix, level)
    weights = cofactors(a, base)
    return Dual(level, determinant(a, base), _weighted(a, weights, _moves(matrix, level)))


def cofactors(a: Arithmetic, matrix: Matrix) -> Matrix:
    """The derivative of the determinant by each entry: the signed determinant without its row and column."""
    places = range(len(matrix))
    if a.system.cofactors_by_inverse:
        inverted, whole = inverse(a, matrix), determinant(a, matrix)
        return [[a.multiply([whole, inverted[c][r]]) for c in places] for r in places]
    return [[a.multiply([a.number((-1) ** (r + c)), determinant(a, minor(matrix, r, c))]) for c in places] for r in places]


def log_determinant(a: Arithmetic, matrix: Matrix) -> Any:
    """log(det) of a matrix of dual numbers: -inf for a singular matrix, nan for a negative determinant."""
    level = _level(matrix)
    if level < 0:
        return a.system.logdet(matrix)
    base = _values(matrix, level)
    inverted = inverse(a, base)
    weights = [[inverted[c][r] for c in range(len(matrix))] for r in range(len(matrix))]
    return Dual(level, log_determinant(a, base), _weighted(a, weights, _moves(matrix, level)))


FUNCTIONS = {"inv": inverse, "det": determinant, "logdet": log_determinant}


def _entries(matrix: Matrix) -> Iterator[tuple[Place, Any]]:
    for row, line in enumerate(matrix):
        for column, x in enumerate(line):
            yield (row, column), x


def _level(matrix: Matrix) -> int:
    """The highest level among the entries, -1 if all are plain."""
    return max((x.level for _, x in _entries(matrix) if isinstance(x, Dual)), default=-1)


def _values(matrix: Matrix, level: int) -> Matrix:
    return [[x.value if isinstance(x, Dual) and x.level == level else x for x in row] for row in matrix]


def _moves(matrix: Matrix, level: int) -> dict[Place, dict[Place, Any]]:
    """For each entry of the variable, the entries of the matrix that move with it."""
    found: dict[Place, dict[Place, Any]] = {}
    for at, x in _entries(matrix):
        if isinstance(x, Dual) and x.level == level:
            for place, tangent in x.tangents.items():
                found.setdefault(place, {})[at] = tangent
    return found


def _weighted(a: Arithmetic, weights: Matrix, moves: Mapping[Place, Moves]) -> dict[Place, Any]:
    """sum_ab weights_ab dA_ab for each entry of the variable."""
    return {place: a.add([a.multiply([weights[r][c], by]) for (r, c), by in entries.items()]) for place, entries in moves.items()}
