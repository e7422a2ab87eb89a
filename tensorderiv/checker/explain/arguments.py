r"""Arguments that stand without braces, where TeX takes one token: the 1 and the a of \frac1a, the 2 of x^2.

>>> [(one.start, one.end, one.whole) for one in arguments(r"\frac1a + x^2").bare]
[(5, 6, True), (6, 7, True), (12, 13, True)]
>>> [compiles(text) for text in (r"\frac1{a b}", r"\frac1\left(a b\right)", "x^{j}^2", r"\sqrt \alpha")]
[True, False, False, True]
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tensorderiv.checker.reading.looks import FRACTIONS, FRAMES, SHOWN, STYLES, SWITCHES
from tensorderiv.checker.reading.tokens import Token, tokens
from tensorderiv.errors import TensorDerivError
from tensorderiv.language.lexicon import ACCENTS

TAKEN = (
    dict.fromkeys(FRACTIONS, 2)
    | {f"\\{name}": 1 for name in (*(STYLES.keys() - SWITCHES), *ACCENTS, *SHOWN, *FRAMES, "sqrt")}
    | {"^": 1, "_": 1}
)
"""How many arguments follow a command or a sign."""

SCRIPTS = ("^", "_")


@dataclass(frozen=True)
class Bare:
    r"""An argument without braces. `whole`: it is what TeX takes, not \left( that opens a bracket."""

    start: int
    end: int
    whole: bool


@dataclass
class Arguments:
    """The bare arguments of a text, and whether two scripts of a kind stand at one piece, as in x^{j}^2."""

    bare: list[Bare] = field(default_factory=list)
    doubled: bool = False


def arguments(text: str) -> Arguments:
    """The arguments of the commands and scripts of a text; none of a text that is not read."""
    try:
        reader = _Reader(tokens(text))
    except TensorDerivError:
        return Arguments()
    while reader.left():
        reader.run()
        reader.at += 1  # a } too many
    return reader.found


def compiles(text: str) -> bool:
    """Whether TeX takes for the arguments what was meant, and every script has a piece of its own."""
    found = arguments(text)
    return not found.doubled and all(one.whole for one in found.bare)


class _Reader:
    """Walks over the tokens, command by command."""

    def __init__(self, given: list[Token]) -> None:
        self.tokens = given
        self.at = 0
        self.found = Arguments()

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def run(self) -> None:
        """Up to the } that closes the group, or to the end."""
        scripts: set[str] = set()
        while self.left() and (text := self.tokens[self.at].text) != "}":
            if text in SCRIPTS:
                self.found.doubled |= text in scripts
                scripts.add(text)
            else:
                scripts = set()
            self.piece()

    def piece(self) -> None:
        """A group, or a token with its arguments."""
        text = self.tokens[self.at].text
        self.at += 1
        if text == "{":
            self.run()
            self.at += 1
        if text == "\\sqrt" and self.left() and self.tokens[self.at].text == "[":
            while self.left() and self.tokens[self.at].text != "]":
                self.piece()
            self.at += 1
        for _ in range(TAKEN.get(text, 0)):
            self.argument()

    def argument(self) -> None:
        if not self.left() or (token := self.tokens[self.at]).text == "}":
            return
        if token.text == "{":
            self.piece()
            return
        if token.kind == "number" and len(token.text) > 1:  # TeX takes one digit
            self.tokens[self.at] = replace(token, text=token.text[1:], start=token.start + 1)
            self.found.bare.append(Bare(token.start, token.start + 1, True))
            return
        whole = token.kind != "command" or token.text not in ("\\left", "\\begin")
        place = len(self.found.bare)
        if whole:
            self.piece()
        else:
            self.fence()
        self.found.bare.insert(place, Bare(token.start, self.tokens[min(self.at, len(self.tokens)) - 1].end, whole))

    def fence(self) -> None:
        r"""From \left to its \right and the bracket behind it."""
        depth = 0
        while self.left():
            text = self.tokens[self.at].text
            depth += (text in ("\\left", "\\begin")) - (text in ("\\right", "\\end"))
            self.piece()
            if depth == 0:
                self.at += 1
                return
