r"""Sums of matrix expressions as people write them: like terms added, common factors on the left or right in front.

diag(M 1) X - M X     ->  (diag(M 1) - M) X
diag(u) + diag(v)     ->  diag(u + v)
A \odot B + A \odot C  ->  A \odot (B + C)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tensorderiv.algebra.build import ONE, ZERO, add, mul
from tensorderiv.algebra.expression import Expr, Number
from tensorderiv.derivation.matrix.build import diag, hadamard, ones, ordered, outside, product, scaled, split
from tensorderiv.derivation.matrix.expression import (
    SCALAR,
    Diag,
    Hadamard,
    Identity,
    Matrix,
    Product,
    Quotient,
    Scalar,
    Shape,
    Sum,
)
from tensorderiv.simplify.common_factors import common_factors
from tensorderiv.simplify.tidy import tidy


def total(terms: Iterable[Matrix], shape: Shape) -> Matrix:
    """The sum of the terms, all of one shape. Coefficients stay at the terms unless these share a matrix factor."""
    pieces = _merged(terms)
    if not pieces:
        return scaled(ZERO, ones(shape))
    while len(pieces) > 1:
        joined = next((found for law in LAWS if (found := law(pieces)) is not None), None)
        if joined is None:
            return outside(Sum(ordered(pieces)))
        pieces = _merged(joined)
    return pieces[0] if pieces else scaled(ZERO, ones(shape))


def _merged(terms: Iterable[Matrix]) -> list[Matrix]:
    """Terms with equal matrices added up; the terms of sums are terms."""
    sums: dict[tuple[Matrix, tuple[Matrix, ...]], Expr] = {}
    for term in _flat(terms):
        coefficient, scalars, of = split(term)
        key = (of, scalars)
        if isinstance(of, Scalar):
            coefficient, key = mul(coefficient, of.value), (Scalar(ONE), scalars)
        sums[key] = add(sums[key], coefficient) if key in sums else coefficient
    made = [(scaled(tidy(c), of, scalars), tidy(c)) for (of, scalars), c in sums.items()]
    return [term for term, c in made if not (isinstance(c, Number) and c.value == 0)]


def _flat(terms: Iterable[Matrix]) -> Iterable[Matrix]:
    for term in terms:
        coefficient, scalars, of = split(term)
        if isinstance(of, Sum) and coefficient == ONE and not scalars:
            yield from _flat(of.terms)
        else:
            yield term


def inner_total(terms: Sequence[Matrix], shape: Shape) -> Matrix:
    """The sum of what common factors left over, with the coefficient that all terms share in front."""
    pieces = _merged(terms)
    if len(pieces) < 2:
        return total(pieces, shape)
    common, rests = common_factors([mul(split(piece)[0]) for piece in pieces])
    shared = [scalar for scalar in split(pieces[0])[1] if all(scalar in split(piece)[1] for piece in pieces)]
    bare = []
    for piece, rest in zip(pieces, rests, strict=True):
        _, scalars, of = split(piece)
        left = list(scalars)
        for scalar in shared:
            left.remove(scalar)
        bare.append(scaled(rest, of, left))
    return scaled(mul(*common), total(bare, shape), shared)


def chain(matrix: Matrix) -> tuple[Matrix, ...]:
    """The factors of a product."""
    of = split(matrix)[2]
    return of.factors if isinstance(of, Product) else (of,)


def _with_chain(matrix: Matrix, factors: Sequence[Matrix], shape: Shape) -> Matrix:
    """The same coefficient before other factors; over no factor the neutral matrix of the shape."""
    coefficient, scalars, _ = split(matrix)
    rows, columns = shape
    if factors:
        return scaled(coefficient, product(*factors), scalars)
    neutral: Matrix = Identity(rows) if rows is not None and rows == columns else Scalar(ONE)
    return scaled(coefficient, neutral, scalars)


def _largest(pieces: Sequence[Matrix], keys: Sequence[Sequence[Matrix]]) -> tuple[Matrix, list[int]] | None:
    """The key that most pieces have (two at least; 1 and I are none), the first of these, and the places of the pieces."""
    places: dict[Matrix, list[int]] = {}
    for place, found in enumerate(keys):
        for key in dict.fromkeys(found):
            if isinstance(key, Scalar | Identity):
                continue
            places.setdefault(key, []).append(place)
    best = max(places.items(), key=lambda item: len(item[1]), default=None)
    return best if best is not None and len(best[1]) > 1 else None


def _joined(pieces: Sequence[Matrix], places: list[int], made: Matrix) -> list[Matrix]:
    return [made, *(piece for place, piece in enumerate(pieces) if place not in places)]


def common_bodies(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    """s A + t A -> (s + t) A for numbers s and t that sum over indices."""
    bodies = [split(piece)[2] for piece in pieces]
    found = _largest(pieces, [(body,) for body in bodies])
    if found is None:
        return None
    shared, places = found
    numbers = []
    for place in places:
        coefficient, scalars, _ = split(pieces[place])
        numbers.append(scaled(coefficient, Scalar(ONE), scalars))
    return _joined(pieces, places, scaled(ONE, shared, [total(numbers, SCALAR)]))


def common_ends(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    """A common last or first factor of a product, whichever more terms have."""
    chains = [chain(piece) for piece in pieces]
    behind = _largest(pieces, [factors[-1:] for factors in chains])
    before = _largest(pieces, [factors[:1] for factors in chains])
    if behind is not None and (before is None or len(behind[1]) >= len(before[1])):
        shared, places = behind
        shape = (pieces[places[0]].shape[0], shared.shape[0])
        rest = inner_total([_with_chain(pieces[p], chains[p][:-1], shape) for p in places], shape)
        return _joined(pieces, places, product(rest, shared))
    if before is not None:
        shared, places = before
        shape = (shared.shape[1], pieces[places[0]].shape[1])
        rest = inner_total([_with_chain(pieces[p], chains[p][1:], shape) for p in places], shape)
        return _joined(pieces, places, product(shared, rest))
    return None


def common_vector(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    r"""u \odot x + M x -> (diag(u) + M) x."""
    if pieces[0].shape[0] is None or pieces[0].shape[1] is not None:
        return None
    chains = [chain(piece) for piece in pieces]
    for vector in dict.fromkeys(factors[-1] for factors in chains if len(factors) > 1):
        shape = (pieces[0].shape[0], vector.shape[0])
        among = [place for place, factors in enumerate(chains) if len(factors) == 1 and vector in _entries(factors[0])]
        if among and shape[0] == shape[1]:
            behind = [place for place, factors in enumerate(chains) if len(factors) > 1 and factors[-1] == vector]
            rests = [_with_chain(pieces[place], chains[place][:-1], shape) for place in behind]
            rests += [_with_chain(pieces[place], (diag(_without(chains[place][0], vector)),), shape) for place in among]
            return _joined(pieces, [*behind, *among], product(inner_total(rests, shape), vector))
    return None


def common_diagonals(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    r"""A common factor of diagonal matrices that stand first or last.

    diag(u \odot v) A + diag(u) B -> diag(u) (diag(v) A + B)
    """
    chains = [chain(piece) for piece in pieces]
    for end in (0, -1):
        ends = [factors[end] for factors in chains]
        keys = [_entries(factor.vector) if isinstance(factor, Diag) else () for factor in ends]
        found = _largest(pieces, keys)
        if found is None:
            continue
        shared, places = found
        shape = pieces[places[0]].shape
        rests = []
        for place in places:
            diagonal = chains[place][end]
            assert isinstance(diagonal, Diag)
            left = diag(_without(diagonal.vector, shared))
            factors = (left, *chains[place][1:]) if end == 0 else (*chains[place][:-1], left)
            rests.append(_with_chain(pieces[place], factors, shape))
        rest = inner_total(rests, shape)
        outer = diag(shared)
        return _joined(pieces, places, product(outer, rest) if end == 0 else product(rest, outer))
    return None


def diagonals(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    """diag(u) + diag(v) -> diag(u + v)."""
    places = [place for place, piece in enumerate(pieces) if isinstance(split(piece)[2], Diag)]
    if len(places) < 2:
        return None
    vectors = []
    for place in places:
        coefficient, scalars, of = split(pieces[place])
        assert isinstance(of, Diag)
        vectors.append(scaled(coefficient, of.vector, scalars))
    return _joined(pieces, places, diag(inner_total(vectors, vectors[0].shape)))


def _entries(matrix: Matrix) -> tuple[Matrix, ...]:
    """The factors by which an entrywise product is divisible; a denominator counts as 1 over it."""
    match matrix:
        case Hadamard(factors):
            return factors
        case Quotient(above, below):
            inverse = [Quotient(ones(below.shape), part) for part in _entries(below)]
            return (*(part for part in _entries(above) if part != ones(above.shape)), *inverse)
    return (matrix,)


def _without(matrix: Matrix, factor: Matrix) -> Matrix:
    """The entrywise product without one of its factors."""
    left = list(_entries(matrix))
    left.remove(factor)
    return hadamard([ones(matrix.shape), *left])


def common_entries(pieces: Sequence[Matrix]) -> list[Matrix] | None:
    r"""A common factor of entrywise products: A \odot B + A \odot C -> A \odot (B + C)."""
    bodies = [split(piece)[2] for piece in pieces]
    found = _largest(pieces, [_entries(body) if isinstance(body, Hadamard | Quotient) else () for body in bodies])
    if found is None:
        return None
    shared, places = found
    shape = bodies[places[0]].shape
    rests = []
    for place in places:
        coefficient, scalars, of = split(pieces[place])
        rests.append(scaled(coefficient, _without(of, shared), scalars))
    return _joined(pieces, places, hadamard([shared, inner_total(rests, shape)]))


Law = Callable[[Sequence[Matrix]], "list[Matrix] | None"]

LAWS: tuple[Law, ...] = (common_bodies, common_ends, common_vector, common_diagonals, common_entries, diagonals)
"""Tried in this order until none applies."""
