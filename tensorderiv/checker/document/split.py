r"""A formula cut into statements: chains of sides between relations, at the top level.

    D_{ij} &= a \\ &= b, \qquad C = c     ->     D_{ij} = a = b     and     C = c

A row that begins with = goes on with the chain; so does one that begins with + or has no relation at all. An arrow of implication
begins another statement. Sides joined by \approx, \le, \propto, ... are kept apart: that step is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tensorderiv.checker.document.lex import Token, closing, partners, tokens_of
from tensorderiv.checker.document.mapped import Mapped, joined

EQUALS = frozenset({"=", r"\equiv", r"\doteq", r"\eq"})
DEFINING = frozenset({":=", r"\coloneqq", r"\triangleq", r"\colonequals", r"\stackrel", "=:", r"\defeq", r"\eqdef"})
UNJUDGED = frozenset(
    r"\approx \simeq \sim \cong \le \leq \leqslant \ge \geq \geqslant \lesssim \gtrsim < > \lt \gt \ll \gg \propto \to \rightarrow"
    r" \longrightarrow \mapsto \longmapsto \leftarrow \gets \in \ni \notin \ne \neq \subset \subseteq \succ \prec \succeq \preceq"
    r" \asymp \leadsto".split()
)
ARROWS = frozenset(
    r"\implies \Rightarrow \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \impliedby \Leftarrow \therefore \because"
    r" \leftrightarrow".split()
)
SPACES = frozenset({r"\quad", r"\qquad"})
THIN = frozenset({r"\,", r"\;", r"\:", r"\!", r"\ ", "~", r"\>"})
STACKED = frozenset({r"\stackrel", r"\overset", r"\underset", r"\stackbin"})
DROPPED = frozenset({r"\nonumber", r"\notag", r"\displaystyle", r"\allowdisplaybreaks", r"\noindent", r"\hfill", r"\break", r"\limits"[:0]})
WITH_ARGUMENT = frozenset({r"\label", r"\tag", r"\tag*", r"\hspace", r"\hspace*", r"\vspace", r"\eqno", r"\mathllap", r"\phantom", r"\hphantom"})
REMARKS = frozenset({r"\text", r"\textrm", r"\textit", r"\mbox", r"\hbox", r"\intertext", r"\textbf", r"\shortintertext", r"\textsf"})
TRANSPARENT = frozenset(
    "align aligned alignat alignedat flalign equation gather gathered split eqnarray multline displaymath math dmath eqalign IEEEeqnarray"
    " subequations center".split()
)
ROWS = frozenset({r"\\", r"\cr", r"\newline", r"\tabularnewline"})
SIGNS_AHEAD = frozenset({"+", "-", r"\cdot", r"\times", "*", "/", r"\pm", r"\mp", r"\odot", r"\circ", r"\otimes", ":"})
WORDS = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Side:
    """One side of a relation: its LaTeX as written, and the sign before it ("" for the first side)."""

    body: Mapped
    relation: str = ""

    @property
    def text(self) -> str:
        return self.body.text


@dataclass(frozen=True)
class Statement:
    """A chain of sides. `goes_on`: it began with a relation, so its first side is the last one of the statement before.

    `condition` is what the row restricts it to (for i \\neq j); `remark` the words before it in the formula; `defining`: joined by
    := or a stacked sign; `unjudged`: the relation that ended it, where that is not an equality.
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


@dataclass(frozen=True)
class _Item:
    """A stretch of tokens between separators, or a separator: kind is text, equal, defining, unjudged, arrow, row, cell, comma, space
    or words."""

    kind: str
    start: int
    end: int
    text: str = ""


def statements(body: Mapped, formula: int = 0, inline: bool = False) -> list[Statement]:
    r"""The statements of a formula.

    >>> [[side.text for side in s.sides] for s in statements(Mapped.of(r"A &= (b = c) \\ &= d, \quad C = \sum_{i=1} e"))]
    [['A', '(b = c)', 'd'], ['C', '\\sum_{i=1} e']]
    """
    return _Assembly(body, _items(body.text), formula, inline).run()


