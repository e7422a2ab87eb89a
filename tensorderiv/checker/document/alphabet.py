r"""Which letters are indices where the letter alone does not tell: capitals as in F_{iJ}, and the \lambda of J_\lambda."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

from tensorderiv.checker.document.facts import INDEX, Fact
from tensorderiv.checker.document.scripts import Alphabet, in_force
from tensorderiv.checker.document.stacked import PARTIAL
from tensorderiv.checker.document.uses import Use, Uses, uses_of
from tensorderiv.checker.reading.unreadable import Unreadable

CAPITALS = frozenset(string.ascii_uppercase)


def alphabet_of(texts: Iterable[str], facts: Mapping[str, Fact]) -> Alphabet:
    r"""The alphabet of a document. `texts`: all its formulas.

    Capitals are indices where they are summed over or stand in deltas, two below a matrix, beside a small one, or in the place of
    one that is. A Greek letter that is never summed over and stands elsewhere by itself is no index: it tells names apart.

    >>> alphabet_of([r"\sum_I x_I^2", "x_K"], {}).indices == {"I", "K"}, alphabet_of([r"J_\lambda = \lambda w"], {}).labels
    (True, frozenset({'\\lambda'}))
    """
    found: list[Uses] = []
    texts = list(texts)
    operator = any(map(PARTIAL.match, texts))
    with in_force(Alphabet(indices=CAPITALS, operator=operator)):
        for text in texts:
            try:
                found.append(uses_of(text))
            except Unreadable:
                continue
    uses = [use for one in found for use in one.uses]
    bare = {use.name for use in uses if not use.subscripts and not use.exponent}
    summed = {letter for one in found for group in (tuple(one.bound), *one.deltas) for letter in group}
    return Alphabet(_capitals(uses, summed, bare, facts), _labels(found, summed, bare, facts), operator)


def _capitals(uses: list[Use], summed: set[str], bare: set[str], facts: Mapping[str, Fact]) -> frozenset[str]:
    sizes = {size for fact in facts.values() for size in fact.shape or () if isinstance(size, str)}
    never = bare | facts.keys() | (sizes - summed)
    indexed = [use for use in uses if CAPITALS & set(use.subscripts) and not use.called and not never & set(use.subscripts)]
    found = (CAPITALS & summed) - never
    for use in indexed:
        fact = facts.get(use.name + use.label)
        declared = fact is not None and fact.shape is not None and not fact.letters and len(fact.shape) == len(use.subscripts)
        if len(use.subscripts) > 1 and (declared or _said_of_entries(use, facts)):
            found |= CAPITALS & set(use.subscripts)
    while True:
        forms = {(use.name, len(use.subscripts)) for use in indexed if found & set(use.subscripts)}
        more = {letter for use in indexed if (use.name, len(use.subscripts)) in forms for letter in use.subscripts}
        if CAPITALS & more <= found:
            return frozenset(found)
        found |= CAPITALS & more


def _said_of_entries(use: Use, facts: Mapping[str, Fact]) -> bool:
    """Whether F_{iJ}, with a small letter as well, is declared under that very spelling."""
    small = not set(use.subscripts) <= CAPITALS
    return small and f"{use.name}{use.label}_{{{''.join(use.subscripts)}}}" in facts


def _labels(found: list[Uses], summed: set[str], bare: set[str], facts: Mapping[str, Fact]) -> frozenset[str]:
    groups = {use.subscripts for one in found for use in one.uses} | {group for one in found for group in one.components}
    alone = {group[0] for group in groups if len(group) == 1}
    together = {letter for group in groups if len(group) > 1 for letter in group}
    lone = {letter for one in found for letter in one.lone}
    ranging = {name.removeprefix(INDEX) for name in facts if name.startswith(INDEX)}
    return frozenset(letter for letter in (alone & bare) - together - summed - lone - ranging if letter.startswith("\\"))
