r"""A formula cut at its top level: relations, rows, cells, commas, words, and the stretches of mathematics between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tensorderiv.checker.document.lex import Token, closing, partners, tokens_of

EQUALS = frozenset({"=", r"\equiv", r"\doteq", r"\eq"})
DEFINING = frozenset({":=", r"\coloneqq", r"\triangleq", r"\colonequals", r"\stackrel", r"\defeq", r"\eqdef"})
NAMING = frozenset({"=:", r"\eqqcolon", r"\equalscolon"})
"""What gives what stands before it the name that stands after it."""
UNJUDGED = frozenset(
    r"\approx \simeq \sim \cong \le \leq \leqslant \ge \geq \geqslant \lesssim \gtrsim < > \lt \gt \ll \gg \propto \to"
    r" \rightarrow \longrightarrow \mapsto \longmapsto \leftarrow \gets \in \ni \notin \ne \neq \subset \subseteq \succ \prec"
    r" \succeq \preceq \asymp \leadsto".split()
)
ARROWS = frozenset(
    r"\implies \Rightarrow \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \impliedby \Leftarrow \therefore \because"
    r" \leftrightarrow".split()
)
SPACES = frozenset({r"\quad", r"\qquad"})
THIN = frozenset({r"\,", r"\;", r"\:", r"\!", r"\ ", "~", r"\>"})
STACKED = frozenset({r"\stackrel", r"\overset", r"\underset", r"\stackbin"})
DROPPED = frozenset(
    r"\nonumber \notag \displaystyle \allowdisplaybreaks \noindent \hfill \break \qed \qedhere \QED \IEEEyesnumber \IEEEnonumber"
    r" \IEEEyessubnumber \IEEEyessubnumber* \IEEEyesnumber* \IEEEnonumber* \IEEEeqnarraynumspace \IEEEQEDhere \IEEEQED".split()
)
WITH_ARGUMENT = frozenset(
    {r"\label", r"\tag", r"\tag*", r"\hspace", r"\hspace*", r"\vspace", r"\mathllap", r"\phantom", r"\hphantom"}
)
NUMBERING = frozenset({r"\eqno", r"\leqno"})
"""What stands behind them to the end of the row is the number of the equation."""
BRACED = frozenset({r"\underbrace", r"\overbrace", r"\underbracket", r"\overbracket"})
REMARKS = frozenset(
    {r"\text", r"\textrm", r"\textit", r"\mbox", r"\hbox", r"\intertext", r"\textbf", r"\shortintertext", r"\textsf"}
)
TRANSPARENT = frozenset(
    "align aligned alignat alignedat flalign equation gather gathered split eqnarray multline displaymath math dmath eqalign"
    " IEEEeqnarray IEEEeqnarraybox subequations center".split()
)
ROWS = frozenset({r"\\", r"\cr", r"\newline", r"\tabularnewline"})
SIGNS_AHEAD = frozenset({"+", "-", r"\cdot", r"\times", "*", "/", r"\pm", r"\mp", r"\odot", r"\circ", r"\otimes", ":"})
BLANK = re.compile(r"(?:\s|~|\\[,;:!> ]|\{\s*\})*")
"""Spaces and empty braces."""


@dataclass(frozen=True)
class Item:
    """A stretch of tokens between separators, or a separator.

    `kind` is text, equal, defining, naming, unjudged, arrow, row, cell, comma, space or words.
    """

    kind: str
    start: int
    end: int
    text: str = ""


def items(text: str) -> list[Item]:
    """The top level of a formula, separators told apart."""
    tokens = tokens_of(text)
    pair = partners(tokens)
    found: list[Item] = []
    begun: int | None = None
    at = 0

    def flush(place: int) -> None:
        nonlocal begun
        if begun is not None and not BLANK.fullmatch(text, begun, place):
            found.append(Item("text", begun, place))
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
            found.append(Item(kind, token.start, end, text[token.start : end]))
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
        wordy = " " in inner or inner.lower().lstrip("(") in LINKS or text in (r"\intertext", r"\shortintertext")
        glued = after < len(tokens) and tokens[after].text in ("_", "^", "(", "{")
        return ("words" if wordy and not glued else None), after
    if text in NUMBERING:
        return "dropped", next(
            (k for k in range(at, len(tokens)) if tokens[k].text in ROWS or tokens[k].text == r"\end"), len(tokens)
        )
    if text in STACKED:
        return _stacked(tokens, at)
    if text in BRACED:
        return _braced(tokens, at)
    if text in ROWS:
        after = at + 2 if following == "*" else at + 1
        if after < len(tokens) and tokens[after].text == "[" and pair[after] > after:  # \\[4pt]
            inner = "".join(piece.text for piece in tokens[after + 1 : pair[after]])
            after = pair[after] + 1 if re.fullmatch(r"\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*", inner) else after
        return "row", after
    if text == ":" and following == "=":
        return "defining", at + 2
    if text == "=":
        return ("naming", at + 2) if following == ":" else ("equal", at + 1)
    if text in EQUALS:
        return "equal", at + 1
    if text in DEFINING or text in NAMING:
        return ("defining" if text in DEFINING else "naming"), at + 1
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


LINKS = frozenset(
    "and where with for if so thus hence or then when otherwise since but as i.e. because using by from via recall note".split()
)


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
        if (
            name in ("array", "alignat", "alignedat", "IEEEeqnarray", "IEEEeqnarraybox")
            and after < len(tokens)
            and tokens[after].text == "{"
        ):
            after = _argument(tokens, after)
    return "dropped", after


def _fenced(tokens: Sequence[Token], pair: Sequence[int], at: int) -> bool:
    """Whether an array stands in brackets, as a matrix does."""
    begun = at if tokens[at].text == r"\begin" else pair[at]
    before = begun - 1
    while before >= 0 and tokens[before].blank:
        before -= 1
    return before >= 0 and (
        tokens[before].text in ("(", "[", "|", r"\{", r"\|") or (before > 0 and tokens[before - 1].text == r"\left")
    )


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


def _braced(tokens: Sequence[Token], at: int) -> tuple[str | None, int]:
    r"""\underbrace{=}_{...}: a relation with a remark at it; anything else is mathematics."""
    after = _argument(tokens, at + 1)
    sign = "".join(piece.text for piece in tokens[at + 1 : after]).strip("{} ")
    if sign not in EQUALS:
        return None, after
    while after < len(tokens) and tokens[after].text in ("_", "^"):
        after = _argument(tokens, after + 1)
    return "equal", after