def _items(text: str) -> list[_Item]:
    """The top level of a formula, separators told apart."""
    tokens = tokens_of(text)
    pair = partners(tokens)
    found: list[_Item] = []
    begun: int | None = None
    at = 0

    def flush(place: int) -> None:
        nonlocal begun
        if begun is not None and text[begun:place].strip():
            found.append(_Item("text", begun, place))
        begun = None

    while at < len(tokens):
        token = tokens[at]
        kind, after = _separator(tokens, pair, at)
        if kind is None:
            if begun is None:
                begun = token.start
            at = max(after, at + 1)
            continue
        flush(token.start)
        end = tokens[min(after, len(tokens)) - 1].end
        if kind != "dropped":
            found.append(_Item(kind, token.start, end, text[token.start : end]))
        at = after
    flush(len(text))
    return found


def _separator(tokens: Sequence[Token], pair: Sequence[int], at: int) -> tuple[str | None, int]:
    """What separates here, and the place after it; None: nothing, go on after that place."""
    token = tokens[at]
    text = token.text
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if text in (r"\begin", r"\end"):
        return _environment(tokens, pair, at)
    if text == r"\eqalign" and following == "{":
        return "dropped", at + 2
    if text in ("{", r"\left", "(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil", r"\lbrace") and pair[at] > at:
        return None, pair[at] + 1
    if text == "}" and pair[at] < 0:
        return "dropped", at + 1
    if text == "}":  # the end of \eqalign{
        return "dropped", at + 1
    if text in DROPPED:
        return "dropped", at + 1
    if text in WITH_ARGUMENT:
        return "dropped", _argument(tokens, at + 1)
    if text in REMARKS:
        after = _argument(tokens, at + 1)
        inner = "".join(piece.text for piece in tokens[at + 1 : after]).strip("{} ")
        wordy = " " in inner or inner.lower() in LINKS or text in (r"\intertext", r"\shortintertext")
        glued = after < len(tokens) and tokens[after].text in ("_", "^", "(", "{")
        return ("words" if wordy and not glued else None), after
    if text in STACKED:
        return _stacked(tokens, at)
    if text in ROWS:
        after = at + 1
        if after < len(tokens) and tokens[after].text == "[" and pair[after] > after:  # \\[4pt]
            inner = "".join(piece.text for piece in tokens[after + 1 : pair[after]])
            after = pair[after] + 1 if re.fullmatch(r"\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*", inner) else after
        return "row", after
    if text == ":" and following == "=":
        return "defining", at + 2
    if text == "=":
        return ("defining", at + 2) if following == ":" else ("equal", at + 1)
    if text in EQUALS:
        return "equal", at + 1
    if text in DEFINING:
        return "defining", at + 1
    if text in ARROWS:
        return "arrow", at + 1
    if text == r"\not":
        return "unjudged", at + 2
    if text in UNJUDGED:
        return "unjudged", at + 1
    if text == "&":
        return "cell", at + 1
    if text in (",", ";"):
        return "comma", at + 1
    if text in SPACES:
        return "space", at + 1
    if text == r"\right":
        return None, at + 2
    return None, at + 1


LINKS = frozenset({"and", "where", "with", "for", "if", "so", "thus", "hence", "or", "then", "when", "otherwise", "since", "but", "as", "i.e."})


def _environment(tokens: Sequence[Token], pair: Sequence[int], at: int) -> tuple[str | None, int]:
    after = _argument(tokens, at + 1)
    name = "".join(piece.text for piece in tokens[at + 1 : after]).strip("{} *")
    clear = name in TRANSPARENT or (name == "array" and not _fenced(tokens, pair, at))
    if not clear:
        if tokens[at].text == r"\begin" and pair[at] > at:
            return None, _argument(tokens, pair[at] + 1)
        return None, after
    if tokens[at].text == r"\begin":
        if after < len(tokens) and tokens[after].text == "[" and pair[after] > after:
            after = pair[after] + 1
        if name in ("array", "alignat", "alignedat") and after < len(tokens) and tokens[after].text == "{":
            after = _argument(tokens, after)
    return "dropped", after


