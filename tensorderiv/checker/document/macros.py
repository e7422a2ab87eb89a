r"""Macros of the author, expanded where they are used: \def, \newcommand, \DeclareMathOperator and their kin, in the order of the
document, as TeX does it.

>>> expanded(Mapped.of(r"\def\d{\delta}\newcommand{\g}[2]{\frac{\partial #1}{\partial #2}}$\g{X}{Y} = \d_{ik}$")).text
'  $\\frac{\\partial X}{\\partial Y} = \\delta_{ik}$'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tensorderiv.checker.document.lex import tokens_of
from tensorderiv.checker.document.mapped import Mapped, joined
from tensorderiv.errors import Place, SyntaxProblem

DEFINING = frozenset(
    {
        r"\newcommand",
        r"\renewcommand",
        r"\providecommand",
        r"\DeclareRobustCommand",
        r"\newcommand*",
        r"\renewcommand*",
        r"\providecommand*",
    }
)
OPERATORS = frozenset({r"\DeclareMathOperator", r"\DeclareMathOperator*"})
DOCUMENTED = frozenset({r"\NewDocumentCommand", r"\RenewDocumentCommand", r"\DeclareDocumentCommand", r"\ProvideDocumentCommand"})
LIMIT = 20
"""The expanded text has at most this many characters for one of the document, and 20,000 more."""


@dataclass(frozen=True)
class Macro:
    """A macro: its body holds #1, #2, ...; `default`: what stands for #1 where it is left out in [ ]."""

    body: tuple[str, ...]
    arity: int = 0
    default: tuple[str, ...] | None = None


Piece = tuple[str, tuple[int, ...]]
"""A token with the places of its characters in the source."""


def expanded(document: Mapped) -> Mapped:
    """The document with its macros expanded and their definitions taken out.

    Raises SyntaxProblem where macros call each other without end.
    """
    if "\\" not in document.text:
        return document
    if not re.search(
        r"\\(?:def|let|(?:re)?newcommand|providecommand|Declare\w+|\w*DocumentCommand|gdef|edef)(?![a-z])", document.text
    ):
        return document
    return _Expansion(document).run()


