r"""Tokens -> nested pieces: arguments, scripts, fractions, fences and environments in their places; styles on the letters.

Braces that are nobody's argument are dissolved, since nobody sees them: `{x}_i` is `x_i`, `T^i{}_j` is `T^i_j`. Remarks under
braces are dropped.

>>> [piece.kind for piece in pieces(r"{\bf x}_i^{2}{a\over b}\underbrace{c}_{\text{remark}}")]
['symbol', 'sub', 'sup', 'fraction', 'symbol']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from tensorderiv.checker.reading.looks import (
    FRACTIONS,
    FRAMES,
    LAYOUT,
    LIMITED,
    MATRICES,
    PROSE,
    SECOND,
    SHOWN,
    SIGN_COMMANDS,
    STYLES,
    SWITCHES,
    SYMBOLS,
    WITHOUT,
    WORDS,
)
from tensorderiv.checker.reading.tidy import tidied
from tensorderiv.checker.reading.tokens import Token, tokens
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.language.lexicon import ACCENTS

DEEPEST = 40
"""Nesting of braces and fences."""

LONGEST_NUMBER = 40
"""Digits of a number."""

Kind: TypeAlias = Literal[
    "symbol", "number", "command", "sign", "sub", "sup", "prime", "fraction", "root", "fence", "table", "word"
]  # fmt: skip


@dataclass(frozen=True)
class Piece:
    r"""`parts`: the content of scripts, of a fraction, a fence, a root (body, degree) or of the cells of a table, row by row.

    `text`: of a fence its two brackets with a space between; of a table its environment. `widths`: cells in each row.
    """

    kind: Kind
    text: str
    start: int
    end: int
    style: str = ""
    parts: tuple[tuple[Piece, ...], ...] = ()
    widths: tuple[int, ...] = ()
    glued: bool = False


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a text. Raises: Unreadable where braces do not match or are nested too deep."""
    return _Reader(text).all()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tidied(text, tokens(text))
        self.at = 0
        self.depth = 0

    def problem(self, message: str, token: Token | None = None, hint: str | None = None) -> Unreadable:
        if token is None:
            return Unreadable(self.text, len(self.text), message, hint=hint)
        return Unreadable(self.text, token.start, message, token.end, hint)

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_next(self, text: str) -> bool:
        token = self.peek()
        return token is not None and token.text == text

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise self.problem("the text ends too early")
        self.at += 1
        return token

    def all(self) -> tuple[Piece, ...]:
        found = self.run((), "")
        token = self.peek()
        if token is not None:
            raise self.problem(f"{token.text} has no beginning", token)
        return found

    def run(self, until: tuple[str, ...], style: str) -> tuple[Piece, ...]:
        """Pieces up to one of the tokens `until`, which stays, or the end."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.problem(f"nested more than {DEEPEST} deep", self.peek(), "name parts of it in definitions")
        found: list[Piece] = []
        above: list[Piece] | None = None
        while (token := self.peek()) is not None and token.text not in until and token.text not in ("}", "\\right", "\\end"):
            if token.kind == "command" and token.text[1:] in SWITCHES:
                self.take()
                style = STYLES[token.text[1:]]
            elif token.text == "\\over":
                if above is not None:
                    raise self.problem("two \\over in one group", token)
                self.take()
                above, found = found, []
            else:
                found.extend(self.one(style))
        self.depth -= 1
        if above is not None:
            return (_fraction(above, found, self.text),)
        return tuple(found)

    def one(self, style: str, *, argument: bool = False) -> tuple[Piece, ...]:
        """One token, or a command with its arguments. `argument`: as the argument of a macro, a number is its first digit."""
        token = self.take()
        if token.text == "{":
            return self.closed(token, "}", style) if argument else self.widened(token, self.closed(token, "}", style))
        if token.kind == "number":
            return self.number(token, style, argument)
        if token.kind == "letter":
            return (Piece("symbol", token.text, token.start, token.end, style, glued=token.glued),)
        if token.text in ("_", "^"):
            return self.script(token)
        if token.text == "'":
            return (Piece("prime", "'", token.start, token.end),)
        if token.kind == "command":
            return self.command(token, style)
        return (Piece("sign", token.text, token.start, token.end, glued=token.glued),)

    def widened(self, token: Token, found: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The pieces of a dissolved group or command, which begin where it began and end where it ended."""
        if not found:
            return found
        found = (replace(found[0], start=token.start, glued=token.glued), *found[1:])
        return (*found[:-1], replace(found[-1], end=self.tokens[self.at - 1].end))

    def closed(self, opening: Token, closing: str, style: str) -> tuple[Piece, ...]:
        found = self.run((closing,), style)
        if not self.is_next(closing):
            raise self.problem(f"this {opening.text} is not closed", opening)
        self.take()
        return found

    def number(self, token: Token, style: str, argument: bool) -> tuple[Piece, ...]:
        if len(token.text) > LONGEST_NUMBER:
            raise self.problem(f"a number of more than {LONGEST_NUMBER} digits", token)
        if argument and len(token.text) > 1 and token.text[0] != ".":  # \frac12, x^10 without braces: TeX takes one digit
            self.at -= 1
            self.tokens[self.at] = replace(token, text=token.text[1:], start=token.start + 1, glued=True)
            return (Piece("number", token.text[0], token.start, token.start + 1, style),)
        if style in ("mathtt", "mathbf", "mathbb"):  # styled digits are vectors of ones and the like: each its own
            return tuple(Piece("number", c, token.start + i, token.start + i + 1, style) for i, c in enumerate(token.text))
        return (Piece("number", token.text, token.start, token.end, glued=token.glued),)

    def script(self, token: Token) -> tuple[Piece, ...]:
        content = self.argument("")
        end = self.tokens[self.at - 1].end
        if token.text == "^" and content and all(p.kind == "prime" or p.text == "\\prime" for p in content):
            return tuple(Piece("prime", "'", token.start, end) for _ in content)
        return (Piece("sub" if token.text == "_" else "sup", token.text, token.start, end, parts=(content,)),)

    def argument(self, style: str) -> tuple[Piece, ...]:
        token = self.peek()
        if token is None or token.text in ("}", "\\right", "\\end", "&"):
            raise self.problem("an argument is missing here", token)
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.problem(f"nested more than {DEEPEST} deep", token, "name parts of it in definitions")
        found = self.one(style, argument=True)
        self.depth -= 1
        return found

    def raw(self) -> str:
        """The text of a braced argument, as typed."""
        opening = self.take()
        if opening.text != "{":
            return opening.text
        depth, start = 1, opening.end
        while depth:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        return self.text[start : self.tokens[self.at - 1].start]

    def command(self, token: Token, style: str) -> tuple[Piece, ...]:
        name, end = token.text[1:], token.end
        if token.text in SYMBOLS:
            return (Piece("symbol", token.text, token.start, end, "" if style == "mathrm" else style, glued=token.glued),)
        if token.text in SIGN_COMMANDS:
            return (Piece("sign", SIGN_COMMANDS[token.text], token.start, end),)
        if name in PROSE and self.is_next("{"):
            return self.prose(token)
        if name in STYLES:
            return self.widened(token, self.argument(STYLES[name] or style))
        if name in ACCENTS or name in ("ddot", "acute", "grave", "mathring"):
            return self.accented(token, style)
        if token.text in FRACTIONS:
            above, below = self.argument(style), self.argument(style)
            return (Piece("fraction", token.text, token.start, self.tokens[self.at - 1].end, parts=(above, below)),)
        if name == "sqrt":
            return self.root(token, style)
        if name == "left":
            return self.fence(token, style)
        if name == "begin":
            return self.environment(token)
        if name in SHOWN:
            content = self.argument(style)
            if self.is_next(SHOWN[name]):
                self.take()
                self.argument("")
            return self.widened(token, content)
        if name in FRAMES:
            return self.widened(token, self.argument(style))
        if name == "underset":
            below, body = self.argument(""), self.argument(style)
            is_sign = len(body) == 1 and body[0].kind == "command" and body[0].text in LIMITED
            script = (Piece("sub", "_", token.start, self.tokens[self.at - 1].end, parts=(below,)),) if is_sign else ()
            return self.widened(token, (*body, *script))
        if name in SECOND:
            self.raw()
            return self.widened(token, self.argument(style))
        if name in WITHOUT:
            if self.is_next("{"):
                self.raw()
            return ()
        return (Piece("command", token.text, token.start, end, glued=token.glued),)

    def prose(self, token: Token) -> tuple[Piece, ...]:
        r"""\text{tr}: letters; \text{if}: a word of conditions; other prose: a word."""
        at = self.at
        words = self.raw().strip()
        end = self.tokens[self.at - 1].end
        if words.lower().rstrip(",: ") in WORDS or not re.fullmatch(r"[A-Za-z]+", words):
            if re.fullmatch(r"[\\${}^_A-Za-z0-9]*", words) and words.lower() not in WORDS:
                self.at = at
                return self.widened(token, self.argument(STYLES[token.text[1:]]))
            return (Piece("word", words, token.start, end),)
        self.at = at
        return self.widened(token, self.argument(STYLES[token.text[1:]]))

    def accented(self, token: Token, style: str) -> tuple[Piece, ...]:
        accent = ACCENTS.get(token.text[1:], token.text[1:])
        content = self.argument(style)
        scripts = next((at for at, piece in enumerate(content) if piece.kind in ("sub", "sup", "prime")), len(content))
        content, behind = content[:scripts], content[scripts:]  # \hat{y_i} is \hat{y}_i
        if not content or any(piece.kind not in ("symbol", "number") for piece in content):
            raise self.problem(f"{token.text} stands over letters", token)
        if any(piece.kind not in ("sub", "sup", "prime") for piece in behind):
            raise self.problem(f"{token.text} stands over one letter", token)
        inner = "".join(piece.text for piece in content)
        end = behind[0].start if behind else self.tokens[self.at - 1].end
        return (Piece("symbol", f"\\{accent}{{{inner}}}", token.start, end, content[0].style), *behind)

    def root(self, token: Token, style: str) -> tuple[Piece, ...]:
        degree: tuple[Piece, ...] = ()
        if self.is_next("["):
            degree = self.closed(self.take(), "]", style)
        body = self.argument(style)
        return (Piece("root", token.text, token.start, self.tokens[self.at - 1].end, parts=(body, degree)),)

    def delimiter(self) -> str:
        token = self.take()
        text = SIGN_COMMANDS.get(token.text, token.text).rstrip("()") or token.text
        if text not in ("(", ")", "[", "]", "{", "}", ".", "|", "‖", "<", ">", "/", "floor"):
            raise self.problem(f"{token.text} is not a bracket", token)
        return text

    def fence(self, token: Token, style: str) -> tuple[Piece, ...]:
        opening = self.delimiter()
        content = self.run(("\\right",), style)
        if not self.is_next("\\right"):
            raise self.problem("this \\left has no \\right", token)
        self.take()
        closing = self.delimiter()
        return (Piece("fence", f"{opening} {closing}", token.start, self.tokens[self.at - 1].end, parts=(content,)),)

    def environment(self, token: Token) -> tuple[Piece, ...]:
        name = self.raw().strip().rstrip("*")
        if name in ("array", "alignat", "alignedat") and self.is_next("{"):
            self.raw()
        if name not in MATRICES | LAYOUT:
            raise self.problem(f"the environment {name} is not read", token)
        rows: list[list[tuple[Piece, ...]]] = [[]]
        while True:
            cell = self.run(("&", "\\\\", "\\cr"), "")
            if self.peek() is None:
                raise self.problem(f"\\begin{{{name}}} is not closed", token)
            rows[-1].append(cell)
            mark = self.take()
            if mark.text == "\\end":
                ended = self.raw().strip().rstrip("*")
                if ended != name:
                    raise self.problem(f"\\begin{{{name}}} ends with \\end{{{ended}}}", mark)
                break
            if mark.text in ("}", "\\right"):
                raise self.problem(f"{mark.text} has no beginning", mark)
            if mark.text != "&":
                rows.append([])
        if rows[-1] == [()]:
            rows.pop()
        cells = tuple(cell for row in rows for cell in row)
        if name in LAYOUT:
            return tuple(piece for cell in cells for piece in cell)
        end = self.tokens[self.at - 1].end
        return (Piece("table", name, token.start, end, parts=cells, widths=tuple(len(row) for row in rows)),)


def _fraction(above: list[Piece], below: list[Piece], text: str) -> Piece:
    if not above or not below:
        at = (above or below)[0].start if above or below else len(text)
        raise Unreadable(text, at, "\\over needs something above and below")
    return Piece("fraction", "\\over", above[0].start, below[-1].end, parts=(tuple(above), tuple(below)))