def _fenced(tokens: Sequence[Token], pair: Sequence[int], at: int) -> bool:
    """Whether an array stands in brackets, as a matrix does."""
    begun = at if tokens[at].text == r"\begin" else pair[at]
    before = begun - 1
    while before >= 0 and tokens[before].blank:
        before -= 1
    return before >= 0 and (tokens[before].text in ("(", "[", "|", r"\{", r"\|") or (before > 0 and tokens[before - 1].text == r"\left"))


def _argument(tokens: Sequence[Token], at: int) -> int:
    """The place after the argument that begins at `at`, blanks before it skipped."""
    while at < len(tokens) and tokens[at].blank:
        at += 1
    if at < len(tokens) and tokens[at].text == "{":
        end = closing(tokens, at)
        return len(tokens) if end is None else end + 1
    return min(at + 1, len(tokens))


def _stacked(tokens: Sequence[Token], at: int) -> tuple[str | None, int]:
    r"""\stackrel{!}{=}, \overset{\text{def}}{=}, \underset{..}{=}: the second argument is the relation."""
    first = _argument(tokens, at + 1)
    second = _argument(tokens, first)
    above = "".join(piece.text for piece in tokens[at + 1 : first])
    sign = "".join(piece.text for piece in tokens[first:second]).strip("{} ")
    if sign not in EQUALS | UNJUDGED | ARROWS:
        return None, second
    if sign in UNJUDGED or "!" in above or "?" in above:
        return "unjudged", second
    if sign in ARROWS:
        return "arrow", second
    return ("defining" if re.search(r"def|\\triangle|Delta|:", above) else "equal"), second


@dataclass
class _Assembly:
    """Items in order -> statements."""

    body: Mapped
    items: list[_Item]
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

    def _rows(self) -> list[list[_Item]]:
        rows: list[list[_Item]] = [[]]
        for item in self.items:
            if item.kind in ("row", "arrow"):
                rows.append([_Item("arrow", item.start, item.end)] if item.kind == "arrow" else [])
            else:
                rows[-1].append(item)
        return rows

    def _row(self, row: list[_Item], first: bool) -> None:
        fresh = first
        if row and row[0].kind == "arrow":
            self._close()
            row, fresh = row[1:], True
        for number, part in enumerate(self._parts(row)):
            self._part(part, fresh or number > 0)

    def _parts(self, row: list[_Item]) -> list[list[_Item]]:
        """The row cut at commas and wide spaces where equations of their own begin."""
        parts: list[list[_Item]] = [[]]
        for number, item in enumerate(row):
            if item.kind in ("comma", "space", "words", "cell") and self._begins(row, number, parts[-1]):
                parts.append([item] if item.kind == "words" else [])
            else:
                parts[-1].append(item)
        return [part for part in parts if part]

    def _begins(self, row: list[_Item], at: int, part: list[_Item]) -> bool:
        """Whether something else begins after the separator."""
        item = row[at]
        written = any(piece.kind == "text" for piece in part)
        if not written:
            return False
        if item.kind in ("comma", "words"):
            return True
        after = next((piece for piece in row[at + 1 :] if piece.kind != "space"), None)
        if after is None or part[-1].kind in ("equal", "defining", "unjudged"):
            return False
        if item.kind == "space":
            return after.kind == "text" and not self._sign_ahead(after)
        # an even & of align begins another equation: both sides of it are written out
        related = any(piece.kind in ("equal", "defining") for piece in part)
        later = any(piece.kind in ("equal", "defining") for piece in row[at + 1 :])
        return related and later and after.kind == "text" and part[-1].kind == "text" and not self._sign_ahead(after)

    def _sign_ahead(self, item: _Item) -> bool:
        tokens = tokens_of(self.body.text[item.start : item.end].lstrip()[:30])
        return bool(tokens) and tokens[0].text in SIGNS_AHEAD

    def _part(self, part: list[_Item], fresh: bool) -> None:
        """One part of a row: it goes on with the statement, or begins one. `fresh`: nothing before it in this row or formula."""
        words = " ".join(self.body.text[item.start : item.end] for item in part if item.kind == "words")
        cells = [item for item in part if item.kind not in ("space", "comma", "words")]
        written = [item for item in cells if item.kind != "cell"]
        related = [item for item in written if item.kind in ("equal", "defining", "unjudged")]
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

    def _plus(self, item: _Item) -> bool:
        return self.body.text[item.start : item.end].lstrip()[:1] != "-"

    def _is_range(self, written: list[_Item]) -> bool:
        r"""i = 1, \dots, n: no equation but what an index runs over."""
        left = self.body.text[written[0].start : written[0].end]
        if not re.fullmatch(r"\s*(?:\\forall\s*)?[a-zA-Z](?:\s*)", left):
            return False
        right = self.body.text[written[-1].start : written[-1].end].strip()
        return written[-1].kind == "text" and bool(re.match(r"[01]\s*(?:$|,|\\[lc]?dots|\.\.)", right)) and bool(self.sides or self.pieces)

    def _restrict(self, words: str, written: list[_Item]) -> None:
        """A condition after an equation; what only says that an index runs over all its values is no condition."""
        text = self.body.text[written[0].start : written[-1].end].strip()
        said = f"{words} {text}".strip()
        if re.search(r"\\ne\b|\\neq|\\not|<|>|\\le|\\ge|=", text) and not re.match(
            r"(?:\\forall\s*)?\w\s*(?:=\s*[01]\s*$|=\s*[01]\s*(?:,|\\[lc]?dots|\.\.))", text
        ):
            self.condition = self.condition or said

    def _take(self, item: _Item) -> None:
        if item.kind == "text":
            self.pieces.append(self.body.cut(item.start, item.end))
        elif item.kind == "cell":
            pass
        elif item.kind == "unjudged":
            self._side()
            self._finish(unjudged=item.text.strip())
            self.relation = ""
        else:
            if not self.pieces and not self.sides and not self.done_in_formula():
                self.goes_on = True
            elif not self.pieces and not self.sides:
                self.goes_on = True
            self._side()
            self.relation = "="
            self.defining = self.defining or item.kind == "defining"

    def done_in_formula(self) -> bool:
        return bool(self.done)

    def _side(self) -> None:
        body = _clean(joined(self.pieces)) if self.pieces else None
        self.pieces = []
        if body is not None and body.text:
            self.sides.append(Side(body, self.relation))

    def _close(self) -> None:
        self._side()
        self._finish()
        self.relation = ""

    def _finish(self, unjudged: str = "") -> None:
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
                )
            )
        self.sides = []
        self.defining = self.goes_on = False
        self.remark = self.condition = ""


