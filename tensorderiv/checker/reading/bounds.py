r"""What stands under and over \sum, \prod, \max and \min."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tensorderiv.checker.reading.fences import separated
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.words import COMPARED
from tensorderiv.checker.tree import Comparison, Name, Node, Number

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Reading

SUCH_THAT = frozenset({":", "|", "\\mid", "\\colon"})
BETWEEN = frozenset({",", ";", "\\\\", ":", "|", "\\mid", "and", "\\colon"})


@dataclass(frozen=True)
class Bounds:
    """The bound indices, the conditions on them, and the limits of the last."""

    bound: tuple[str, ...] = ()
    conditions: tuple[Comparison, ...] = ()
    lower: Node | None = None
    upper: Node | None = None


def read_bounds(reading: Reading, scripts: Sequence[Piece], sign: Piece) -> Bounds:
    """The bounds of a sum sign from its scripts. Raises: Unreadable where they are not of indices."""
    below = [piece for piece in scripts if piece.kind == "sub"]
    above = [piece for piece in scripts if piece.kind == "sup"]
    if len(below) > 1 or len(above) > 1 or len(below) + len(above) < len(scripts):
        raise reading.at(sign, "a sum sign has one script below and one above")
    upper = reading.expression(above[0].parts[0], above[0]) if above else None
    if isinstance(upper, Name) and upper.name == "\\infty":
        raise reading.at(above[0], "a sum without end is not read")
    if not below:
        if upper is not None:
            raise reading.at(sign, "a sum with an upper limit needs its index")
        return Bounds()
    bound: list[str] = []
    conditions: list[Comparison] = []
    lower: Node | None = None
    limited: list[str] = []
    content = _unwrapped(below[0].parts[0])
    such_that = next((p.start for p in content if p.text in SUCH_THAT), len(reading.text))
    for part in separated(content, lambda p: p.text in BETWEEN):
        if not part:
            continue
        place = below[0]
        member = next((at for at, p in enumerate(part) if p.text == "\\in"), None)
        if member is not None:
            names, size = reading.subscripts.letters(_unwrapped(part[:member])), _size(reading, part[member + 1 :])
            if names is None or size is None:
                raise reading.at(place, "a sum over a set that is no range of an index is not read", "write its condition")
            bound.extend(_plain(names))
            upper = upper or (size if isinstance(size, Node) else None)
        elif not any(p.text in COMPARED or p.text == "!" for p in part):
            names = reading.subscripts.letters(_unwrapped(part))
            if names is None:
                raise reading.problem("what is bound here is not an index", part[0].start, part[-1].end, "declare it as one")
            bound.extend(_plain(names))
        else:
            for condition in reading.conditions(part, place):
                binds = condition.op == "=" and part[0].start < such_that
                if binds and isinstance(condition.left, Name) and condition.left.name in reading.known.indices:
                    if condition.left.name not in bound:
                        bound.append(condition.left.name)
                    lower = condition.right
                elif condition.op == "<=" and isinstance(condition.left, Number):
                    lower = condition.left
                    limited.extend(_plain([condition.right]))
                elif (
                    condition.op == "<="
                    and isinstance(condition.right, Name)
                    and condition.right.name in reading.known.extents - set(reading.known.indices)
                ):
                    upper = condition.right
                else:
                    conditions.append(condition)
    if not bound:
        bound = _bound_by(conditions, reading) or limited
    if not bound:
        raise reading.at(below[0], "no index is bound here", "name an index of the case")
    return Bounds(tuple(dict.fromkeys(bound)), tuple(conditions), lower, upper)


def _unwrapped(part: Sequence[Piece]) -> Sequence[Piece]:
    if len(part) > 2 and part[0].text == "(" and part[-1].text == ")":
        return part[1:-1]
    if len(part) == 1 and part[0].kind == "fence" and part[0].text == "( )":
        return part[0].parts[0]
    return part


def _plain(names: Sequence[Node]) -> list[str]:
    return [name.name for name in names if isinstance(name, Name)]


def _bound_by(conditions: Sequence[Comparison], reading: Reading) -> list[str]:
    """j != k binds j; i < j binds both."""
    found: list[str] = []
    for condition in conditions:
        both = condition.op in ("<", "<=", ">", ">=") or reading.choices.other("pairs")
        for side in (condition.left, condition.right) if both else (condition.left,):
            if isinstance(side, Name) and side.name in reading.known.indices:
                found.append(side.name)
    return found


def _size(reading: Reading, content: Sequence[Piece]) -> Node | bool | None:
    r"""The upper limit of the sets [n], \{1, \dots, n\}, 1..n; None for other sets."""
    inner = list(content)
    if len(inner) > 2 and inner[0].text in ("[", "{") and inner[-1].text in ("]", "}"):
        inner = inner[1:-1]
    else:
        return None
    dots = [at for at, p in enumerate(inner) if p.text in ("\\dots", "\\ldots", "\\cdots")]
    if dots:
        if inner[0].text != "1" or len(dots) != 1:
            return None
        inner = [p for p in inner[dots[0] + 1 :] if p.text != ","]
    if len(inner) != 1 or reading.known.sizes.find(inner, 0) is None:
        return None
    return reading.expression(inner)
