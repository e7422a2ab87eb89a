"""One slip made several times: repairs of one kind at several places of the line together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice, product

from tensorderiv.checker.explain.edits import exchanged
from tensorderiv.checker.explain.repair import Family, Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.explain.splicing import changes
from tensorderiv.checker.tree import Node, walk

MOST_SINGLE = 200
"""Repairs of one family that are looked at."""

MOST_TOGETHER = 60
"""Repairs at several places that are made of one family."""


@dataclass(frozen=True)
class Edit:
    """What one repair changes: the pieces of the line and what they become."""

    repair: Repair
    pieces: tuple[tuple[Node, Node], ...]

    @property
    def place(self) -> type[Node]:
        """What kind of node is changed."""
        return type(self.pieces[0][0])

    @property
    def inside(self) -> frozenset[int]:
        """The nodes that are changed, with all below them."""
        return frozenset(id(node) for old, _ in self.pieces for node in walk(old))


def repeated(families: Sequence[Family], scene: Scene) -> Iterator[Repair]:
    """The repairs of each family at several places, one of each family after the other."""
    waiting = [islice(_of_family(family, scene), MOST_TOGETHER) for family in families]
    while waiting:
        for turn in tuple(waiting):
            repair = next(turn, None)
            if repair is None:
                waiting.remove(turn)
            else:
                yield repair


def _of_family(family: Family, scene: Scene) -> Iterator[Repair]:
    """The n-th repairs of two places together, and of all places of one kind, for each n: the same slip, made in the same way.

    Then different repairs of two alike places.
    """
    ways: dict[tuple[str, int], list[Edit]] = {}
    counts: dict[tuple[str, int], int] = {}
    for repair in islice(family(scene), MOST_SINGLE):
        pieces = () if repair.slip is not None else tuple(changes(scene.line, repair.node))
        if not pieces or pieces[0][0] is scene.line:
            continue
        place = (repair.kind, id(pieces[0][0]))
        number = counts[place] = counts.get(place, -1) + 1
        ways.setdefault((repair.kind, number), []).append(Edit(repair, pieces))
    for edits in ways.values():
        alike: dict[type[Node], list[Edit]] = {}
        for edit in edits:
            alike.setdefault(edit.place, []).append(edit)
        sets = [tuple(some) for some in alike.values() if len(some) > 2]
        pairs = sorted(combinations(edits, 2), key=lambda pair: pair[0].place is not pair[1].place)
        yield from (_together(scene, some) for some in (*pairs, *sets) if _are_apart(some))
    for ((kind, _), some), ((other, _), more) in combinations(ways.items(), 2):
        for one, another in product(some, more) if kind == other else ():
            if one.place is another.place and _are_apart((one, another)):
                yield _together(scene, (one, another))


def _are_apart(edits: Sequence[Edit]) -> bool:
    """Whether none of them changes what lies within another one's piece."""
    return sum(len(edit.inside) for edit in edits) == len(frozenset().union(*(edit.inside for edit in edits)))


def _together(scene: Scene, edits: Sequence[Edit]) -> Repair:
    new = {id(old): piece for edit in edits for old, piece in edit.pieces}
    return Repair(exchanged(scene.line, new), edits[0].repair.kind, partial(_why, tuple(edit.repair for edit in edits)))


def _why(repairs: Sequence[Repair]) -> str:
    return "; ".join(dict.fromkeys(repair.why() for repair in repairs))
