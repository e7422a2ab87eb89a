r"""How many axes a name may have, the most usual reading first: by what is said of it, by its subscripts, by its letter.

Upper case is a matrix, bold lower case a vector, a Greek letter a number; x^T is a vector. A reading costs the more the less
usual it is; which one holds is decided by where the lines fit (`solve`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from tensorderiv.checker.case import Value
from tensorderiv.checker.document.facts import MATRIX_WORDS, Fact
from tensorderiv.checker.document.names import IDENTITIES, ONES, Names, Used
from tensorderiv.checker.document.primes import FUNCTION_LETTERS

BASES = frozenset({"e", r"\mathbf{e}", r"\bar{e}", r"\hat{e}", r"\vec{e}", r"\hat{\mathbf{e}}", r"\mathrm{e}"})
SIGMOIDS = frozenset({r"\sigma", r"\mathrm{sigmoid}"})
"""Functions that are not any: they need a definition."""
BOLD = (r"\mathbf", r"\boldsymbol", r"\vec", r"\mathsf")


@dataclass(frozen=True)
class Candidate:
    """One reading of a name: its number of axes, those that name a member (`twins`), what it is, and how unusual that is."""

    order: int
    cost: int = 0
    value: Value | None = None
    twins: int = 0


def value_of(used: Used, fact: Fact | None, names: Names) -> Value | None:
    """What a name is by what is said of it, or by convention where nothing is said."""
    if fact is not None and fact.value in ("basis", "single_entry") and not used.most:
        return None
    if fact is not None and fact.value == "ones" and used.name in names.used and used.counts == {2}:
        return None
    if fact is not None and fact.value is not None:
        return fact.value
    if used.name in ONES:
        return "ones"
    if used.name in IDENTITIES and used.most in (0, 2) and (fact is None or (fact.shape is None and not fact.kind)):
        return "identity"
    return None


def candidates(used: Used, fact: Fact | None, names: Names, matrices: bool) -> list[Candidate]:
    """The readings of one name, the most usual first."""
    most = used.most
    value = value_of(used, fact, names)
    if value == "identity":
        return [Candidate(2, 0, value)]
    if value == "basis":
        return [Candidate(2 * most, 0, value, most)]
    if value == "single_entry":
        return [Candidate(2 * most, 0, value, most)]
    if value == "copy":
        return [Candidate(most, 0, value)]
    if value in ("ones", "zeros"):
        order = 2 if fact is not None and (fact.kind == "matrix" or fact.like) else 1
        if fact is not None and fact.shape is not None:
            return [Candidate(len(fact.shape), 0, value)]
        order = max(order, most)
        return [Candidate(order, 0, value), *([Candidate(3 - order, 1, value)] if not most and order < 3 else [])]
    if fact is not None and fact.shape is not None:
        total = len(fact.letters) + len(fact.shape)
        if fact.letters and fact.letters[0] == "*" and most > len(fact.shape):
            total = max(most, len(fact.shape) + 1)
        entries = len(fact.letters) == len(fact.shape) and "*" not in fact.letters and most <= len(fact.shape)
        if entries and len(fact.shape) == 2:  # F_{ij}, an n x n matrix: its entries
            return [Candidate(2, 0, value), Candidate(total, 2, value)]
        if entries:
            return [Candidate(total, 0, value), Candidate(1, 2, value)]
        if most <= total:
            return [Candidate(total, 0, value)]
    if most:
        return _subscripted(used, fact, names)
    return _bare(used, fact, matrices)


def _subscripted(used: Used, fact: Fact | None, names: Names) -> list[Candidate]:
    most = used.most
    found = [Candidate(most)]
    if min(used.counts) == most:
        vector = (
            (fact is not None and fact.kind == "vector" and len(fact.letters) == most)
            or used.name.startswith(BOLD)
            or used.transposed
        )
        matrix = fact is not None and (fact.kind == "matrix" or bool(MATRIX_WORDS & set(fact.assume))) and most == 1
        if used.name in BASES and most == 1 and used.transposed:
            found.append(Candidate(2, 0, "basis", 1))
        if used.name.strip("\\").lower().endswith(("e", "e}", "j")) and most == 1:
            found.append(Candidate(2, 4, "basis", 1))
        if used.name.rstrip("}")[-1:] == "E" and most == 2:
            found.append(Candidate(4, 2, "single_entry", 2))
        found.append(Candidate(most + 1, -1 if vector else 2))
        found.append(Candidate(most + 2, -2 if matrix else 5))
    elif min(used.counts) == 0 and most == 1:
        found.append(Candidate(2, 4))
    return sorted(found, key=lambda candidate: candidate.cost)


def _bare(used: Used, fact: Fact | None, matrices: bool) -> list[Candidate]:
    kind = fact.kind if fact is not None and not fact.letters else ""
    if kind == "number":
        return [Candidate(0)]
    if kind == "vector":
        return [Candidate(1), Candidate(2, 3)]
    if kind == "matrix":
        return [Candidate(2)]
    if fact is not None and {"symmetric", "orthogonal", "invertible", "positive_definite", "antisymmetric"} & set(fact.assume):
        return [Candidate(2), Candidate(0, 3)]
    letter = used.name.split("_")[0].rstrip("}").rsplit("{", 1)[-1].lstrip("\\").rstrip("'")
    bold = used.name.startswith(BOLD)
    if letter[:1].isupper():
        if used.inverse or used.transposed or bold:
            return [Candidate(2), Candidate(1, 2), Candidate(0, 3)]
        return [Candidate(2, 0 if matrices else 2), Candidate(0, 1), Candidate(1, 3)]
    if bold:
        return [Candidate(1), Candidate(2, 2), Candidate(0, 3)]
    if used.transposed:
        return [Candidate(1), Candidate(2, 2), Candidate(0, 5)]
    greek = used.name.startswith("\\") and "{" not in used.name
    return [Candidate(0), Candidate(1, 3 if greek else 1), Candidate(2, 6)]


def is_function(used: Used, fact: Fact | None, names: Names) -> bool:
    """Whether a name is a function that nothing more is said about: it is always called, and its letter says so."""
    if used.name in names.defined or not used.called or used.most:
        return False
    if fact is not None and (fact.value == "function" or fact.kind or fact.shape is not None):
        return fact.value == "function"
    return used.name in FUNCTION_LETTERS or used.arity > 1 or (used.derived and used.name not in SIGMOIDS)


def assignments(choices: Mapping[str, Sequence[Candidate]], limit: int = 300) -> Iterator[dict[str, Candidate]]:
    """Combinations of one candidate a name, the cheapest first; at most `limit` of them."""
    names = list(choices)
    start = (0,) * len(names)
    heap = [(sum(choices[name][0].cost for name in names), start)]
    seen = {start}
    while heap and limit:
        cost, picked = heappop(heap)
        limit -= 1
        yield {name: choices[name][k] for name, k in zip(names, picked, strict=True)}
        for at, name in enumerate(names):
            k = picked[at] + 1
            if k < len(choices[name]):
                following = (*picked[:at], k, *picked[at + 1 :])
                if following not in seen:
                    seen.add(following)
                    heappush(heap, (cost - choices[name][k - 1].cost + choices[name][k].cost, following))
