r"""Reasons in a row of a formula: \text{since } \sum_i y_i = 1, (\text{as } x > 0), (\partial x_i/\partial x_k = \delta_{ik}).

A reason is no link of the chain: it is taken out of the row and read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tensorderiv.checker.document.items import THIN, Item, items
from tensorderiv.checker.document.lex import partners, tokens_of

REASONS = frozenset("since because as using by from via recall recalling note noting due".split())
CLAUSES = REASONS | {"where", "with"}
ENDING = frozenset("since because using where".split())
CONCLUDING = frozenset("get have obtain find follows so hence thus then therefore this it which yields gives well".split())
"""Words of a phrase that leads to an equation of its own: from which, as well as, by symmetry we get."""
CONDITIONS = frozenset("for if when whenever unless provided".split())
APART = frozenset({"cell", "space", "comma", "words"})
INDEX = re.compile(r"\s*(?:\\?[A-Za-z]+(?:_(?:\{\w+\}|\w))?|\d+)\s*")
RANGE = re.compile(
    r"\s*\(?\s*1\s*\\le(?:q|qslant)?(?![A-Za-z])\s*[A-Za-z](?:\s*,\s*[A-Za-z])*\s*\\le(?:q|qslant)?(?![A-Za-z])\s*[A-Za-z]\s*\)?[\s.]*"
)
"""1 \\le k \\le n: what an index runs over anyway."""
LABEL = re.compile(r"\s*\\(?:text\w*|mbox|hbox)\s*\{[^{}]*\}[\s.,;]*")
END = re.compile(r"(?:\)|\\(?:text\w*|mbox)\s*\{\s*\)\s*\})[\s.,;]*$")

Stretch = tuple[int, int]


def parted(row: Sequence[Item], text: str, going: bool) -> tuple[list[Item], list[Stretch]]:
    r"""The row without its reasons, and the stretches of the text where these stand. `going`: a chain is open before the row.

    >>> text = r"a = b \quad (\text{as } c = 1)"
    >>> kept, (reason,) = parted(items(text), text, False)
    >>> len(kept), text[slice(*reason)]
    (4, '\\text{as } c = 1')
    """
    kept: list[Item] = []
    reasons: list[Stretch] = []
    at = 0
    inside = False
    while at < len(row):
        inside = inside or (bool(kept) and kept[-1].kind == "text")
        item = row[at]
        at += 1
        if item.kind == "words" and _leads(row, at - 1, text, inside, going):
            end = _end(row, at - 1, text)
            stop = row[end - 1].end
            bracketed = "(" in text[item.start : item.end] and END.search(text, item.end, stop)
            reasons.append((item.start, bracketed.start() if bracketed else stop))
            kept.append(Item("words", item.end, item.end))
            at = end
            continue
        if item.kind == "text" and kept and kept[-1].kind in APART and (inside or going):
            bracket = _bracketed(text, item)
            if bracket is not None and is_reason(text[slice(*bracket)]):
                reasons.append(bracket)
                continue
            related = _following(row, at) in ("equal", "defining", "naming", "unjudged")
            if kept[-1].kind == "cell" and inside and not related and LABEL.fullmatch(text, item.start, item.end):
                item = replace(item, kind="words")
        if item.kind == "text" and (behind := _behind(text, item)) is not None:
            reasons.append((behind[0] + 1, behind[1] - 1))
            item = replace(item, end=behind[0])
        kept.append(item)
    return kept, reasons


def is_reason(inner: str) -> bool:
    r"""Whether what stands in brackets says why: words, or an equation; not where the line holds.

    >>> [
    ...     is_reason(text)
    ...     for text in (r"\text{as } y = 1", r"A^T = A", r"1 \le k \le n", r"i \ne j", "i = j", r"\text{for } x > 0", "3")
    ... ]
    [True, True, True, False, False, False, False]
    """
    found = items(inner)
    words = [word for item in found if item.kind == "words" for word in _words(inner[item.start : item.end])]
    if words and words[0] in CONDITIONS:
        return False
    if any(word in CLAUSES for word in words) or RANGE.fullmatch(inner):
        return True
    relations = [item.kind for item in found if item.kind in ("equal", "defining", "unjudged")]
    if not relations:
        return bool(words)
    sides = [inner[item.start : item.end] for item in found if item.kind == "text"]
    return set(relations) == {"equal"} and len(sides) > 1 and not all(INDEX.fullmatch(side) for side in sides)


def _leads(row: Sequence[Item], at: int, text: str, inside: bool, going: bool) -> bool:
    """Whether the words begin a reason that holds mathematics; where a row begins, only what is never a definition does."""
    words = _words(text[row[at].start : row[at].end])
    if not words or words[0] in CONDITIONS or not (inside or going):
        return False
    if _following(row, at + 1) != "text":
        return False
    if words[-1] in ENDING and (inside or words[-1] != "where"):
        return True
    led = CONCLUDING & set(words) or text[row[at].start : row[at].end].rstrip("} ").endswith(",")
    return not led and words[0] in (CLAUSES if inside else REASONS)


def _following(row: Sequence[Item], at: int) -> str:
    return next((item.kind for item in row[at:] if item.kind not in ("space", "cell")), "")


def _end(row: Sequence[Item], at: int, text: str) -> int:
    """The place in the row after a reason: its bracket is closed, or another equation begins, or the row ends."""
    level = _level(text, row[at])
    last = max((k for k, one in enumerate(row) if one.kind in ("equal", "defining")), default=-1)
    bracketed = level > 0
    for place in range(at + 1, len(row)):
        item = row[place]
        level += _level(text, item)
        if bracketed and level <= 0:
            return place + 1
        if bracketed:
            continue
        words = _words(text[item.start : item.end]) if item.kind == "words" else []
        if words and words[0] not in CLAUSES | CONDITIONS | {"and"}:
            return place
        if item.kind == "space" and place < last:
            return place
    return len(row)


def _level(text: str, item: Item) -> int:
    piece = text[item.start : item.end]
    return piece.count("(") - piece.count(")")


def _words(text: str) -> list[str]:
    return re.findall("[a-z]+", re.sub(r"\\[A-Za-z]+\*?", " ", text).lower())


def _bracketed(text: str, item: Item) -> Stretch | None:
    """What stands in the brackets, where an item is nothing else."""
    start = item.start + len(text[item.start : item.end]) - len(text[item.start : item.end].lstrip())
    end = item.start + len(text[item.start : item.end].rstrip(" \n\t.,;"))
    tokens = tokens_of(text[start:end])
    if tokens and tokens[0].text in ("(", "[") and partners(tokens)[0] == len(tokens) - 1:
        return start + 1, end - 1
    return None


def _behind(text: str, item: Item) -> Stretch | None:
    r"""A reason in words and brackets at the end of an item, 2x \; (\text{as } y = 1): where its brackets stand."""
    end = item.start + len(text[item.start : item.end].rstrip(" \n\t.,;"))
    tokens = tokens_of(text[item.start : end])
    if not tokens or tokens[-1].text not in (")", "]"):
        return None
    opening = partners(tokens)[-1]
    if (
        opening < 1
        or tokens[opening].text not in ("(", "[")
        or not (tokens[opening - 1].blank or tokens[opening - 1].text in THIN)
    ):
        return None
    start = item.start + tokens[opening].start
    inner = text[start + 1 : end - 1]
    worded = any(one.kind == "words" for one in items(inner))
    return (start, end) if RANGE.fullmatch(inner) or (worded and is_reason(inner)) else None