class _Expansion:
    def __init__(self, document: Mapped) -> None:
        self.document = document
        pieces = [(token.text, document.origin[token.start : token.end]) for token in tokens_of(document.text)]
        self.waiting: list[Piece] = pieces[::-1]
        self.macros: dict[str, Macro] = {}
        self.last = -1
        self.allowance = LIMIT * len(document.text) + 20_000

    def run(self) -> Mapped:
        out: list[Mapped] = []
        while self.waiting:
            text, origin = self.waiting.pop()
            if text == r"\def" or text == r"\gdef" or text == r"\edef":
                if self._def():
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text in DEFINING:
                if self._newcommand():
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text in OPERATORS:
                if self._operator(text.endswith("*")):
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text in DOCUMENTED:
                if self._documented():
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text == r"\DeclarePairedDelimiter":
                if self._delimiter():
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text == r"\let":
                if self._let():
                    out.append(Mapped(" ", origin[:1]))
                    continue
            elif text in self.macros:
                self._call(text, origin)
                continue
            if out and text[:1].isalpha() and re.search(r"\\[A-Za-z]+$", out[-1].text):
                out.append(Mapped(" ", origin[:1]))
            out.append(Mapped(text, origin))
        return joined(out)

    def _blanks(self) -> None:
        while self.waiting and not self.waiting[-1][0].strip():
            self.waiting.pop()

    def _next(self) -> str:
        self._blanks()
        return self.waiting[-1][0] if self.waiting else ""

    def _argument(self) -> list[Piece]:
        """One token, or what stands in braces."""
        self._blanks()
        if not self.waiting:
            return []
        piece = self.waiting.pop()
        if piece[0] != "{":
            if piece[0].isdigit() and len(piece[0]) > 1:  # TeX takes one digit
                self.waiting.append((piece[0][1:], piece[1][1:]))
                return [(piece[0][0], piece[1][:1])]
            return [piece]
        return self._until("}", "{")

    def _until(self, closing: str, opening: str) -> list[Piece]:
        found: list[Piece] = []
        level = 1
        while self.waiting:
            piece = self.waiting.pop()
            self.last = piece[1][-1] if piece[1] else self.last
            level += (piece[0] == opening) - (piece[0] == closing)
            if level == 0:
                break
            found.append(piece)
        return found

    def _option(self) -> list[Piece] | None:
        if self._next() != "[":
            return None
        self.waiting.pop()
        return self._until("]", "[")

    def _name(self) -> str:
        inner = [text for text, _ in self._argument() if text.strip()]
        return inner[0] if len(inner) == 1 and inner[0].startswith("\\") else ""

    def _keep(self, name: str, body: list[Piece], arity: int, default: list[Piece] | None = None) -> bool:
        if name:
            parts = tuple(text for text, _ in body)
            self.macros[name] = Macro(parts, arity, None if default is None else tuple(text for text, _ in default))
        return True

    def _def(self) -> bool:
        name = self._next()
        if not name.startswith("\\"):
            return False
        self.waiting.pop()
        arity = 0
        while self.waiting and self.waiting[-1][0] != "{":
            text = self.waiting.pop()[0]
            arity += text == "#"
            if text == "$" or len(self.waiting) == 0:
                return True
        return self._keep(name, self._argument(), arity)

    def _newcommand(self) -> bool:
        name = self._name()
        count = self._option()
        digits = "".join(text for text, _ in count or []).strip()
        default = self._option() if count is not None else None
        return self._keep(name, self._argument(), int(digits) if digits.isdigit() and len(digits) == 1 else 0, default)

    def _operator(self, starred: bool) -> bool:
        name = self._name()
        places = self.waiting[-1][1] if self.waiting else ()
        body = self._argument()
        words = "".join(text for text, _ in body)
        return self._keep(name, [(r"\operatorname", places), ("{", places), (words, places), ("}", places)], 0)

    def _documented(self) -> bool:
        name = self._name()
        kinds = "".join(text for text, _ in self._argument())
        return self._keep(name, self._argument(), kinds.count("m"))

    def _delimiter(self) -> bool:
        name = self._name()
        left, right = self._argument(), self._argument()
        return self._keep(name, [*left, ("#", ()), ("1", ()), *right], 1)

    def _let(self) -> bool:
        name = self._next()
        if not name.startswith("\\"):
            return False
        self.waiting.pop()
        if self._next() == "=":
            self.waiting.pop()
        target = self._argument()
        if target:
            self.macros[name] = self.macros.get(target[0][0], Macro((target[0][0],)))
        return True

    def _call(self, name: str, origin: tuple[int, ...]) -> None:
        self.last = -1
        macro = self.macros[name]
        arguments: list[list[Piece]] = []
        if not origin:
            origin = (0,)
        if macro.default is not None:
            given = self._option()
            arguments.append([(text, origin) for text in macro.default] if given is None else given)
        if macro.arity and self.waiting and self.waiting[-1][0] == "*" and name not in (r"\star",):
            self.waiting.pop()
        while len(arguments) < macro.arity:
            arguments.append(self._argument())
        made = list(_filled(macro.body, arguments, origin))
        if made:  # the call ends where its last argument ends
            made[-1] = (made[-1][0], (*made[-1][1][:-1], max(self.last, origin[-1])))
        self.allowance -= sum(len(text) for text, _ in made) + 1
        if self.allowance < 0:
            raise SyntaxProblem(
                f"the macro {name} does not come to an end",
                place=place_of(self.document.text, origin[0], len(name)),
                hint="a macro must not call itself",
            )
        self.waiting.extend(reversed(made))


def _filled(body: tuple[str, ...], arguments: list[list[Piece]], origin: tuple[int, ...]) -> Iterator[Piece]:
    """The body with its arguments in their places; its own tokens stand where the macro was called."""
    at = 0
    while at < len(body):
        text = body[at]
        number = body[at + 1] if at + 1 < len(body) else ""
        if text == "#" and number[:1].isdigit():
            place = int(number[0])
            if 0 < place <= len(arguments):
                yield from arguments[place - 1]
            if number[1:]:
                yield number[1:], tuple(origin[:1] * len(number[1:]))
            at += 2
            continue
        yield text, tuple(origin[min(k, len(origin) - 1)] for k in range(len(text))) if origin else (0,) * len(text)
        at += 1


def place_of(source: str, offset: int, width: int = 1) -> Place:
    """Line and column of an offset."""
    before = source[:offset]
    return Place(source, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1, max(1, width))
