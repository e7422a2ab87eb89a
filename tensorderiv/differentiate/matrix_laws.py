"""The laws of differentiation of functions of a whole matrix: inverse, determinant and its logarithm.

All entries of the matrix count as independent, also where it is declared symmetric, as everywhere in the calculus.
"""

from __future__ import annotations

from collections.abc import Callable

from tensorderiv.algebra.build import MINUS_ONE, mul, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, MatrixFunction, Subscript
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.traverse import index_names

MatrixLaw = Callable[[Derivative, object], Expr | None]
"""A law as those of `differentiate.laws`; nothing needs to be known of the context."""


def inverse(node: Derivative, context: object) -> Expr | None:
    """diff(inv(A)_ij, x) -> -sum_{a,b} inv(A)_ia diff(A_ab, x) inv(A)_bj."""
    body = node.body
    if not isinstance(body, MatrixFunction) or body.name != "inv":
        return None
    a, b = _fresh_pair(node, body)
    row, column = body.subscripts
    return mul(MINUS_ONE, total((a, b), mul(_entry(body, row, a), _moved(node, body, a, b), _entry(body, b, column))))


def determinant(node: Derivative, context: object) -> Expr | None:
    """diff(det(A), x) -> det(A) sum_{a,b} inv(A)_ba diff(A_ab, x)   where A is invertible."""
    body = node.body
    if not isinstance(body, MatrixFunction) or body.name != "det":
        return None
    return mul(body, _trace(node, body))


def log_determinant(node: Derivative, context: object) -> Expr | None:
    """diff(logdet(A), x) -> sum_{a,b} inv(A)_ba diff(A_ab, x)   where A is invertible."""
    body = node.body
    if not isinstance(body, MatrixFunction) or body.name != "logdet":
        return None
    return _trace(node, body)


MATRIX_LAWS: tuple[tuple[str, MatrixLaw, str], ...] = (
    ("inverse rule", inverse, "from A inv(A) = 1: the inverse moves by -inv(A) dA inv(A)"),
    ("determinant rule", determinant, "Jacobi's formula: a determinant moves by det(A) times the trace of inv(A) dA"),
    ("log-determinant rule", log_determinant, "log det(A) moves by the trace of inv(A) dA"),
)
"""Name, law and the words beside the step."""


def _trace(node: Derivative, body: MatrixFunction) -> Expr:
    """sum_{a,b} inv(A)_ba diff(A_ab, x)."""
    a, b = _fresh_pair(node, body)
    return total((a, b), mul(_entry(body, b, a), _moved(node, body, a, b)))


def _fresh_pair(node: Derivative, body: MatrixFunction) -> tuple[Index, Index]:
    """Two indices over the axes of the matrix, clear of the subscripts and of the variable."""
    taken = set(index_names(node))
    rows, columns = body.matrix.extents
    first = fresh(Index("a", rows), taken)
    return first, fresh(Index("a", columns), taken | {first.name})


def _entry(body: MatrixFunction, row: Subscript, column: Subscript) -> Expr:
    return MatrixFunction("inv", body.matrix, (row, column))


def _moved(node: Derivative, body: MatrixFunction, a: Index, b: Index) -> Expr:
    return Derivative(Element(body.matrix, (a, b)), node.variable)
