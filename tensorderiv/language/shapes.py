"""Kinds of values in matrix algebra, and which kinds may meet: the one table that guessing and elaborating both obey."""

from __future__ import annotations

from typing import Literal, TypeAlias

from tensorderiv.language import lexicon
from tensorderiv.language import surface as s

Kind: TypeAlias = Literal["number", "column", "row", "matrix", "array", "unknown"]
"""A vector is a column until it is transposed. `array`: three axes or more. `unknown` goes with everything."""

ORDERS: dict[Kind, int] = {"number": 0, "column": 1, "row": 1, "matrix": 2}
NAMES: dict[Kind, str] = {
    "number": "a number",
    "column": "a column vector",
    "row": "a row vector",
    "matrix": "a matrix",
    "array": "an array of three axes or more",
    "unknown": "something",
}
PRODUCTS: dict[tuple[Kind, Kind], Kind] = {
    ("matrix", "matrix"): "matrix",
    ("matrix", "column"): "column",
    ("row", "matrix"): "row",
    ("row", "column"): "number",
    ("column", "row"): "matrix",
}


class ShapeClash(Exception):
    """Two kinds that do not go together; the caller knows the place."""

    def __init__(self, message: str, hint: str) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


def of_order(order: int) -> Kind:
    """The kind of a whole tensor."""
    kinds: tuple[Kind, ...] = ("number", "column", "matrix")
    return kinds[order] if 0 <= order < len(kinds) else "array"


def product(op: str, left: Kind, right: Kind) -> Kind:
    r"""The kind of `left op right` for the products: juxtaposed, `*`, `cdot`, `odot`.

    >>> product("juxtaposed", "row", "matrix"), product("juxtaposed", "column", "row")
    ('row', 'matrix')

    Raises: ShapeClash for kinds that have no such product.
    """
    if "unknown" in (left, right):
        return "unknown"
    if "number" in (left, right):
        return right if left == "number" else left
    if op == "odot":
        if left != right:
            raise ShapeClash(f"{NAMES[left]} meets {NAMES[right]} in an elementwise product", "transpose one, or write indices")
        return left
    if "array" in (left, right):
        raise ShapeClash("a product of matrices has factors with at most two axes", "write indices, e.g. sum_k T_ijk A_kl")
    vectors = left != "matrix" and right != "matrix"
    if op == "cdot" and vectors:
        return "number"
    if op == "*" and left == right == "matrix":
        raise ShapeClash("A * B can be the matrix product or elementwise", r"write A B for the one, A \odot B for the other")
    found = PRODUCTS.get((left, right))
    if found is not None:
        return found
    if vectors:
        raise ShapeClash(
            "two vectors stand side by side", "write X_i . Y_j or <X_i, Y_j> for the dot product, or indices: X_ip Y_jp"
        )
    if left == "matrix":
        raise ShapeClash("a matrix stands before a row vector", "leave the transpose of the vector out")
    raise ShapeClash("a column vector stands before a matrix", "transpose the vector: x^T A")


def divisor(over: Kind, under: Kind, node: s.Node) -> ShapeClash | None:
    """What is wrong with dividing by a vector or a matrix, element by element; None where nothing is."""
    if isinstance(node, s.Transposed):
        return ShapeClash("a transpose stands behind a division sign", "put the denominator in parentheses: x^T A x / (x^T x)")
    if under == "matrix" and over == "number" and not elementwise(node):
        return ShapeClash("1/A of a matrix can be the inverse or elementwise", r"write inv(A), or indices: 1/A_ij")
    return None


def elementwise(node: s.Node) -> bool:
    """Whether a matrix can be meant element by element only: 1 + exp(-X W), exp(S)."""
    match node:
        case s.Sum(_, terms):
            return any(isinstance(term, s.Num) or elementwise(term) for _, term in terms)
        case s.Call(_, name):
            return name not in lexicon.MATRIX_FUNCTIONS
        case s.Product(_, ((_, only),)):
            return elementwise(only)
    return False


def transposed(kind: Kind) -> Kind:
    """The kind of the transpose.

    Raises: ShapeClash for arrays of three axes.
    """
    if kind == "array":
        raise ShapeClash("an array of three axes or more is transposed", "write its indices")
    swapped: dict[Kind, Kind] = {"column": "row", "row": "column"}
    return swapped.get(kind, kind)


def together(kinds: list[Kind]) -> Kind:
    """The kind of a sum, or of anything elementwise: numbers go with every kind.

    Raises: ShapeClash for two different kinds.
    """
    rest = [kind for kind in dict.fromkeys(kinds) if kind not in ("number", "unknown")]
    if not rest:
        return "unknown" if "unknown" in kinds else "number"
    if set(rest) == {"row", "column"}:
        raise ShapeClash("a row is added to a column", "transpose both or neither")
    if len(rest) > 1:
        raise ShapeClash(f"{NAMES[rest[0]]} meets {NAMES[rest[1]]}", "write the indices, e.g. X_ip")
    return rest[0]
