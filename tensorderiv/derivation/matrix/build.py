"""Constructors of matrix expressions: they flatten, drop what is neutral, and let numbers out in front.

All keep the meaning; none changes the order of a matrix product.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tensorderiv.algebra.build import ONE, mul
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.derivation.matrix.expression import (
    SCALAR,
    AllOnes,
    Basis,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    Inverse,
    Matrix,
    Named,
    Ones,
    Power,
    Product,
    Quotient,
    Scalar,
    Scaled,
    Shape,
    SingleEntry,
    Sum,
    Trace,
    Transpose,
)
from tensorderiv.derivation.matrix.spelling import to_text


def ones(shape: Shape) -> Matrix:
    """All entries 1: J, the vector 1, its transpose, or the number 1."""
    match shape:
        case (None, None):
            return Scalar(ONE)
        case (rows, None) if rows is not None:
            return Ones(rows)
        case (None, columns) if columns is not None:
            return Transpose(Ones(columns))
        case (rows, columns) if rows is not None and columns is not None:
            return AllOnes(rows, columns)
    raise TypeError(f"no shape {shape}")


def split(matrix: Matrix) -> tuple[Expr, tuple[Matrix, ...], Matrix]:
    """c s A as (c, s, A)."""
    return (matrix.coefficient, matrix.scalars, matrix.of) if isinstance(matrix, Scaled) else (ONE, (), matrix)


def scaled(coefficient: Expr, matrix: Matrix, scalars: Iterable[Matrix] = ()) -> Matrix:
    """c s A."""
    own, inner, of = split(matrix)
    whole, factors = mul(coefficient, own), tuple(sorted((*scalars, *inner), key=to_text))
    if isinstance(of, Scalar):
        whole, of = mul(whole, of.value), Scalar(ONE)
        if not factors:
            return Scalar(whole)
        if whole == ONE and len(factors) == 1:
            return factors[0]
    return of if whole == ONE and not factors else Scaled(whole, factors, of)


def transpose(matrix: Matrix) -> Matrix:
    """A^T: of a product in reverse order, of what is symmetric the same."""
    match matrix:
        case Transpose(of):
            return of
        case Product(factors):
            return product(*(transpose(factor) for factor in reversed(factors)))
        case Scaled(coefficient, scalars, of):
            return scaled(coefficient, transpose(of), scalars)
        case AllOnes(rows, columns):
            return AllOnes(columns, rows)
        case SingleEntry(row, column):
            return SingleEntry(column, row)
        case Identity() | Diag() | Scalar() | Trace():
            return matrix
        case Named() | Inverse():
            named = matrix if isinstance(matrix, Named) else matrix.of
            return matrix if named.symmetric or matrix.shape == SCALAR else Transpose(matrix)
    if matrix.shape == SCALAR:
        return matrix
    inside = turned(matrix)
    return inside if inside == matrix or transposes(inside) < transposes(matrix) + 1 - _is_vector(matrix) else Transpose(matrix)


def transposes(matrix: Matrix) -> int:
    """How many transpositions are written."""
    return isinstance(matrix, Transpose) + sum(transposes(part) for part in matrix.parts)


def _is_vector(matrix: Matrix) -> bool:
    return None in matrix.shape


def outside(matrix: Matrix) -> Matrix:
    r"""A^T \odot B^T as (A \odot B)^T, and so for sums, where that is shorter or every part is transposed."""
    if _is_vector(matrix):
        return matrix
    inside = turned(matrix)
    saved = transposes(matrix) - transposes(inside) - 1
    alike = isinstance(matrix, Sum) or all(isinstance(part, Transpose | SingleEntry) for part in matrix.parts)
    return Transpose(inside) if inside != matrix and (saved > 0 or (saved == 0 and alike)) else matrix


def upright(matrix: Matrix) -> Matrix:
    """A whole formula without the transposition of a sum around it."""
    coefficient, scalars, of = split(matrix)
    if isinstance(of, Transpose) and isinstance(of.of, Sum):
        return scaled(coefficient, turned(of.of), scalars)
    return matrix


def turned(matrix: Matrix) -> Matrix:
    """A^T with the transposition taken inwards, as far as it meets one that it undoes."""
    match matrix:
        case Hadamard() | Quotient() | Elementwise() | Power():
            inside = [part if part.shape == SCALAR else turned(part) for part in matrix.parts]
            if None not in matrix.shape and all(isinstance(part, Transpose | SingleEntry | Scalar) for part in inside):
                return Transpose(matrix)
            return _entrywise(matrix, inside)
        case Sum(terms):
            return Sum(ordered([turned(term) for term in terms]))
        case Scaled(coefficient, scalars, of):
            return scaled(coefficient, turned(of), scalars)
        case Product(factors):
            return product(*(turned(factor) for factor in reversed(factors)))
        case Ones() | Basis():
            return Transpose(matrix)
    return transpose(matrix)


def _entrywise(matrix: Hadamard | Quotient | Elementwise | Power, parts: list[Matrix]) -> Matrix:
    """The same entrywise operation on other parts."""
    match matrix:
        case Hadamard():
            return Hadamard(tuple(sorted(parts, key=entrywise_rank)))
        case Quotient():
            return Quotient(*parts)
        case Elementwise(name, _):
            return Elementwise(name, tuple(parts))
        case Power(_, exponent):
            return Power(parts[0], exponent)


def product(*factors: Matrix) -> Matrix:
    r"""A B ...: flattened, without identities, neighbouring diagonals merged, 1 1^T as J, diag(u) v as u \odot v."""
    flat: list[Matrix] = []
    coefficient: Expr = ONE
    scalars: list[Matrix] = []
    for factor in factors:
        own, inner, of = split(factor)
        coefficient, scalars = mul(coefficient, own), [*scalars, *inner]
        flat += of.factors if isinstance(of, Product) else (of,)
    shape = (flat[0].shape[0], flat[-1].shape[1])
    kept: list[Matrix] = []
    for factor in flat:
        if isinstance(factor, Scalar):
            coefficient = mul(coefficient, factor.value)
        elif not isinstance(factor, Identity):
            _append(kept, factor)
    if not kept:
        identity: Matrix = Identity(shape[0]) if shape[0] is not None else Scalar(ONE)
        return scaled(coefficient, identity, scalars)
    return scaled(coefficient, kept[0] if len(kept) == 1 else Product(tuple(kept)), scalars)


def _append(kept: list[Matrix], factor: Matrix) -> None:
    """Put a factor behind the others, merged with the last one where they make one thing."""
    last = kept[-1] if kept else None
    match last, factor:
        case Diag(u), Diag(v):
            kept[-1] = Diag(hadamard([u, v]))
        case Diag(u), _ if factor.shape[1] is None and factor.shape[0] is not None:
            kept.pop()
            _append(kept, hadamard([u, factor]))
        case _, Diag(v) if last is not None and last.shape[0] is None:
            kept.pop()
            _append(kept, turned(hadamard([turned(last), v])))
        case Ones(rows), Transpose(Ones(columns)):
            kept[-1] = AllOnes(rows, columns)
        case _:
            kept.append(factor)


def entrywise_rank(matrix: Matrix) -> tuple[int, str]:
    """Single entries and basis vectors come last."""
    return isinstance(matrix, SingleEntry | Basis), to_text(matrix)


def hadamard(factors: Sequence[Matrix]) -> Matrix:
    r"""A \odot B ...: flattened, without ones, equal bases merged, negative powers below \oslash."""
    shape = factors[0].shape
    coefficient: Expr = ONE
    scalars: list[Matrix] = []
    exponents: dict[Matrix, Fraction] = {}
    borders: tuple[list[Matrix], list[Matrix]] = ([], [])

    def take(matrix: Matrix, exponent: Fraction) -> None:
        nonlocal coefficient
        if isinstance(matrix, Scaled) and exponent == 1:
            coefficient = mul(coefficient, matrix.coefficient)
            scalars.extend(matrix.scalars)
            matrix = matrix.of
        match matrix:
            case Hadamard(inner):
                for part in inner:
                    take(part, exponent)
            case Quotient(above, below):
                take(above, exponent)
                take(below, -exponent)
            case Power(base, inner_exponent) if exponent.denominator == 1:
                take(base, exponent * inner_exponent)
            case Transpose(Power(base, inner_exponent)) if exponent.denominator == 1:
                take(transpose(base), exponent * inner_exponent)
            case AllOnes() | Ones() | Transpose(Ones()):
                pass
            case Product((u, v)) if matrix.shape == shape and u.shape[1] is None and None not in shape:
                for border, vector in zip(borders, (u, transpose(v)), strict=True):
                    border.append(powered(vector, exponent))
            case Scalar(value) if exponent == 1:
                coefficient = mul(coefficient, value)
            case _:
                exponents[matrix] = exponents.get(matrix, Fraction(0)) + exponent

    for factor in factors:
        take(factor, Fraction(1))
    idempotent = (Identity, SingleEntry, Basis)
    powers = [_settled(base, Fraction(1) if isinstance(base, idempotent) else e) for base, e in exponents.items() if e]
    above = [_power(base, e) for base, e in powers if e > 0]
    below = [_power(base, -e) for base, e in powers if e < 0]
    top = _joined(above, shape)
    made = _bordered(borders, Quotient(top, _joined(below, shape)) if below else top)
    return scaled(coefficient, made, scalars)


def _bordered(borders: tuple[list[Matrix], list[Matrix]], matrix: Matrix) -> Matrix:
    r"""u v^T \odot A = diag(u) A diag(v); u v^T \odot J = u v^T."""
    left, right = (hadamard(border) if border else None for border in borders)
    if left is None or right is None:
        return matrix
    if isinstance(matrix, AllOnes):
        return product(left, transpose(right))
    return product(diag(left), matrix, diag(right))


def _settled(base: Matrix, exponent: Fraction) -> tuple[Matrix, Fraction]:
    r"""sqrt(A) \odot sqrt(A) = A."""
    if isinstance(base, Elementwise) and base.name == "sqrt" and exponent.denominator == 1 and exponent % 2 == 0:
        return base.args[0], exponent / 2
    return base, exponent


def _power(base: Matrix, exponent: Fraction) -> Matrix:
    if exponent == 1:
        return base
    matrix = isinstance(base, Transpose) and None not in base.shape
    return Transpose(Power(transpose(base), exponent)) if matrix else Power(base, exponent)


def _joined(factors: list[Matrix], shape: Shape) -> Matrix:
    r"""The factors side by side; A^T \odot B^T is written (A \odot B)^T."""
    if len(factors) < 2:
        return factors[0] if factors else ones(shape)
    return outside(Hadamard(tuple(sorted(factors, key=entrywise_rank))))


def powered(base: Matrix, exponent: Fraction) -> Matrix:
    """Every entry to a power."""
    return hadamard([Power(base, exponent)])


def diag(vector: Matrix) -> Matrix:
    """A vector as a diagonal matrix: that of 1 is I, that of e_k is E_kk."""
    coefficient, scalars, of = split(vector)
    made: Matrix = Diag(of)
    if isinstance(of, Ones):
        made = Identity(of.extent)
    elif isinstance(of, Basis) and isinstance(of.index, Index):
        made = SingleEntry(of.index, of.index)
    return scaled(coefficient, made, scalars)


def elementwise(name: str, args: tuple[Matrix, ...]) -> Matrix:
    """A function of every entry."""
    return Elementwise(name, args)


def ordered(terms: Iterable[Matrix]) -> tuple[Matrix, ...]:
    """Terms in the order in which they are written: what is added before what is subtracted, then by their text."""
    return tuple(sorted(terms, key=lambda term: (_is_negative(term), to_text(split(term)[2]), to_text(term))))


def _is_negative(term: Matrix) -> bool:
    return to_text(term).startswith("-")
