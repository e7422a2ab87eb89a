r"""A repaired line as the author's text in which only the pieces that changed are written anew.

>>> from tensorderiv.checker.tree import Name, Negative, Span, Sum
>>> x, y = Name("x", span=Span(0, 1)), Name("y", span=Span(5, 6))
>>> old = Sum((x, Negative(y, span=Span(3, 6))), span=Span(0, 6))
>>> print(spliced(old, Sum((x, Negative(Name("z")))), r"x\;- y"))
x\;- z

What stands as an argument without braces gets them where TeX would not take all of it.

>>> from tensorderiv.checker.tree import Power
>>> old = Power(Name("x", span=Span(0, 1)), Name("n", span=Span(2, 3)), span=Span(0, 3))
>>> print(spliced(old, Power(old.base, Sum((old.exponent, Name("m")))), "x^n"))
x^{n + m}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from tensorderiv.checker.explain.arguments import arguments
from tensorderiv.checker.spans import region
from tensorderiv.checker.tree import Negative, Node, Sum, children
from tensorderiv.checker.writing import write

ONE_TOKEN = re.compile(r"[A-Za-z0-9]|\\[A-Za-z]+")
"""What needs no braces as an argument."""


def spliced(old: Node, new: Node, source: str, spellings: Mapping[str, str] | None = None, bracketed: bool = False) -> str | None:
    """The text of the old tree with the pieces exchanged; None where one of them does not stand by itself in the source.

    `bracketed`: each piece is put in brackets, for where it would bind too loosely without.
    """
    whole = region(old, source)
    if whole is None:
        return None
    start, end = whole
    bare = {(one.start, one.end) for one in arguments(source[:end]).bare}
    text = ""
    for before, after in changes(old, new):
        place = region(before, source)
        if place is None or place[0] < start or place[1] > end:
            return None
        piece = write(after, source, spellings)
        if place in bare:
            piece = piece if ONE_TOKEN.fullmatch(piece) else f"{{{piece}}}"
        elif bracketed:
            piece = rf"\left({piece}\right)"
        text = _joined(_joined(text, source[start : place[0]]), piece)
        start = place[1]
    return _joined(text, source[start:end])


def _joined(left: str, right: str) -> str:
    """Both, with a space between where a command would run into the letter behind it."""
    command = left.rpartition("\\")[2]
    return f"{left} {right}" if "\\" in left and command.isalpha() and right[:1].isalpha() else left + right


def changes(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    """The smallest pieces in which the trees differ, from the left."""
    if new is old or new == old:
        return
    parts, changed = list(children(old)), list(children(new))
    turned = isinstance(old, Sum) and [isinstance(a, Negative) for a in parts] != [isinstance(b, Negative) for b in changed]
    if not turned and type(old) is type(new) and len(parts) == len(changed) and parts and _frame(old) == _frame(new):
        for a, b in zip(parts, changed, strict=True):
            yield from changes(a, b)
    else:
        yield old, new


def _frame(node: Node) -> list[object]:
    """What a node says besides its parts."""
    return [_frame_of(getattr(node, field.name)) for field in fields(node) if field.name != "span"]


def _frame_of(value: object) -> object:
    if isinstance(value, Node):
        return Node
    return tuple(_frame_of(item) for item in value) if isinstance(value, tuple) else value
