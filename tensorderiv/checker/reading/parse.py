"""Tokens of a row -> relations, by the LALR grammar in grammar.lark; terms are built by `scopes` while lark parses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken, VisitError
from lark.lexer import Lexer

from tensorderiv.checker.reading.ellipsis import is_ellipsis, written_out
from tensorderiv.checker.reading.items import Brackets, Item, Script
from tensorderiv.checker.reading.scopes import Scopes
from tensorderiv.checker.reading.scripts import inner, normed
from tensorderiv.checker.tree import Comparison, Inner, Negative, Node, Span, Sum
from tensorderiv.errors import TensorDerivError

SIGNS = {
    "PLUS": "+", "MINUS": "-", "RPAR": "a closing bracket", "LPAR": "an opening bracket", "RBAR": "a closing |",
    "RNORM": "a closing ||", "COMMA": "a comma", "CMP": "a comparison", "JOIN": "a sign between factors", "LBAR": "|",
    "LNORM": "||", "RANGLE": "\\rangle", "LANGLE": "\\langle", "SCRIPTS": "a script", "AT": "|",
}  # fmt: skip


@dataclass(frozen=True)
class Lexeme:
    """A token of the grammar with what it carries."""

    kind: str
    value: Any
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Given(Lexer):  # type: ignore[misc]
    """The lexer of lark that hands on the tokens it is given: numbers of lexemes."""

    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, data: Sequence[Lexeme]) -> Iterator[Token]:
        for number, lexeme in enumerate(data):
            yield Token(lexeme.kind, str(number))


class Builder(Transformer[Token, Any]):  # type: ignore[misc]
    """Builds nodes while lark parses."""

    row: Sequence[Lexeme]
    scopes: Scopes

    def lexeme(self, token: Token) -> Lexeme:
        return self.row[int(token)]

    def start(self, parts: list[Any]) -> Any:
        return parts[0]

    def listing(self, parts: list[Any]) -> tuple[Node, ...]:
        return tuple(parts[0::2])

    def relation(self, parts: list[Any]) -> Node:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        found = [
            Comparison(self.lexeme(op).value, left, right, span=_over(left, right))
            for left, op, right in zip(parts[0::2], parts[1::2], parts[2::2], strict=False)
        ]
        return found[0] if len(found) == 1 else Chain(tuple(found), span=_over(found[0], found[-1]))

    def signed_side(self, parts: list[Any]) -> Node:
        return self.side([None, *parts])

    def side(self, parts: list[Any]) -> Node:
        first = parts[0]
        terms: list[Node] = [] if first is None else [first]
        for sign, term in zip(parts[1::2], parts[2::2], strict=True):
            if sign.type == "MINUS":
                terms.append(Negative(term, span=Span(self.lexeme(sign).start, term.span.end)))
            else:
                terms.append(term)
        dots = next((term for term in terms if is_ellipsis(term)), None)
        if dots is not None:
            found = written_out(terms, self.scopes.known)
            if found is None:
                assert dots.span is not None
                raise self.scopes.problem("an ellipsis is read between terms from 1 to a size only", dots.span)
            terms = found
        if len(terms) > 1:
            terms = self.scopes.over_terms(terms)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms), span=_over(terms[0], terms[-1]))

    def term(self, parts: list[Any]) -> Node:
        return self.scopes.term(parts)

    def atom(self, parts: list[Any]) -> Item:
        return self.lexeme(parts[0]).value  # type: ignore[no-any-return]

    def scripts(self, parts: list[Any], at: int) -> tuple[Script, ...]:
        return self.lexeme(parts[at]).value if len(parts) > at else ()

    def reach(self, first: Token, last: Token) -> Span:
        return Span(self.lexeme(first).start, self.lexeme(last).end)

    def brackets(self, parts: list[Any]) -> Item:
        relations = tuple(one for part in parts[1] for one in (part.links if isinstance(part, Chain) else (part,)))
        return Brackets(self.lexeme(parts[0]).value, relations, self.reach(parts[0], parts[2]), self.scripts(parts, 3))

    def bars(self, parts: list[Any]) -> Node:
        scripts, span = self.scripts(parts, 3), self.reach(parts[0], parts[2])
        return normed(parts[1], parts[0].type == "LNORM", scripts, span, self.scopes.known, self.scopes.choices)

    def inner(self, parts: list[Any]) -> Node:
        node = Inner(parts[1], parts[3], span=self.reach(parts[0], parts[4]))
        return inner(node, self.scripts(parts, 5), self.scopes)


@dataclass(frozen=True)
class Chain(Node):
    """a = b = c, inside this stage only."""

    links: tuple[Comparison, ...]


@lru_cache(maxsize=1)
def machine() -> tuple[Lark, Builder]:
    builder = Builder()
    text = files("tensorderiv.checker.reading").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer=Given, transformer=builder, keep_all_tokens=True, maybe_placeholders=False), builder


def parse(row: Sequence[Lexeme], scopes: Scopes) -> tuple[Node, ...]:
    """The relations of a row, which commas separate; a chain of comparisons is several links.

    Raises: Unreadable at the first token that cannot stand where it stands.
    """
    lark, builder = machine()
    builder.row, builder.scopes = row, scopes
    try:
        found = lark.parse(row)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            end = row[-1].end if row else 0
            closers = sorted(SIGNS[k] for k in (error.accepts or set()) if k in ("RPAR", "RBAR", "RNORM", "RANGLE"))
            message = f"the text ends too early{': ' + closers[0] + ' is missing' if closers else ''}"
            raise scopes.problem(message, Span(max(0, end - 1), end)) from None
        lexeme = row[int(error.token)]
        raise scopes.problem(f"{SIGNS.get(lexeme.kind, 'this')} cannot stand here", lexeme.span) from None
    except VisitError as error:
        if isinstance(error.orig_exc, TensorDerivError):
            raise error.orig_exc from None
        raise
    return found  # type: ignore[no-any-return]


def _over(left: Node, right: Node) -> Span | None:
    return Span(left.span.start, right.span.end) if left.span and right.span else None
