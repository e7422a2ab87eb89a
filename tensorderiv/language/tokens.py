"""Raw tokens, and the patterns that cut them."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*'*")
UNIT = re.compile(r"[A-Za-z][0-9]*'*")
RUN = re.compile(r"(?:[A-Za-z][0-9]*'*)+")
COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
COMPARISON = re.compile(r"=|<|>|!|\\(?:neq?|leq?|geq?|lt|gt|leqslant|geqslant|in)\b")
SIGNS = (
    "**",
    ".*",
    "<=",
    ">=",
    "!=",
    "==",
    ":=",
    "||",
    "&&",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "|",
    "<",
    ">",
    "=",
    "&",
    "!",
)
KINDS = {
    "**": "POW",
    ".*": "ODOT",
    "^": "POW",
    "<=": "CMP<=",
    ">=": "CMP>=",
    "!=": "CMP!=",
    "==": "CMP=",
    ":=": "=",
    "||": "NORM",
    "|": "BAR",
    "&&": "AND",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "(": "LPAR",
    ")": "RPAR",
    "{": "LPAR",
    "}": "RPAR",
    ",": "COMMA",
    ".": "DOT",
    "&": "AMP",
}
KEYWORDS = {"and": "AND", "or": "OR", "not": "NOT", "where": "WHERE"}
TEXT_WORDS = {
    "if": "IFWORD",
    "for": "IFWORD",
    "when": "IFWORD",
    "otherwise": "OTHERWISE",
    "else": "OTHERWISE",
    "where": "WHERE",
    "with": "WHERE",
    "and": "AND",
    "or": "OR",
}
OPERAND_END = frozenset({"NAME", "NUMBER", "SUBCLOSE", "]", "RPAR", "SLICE"})


@dataclass(frozen=True)
class Token:
    """A raw token with its offsets in the source text. `spaced`: white space stands before it. `note`: how it was read."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    bold: bool = False
    note: str = ""
