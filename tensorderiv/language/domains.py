"""Declarations: `tensor P[n,d] in simplex`, `scalar t > 0 default 1`, `labels c[n]`."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Domain
from tensorderiv.errors import NameProblem, Place, SyntaxProblem
from tensorderiv.language import lexicon
from tensorderiv.language.source import Source
from tensorderiv.language.statements import CLOSE, OPEN
from tensorderiv.language.tokens import Token

SETS = {
    "simplex": "simplex",
    "sphere": "sphere",
    "R": "real",
    "real": "real",
    "reals": "real",
    "positive": "positive",
    "nonnegative": "nonnegative",
    "symmetric": "symmetric",
    "spd": "spd",
    "labels": "labels",
}


@dataclass(frozen=True)
class Declaration:
    """One declared name."""

    name: str
    extents: tuple[Extent, ...]
    integer: bool
    domain: Domain
    default: Fraction | None
    label_extent: Extent | None
    place: Place


@dataclass
class Reader:
    """Reads one item of a declaration, left to right."""

    source: Source
    tokens: Sequence[Token]
    at: int = 0

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sees(self, *kinds: str) -> bool:
        token = self.token
        return token is not None and token.kind in kinds

    def problem(self, message: str, hint: str) -> SyntaxProblem:
        token = self.token or self.tokens[-1]
        return self.source.problem(message, token.start, token.end, hint)

    def take(self, *kinds: str) -> Token:
        token = self.token
        if token is None or token.kind not in kinds:
            raise self.problem("the declaration cannot be read here", "write e.g. tensor X[n,d] > 0, or scalar t > 0 default 1")
        self.at += 1
        return token

    def number(self) -> Fraction | None:
        """A number, a fraction, or None for infinity."""
        sign = 1
        while self.sees("MINUS", "PLUS"):
            sign = -sign if self.take("MINUS", "PLUS").kind == "MINUS" else sign
        token = self.take("NUMBER", "NAME")
        if token.kind == "NAME":
            if token.text not in ("inf", "infty", "oo"):
                self.at -= 1
                raise self.problem(f"{token.text} is not a number", "bounds and defaults are numbers, e.g. 1/2")
            return None
        value = Fraction(token.text)
        if self.sees("SLASH"):
            self.take("SLASH")
            below = Fraction(self.take("NUMBER").text)
            if below == 0:
                raise self.problem("a number is divided by 0", "write another number")
            value /= below
        return sign * value

    def dimensions(self) -> tuple[Extent, ...]:
        """[n,d], or nothing."""
        if not self.sees("[", "SUBOPEN", "LPAR", "LBRK"):
            return ()
        self.take("[", "SUBOPEN", "LPAR", "LBRK")
        found: list[Extent] = []
        while self.token is not None and not self.sees(*CLOSE):
            token = self.take("NAME", "NUMBER", "COMMA")
            if token.kind == "NAME":
                found.append(token.text)
            elif token.kind == "NUMBER":
                if not token.text.isdigit() or int(token.text) == 0:
                    self.at -= 1
                    raise self.problem(f"{token.text} is not a size", "sizes are names or positive whole numbers")
                found.append(int(token.text))
        self.take(*CLOSE)
        return tuple(found)

    def item(self, keyword: str) -> Declaration:
        name = self.take("NAME")
        place = self.source.place(name.start, name.end)
        if name.text in lexicon.REDUCTIONS or name.text in ("if", "diff", "where", "in", "default"):
            raise NameProblem(f"{name.text} is a word of the language", place=place, hint="take another name")
        extents = self.dimensions()
        if keyword == "scalar" and extents:
            raise SyntaxProblem(f"the scalar {name.text} has extents", place=place, hint=f"write tensor {name.text}[...]")
        domain = Domain("labels") if keyword == "labels" else Domain()
        default: Fraction | None = None
        label_extent: Extent | None = None
        while self.token is not None:
            token = self.token
            self.at += 1
            if token.kind in (">", "<", "CMP>=", "CMP<="):
                if keyword == "labels" and token.kind == "<":
                    label_extent = self.extent()
                    continue
                domain = self.narrow(domain, token.kind)
            elif token.kind == "IN" or (token.kind == "NAME" and token.text == "in"):
                if keyword == "labels":
                    label_extent = self.extent()
                else:
                    domain = self.member()
            elif token.kind == "NAME" and token.text == "default":
                if self.sees("="):
                    self.take("=")
                default = self.number()
            elif token.kind == "=":
                default = self.number()
            elif token.kind == "NAME" and token.text in SETS:
                domain = Domain(SETS[token.text])  # type: ignore[arg-type]
            else:
                self.at -= 1
                near = difflib.get_close_matches(token.text, [*SETS, "default", "in"], 1)
                hint = (
                    f"did you mean {near[0]}?"
                    if near
                    else "write > 0, >= 0, in [0,1], in simplex, in sphere, symmetric, spd or default 1"
                )
                raise self.problem(f"{token.text!r} is no domain", hint)
        if default is not None and extents:
            raise SyntaxProblem(f"the tensor {name.text} cannot have a default", place=place, hint="only scalars have one")
        if default is not None and not inside(default, domain):
            raise SyntaxProblem(
                f"the default {default} of {name.text} lies outside its domain", place=place, hint="change one of them"
            )
        if domain.kind in ("symmetric", "spd") and (len(extents) < 2 or extents[-1] != extents[-2]):
            raise SyntaxProblem(
                f"{name.text} is not square, so it cannot be {domain.kind}", place=place, hint=f"write tensor {name.text}[d,d]"
            )
        if domain.kind in ("simplex", "sphere") and not extents:
            raise SyntaxProblem(f"a scalar cannot lie in the {domain.kind}", place=place, hint=f"write tensor {name.text}[n,d]")
        return Declaration(name.text, extents, keyword == "labels", domain, default, label_extent, place)

    def extent(self) -> Extent:
        token = self.take("NAME", "NUMBER")
        return int(token.text) if token.text.isdigit() else token.text

    def narrow(self, domain: Domain, kind: str) -> Domain:
        """One bound: > 0 is positive, others an interval."""
        bound = self.number()
        strict = kind in (">", "<")
        if kind in (">", "CMP>=") and bound == 0 and domain.kind == "real":
            return Domain("positive" if strict else "nonnegative")
        lower, upper, ends = domain.lower, domain.upper, list(domain.open_ends)
        if domain.kind in ("positive", "nonnegative"):
            lower, ends[0] = Fraction(0), domain.kind == "positive"
        if kind in (">", "CMP>="):
            lower, ends[0] = bound, strict
        else:
            upper, ends[1] = bound, strict
        return Domain("interval", lower, upper, (ends[0], ends[1]))

    def member(self) -> Domain:
        """in simplex, in [0,1], in (0, inf)."""
        token = self.take("NAME", "[", "LPAR", "LBRK")
        if token.kind == "NAME":
            if token.text not in SETS:
                self.at -= 1
                near = difflib.get_close_matches(token.text, SETS, 1)
                raise self.problem(
                    f"the set {token.text} is not known", f"did you mean {near[0]}?" if near else "write simplex, sphere or [0,1]"
                )
            if token.text == "R" and self.sees("PLUS"):
                self.take("PLUS")
                return Domain("nonnegative")
            return Domain(SETS[token.text])  # type: ignore[arg-type]
        lower = self.number()
        self.take("COMMA")
        upper = self.number()
        closing = self.take("]", "RPAR")
        if lower is not None and upper is not None and lower >= upper:
            raise self.problem("the interval is empty", "write the smaller bound first")
        ends = (token.kind == "LPAR", closing.kind == "RPAR")
        if lower == 0 and upper is None:
            return Domain("positive" if ends[0] else "nonnegative")
        return Domain("interval", lower, upper, ends)


def spelled(tokens: Sequence[Token]) -> list[Token]:
    r"""`given X in R^{n x d}` as `X \in R^{n \times d}`: the words in plain text."""
    found = list(tokens)
    if len(found) > 2 and found[0].kind == "NAME" and found[0].text in ("given", "let") and found[1].kind == "NAME":
        del found[0]
    inside = False
    for at, (token, after) in enumerate(itertools.pairwise(found)):
        if token.kind == "NAME" and token.text == "in" and after.kind == "NAME" and after.text == "R":
            found[at], inside = replace(token, kind="IN"), True
        elif inside and token.text == "x" and found[at - 1].kind in ("NAME", "NUMBER") and after.kind in ("NAME", "NUMBER"):
            found[at] = replace(token, kind="STAR")
    return found


def is_membership(tokens: Sequence[Token]) -> bool:
    r"""Whether `X, Y \in \mathbb{R}^{n \times d}` is written."""
    kinds = [token.kind for token in spelled(tokens)]
    return "IN" in kinds and "=" not in kinds and all(kind in ("NAME", "COMMA") for kind in kinds[: kinds.index("IN")])


def membership(tokens: Sequence[Token], source: Source) -> list[Declaration]:
    r"""X, Y \in \mathbb{R}^{n \times d}, t \in \mathbb{R}_+ declares X[n,d], Y[n,d] and t >= 0."""
    found: list[Declaration] = []
    group: list[Token] = []
    level = 0
    spelling = spelled(tokens)
    for at, token in enumerate(spelling):
        level += (token.kind in OPEN) - (token.kind in CLOSE)
        complete = level == 0 and any(item.kind == "IN" for item in group)
        if token.kind == "COMMA" and complete and "IN" in {item.kind for item in spelling[at:]}:
            found += one_membership(group, source)
            group = []
        else:
            group.append(token)
    return found + one_membership(group, source)


def one_membership(tokens: Sequence[Token], source: Source) -> list[Declaration]:
    """The names before one sign of membership."""
    at = next(number for number, token in enumerate(tokens) if token.kind == "IN")
    names = [token for token in tokens[:at] if token.kind == "NAME"]
    rest = tokens[at + 1 :]
    if not rest or rest[0].text != "R" or not names:
        raise source.problem(
            "this set is not known",
            tokens[at].start,
            tokens[-1].end,
            "write \\mathbb{R}^{n \\times d}, or tensor X[n,d] in simplex",
        )
    sizes = [token for token in rest[1:] if token.kind in ("NAME", "NUMBER")]
    others = {token.kind for token in rest[1:]} - {"NAME", "NUMBER", "POW", "LPAR", "RPAR", "STAR", "POSPART", "COMMA"}
    if others:
        raise source.problem("this set is not known", tokens[at].start, tokens[-1].end, "write \\mathbb{R}^{n \\times d}")
    domain = Domain("nonnegative") if any(token.kind == "POSPART" for token in rest) else Domain()
    extents: tuple[Extent, ...] = tuple(int(token.text) if token.text.isdigit() else token.text for token in sizes)
    return [Declaration(name.text, extents, False, domain, None, None, source.place(name.start, name.end)) for name in names]


def inside(value: Fraction, domain: Domain) -> bool:
    """Whether a scalar lies in its domain."""
    if domain.kind == "positive":
        return value > 0
    if domain.kind == "nonnegative":
        return value >= 0
    low = domain.lower is None or value > domain.lower or (value == domain.lower and not domain.open_ends[0])
    high = domain.upper is None or value < domain.upper or (value == domain.upper and not domain.open_ends[1])
    return low and high


def declarations(tokens: Sequence[Token], source: Source) -> list[Declaration]:
    """All names of one declaring line."""
    keyword = tokens[0].text
    items: list[list[Token]] = [[]]
    level = 0
    for token in tokens[1:]:
        level += (token.kind in OPEN) - (token.kind in CLOSE)
        if level == 0 and token.kind == "COMMA":
            items.append([])
        else:
            items[-1].append(token)
    found = []
    for item in items:
        if not item:
            raise source.problem(
                "a name is missing in the declaration", tokens[0].start, tokens[-1].end, f"write {tokens[0].text} NAME"
            )
        found.append(Reader(source, item).item(keyword))
    return found
