r"""Before statements are read: names written without a space between them, x^TAx, and spellings of other languages.

Names have several letters here (m0, sigma11, loss), so Ax is a name unless the text says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.index import GREEK
from tensorderiv.errors import NameProblem
from tensorderiv.language import lexicon
from tensorderiv.language.source import Source
from tensorderiv.language.statements import Raw, is_declaration, sides_of
from tensorderiv.language.tokens import KEYWORDS, Token

GLUED = re.compile(r"[A-Za-z]{2,4}")
AFTER_TRANSPOSE = re.compile(r"T([A-Za-z].*)")
ALGEBRA = frozenset({"NORM", "LNORM", "LANGLE", "BAR", "LBAR"})
MATRIX_WORDS = frozenset(lexicon.MATRIX_FUNCTIONS) | {"Tr", "trace"}
WORDS = lexicon.FUNCTION_NAMES | set(lexicon.REDUCTIONS) | GREEK | lexicon.NAMES.keys() | lexicon.CAPITAL_GREEK
RESERVED = frozenset(WORDS | KEYWORDS.keys() | set(lexicon.DECLARING) | {"pi", "inf", "if", "else", "otherwise", "for"})
REDUCING = {name.capitalize(): name for name in lexicon.REDUCTIONS} | {name.upper(): name for name in lexicon.REDUCTIONS}


@dataclass(frozen=True)
class Names:
    """What the text says about names: declared or defined, and how often each stands outside of subscripts."""

    fixed: frozenset[str]
    alone: frozenset[str]  # stands without subscripts, but for exponents
    indexed: frozenset[str]  # has subscripts or arguments somewhere

    @property
    def known(self) -> frozenset[str]:
        return self.fixed | self.alone | self.indexed


def respelled(raws: Sequence[Raw], source: Source, known: Collection[str] = ()) -> list[Raw]:
    r"""The statements with x^TAx cut into x^T A x, and with glued products cut where only a product can be meant.

    Raises: NameProblem for a glued name that can be a name of its own, for x.T, and for Sum_p.
    """
    names = survey(raws, frozenset(known))
    return [raw if is_declaration(raw.tokens) else Raw(tuple(statement(raw, names, source)), raw.where) for raw in raws]


def survey(raws: Sequence[Raw], known: frozenset[str]) -> Names:
    fixed, alone, indexed = set(known), set[str](), set[str]()
    for raw in raws:
        if is_declaration(raw.tokens) or any(token.kind == "IN" for token in raw.tokens):
            fixed |= {token.text for token in raw.tokens if token.kind == "NAME"}
            continue
        sides = sides_of(raw)
        if len(sides) > 1:
            fixed |= {token.text for token in sides[0] if token.kind == "NAME"}
        for at, level in outside(raw.tokens):
            if level == 0:
                after = raw.tokens[at + 1] if at + 1 < len(raw.tokens) else None
                touching = after is not None and (after.kind == "SUBOPEN" or (after.kind in ("LPAR", "[") and not after.spaced))
                (indexed if touching else alone).add(raw.tokens[at].text) if not after_power(raw.tokens, at) else None
    return Names(frozenset(fixed), frozenset(alone), frozenset(indexed))


def outside(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The names, each with the number of subscripts it stands in."""
    level = 0
    for at, token in enumerate(tokens):
        level += (token.kind == "SUBOPEN") - (token.kind == "SUBCLOSE")
        if token.kind == "NAME":
            yield at, level


def after_power(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].kind == "POW"


def statement(raw: Raw, names: Names, source: Source) -> list[Token]:
    """The tokens of one statement, respelled."""
    tokens = list(cut_transposes(raw.tokens, names, source))
    algebra = any(token.kind in ALGEBRA or token.text in MATRIX_WORDS for token in tokens)
    algebra = algebra or any(is_transpose(tokens, at) for at in range(len(tokens)))
    inside = dict(outside(tokens))
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if token.kind == "NAME" and inside[at] == 0:
            refuse_python(tokens, at, names, source)
            refuse_capital_sum(tokens, at, names, source)
            if is_glued(token, names, source, algebra):
                out += cut(tokens, at, names, source)
                continue
        out.append(token)
    return out


