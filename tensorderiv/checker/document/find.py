r"""Where the mathematics of a document stands: displays, formulas in the text, or bare lines; the rest is prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tensorderiv.checker.document.mapped import Mapped

DISPLAYED = (
    "align", "aligned", "alignat", "flalign", "equation", "gather", "gathered", "split", "eqnarray", "multline", "displaymath",
    "math", "dmath", "IEEEeqnarray", "eqalign",
)  # fmt: skip
SKIPPED = ("verbatim", "lstlisting", "minted", "comment", "tikzpicture", "Verbatim")

_NAMES = "|".join(DISPLAYED)
START = re.compile(
    rf"""(?P<escaped>\\\\|\\\$)
    |(?P<fence>^[ \t]*(?:```|~~~)[ \t]*(?P<kind>[\w+-]*)[^\n]*\n)
    |(?P<code>`[^`\n]+`)
    |\\begin\s*\{{(?P<environment>(?:{_NAMES})\*?|{"|".join(SKIPPED)})\}}
    |(?P<dollars>\$\$?)
    |(?P<bracket>\\\[)
    |(?P<paren>\\\()
    |(?P<eqalign>\\eqalign(?:no)?\s*\{{)""",
    re.VERBOSE | re.MULTILINE,
)

OPTION = re.compile(r"\s*(?:\[[a-z]\]|\{\d+\})")
COLUMNS = re.compile(r"\s*(?:\[[^\]]*\]\s*)*\{(?:[^{}]|\{[^{}]*\})*\}")
"""The columns of an IEEEeqnarray: {rCl}, {r*{2}{l}}."""

FormulaKind = Literal["display", "inline", "prose"]


@dataclass(frozen=True)
class Stretch:
    """A piece of the document: a formula without its delimiters, or prose."""

    kind: FormulaKind
    body: Mapped


def stretches(document: Mapped) -> list[Stretch]:
    """The document cut into formulas and prose, in order. A document without any delimiter is one stretch of prose."""
    text = document.text
    found: list[Stretch] = []
    begun = at = 0
    while (match := START.search(text, at)) is not None:
        kind, start, end, after = _extent(text, match)
        if kind is None:
            at = max(after, match.end())
            continue
        if match.start() > begun:
            found.append(Stretch("prose", document.cut(begun, match.start())))
        if kind != "skipped":
            found.append(Stretch("inline" if kind == "inline" else "display", document.cut(start, end)))
        begun = at = max(after, match.end())
    if begun < len(text):
        found.append(Stretch("prose", document.cut(begun, len(text))))
    return found


def _extent(text: str, match: re.Match[str]) -> tuple[str | None, int, int, int]:
    """What begins at the match, its body's start and end, and where the document goes on; None: nothing begins there."""
    start = match.end()
    if match["escaped"] or match["code"]:
        return None, start, start, start
    if match["fence"]:
        closing = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*$", re.MULTILINE).search(text, start)
        end, after = (closing.start(), closing.end()) if closing else (len(text), len(text))
        if match["kind"].lower() in ("math", "latex", "tex"):
            inner = text[start:end]
            return (None, start, start, start) if START.search(inner) else ("display", start, end, after)
        return "skipped", start, end, after
    if match["environment"]:
        name = match["environment"]
        closer = rf"\end{{{name}}}"
        place = text.find(closer, start)
        end, after = (place, place + len(closer)) if place >= 0 else (len(text), len(text))
        if name.rstrip("*") not in DISPLAYED:
            return "skipped", start, end, after
        option = OPTION.match(text, start)
        if option and name.rstrip("*") in ("alignat", "aligned", "split", "gathered"):
            start = min(option.end(), end)
        columns = COLUMNS.match(text, start)
        if columns and name.rstrip("*") == "IEEEeqnarray":
            start = min(columns.end(), end)
        return ("inline" if name == "math" else "display"), start, end, after
    if match["eqalign"]:
        level, place = 1, start
        for brace in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
            level += (brace.group() == "{") - (brace.group() == "}")
            if level == 0:
                place = brace.start()
                return "display", start, place, place + 1
        return "display", start, len(text), len(text)
    if match["dollars"] == "$$":
        place = text.find("$$", start)
        return ("display", start, place, place + 2) if place >= 0 else ("display", start, len(text), len(text))
    if match["dollars"] == "$":
        closing = re.compile(r"(?<!\\)\$|\n[ \t]*\n").search(text, start)
        if closing is None or closing.group() != "$":
            return None, start, start, start
        return "inline", start, closing.start(), closing.end()
    closer = r"\]" if match["bracket"] else r"\)"
    place = text.find(closer, start)
    if place < 0:
        return (None, start, start, start) if match["paren"] else ("display", start, len(text), len(text))
    return ("display" if match["bracket"] else "inline"), start, place, place + 2


def without_comments(document: Mapped) -> Mapped:
    r"""TeX comments dropped: from a % that is not escaped, at the start of a line or after a blank, to the end of the line.

    A per cent sign after a number is one of prose.
    """
    changes = []
    for match in re.finditer(r"(?m)(?:^|(?<=[\s}&\\]))%[^\n]*", document.text):
        before = document.text[: match.start()][-3:].rstrip()
        if before.endswith("\\") and not before.endswith("\\\\"):
            continue
        if before[-1:].isdigit() and not document.text[match.start() - 1 : match.start()].isspace():
            continue
        changes.append((match.start(), match.end(), ""))
    return document.replaced(changes)
