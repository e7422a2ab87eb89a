"""Terms with equal indices that a sum forgot or counts twice: the condition of a sum; a sum that was lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from tensorderiv.checker.explain.edits import exchange, letters_in, places, renamed
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Big, Comparison, Component, Name, Node, Product


def sum_conditions(scene: Scene) -> Iterator[Repair]:
    """sum_i -> sum_{i != k}, and the other way round; < for !=; another letter in the condition."""
    for place in places(scene.line):
        node = place.node
        if not isinstance(node, Big):
            continue
        for letter in node.bound:
            outside = [name for name in (*scene.free, *place.bound) if name != letter]
            for other in scene.alike(letter, frozenset(outside)):
                condition = Comparison("!=", Name(letter), Name(other))
                if condition not in node.conditions:
                    new = replace(node, conditions=(*node.conditions, condition), lower=None, upper=None, span=None)
                    yield _repair(scene, node, new, f"the term {letter} = {other} does not belong to the sum")
        for at, condition in enumerate(node.conditions):
            others = tuple(c for c in node.conditions if c is not condition)
            yield _repair(scene, node, replace(node, conditions=others, span=None), _missing(scene, condition))
            for op in ("!=", "<", "<="):
                if op != condition.op:
                    changed = replace(condition, op=op, span=None)
                    all_of = (*node.conditions[:at], changed, *node.conditions[at + 1 :])
                    why = f"the sum must run where {scene.write(changed)}"
                    yield _repair(scene, node, replace(node, conditions=all_of, span=None), why)
            for letter in scene.free:
                changed = replace(condition, right=Name(letter), span=None)
                if changed != condition and changed.left != changed.right:
                    all_of = (*node.conditions[:at], changed, *node.conditions[at + 1 :])
                    why = f"the sum must run where {scene.write(changed)}"
                    yield _repair(scene, node, replace(node, conditions=all_of, span=None), why)


def lost_sums(scene: Scene) -> Iterator[Repair]:
    """U_{mn} V_{in} -> sum_k U_{mk} V_{ik}: only the term k = n of a sum was kept."""
    for letter in scene.free:
        fresh = scene.unused(letter, scene.line)
        if fresh is None:
            continue
        for place in places(scene.line):
            if not isinstance(place.node, Product | Component) or letter not in letters_in(place.node, scene.letters):
                continue
            if isinstance(place.node, Component) and any(part is place.node for above in place.above for part in _factors(above)):
                continue
            whole = Big("sum", (fresh,), renamed(place.node, {letter: fresh}))
            why = partial(_only_one, scene, place.node, whole, letter)
            yield Repair(exchange(scene.line, place.node, whole), "forgot terms", why)


def _factors(node: Node) -> tuple[Node, ...]:
    return tuple(part for _, part in node.factors) if isinstance(node, Product) else ()


def _only_one(scene: Scene, kept: Node, whole: Node, letter: str) -> str:
    return f"{scene.write(kept)} is one term of {scene.write(whole)} only: the others are no constants, they stay"


def _missing(scene: Scene, condition: Comparison) -> str:
    return f"the terms that {scene.write(condition)} leaves out were forgotten"


def _repair(scene: Scene, old: Node, new: Node, why: str) -> Repair:
    return Repair(exchange(scene.line, old, new), "forgot terms", lambda: why)
