r"""Subscripts that are no indices: they tell names apart, \Sigma_{xy} from \Sigma_{yy}, or tell a size, as in I_n."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.case import Value
from tensorderiv.checker.document.facts import INDEX, MATRIX_WORDS, Fact
from tensorderiv.checker.document.uses import Use, Uses, uses_of
from tensorderiv.checker.reading.unreadable import Unreadable

BY = re.compile(r"_\{([^\\{}]+)\\times ?([^\\{}]+)\}")
"""The sizes of I_{n \\times n}."""


@dataclass
class _Seen:
    """What formulas do with letters: `bound` by sums and in deltas; `bare` names; `below`: the subscripts that each name has."""

    bound: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    below: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, uses: Uses) -> None:
        self.bound |= {*uses.bound, *uses.lone, *(letter for group in (*uses.deltas, *uses.components) for letter in group)}
        for use in uses.uses:
            self.bound |= set(use.above)
            if use.subscripts:
                self.below.setdefault(use.name + use.label, set()).add(use.subscripts)
            else:
                self.bare.add(use.name + use.label)


def with_labels(facts: Sequence[Fact], texts: Iterable[str]) -> list[Fact]:
    r"""The facts, where subscripts are part of a name under that name: `whole`. `texts`: all formulas of the document.

    They are, of a matrix or vector that is declared with them, if nothing is summed over them and they are repeated, \Sigma_{xx},
    or are names themselves, \Sigma_{xy} of x and y, or stand below nothing else, S_w; or if another member has another shape.

    >>> said = [Fact("S", ("x", "y"), ("p", "q")), Fact("S", ("y", "y"), ("q", "q")), Fact("v", ("i",), ("p",))]
    >>> [(fact.name, fact.letters) for fact in with_labels(said, ["v_i^T S_{xy} S_{yy} w"])]
    [('S_{xy}', ()), ('S_{yy}', ()), ('v', ('i',))]
    """
    if not any(fact.letters for fact in facts):
        return list(facts)
    seen = _Seen()
    for text in texts:
        try:
            seen.add(uses_of(text))
        except Unreadable:
            continue
    seen.bound |= {fact.name.removeprefix(INDEX) for fact in facts if fact.name.startswith(INDEX)}
    seen.bare |= {fact.name for fact in facts if not fact.letters}
    labels = {whole_name_of(fact.name, letters) for fact in facts for letters in _labels_of(fact, facts, seen)}
    found: list[Fact] = []
    for fact in facts:
        name = whole_name_of(fact.name, fact.letters)
        found.append(replace(fact, name=name, letters=(), whole=True) if fact.letters and name in labels else fact)
    return found + [Fact(name, whole=True) for name in sorted(labels - {fact.name for fact in found})]


def whole_name_of(name: str, letters: Sequence[str]) -> str:
    return f"{name}_{{{''.join(letters)}}}"


def _labels_of(fact: Fact, facts: Sequence[Fact], seen: _Seen) -> list[tuple[str, ...]]:
    """All the subscripts with which the name of the fact stands, where those of the fact are part of the name."""
    letters = fact.letters
    if not letters or "*" in letters or any(letter in seen.bound or letter.isdigit() for letter in letters):
        return []
    is_matrix = fact.kind == "matrix" or bool(MATRIX_WORDS & set(fact.assume))
    if fact.shape == () or (fact.shape is None and not is_matrix):
        return []
    arrays = {other.name for other in facts if other.shape and not other.letters}
    shapes = {other.shape for other in facts if other.name == fact.name and other.letters and other.shape is not None}
    elsewhere = {letter for name, groups in seen.below.items() for group in groups if name != fact.name for letter in group}
    groups = {letters, *seen.below.get(fact.name, set())}
    alone = not elsewhere & {letter for group in groups for letter in group}
    if not (
        len(set(letters)) < len(letters)
        or len(shapes) > 1
        or (fact.shape is not None and (arrays if len(letters) == 1 else arrays | seen.bare) >= set(letters))
        or (alone and (len(letters) == 1 if fact.shape is None else len(fact.shape) == 2))
    ):
        return []
    return [] if any(seen.bound & set(group) for group in groups) else sorted(g for g in groups if len(g) == len(letters))


def relabelled(uses: Uses, wholes: Set[str]) -> Uses:
    """The uses, with subscripts that are part of a name in its label."""

    def one(use: Use) -> Use:
        if not use.subscripts or whole_name_of(use.name + use.label, use.subscripts) not in wholes:
            return use
        return replace(use, label=whole_name_of(use.label, use.subscripts), subscripts=())

    return replace(uses, uses=[one(use) for use in uses.uses])


def sized(uses: Iterable[Uses], values: Mapping[str, Value], facts: Mapping[str, Fact]) -> dict[str, Fact]:
    r"""Identities and ones that are written with their sizes: I_n, \mathbf{1}_n. `values`: what names are by convention.

    >>> known = {"A": Fact("A", shape=("n", "n"))}
    >>> found = sized([uses_of("I_n A I_i")], {"I": "identity"}, known)
    >>> [(fact.name, fact.value, fact.shape) for fact in found.values()]
    [('I_{n}', 'identity', ('n', 'n'))]
    """
    every = list(uses)
    sizes = {str(size) for fact in facts.values() for size in fact.shape or ()}
    sizes |= {limit for one in every for limits in one.bound.values() for limit in limits if limit.isalpha()}
    found: dict[str, Fact] = {}
    for one in every:
        for use in one.uses:
            by = BY.fullmatch(use.label)
            letters, name = (by.groups(), use.name) if by is not None else (use.subscripts, use.name + use.label)
            shape = _sized_shape(letters, facts.get(name), values.get(name))
            whole = whole_name_of(name, letters) if by is None else name + use.label
            if shape is not None and sizes >= set(letters) and whole not in facts:
                value, extents = shape
                found[whole] = Fact(whole, (), extents, value, whole=True)
    return found


def _sized_shape(letters: tuple[str, ...], fact: Fact | None, usual: Value | None) -> tuple[Value, tuple[Extent, ...]] | None:
    """What a name with these subscripts is, and its shape, if they are its sizes."""
    value = fact.value if fact is not None else usual
    if fact is not None and value is None and fact.shape is None and not fact.kind:
        value = usual
    if value not in ("identity", "ones", "zeros") or not 1 <= len(letters) <= 2:
        return None
    square = value == "identity" or (fact is not None and (fact.kind == "matrix" or len(fact.shape or ()) == 2))
    if value == "identity" and len(set(letters)) > 1:
        return None
    extents = tuple(int(letter) if letter.isdigit() else letter for letter in letters)
    return value, extents * 2 if square and len(letters) == 1 else extents
