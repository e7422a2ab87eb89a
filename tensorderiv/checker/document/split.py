r"""A formula cut into statements: chains of sides between relations, at the top level.

    D_{ij} &= a \\ &= b, \qquad C = c     ->     D_{ij} = a = b     and     C = c

A row that begins with = goes on with the chain; so does one that begins with + or has no relation at all. An arrow of implication
begins another statement. Sides joined by \approx, \le, \propto, ... are kept apart: that step is not judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tensorderiv.checker.document.items import SIGNS_AHEAD, SPACES, THIN, Item, items
from tensorderiv.checker.document.lex import tokens_of
from tensorderiv.checker.document.mapped import Mapped, joined
from tensorderiv.checker.document.reasons import RANGE, parted


@dataclass(frozen=True)
class Side:
    """One side of a relation: its LaTeX as written, and the sign before it: "" for the first side, =, or =: before a name."""

    body: Mapped
    relation: str = ""

    @property
    def text(self) -> str:
        return self.body.text


@dataclass(frozen=True)
class Statement:
    r"""A chain of sides. `goes_on`: it began with a relation, so its first side is the last one of the statement before.

    `condition` is what the row restricts it to (for i \neq j); `remark` the words before it in the formula; `defining`: joined
    by := or a stacked sign; `unjudged`: the relation that ended it, where that is not an equality; `open`: it ends with a
    relation; `reason`: it says why a line follows; `naming`: it gives a line a name, a =: b. `formula` is the number of the
    formula in the document; `before` the words before it since the last display, `between` those since the last formula, `after`
    those after it.

    Of a chain: the statements before number `until` stand before its last line; `unclear` says why it cannot be judged.
    """

    sides: tuple[Side, ...]
    goes_on: bool = False
    defining: bool = False
    remark: str = ""
    condition: str = ""
    unjudged: str = ""
    formula: int = 0
    inline: bool = False
    before: str = ""
    between: str = ""
    after: str = ""
    open: bool = False
    reason: bool = False
    naming: bool = False
    until: int = 0
    unclear: str = ""


def statements(body: Mapped, formula: int = 0, inline: bool = False) -> list[Statement]:
    r"""The statements of a formula.

    >>> [[side.text for side in s.sides] for s in statements(Mapped.of(r"A &= (b = c) \\ &= d, \quad C = \sum_{i=1} e"))]
    [['A', '(b = c)', 'd'], ['C', '\\sum_{i=1} e']]
    """
    return _Assembly(body, items(body.text), formula, inline).run()


HALF = re.compile(r"\s*\\left\s*\.")
"""A bracket goes on that was left open by \\right. in the row before."""
SEPARATING = frozenset({"comma", "space", "words", "cell"})
RELATING = frozenset({"equal", "defining", "naming"})


@dataclass
class _Assembly:
    """Items in order -> statements."""

    body: Mapped
    items: list[Item]
    formula: int
    inline: bool

    def run(self) -> list[Statement]:
        self.done: list[Statement] = []
        self.sides: list[Side] = []
        self.pieces: list[Mapped] = []
        self.relation = ""
        self.defining = self.goes_on = False
        self.remark = self.condition = ""
        for number, row in enumerate(self._rows()):
            self._row(row, first=number == 0)
        self._close()
        return self.done

    def _rows(self) -> list[list[Item]]:
        rows: list[list[Item]] = [[]]
        for item in self.items:
            if item.kind in ("row", "arrow"):
                rows.append([item] if item.kind == "arrow" else [])
            else:
                rows[-1].append(item)
        return rows

    def _row(self, row: list[Item], first: bool) -> None:
        fresh = first
        if row and row[0].kind == "arrow":
            if row[0].text == r"\because" and (self.sides or self.pieces):
                self._reason(row[0].end, row[-1].end)
                return
            self._close()
            row, fresh = row[1:], True
        row, reasons = parted(row, self.body.text, bool(self.sides or self.pieces))
        for start, end in reasons:
            self._reason(start, end)
        for number, part in enumerate(self._parts(row)):
            self._part(part, fresh or number > 0)

    def _reason(self, start: int, end: int) -> None:
        found = statements(self.body.cut(start, end), self.formula, self.inline)
        self.done += [replace(one, reason=True, remark=one.remark or "since") for one in found if len(one.sides) > 1]

    def _parts(self, row: list[Item]) -> list[list[Item]]:
        """The row cut at commas and wide spaces where equations of their own begin."""
        last = max((k for k, item in enumerate(row) if item.kind in RELATING), default=-1)
        following = [item for item in row if item.kind != "space"]
        position = 0
        parts: list[list[Item]] = [[]]
        written = related = False
        for number, item in enumerate(row):
            position += item.kind != "space"
            after = following[position] if position < len(following) else None
            if written and item.kind in SEPARATING and self._begins(item, after, parts[-1][-1].kind, related and last > number):
                parts.append([item] if item.kind == "words" else [])
                written = related = False
            else:
                parts[-1].append(item)
                written = written or item.kind == "text"
                related = related or item.kind in RELATING
        return [part for part in parts if part]

    def _begins(self, item: Item, after: Item | None, before: str, between_relations: bool) -> bool:
        """Whether something else begins after the separator. `before`: the kind of the item before it."""
        if item.kind in ("comma", "words"):
            return True
        if after is None or before in RELATING | {"unjudged"} or after.kind != "text" or self._sign_ahead(after):
            return False
        # an even & of align begins another equation: both sides of it are written out
        return item.kind == "space" or (between_relations and before == "text")

    def _sign_ahead(self, item: Item) -> bool:
        tokens = tokens_of(self.body.text[item.start : item.end].lstrip()[:30])
        return bool(tokens) and tokens[0].text in SIGNS_AHEAD

    def _part(self, part: list[Item], fresh: bool) -> None:
        """One part of a row: it goes on with the statement, or begins one. `fresh`: nothing before it in this row or formula."""
        words = " ".join(self.body.text[item.start : item.end] for item in part if item.kind == "words")
        cells = [item for item in part if item.kind not in ("space", "comma", "words")]
        written = [item for item in cells if item.kind != "cell"]
        related = [item for item in written if item.kind in RELATING | {"unjudged"}]
        plain = _words_of(words)
        if not written:
            self.remark = plain or self.remark
            return
        ahead = written[0].kind == "text" and self._sign_ahead(written[0])
        if written[0].kind == "text" and related:
            if self._is_range(written) or plain.split(" ")[0] in ("for", "if", "when", "unless") or plain.endswith(" if"):
                self._restrict(plain, written)
                return
            led = ahead and cells and cells[0].kind == "cell" and bool(self.sides or self.pieces)
            led = led or HALF.match(self.body.text, written[0].start) is not None
            if self.pieces or self.sides:
                waiting = not self.pieces and bool(self.relation)
                if not waiting and not led and not (ahead and written[0].kind == "text" and not fresh and self._plus(written[0])):
                    self._close()
            if plain:
                self.remark = plain
        elif not related:
            if (fresh and (self.sides or self.pieces) and not ahead) or (plain and (self.sides or self.pieces)):
                self._restrict(plain, written)
                return
            if plain:
                self.remark = plain
        for item in written:
            self._take(item)

    def _plus(self, item: Item) -> bool:
        return self.body.text[item.start : item.end].lstrip()[:1] != "-"

    def _is_range(self, written: list[Item]) -> bool:
        r"""i = 1, \dots, n: no equation but what an index runs over."""
        if RANGE.fullmatch(self.body.text, written[0].start, written[-1].end):
            return bool(self.sides or self.pieces)
        left = self.body.text[written[0].start : written[0].end]
        if not re.fullmatch(r"\s*(?:\\forall\s*)?[a-zA-Z](?:\s*)", left):
            return False
        right = self.body.text[written[-1].start : written[-1].end].strip()
        return (
            written[-1].kind == "text"
            and bool(re.match(r"[01]\s*(?:$|,|\\[lc]?dots|\.\.)", right))
            and bool(self.sides or self.pieces)
        )

    def _restrict(self, words: str, written: list[Item]) -> None:
        """A condition after an equation; what only says that an index runs over all its values is no condition."""
        text = self.body.text[written[0].start : written[-1].end].strip()
        said = f"{words} {text}".strip()
        if re.search(r"\\ne\b|\\neq|\\not|<|>|\\le|\\ge|=", text) and not re.match(
            r"(?:\\forall\s*)?\w\s*(?:=\s*[01]\s*$|=\s*[01]\s*(?:,|\\[lc]?dots|\.\.))|" + RANGE.pattern + "$", text
        ):
            self.condition = self.condition or said

    def _take(self, item: Item) -> None:
        if item.kind == "text":
            self.pieces.append(self.body.cut(item.start, item.end))
        elif item.kind == "unjudged":
            self._side()
            self._finish(unjudged=item.text.strip())
            self.relation = ""
        elif item.kind != "cell":
            if not self.pieces and not self.sides:
                self.goes_on = True
            self._side()
            self.relation = "=:" if item.kind == "naming" else "="
            self.defining = self.defining or item.kind == "defining"

    def _side(self) -> None:
        body = _clean(joined(self.pieces)) if self.pieces else None
        self.pieces = []
        if body is not None and body.text:
            self.sides.append(Side(body, self.relation))

    def _close(self) -> None:
        waiting = bool(self.relation) and not self.pieces
        self._side()
        self._finish(waiting=waiting)
        self.relation = ""

    def _finish(self, unjudged: str = "", waiting: bool = False) -> None:
        if self.sides:
            self.done.append(
                Statement(
                    tuple(self.sides),
                    self.goes_on,
                    self.defining,
                    self.remark,
                    self.condition,
                    unjudged,
                    self.formula,
                    self.inline,
                    open=waiting,
                )
            )
        self.sides = []
        self.defining = self.goes_on = False
        self.remark = self.condition = ""


def _words_of(text: str) -> str:
    return " ".join(re.sub(r"\\[A-Za-z]+\*?|[{}]", " ", text).split())


EDGES = frozenset({",", ".", ";", ":"}) | THIN | SPACES
QED = frozenset({r"\square", r"\Box", r"\blacksquare", r"\qedsymbol"})


def _clean(body: Mapped) -> Mapped:
    """Without thin spaces and punctuation at the ends; runs of blanks and line ends as one blank."""
    body = body.replaced([(m.start(), m.end(), " ") for m in re.finditer(r"\s{2,}|\n", body.text)]).stripped()
    while True:
        if re.search(r"(?<!\\)(?:\\\\)*\\$", body.text):  # what is left of a "\\ "
            body = body.cut(0, len(body.text) - 1).stripped()
        tokens = tokens_of(body.text)
        if tokens and (tokens[-1].text in EDGES | QED or (tokens[-1].text == "." and not body.text[-2:-1].isdigit())):
            if tokens[-1].text == "." and len(tokens) > 1 and tokens[-2].text in (r"\right", r"\left"):
                return body
            body = body.cut(0, tokens[-1].start).stripped()
        elif tokens and tokens[0].text in EDGES:
            body = body.cut(tokens[0].end, len(body.text)).stripped()
        else:
            return body
