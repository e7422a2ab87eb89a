"""Looking ahead in raw tokens: where a group, a primary, the operand of a function ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from lark import Token as Out

from tensorderiv.language import lexicon
from tensorderiv.language.source import Source
from tensorderiv.language.tokens import Token

OPENING = {"LPAR": "RPAR", "[": "]", "LBRK": "]", "SUBOPEN": "SUBCLOSE", "LBAR": "RBAR", "LNORM": "RNORM", "BEGIN": "END"}
CLOSING = {"RPAR", "]", "SUBCLOSE", "RBAR", "RNORM", "END"}
ENDS_PRODUCT = frozenset(
    {"PLUS", "MINUS", "COMMA", "COLON", "=", "<", ">", "AND", "OR", "AMP", "ROW", ":", "IFWORD", "OTHERWISE"}
)
PLAIN = frozenset("NUMBER NAME PLUS MINUS STAR SLASH CDOT ODOT OSLASH DOT COMMA COLON AND OR NOT SLICE".split())
OPERANDS = frozenset(
    {"NAME", "NUMBER", "RPAR", "RBAR", "RNORM", "RANGLE", "RIV", "SUBCLOSE", "TRANSPOSE", "POSPART", "END", "SLICE"}
)


BEFORE_OPERANDS = frozenset({"tr", "Tr", "trace", "det", "logdet"})
"""Functions of a matrix that need no parentheses around a name."""
ARRAY_CALLS = frozenset({"softmax", "diag"})
"""Functions whose value is never a number: what stands in brackets right behind them are indices."""
MATRIX_WORDS = BEFORE_OPERANDS | {"inv", "diag"}


@dataclass(frozen=True)
class Known:
    """What the whole text says about names, before anything is elaborated."""

    defined: frozenset[str] = frozenset()  # declared, or on a left-hand side
    subscripted: frozenset[str] = frozenset()  # used with subscripts somewhere
    bare: frozenset[str] = frozenset()  # used without subscripts and without a parenthesis
    functions: frozenset[str] = frozenset()  # defined on arguments: D(x, y) = ...
    arrays: frozenset[str] = frozenset()  # known to have indices, so that no power is taken to them

    @property
    def tensors(self) -> frozenset[str]:
        return self.defined | self.subscripted


@dataclass
class Frame:
    """An open bracket: its closing kind, and whether a comparison may stand in it."""

    closing: str
    kind: str
    condition: bool
    token: Token
    out: int  # where the opening token stands in the output
    call: str = ""


@dataclass
class Ahead:
    """The tokens of one side, and questions about them."""

    source: Source
    known: Known
    tokens: list[Token]
    notes: list[str] = field(default_factory=list)
    out: list[Out] = field(default_factory=list)
    stack: list[Frame] = field(default_factory=list)
    operand: bool = False  # whether the last token ended an operand
    bold: set[int] = field(default_factory=set)

    def kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def is_reduction(self, at: int) -> bool:
        token = self.tokens[at] if at < len(self.tokens) else None
        return token is not None and token.kind == "NAME" and token.text in lexicon.REDUCTIONS and self.kind(at + 1) == "SUBOPEN"

    def is_function(self, at: int) -> bool:
        """Whether the name at `at` is applied as a function."""
        if self.kind(at) != "NAME" or self.is_reduction(at):
            return False
        name = self.tokens[at].text
        if name in self.known.functions and self.kind(at + 1) == "LPAR":
            return True
        if name in MATRIX_WORDS:
            follows = ("LPAR", "NAME", "[") if name in BEFORE_OPERANDS else ("LPAR",)
            return name not in self.known.tensors and self.kind(at + 1) in follows
        if name in ("if", "diff") or (
            name in lexicon.FUNCTION_NAMES and self.kind(at + 1) == "LPAR" and name not in self.known.tensors
        ):
            return self.kind(at + 1) == "LPAR"
        return name in lexicon.FUNCTION_NAMES and name not in self.known.tensors and name not in ("dot", "norm", "power", "root")

    def is_transpose(self, at: int) -> bool:
        r"""Whether ^T, ^{T}, ^\top stands at `at`."""
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if after is None or "T" in self.known.defined - self.known.arrays:
            return False
        if after.kind == "NAME" and after.text == "T":
            return True
        inner = self.tokens[at + 1 : at + 4]
        return [token.kind for token in inner] == ["LPAR", "NAME", "RPAR"] and inner[1].text == "T"

    def glued(self, at: int) -> bool:
        """Whether a parenthesis follows a name without space: log a(b + c)."""
        return self.kind(at) == "LPAR" and self.kind(at - 1) == "NAME" and not self.tokens[at].spaced

    def group_end(self, at: int) -> int:
        """The position after the bracket group that opens at `at`."""
        level, start = 0, at
        while at < len(self.tokens):
            kind = self.kind(at)
            if kind in OPENING:
                level += 1
            elif kind in CLOSING:
                level -= 1
                if level == 0:
                    return at + 1
            at += 1
        opened = self.tokens[start]
        raise self.source.problem(f"this {opened.text or 'bracket'} is never closed", opened.start, opened.end, "close it")

    def head_end(self, at: int) -> int:
        """After a function name, its subscript and its exponent."""
        at += 1
        if self.kind(at) == "SUBOPEN":
            at = self.group_end(at)
        if self.kind(at) == "POW":
            at = self.exponent_end(at + 1)
        if self.kind(at) == "SUBOPEN":
            at = self.group_end(at)
        return at

    def exponent_end(self, at: int) -> int:
        """The position after an exponent that starts at `at`: sign, one primary, no further power for functions."""
        while self.kind(at) in ("MINUS", "PLUS"):
            at += 1
        if self.kind(at) in ("LPAR", "NUMBER", "NAME"):
            return self.group_end(at) if self.kind(at) == "LPAR" else at + 1
        return at

    def primary_end(self, at: int) -> int:
        """The position after one primary with its subscripts and powers; `at` itself when none starts there."""
        start, kind = at, self.kind(at)
        if kind == "NAME" and self.is_function(at):
            at = self.head_end(at)
            at = self.group_end(at) if self.kind(at) == "LPAR" else self.operand_end(at)
            taken = self.kind(at) == "[" and not self.tokens[at].spaced and self.tokens[start].text in ARRAY_CALLS
            at = self.group_end(at) if self.kind(at) == "SUBOPEN" or taken else at
        elif kind in ("NAME", "NUMBER"):
            at += 1
            while self.kind(at) == "SUBOPEN" or (self.kind(at) == "[" and not self.tokens[at].spaced):
                at = self.group_end(at)
        elif kind == "FRAC":
            at = self.group_end(self.group_end(at + 1))
        elif kind in OPENING:
            at = self.group_end(at)
            if self.kind(at) == "SUBOPEN":
                at = self.group_end(at)
        elif kind in ("BAR", "NORM", "LANGLE"):
            closing = "RANGLE" if kind == "LANGLE" else kind
            at += 1
            while at < len(self.tokens) and self.kind(at) != closing:
                at = self.group_end(at) if self.kind(at) in OPENING else at + 1
            at += 1
            if self.kind(at) == "SUBOPEN":
                at = self.group_end(at)
        if at > start and self.kind(at) == "POW":
            at += 1
            while self.kind(at) in ("MINUS", "PLUS"):
                at += 1
            at = self.primary_end(at)
        return at

    def operand_end(self, at: int) -> int:
        """The position after the operand of a function written without parentheses."""
        while self.kind(at) in ("MINUS", "PLUS"):
            at += 1
        if self.is_reduction(at):
            previous = ""
            while at < len(self.tokens):
                kind = self.kind(at)
                if (
                    kind in CLOSING
                    or (kind in ENDS_PRODUCT and previous not in ("STAR", "SLASH", "CDOT", "RANGE"))
                    or kind.startswith("CMP")
                ):
                    break
                if kind in ("BAR", "NORM") and (previous in OPERANDS or previous == "]"):
                    break
                if kind in ("BAR", "NORM"):
                    at, previous = self.primary_end(at), "RBAR"
                    continue
                # a sign may follow the range of a reduction, sum_j -x_j, but not an element: log sum_j x_j + 1
                previous = "RANGE" if kind == "SUBOPEN" and self.is_reduction(at - 1) else OPENING.get(kind, kind)
                at = self.group_end(at) if kind in OPENING else at + 1
            return at
        start = at
        number = self.kind(at) == "NUMBER"
        at = self.primary_end(at)
        if number:
            while self.kind(at) in ("NAME", "NUMBER", "FRAC") and not self.is_function(at) and not self.is_reduction(at):
                at = self.primary_end(at)
        elif (
            self.kind(start) == "NAME"
            and (self.kind(at) in ("NAME", "NUMBER") or self.glued(at))
            and not self.is_function(at)
            and not self.is_reduction(at)
            and not self.is_function(start)
        ):
            raise self.source.problem(
                "how far this function reaches is not clear",
                self.tokens[start].start,
                self.tokens[at].end,
                "put its argument in parentheses",
            )
        return at
