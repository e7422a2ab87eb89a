"""A document without $ and displays: lines of mathematics, in LaTeX or plain text, among lines of prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tensorderiv.checker.document.facts import Fact
from tensorderiv.checker.document.find import Stretch
from tensorderiv.checker.document.given import is_given
from tensorderiv.checker.document.mapped import Mapped, joined
from tensorderiv.checker.document.plain import FUNCTIONS, GREEK, INVERSES, OPERATORS, REDUCTIONS, is_plain, to_latex

KNOWN = FUNCTIONS | GREEK | OPERATORS | frozenset(REDUCTIONS) | frozenset(INVERSES) | frozenset(
    "sqrt inv log2 log10 Tr trace if otherwise else Var Cov logsumexp const".split()
)  # fmt: skip
LEADS = re.compile(
    r"^\s*(?:(?:let|define|definition|where|then|so|hence|thus|therefore|with|we have|and|now|claim|proof|result|derivation|"
    r"gradient|"
    r"step \d+|\(?\d+[.)]|[-*])\s*:?,?\s+|(?:definition|derivation|claim|proof|result|step \d+|gradient|loss)\s*:\s*)",
    re.IGNORECASE,
)
RELATION = re.compile(r"(?<![<>!])=|\\(?:equiv|coloneqq|approx|le|ge|leq|geq|propto)(?![a-zA-Z])|:=")
STARTS = re.compile(r"\s*(?:[=+\-*/&]|\\\\|\\q?quad|\\cdot|\\times)")
WORD = re.compile(r"[A-Za-z]{2,}")
FENCED = re.compile(
    r"^[ \t]*(?P<mark>```|~~~)(?![ \t]*(?:math|latex|tex)\b)[^\n]*\n.*?(?:^[ \t]*(?P=mark)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
CODE = re.compile(
    r"""^\s*(?:def|class|if|elif|else|for|while|try|except)\b.*:\s*(?:\#.*)?$     # a statement with a block
    |^\s*(?:import\s|from\s+\S+\s+import\s|return\b|raise\b|print\(|>>>|\$\s|@\w)
    |[A-Za-z_]\w*\.[A-Za-z_]\w*\(|\"{3}|\\begin\{verbatim\}""",
    re.VERBOSE,
)
"""What a line of a program looks like; the paragraph around it is one, too."""


def bare_stretches(document: Mapped, declared: Sequence[Fact]) -> list[Stretch]:
    """The lines in order: those of mathematics joined as rows of one formula, the others as prose."""
    lines = _lines(document.replaced([(match.start(), match.end(), "\n") for match in FENCED.finditer(document.text)]))
    programs = _programs(lines)
    names = frozenset(_names([line for number, line in enumerate(lines) if number not in programs]))
    found: list[Stretch] = []
    rows: list[Mapped] = []

    def close() -> None:
        if rows:
            breaks = [Mapped(" \\\\ ", row.origin[:1] * 4 if row.origin else (0,) * 4) for row in rows]
            body = joined(part for row, mark in zip(rows, breaks, strict=True) for part in (mark, row))
            found.append(Stretch("display", body.cut(4, len(body.text))))
            rows.clear()

    for number, line in enumerate(lines):
        if is_given(line.text) or number in programs:
            close()
            continue
        cleaned = _without_remark(line)
        led = LEADS.match(cleaned.text)
        while led is not None and led.end() < len(cleaned.text):
            cleaned = cleaned.cut(led.end(), len(cleaned.text))
            led = LEADS.match(cleaned.text)
        if _is_mathematics(cleaned.text, bool(rows), _goes_on(lines, number)):
            if _begins(cleaned.text):
                close()
            rows.append(to_latex(cleaned, names) if is_plain(cleaned.text) else _worded(cleaned, names))
        else:
            close()
            found.extend(_prose(line, names))
    close()
    return found


def _lines(document: Mapped) -> list[Mapped]:
    found: list[Mapped] = []
    at = 0
    for match in re.finditer(r"[^\n]*\n?", document.text):
        if match.group():
            found.append(document.cut(at, match.end()))
            at = match.end()
    return found


def _programs(lines: Sequence[Mapped]) -> frozenset[int]:
    """The numbers of the lines that stand in a paragraph of a program."""
    found: set[int] = set()
    begun = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or not lines[number].text.strip():
            if any(CODE.search(lines[k].text) for k in range(begun, number)):
                found.update(range(begun, number))
            begun = number + 1
    return frozenset(found)


def _without_remark(line: Mapped) -> Mapped:
    """Without # and what follows, and without a full stop or comma at the end."""
    mark = re.search(r"(?:^|\s)#", line.text)
    return (line.cut(0, mark.start()) if mark else line).stripped(" \t\r\n.,;")


def _names(lines: Sequence[Mapped]) -> list[str]:
    """Words of two letters and more on the left of an equation or with a subscript: names like loss or sim_ij."""
    found: list[str] = []
    for line in lines:
        for match in re.finditer(
            r"(?<![\w\\/])([A-Za-z]{2,})(?=_[A-Za-z{]|\[[a-z])(?!\S*/d)|^\s*([A-Za-z]{2,})\s*(?:\([a-z, ]*\))?\s*=", line.text
        ):
            word = match[1] or match[2]
            if word not in KNOWN and word not in found and not re.match(r"d[A-Z]$|d(?:alpha|beta|mu|sigma|theta)", word):
                found.append(word)
    return found


def _worded(line: Mapped, names: frozenset[str]) -> Mapped:
    """A line of LaTeX with the names of several letters marked as such."""
    if not names:
        return line
    words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    marked = re.finditer(rf"(?<![A-Za-z\\{{])(?:{words})(?![A-Za-z])", line.text)
    return line.replaced([(match.start(), match.end(), rf"\mathrm{{{match.group()}}}") for match in marked])


def _begins(text: str) -> bool:
    """Whether a line is the left side of what the next line goes on with."""
    return not RELATION.search(text) and not STARTS.match(text)


def _goes_on(lines: Sequence[Mapped], number: int) -> bool:
    """Whether the line that follows begins with a relation."""
    following = next((line.text.strip() for line in lines[number + 1 : number + 4] if line.text.strip()), "")
    return following.startswith(("=", "&=", r"\\ =", r"\\="))


def _is_mathematics(text: str, inside: bool, begins_chain: bool) -> bool:
    """Whether a line is a formula: it has a relation or goes on with the formula before, or the next line with it."""
    stripped = text.strip()
    if not stripped:
        return False
    if not RELATION.search(stripped) and not (inside and STARTS.match(stripped)) and not begins_chain:
        return False
    plain = re.sub(
        r"\\(?:text|mathrm|operatorname|begin|end|label|tag)\s*\{[^{}]*\}|\\[A-Za-z]+|[_^]\{[^{}]*\}|_\w+", " ", stripped
    )
    words = [word for word in WORD.findall(plain) if word not in KNOWN and word.islower() and len(word) > 2]
    return len(words) < 3


def _prose(line: Mapped, names: frozenset[str]) -> list[Stretch]:
    """Prose with the single letters and names in it as formulas: where X is an n x d matrix."""
    found: list[Stretch] = []
    at = 0
    for match in NAMED.finditer(line.text):
        word = match.group()
        before, after = line.text[max(0, match.start() - 20) : match.start()], line.text[match.end() : match.end() + 20]
        plain = re.match(r"[A-Za-z\\]+", word)
        if plain is None or (len(plain.group()) > 1 and plain.group() not in names | GREEK and not word.startswith("\\")):
            continue
        if word in ("a", "A", "I", "s", "t") and not re.match(r"\s*(?:is|are|be|>|in|,|denotes|and)\b", after):
            continue
        if re.match(r"\s*(?:x|by|×)\s*\w\s", after) or re.search(r"(?:^|\s)\w\s*(?:x|by|×)\s*$", before):
            continue
        if word == "x" and re.search(r"\w\s*$", before) and re.match(r"\s*\w\s+matri", after):
            continue
        found.append(Stretch("prose", line.cut(at, match.start())))
        found.append(Stretch("inline", to_latex(line.cut(match.start(), match.end()), names)))
        at = match.end()
    found.append(Stretch("prose", line.cut(at, len(line.text))))
    return [part for part in found if part.body.text]


NAMED = re.compile(r"(?<![\w\\'])(?:\\?[A-Za-z]+)(?:_(?:\{[^{}]*\}|\w+)|\[[\w, ]+\])?(?![\w'])")
