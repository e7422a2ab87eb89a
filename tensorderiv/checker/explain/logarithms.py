"""The base of a logarithm: the derivative of log_2 x is 1 / (x ln 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from tensorderiv.checker.explain.edits import exchange, over, places, term_places, times
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Call, Node, Number, Ratio, walk

LOGARITHMS = {"log": None, "ln": None, "log2": Number(Fraction(2)), "log10": Number(Fraction(10)), "lg": Number(Fraction(10))}


def log_bases(scene: Scene) -> Iterator[Repair]:
    """Factors 1 / ln 2 that terms lack, and logarithms of another base."""
    bases = _bases(scene)
    for base in bases:
        log = Call("log", (base,))
        for place in term_places(scene.line):
            divided = Ratio(place.node, log) if not isinstance(place.node, Ratio) else over(place.node, log)
            for new in (divided, times(place.node, log)):
                yield Repair(exchange(scene.line, place.node, new), "log base", partial(_lost, scene, place.node, base, new))
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Call) and node.name in LOGARITHMS:
            for new_base in (*bases, None) if node.base is not None or bases else ():
                if new_base != node.base:
                    new = replace(node, name="log", base=new_base, span=None)
                    why = partial(_other, scene, node, new)
                    yield Repair(exchange(scene.line, node, new), "log base", why)


def _bases(scene: Scene) -> list[Node]:
    """The bases of logarithms of both lines, but for e."""
    found: list[Node] = []
    for node in (*walk(scene.before_expanded), *walk(scene.line)):
        if isinstance(node, Call) and node.name in LOGARITHMS:
            base = node.base if node.base is not None else LOGARITHMS[node.name]
            if base is not None and base not in found:
                found.append(replace(base, span=None))
    return found


def _lost(scene: Scene, node: Node, base: Node, new: Node) -> str:
    text = scene.write(base)
    return (
        f"the logarithm has the base {text}, so a factor \\ln {text} is missing: {scene.write(node)} must be {scene.write(new)}"
    )


def _other(scene: Scene, old: Node, new: Node) -> str:
    return f"{scene.write(old)} must be {scene.write(new)}"
