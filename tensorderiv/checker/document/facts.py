r"""What a document says of a name: its shape, what it is (ones, identity, a basis), what is assumed of it.

Sets (X \in \mathbb{R}^{n \times d}) are read here; what is said in words is read in `prose`, equations that state a property
(Q^T Q = I, \sum_i y_i = 1) in `properties`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.case import Assumption, Value
from tensorderiv.checker.document.uses import Use, whole_name
from tensorderiv.checker.reading.unreadable import Unreadable

REALS = (
    r"(?:\\mathbb\s*\{?R\}?|\\mathbf\s*\{?R\}?|\\R(?![a-zA-Z])|\\Reals|\\Re(?![a-z])|\{\\bf\s*R\}|\{\\mathbb\s*R\}|"
    r"\{\\rm\s*I\\!R\}|R(?![a-z])|\\mathrm\{R\})"
)
SCRIPTED = r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|[^\s{}\\])"
REAL = re.compile(rf"^{REALS}\s*(?P<scripts>(?:[_^]\s*{SCRIPTED}\s*)*)$")
SCRIPT = re.compile(rf"(?P<kind>[_^])\s*(?P<body>{SCRIPTED})")
NAMED_SET = re.compile(
    r"^(?:(?P<simplex>\\Delta|\\mathcal\{?P\}?|simplex)|(?P<sphere>S|\\mathbb\{?S\}?|\\mathcal\{?S\}?|\{\\mathbb\s*S\}|sphere))(?P<rest>.*)$"
)
INTERVAL = re.compile(
    r"^(?P<open>[\[(])\s*(?P<low>-?[\d.]+)\s*,\s*(?P<high>[\d.]+|\\infty)\s*[\])]\s*(?:\^\s*(?P<power>\{[^{}]*\}|\w))?$"
)
ORTHOGONAL = re.compile(r"^(?:S?O|\\mathrm\{S?O\})\s*\(\s*(?P<size>\w+)\s*\)$")
MATRIX_WORDS: frozenset[Assumption] = frozenset(
    {"symmetric", "antisymmetric", "positive_definite", "orthogonal", "invertible", "on_diagonal_zero"}
)
"""What is said of matrices only."""
PRIMES = "primes are transposes"
"""In the table of facts: the text says that a prime denotes the transpose."""
OPERATOR = r"\partial"
r"""In the table of facts: the name by which \partial_{kl} differentiates, as its rule."""
LABELS = re.compile(r"^\\\{\s*[01]\s*,.*\\[lc]?dots.*\\\}(?:\^\s*(?P<power>\{[^{}]*\}|\w))?$")


@dataclass(frozen=True)
class Fact:
    """What is said of a name. `letters`: the indices that it was written with; `like`: it has the shape of that name.

    `kind`: "matrix", "vector" or "number" where the word was used without sizes; `rule`: a definition that the words stand for;
    `whole`: the subscripts in the name are part of it; `alone`: it is said of no other name as well.
    """

    name: str
    letters: tuple[str, ...] = ()
    shape: tuple[Extent, ...] | None = None
    value: Value | None = None
    assume: tuple[Assumption, ...] = ()
    kind: str = ""
    like: str = ""
    rule: str = ""
    whole: bool = False
    alone: bool = False

    def merged(self, other: Fact) -> Fact:
        """Both facts of one name; what was said first stays."""
        shaped = self if self.shape is not None or other.shape is None else other
        return replace(
            self,
            letters=shaped.letters if shaped.shape is not None else self.letters or other.letters,
            shape=shaped.shape,
            value=self.value or other.value,
            assume=tuple(dict.fromkeys(self.assume + other.assume)),
            kind=self.kind or (other.kind if other.letters == self.letters else ""),
            like=self.like or other.like,
            rule=self.rule or other.rule,
            whole=self.whole or other.whole,
            alone=(self.alone and bool(self.assume)) or (other.alone and bool(other.assume)),
        )


def gathered(facts: Iterable[Fact]) -> dict[str, Fact]:
    """One fact a name, without what its shape rules out."""
    found: dict[str, Fact] = {}
    for fact in facts:
        found[fact.name] = found[fact.name].merged(fact) if fact.name in found else fact
    for name, fact in found.items():
        found[name] = replace(fact, assume=tuple(word for word in fact.assume if fact.alone or may_be(word, fact)))
    return found


def may_be(word: Assumption, fact: Fact) -> bool:
    """Whether the shape allows what is said: of X and a symmetric S only S may be symmetric."""
    square = fact.shape is None or len(fact.shape) != 2 or fact.shape[0] == fact.shape[1]
    return square or word not in MATRIX_WORDS - {"orthogonal"}


def name_of(use: Use) -> str:
    r"""The name with its label, D_{\mathrm{KL}}, and with its numbers where nothing else stands below it, \sigma_{0}."""
    digits = bool(use.subscripts) and all(letter.isdigit() for letter in use.subscripts)
    return use.name + use.label + (f"_{{{''.join(use.subscripts)}}}" if digits else "") + "'" * use.primes


def letters_of(use: Use) -> tuple[str, ...]:
    """The indices that a name was written with; its numbers belong to the name."""
    return () if all(letter.isdigit() for letter in use.subscripts) else use.subscripts


@lru_cache(maxsize=1024)
def extents_of(text: str) -> tuple[Extent, ...] | None:
    r"""n \times d, n x d, {3}: None where a size is an expression.

    >>> extents_of(r"n \times d"), extents_of("3"), extents_of("n-1")
    (('n', 'd'), (3,), None)
    """
    inner = text.strip()
    while inner.startswith("{") and inner.endswith("}"):
        inner = inner[1:-1].strip()
    parts = re.split(r"\\times|\\cdot|×|,|\*|(?<=[\w}])\s*x\s*(?=[\w{])", inner)
    found: list[Extent] = []
    for part in (piece.strip().strip("{}").strip() for piece in parts):
        if part.isdigit() and int(part) > 0:
            found.append(int(part))
        elif re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+|[A-Za-z]_\{?\w\}?", part):
            found.append(part)
        else:
            return None
    return tuple(found)


def names_of(text: str) -> list[Use]:
    r"""The names of a list: X, Y or x_1, \dots, x_n; empty where anything else stands there."""
    cleaned = re.sub(
        r"(?<![_^])(?<![_^]\{)(?:\{\\rm\s*[a-z ]*\}|\\text(?:rm)?\{[a-z ,.]*\})|\\(?:forall|quad|,|;|:|!| )", " ", text
    )
    cleaned = cleaned.strip().strip("(").strip()
    if cleaned.endswith(")") and "(" not in cleaned:
        cleaned = cleaned[:-1]
    found: list[Use] = []
    level = 0
    parts = [""]
    for sign in cleaned:
        level += (sign in "{([") - (sign in "})]")
        if sign == "," and level == 0:
            parts.append("")
        else:
            parts[-1] += sign
    dots = False
    for part in (piece.strip() for piece in parts):
        if re.fullmatch(r"\\[lc]?dots|\.\.\.", part):
            dots = True
            continue
        try:
            use = whole_name(part) if part else None
        except Unreadable:
            return []
        if use is None:
            return []
        found.append(use)
    if dots and found:  # x_1, \dots, x_n: one family
        last = found[-1]
        return [replace(last, subscripts=("*",))] if last.subscripts else found[:1]
    return found


def members(text: str) -> list[Fact]:
    r"""What X, Y \in \mathbb{R}^{n \times d} says; nothing where the set is not known.

    >>> [(fact.name, fact.shape, fact.assume) for fact in members(r"x, y \in \mathbb{R}_{>0}^n")]
    [('x', ('n',), ('positive',)), ('y', ('n',), ('positive',))]
    >>> members(r"p \in \Delta^{n-1}")[0].assume
    ('simplex',)
    """
    found: list[Fact] = []
    pieces = re.split(r"\\in(?![a-zA-Z])|(?<=[\s}\]])in(?=\s)", text)
    left = pieces[0]
    for number, piece in enumerate(pieces[1:], start=1):
        # before a further \in the names of the next membership stand behind the last comma
        set_text, _, following = piece.rpartition(",") if number < len(pieces) - 1 else (piece, "", "")
        shape, assume, value = _set(set_text.strip().rstrip(".,; "))
        if shape is not None or assume or value:
            for use in names_of(left) or names_of(left.split("=")[0]):
                found.append(Fact(name_of(use), letters_of(use), shape, value, assume))
        left = following
    return found


_GAP = r"\s{0,3}"
_LETTER = r"(?:[a-z]|\\[a-z]+)"
RANGE = re.compile(
    rf"(?P<letters>{_LETTER}(?:{_GAP},{_GAP}{_LETTER}){{0,8}}){_GAP}(?:=|\\in(?![a-zA-Z])|\bin\b){_GAP}(?:\\?\{{)?{_GAP}[01]{_GAP},{_GAP}"
    rf"(?:(?:2{_GAP},{_GAP})?(?:\\[lc]?dots|\.\.\.?){_GAP},?{_GAP}(?P<last>\w|\\[a-z]+)|(?P<listed>\d(?:{_GAP},{_GAP}\d){{0,8}}))"
)
INDEX = "index "
"""Before the letter of an index, in the table of facts: an index may be the same letter as a name."""


def ranges(text: str) -> list[Fact]:
    r"""What indices run over: i, j = 1, \dots, n or s \in \{1, 2\}.

    >>> [(fact.name, fact.shape) for fact in ranges(r"i,j=1,\dots,n") + ranges(r"s \in \{1,2\}")]
    [('index i', ('n',)), ('index j', ('n',)), ('index s', (2,))]
    """
    found: list[Fact] = []
    for match in RANGE.finditer(text):
        listed = match["listed"]
        size = extents_of(match["last"]) if match["last"] else (int(listed.split(",")[-1]),)
        if size and (not listed or [int(digit) for digit in listed.split(",")] == list(range(2, len(listed.split(",")) + 2))):
            found += [Fact(f"{INDEX}{letter.strip()}", (), size) for letter in match["letters"].split(",")]
    return found


def _set(text: str) -> tuple[tuple[Extent, ...] | None, tuple[Assumption, ...], Value | None]:
    """The shape, the assumptions and the value that a set stands for."""
    words = text.split(None, 1)
    rest = re.search(r"\s+(?:be|is|are|with|and|where|for|which|that|the|a|an)\b", text)
    if rest and words:
        text = text[: rest.start()].strip()
    if (match := REAL.match(text)) is not None:
        return _real(match["scripts"])
    if (match := ORTHOGONAL.match(text)) is not None:
        size = extents_of(match["size"])
        return ((size * 2) if size else None), ("orthogonal",), None
    if (match := INTERVAL.match(text)) is not None:
        shape = extents_of(match["power"]) if match["power"] else None
        if match["high"] == r"\infty":
            return shape, ("positive" if match["open"] == "(" else "nonnegative",), None
        unit = match["low"] in ("0", "0.0") and match["high"] in ("1", "1.0")
        return shape, (("unit_interval",) if unit else ()), None
    if (match := LABELS.match(text)) is not None:
        return (extents_of(match["power"]) if match["power"] else ()), (), "label"
    if (match := NAMED_SET.match(text)) is not None:
        return _named(match)
    return None, (), None


def _real(scripts: str) -> tuple[tuple[Extent, ...] | None, tuple[Assumption, ...], Value | None]:
    shape: tuple[Extent, ...] | None = ()
    assume: tuple[Assumption, ...] = ()
    for script in SCRIPT.finditer(scripts):
        body = script["body"].strip("{}").replace(" ", "")
        if body in ("+", r"\ge0", r"\geq0", r">=0", r"\geqslant0"):
            assume = ("nonnegative",)
        elif body in ("++", ">0", r"\gt0", "+*", "*+"):
            assume = ("positive",)
        elif script["kind"] == "^":
            shape = extents_of(script["body"])
    return shape, assume, None


def _named(match: re.Match[str]) -> tuple[tuple[Extent, ...] | None, tuple[Assumption, ...], Value | None]:
    scripts = {script["kind"]: script["body"].strip("{}") for script in SCRIPT.finditer(match["rest"])}
    size = scripts.get("^") or scripts.get("_") or ""
    bare = re.sub(r"\s*[-+]\s*1$", "", size)
    shape = extents_of(bare) if bare else None
    if match["simplex"]:
        return shape, ("simplex",), None
    if scripts.get("_") in ("+", "++") or scripts.get("^", "").endswith("+"):
        return ((shape * 2) if shape else None), ("positive_definite",), None
    if size and bare == size and match["sphere"] != "sphere":
        return ((shape * 2) if shape else None), ("symmetric",), None
    return shape, ("unit_norm",), None
