"""Arrays that are given by their subscripts alone: ones, zeros, identities, single-entry matrices, basis vectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import CopyTensor, Expr, KroneckerDelta, Subscript
from tensorderiv.algebra.index import Extent
from tensorderiv.checker.meaning.array import NO_SIZE
from tensorderiv.checker.meaning.names import Rule
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible

IDENTITY = re.compile(r"I(?:_\{(?P<size>.+)\})?")


def by_rule(rule: Rule, family: Sequence[Subscript], axes: Sequence[Subscript]) -> Expr:
    """An entry of ones, zeros, an identity, a single-entry matrix, a basis vector, a copy tensor."""
    match rule.value:
        case "ones":
            return build.ONE
        case "zeros":
            return build.ZERO
        case "single_entry" | "basis":
            return build.mul(*(build.delta(place, axis) for place, axis in zip(family, axes, strict=True)))
    places = (*family, *axes)
    return KroneckerDelta(*places) if len(places) == 2 else CopyTensor(places)


def implied_identity(spelling: str, size_of: Callable[[str], Expr | None]) -> Rule | None:
    """What an I, or an I_n of a known size, is where nothing declares it; None for any other name."""
    found = IDENTITY.fullmatch(spelling)
    if found is None or (found["size"] and size_of(found["size"]) is None):
        return None
    return Rule("identity", (found["size"],) * 2 if found["size"] else ())


def sized_identity(extents: Sequence[Extent | None]) -> Rule:
    """The identity by what its two subscripts range over, as far as that is known. IllTyped where they differ."""
    known = [extent for extent in extents if extent is not None]
    if len(extents) != 2 or not known:
        raise Inexpressible(NO_SIZE)
    if known[0] != known[-1]:
        raise IllTyped(f"an identity of {known[0]} x {known[-1]}")
    return Rule("identity", (known[0], known[0]))
