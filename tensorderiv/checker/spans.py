r"""Where a node stands in the text it was read from: its span, with the command that dresses it.

The span of the name \mathbf{r} may be that of the r, and that of a bracket \left( ... \right) may begin at the round bracket.
"""

from __future__ import annotations

import re

from tensorderiv.checker.tree import Name, Node

COMMAND = re.compile(r"(\\[A-Za-z]+\*?\s*\{|\{\s*\\[a-z]+\s*)$")
r"""What stands before the name in \mathbf{r}, \operatorname{tr}, {\bf r}."""

SIZED = re.compile(r"\\(left|[bB]igg?l?)\s*$")
"""What makes the bracket behind it large."""

OPENING = ("(", "[", "|", "\\")


def region(node: Node, source: str) -> tuple[int, int] | None:
    """From where to where the node stands in the source, if it stands by itself: not half of an underbrace."""
    if node.span is None:
        return None
    start, end = node.span.start, node.span.end
    while (opened := COMMAND.search(source[:start])) is not None:
        dressed = _is_part(node, source[start:end]) and source[end : end + 1] == "}"
        if not dressed and depth(source[start:end]) >= 0:
            break
        start, end = opened.start(), end + dressed
    if source[start : start + 1] in OPENING and (size := SIZED.search(source[:start])) is not None:
        start = size.start()
    text = source[start:end]
    if depth(text) != 0 or _is_part(node, text):
        return None
    return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())


def _is_part(node: Node, text: str) -> bool:
    """Whether the text is but a part of the name."""
    return isinstance(node, Name) and text != node.name and text in node.name


def depth(text: str) -> int:
    r"""How many braces the text leaves open, -1 if it closes one that it did not open.

    >>> depth("r}_{ji}"), depth(r"\{x\}_{ji}"), depth(r"\frac{a}{")
    (-1, 0, 1)
    """
    open_braces = 0
    for place, letter in enumerate(text):
        if letter in "{}" and text[place - 1 : place] != "\\":
            open_braces += 1 if letter == "{" else -1
        if open_braces < 0:
            return -1
    return open_braces
