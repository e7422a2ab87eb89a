"""Index letters that stand at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations, product

from tensorderiv.checker.explain.edits import Place, exchanged, letter_places, places, renamed
from tensorderiv.checker.explain.repair import Repair, said
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Big, Comparison, Component, Delta, Name, Node, Number, Sum

MOST_PLACES = 24
"""Letters in one term; of longer terms no two exchanges are tried."""

MOST_DOUBLE = 14
MOST_SUBSCRIPTS = 2


def renamed_free(scene: Scene) -> Iterator[Repair]:
    """A letter that is free here but not in the line before, for one that is missing."""
    here = {place.node.name for place in letter_places(scene.line, scene.letters) if isinstance(place.node, Name)}
    for missing in scene.free:
        if missing in here:
            continue
        for letter in scene.alike(missing, frozenset(here)):
            node = renamed(scene.line, {letter: missing})
            why = f"the free index is {missing} in the line before and {letter} here"
            yield Repair(node, "free-index mismatch", said(why))


def one_letter(scene: Scene) -> Iterator[Repair]:
    """A letter at one place for another one."""
    mismatch = scene.step.meaning is None and "free" in (scene.step.problem or "")
    kind = "free-index mismatch" if mismatch else "transposed index"
    for place in letter_places(scene.line, scene.letters):
        assert isinstance(place.node, Name)
        known = scene.letters_within(scene.line, place.bound)
        others = (
            sorted(known - {place.node.name}) if scene.misfits or _torn(scene, place) else scene.alike(place.node.name, known)
        )
        for letter in others:
            node = exchanged(scene.line, {id(place.node): Name(letter)})
            yield Repair(node, kind, partial(_letter, scene, place, letter))


def _torn(scene: Scene, place: Place) -> bool:
    """Whether the letter stands in a delta with one of another extent."""
    owner = place.above[-1]
    sides = [owner.left, owner.right] if isinstance(owner, Delta) else []
    return len({scene.extent(side.name) for side in sides if isinstance(side, Name)}) > 1


def two_letters(scene: Scene) -> Iterator[Repair]:
    """Two letters exchanged: of one component first, then of one term, then anywhere."""
    spots = letter_places(scene.line, scene.letters)[:MOST_PLACES]
    pairs = [(a, b) for a, b in combinations(spots, 2) if a.node != b.node]
    pairs.sort(key=lambda pair: (pair[0].above[-1] is not pair[1].above[-1], _term(pair[0]) is not _term(pair[1])))
    for a, b in pairs:
        yield Repair(_swapped(scene.line, (a, b)), "transposed index", partial(_exchanged, scene, a, b))


def all_letters(scene: Scene) -> Iterator[Repair]:
    """Two free letters exchanged in one term, or everywhere."""
    for a, b in combinations(scene.free, 2):
        if scene.extent(a) != scene.extent(b):
            continue
        for term in _terms(scene.line):
            node = exchanged(scene.line, {id(term): renamed(term, {a: b, b: a})})
            why = f"{a} and {b} are exchanged in {scene.write(term)}"
            yield Repair(node, "transposed index", said(why))


def four_letters(scene: Scene) -> Iterator[Repair]:
    """Two exchanges in one term."""
    for term in _terms(scene.line):
        spots = [place for place in letter_places(term, scene.letters) if place.above]
        if len(spots) > MOST_DOUBLE:
            continue
        pairs = [pair for pair in combinations(spots, 2) if pair[0].node != pair[1].node]
        for first, second in combinations(pairs, 2):
            if {id(place.node) for place in first} & {id(place.node) for place in second}:
                continue
            changed = exchanged(term, {**_swap(*first), **_swap(*second)})
            why = f"indices are exchanged in {scene.write(term)}: it must be {scene.write(changed)}"
            yield Repair(exchanged(scene.line, {id(term): changed}), "transposed index", said(why))


def all_subscripts(scene: Scene) -> Iterator[Repair]:
    """All subscripts of one component: X_{lj} -> X_{il}."""
    for place in places(scene.line):
        node = place.node
        if not isinstance(node, Component) or not 1 < len(node.subscripts) <= MOST_SUBSCRIPTS:
            continue
        if not all(isinstance(sub, Name) and sub.name in scene.letters for sub in node.subscripts):
            continue
        known = sorted(scene.letters_within(scene.line, place.bound))
        for letters in product(known, repeat=len(node.subscripts)):
            new = replace(node, subscripts=tuple(Name(letter) for letter in letters), span=None)
            if new != node:
                why = f"{scene.write(node)} must be {scene.write(new)}"
                yield Repair(exchanged(scene.line, {id(node): new}), "transposed index", said(why))


def conditions_and_letter(scene: Scene) -> Iterator[Repair]:
    """j != 1 for j != i in all sums, with or without a letter at a wrong place."""
    numbers = [place for place in places(scene.line) if isinstance(place.node, Number) and _compared(place)]
    if not numbers:
        return
    for letter in scene.free:
        node = exchanged(scene.line, {id(place.node): Name(letter) for place in numbers})
        why = f"the sums must leave out {letter}, not {scene.write(numbers[0].node)}"
        yield Repair(node, "forgot terms", said(why))
        for place in letter_places(node, scene.letters):
            assert isinstance(place.node, Name)
            for other in scene.alike(place.node.name, frozenset((*scene.free, *place.bound))):
                both = exchanged(node, {id(place.node): Name(other)})
                told = f"{_letter(scene, place, other)}, and {why}"
                yield Repair(both, "transposed index", said(told))


def _compared(place: Place) -> bool:
    return len(place.above) > 1 and isinstance(place.above[-1], Comparison) and isinstance(place.above[-2], Big)


def _term(place: Place) -> Node:
    """The innermost term that a letter stands in."""
    for outer, inner in zip(reversed(place.above[:-1]), reversed(place.above), strict=False):
        if isinstance(outer, Sum):
            return inner
    return place.above[0]


def _terms(line: Node) -> list[Node]:
    """The terms of the line and of its sums, the small ones first; the line itself last."""
    found = [term for place in places(line) if isinstance(place.node, Sum) for term in place.node.terms]
    found.sort(key=lambda term: sum(1 for _ in places(term)))
    return [*found, line]


def _swap(a: Place, b: Place) -> dict[int, Node]:
    assert isinstance(a.node, Name) and isinstance(b.node, Name)
    return {id(a.node): Name(b.node.name), id(b.node): Name(a.node.name)}


def _swapped(line: Node, pair: tuple[Place, Place]) -> Node:
    return exchanged(line, _swap(*pair))


def _exchanged(scene: Scene, a: Place, b: Place) -> str:
    one, other = a.above[-1], b.above[-1]
    if one is other:
        return f"the indices of {scene.write(one)} are exchanged: it must be {scene.write(exchanged(one, _swap(a, b)))}"
    first, second = (scene.write(exchanged(node, _swap(a, b))) for node in (one, other))
    return f"indices are exchanged: {scene.write(one)} and {scene.write(other)} must be {first} and {second}"


def _letter(scene: Scene, place: Place, letter: str) -> str:
    owner = place.above[-1]
    return f"{scene.write(owner)} must be {scene.write(exchanged(owner, {id(place.node): Name(letter)}))}"