def _words_of(text: str) -> str:
    return " ".join(re.sub(r"\\[A-Za-z]+\*?|[{}]", " ", text).split())


EDGES = frozenset({",", ".", ";", ":"}) | THIN | SPACES


def _clean(body: Mapped) -> Mapped:
    """Without thin spaces and punctuation at the ends; runs of blanks and line ends as one blank."""
    body = body.replaced([(m.start(), m.end(), " ") for m in re.finditer(r"\s{2,}|\n", body.text)]).stripped()
    while True:
        if re.search(r"(?<!\\)(?:\\\\)*\\$", body.text):  # what is left of a "\\ "
            body = body.cut(0, len(body.text) - 1).stripped()
        tokens = tokens_of(body.text)
        if tokens and (tokens[-1].text in EDGES or (tokens[-1].text == "." and not body.text[-2:-1].isdigit())):
            if tokens[-1].text == "." and len(tokens) > 1 and tokens[-2].text in (r"\right", r"\left"):
                return body
            body = body.cut(0, tokens[-1].start).stripped()
        elif tokens and tokens[0].text in EDGES:
            body = body.cut(tokens[0].end, len(body.text)).stripped()
        else:
            return body


def joined_chains(found: Sequence[Statement]) -> list[Statement]:
    """A statement that begins with a relation goes on with the one before, over prose and the ends of formulas."""
    chains: list[Statement] = []
    for statement in found:
        if statement.goes_on and chains and not chains[-1].unjudged and (not statement.inline or chains[-1].inline):
            last = chains[-1]
            chains[-1] = replace(
                last,
                sides=last.sides + statement.sides,
                condition=last.condition or statement.condition,
                unjudged=statement.unjudged,
            )
        else:
            chains.append(statement)
    return chains