def cut_transposes(tokens: Sequence[Token], names: Names, source: Source) -> Iterator[Token]:
    """x^TAx -> x^T Ax, unless TAx is a name of the text or a Greek letter."""
    for at, token in enumerate(tokens):
        found = AFTER_TRANSPOSE.fullmatch(token.text) if token.kind == "NAME" and after_power(tokens, at) else None
        if found is None or token.text in names.known | RESERVED or "T" in names.fixed or not as_written(token, source):
            yield token
            continue
        yield replace(token, text="T", end=token.start + 1)
        called = at + 1 < len(tokens) and tokens[at + 1].kind == "LPAR"
        note = f"{found[1]}(...) behind a transpose is read as a product" if called else ""
        yield Token("NAME", found[1], token.start + 1, token.end, note=note)


def is_transpose(tokens: Sequence[Token], at: int) -> bool:
    """Whether ^T or ^{T} stands at `at`."""
    after = [token.text for token in tokens[at + 1 : at + 4]]
    return tokens[at].kind == "POW" and (after[:1] == ["T"] or after[1:2] == ["T"])


def as_written(token: Token, source: Source) -> bool:
    r"""Whether the name stands as it is in the text: no \text{loss}, no accent."""
    return source.text[token.start : token.end] == token.text


def is_glued(token: Token, names: Names, source: Source, algebra: bool) -> bool:
    """Whether a name looks like a product: all its letters stand elsewhere, or it begins with a capital amid matrix algebra."""
    word = token.text
    if not GLUED.fullmatch(word) or word in names.fixed | names.indexed | RESERVED or not as_written(token, source):
        return False
    elsewhere = all(letter in names.known for letter in word)
    return elsewhere or (algebra and word[0].isupper() and len(word) <= 3)


def cut(tokens: Sequence[Token], at: int, names: Names, source: Source) -> Iterator[Token]:
    """The letters of a glued product.

    Raises: NameProblem where it can be a name: in plain text, unless all its letters are declared or it touches a transpose.
    """
    token = tokens[at]
    spread = " ".join(token.text)
    touches = not token.spaced and at > 1 and (is_transpose(tokens, at - 2) or (at > 3 and is_transpose(tokens, at - 4)))
    if not ("\\" in source.original or touches or names.fixed.issuperset(token.text)):
        kind = "tensor" if any(letter.isupper() for letter in token.text) else "scalar"
        raise NameProblem(
            f"{token.text} can be the product {spread} or a name of its own",
            place=source.place(token.start, token.end),
            hint=f"write {spread} with a space, or declare {kind} {token.text}",
        )
    for number, letter in enumerate(token.text):
        note = f"{token.text} is read as the product {spread}; declare {token.text} for a name of its own" if not number else ""
        start = token.start + number
        yield Token("NAME", letter, start, start + 1, token.spaced if not number else False, token.bold, note)


def refuse_python(tokens: Sequence[Token], at: int, names: Names, source: Source) -> None:
    """x.T is written x^T.

    Raises: NameProblem.
    """
    dot = tokens[at - 1] if at > 1 else None
    glued = dot is not None and dot.kind == "DOT" and not dot.spaced and not tokens[at].spaced
    if glued and tokens[at].text == "T" and "T" not in names.fixed:
        before = tokens[at - 2]
        what = before.text if before.kind == "NAME" else "(...)"
        raise NameProblem(
            f"{what}.T is no transpose here", place=source.place(before.start, tokens[at].end), hint=f"write {what}^T"
        )


def refuse_capital_sum(tokens: Sequence[Token], at: int, names: Names, source: Source) -> None:
    """Sum_p is a tensor named Sum.

    Raises: NameProblem.
    """
    name = tokens[at].text
    after = tokens[at + 1 : at + 3]
    if name in REDUCING and name not in names.fixed and [token.kind for token in after] == ["SUBOPEN", "NAME"]:
        right = f"{REDUCING[name]}_{after[1].text}"
        raise NameProblem(
            f"{name}_{after[1].text} is no reduction", place=source.place(tokens[at].start, after[1].end), hint=f"write {right}"
        )
