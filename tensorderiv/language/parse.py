"""Resolved tokens -> surface tree, by the LALR grammar in grammar.lark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError
from lark.lexer import Lexer

from tensorderiv.errors import Place, SyntaxProblem, TensorDerivError
from tensorderiv.language import surface as s
from tensorderiv.language.source import DEEPEST, Source

LARGEST_EXPONENT = 300
"""Decimal exponents beyond it leave float64, and would be written out as integers of as many digits."""

SIGNS = {
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "POW": "^",
    "RPAR": ")",
    "LPAR": "(",
    "COMMA": ",",
    "SUBCLOSE": "the end of the subscript",
    "RBAR": "a closing |",
    "RNORM": "a closing ||",
    "RIV": "]",
    "RANGLE": ">",
    "$END": "the end of the statement",
    "CMP": "a comparison",
    "END": "\\end{cases}",
    "AMP": "&",
    "COLON": ":",
    "DOT": ".",
}


class Given(Lexer):  # type: ignore[misc]
    """The lexer of lark that hands on the tokens it is given: `resolve` has made them."""

    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, data: Sequence[Token]) -> Iterator[Token]:
        yield from data


class Builder(Transformer[Token, Any]):  # type: ignore[misc]
    """Builds surface nodes while lark parses, so no tree is ever walked by recursion."""

    source: Source
    bold: frozenset[int] = frozenset()

    def at(self, *tokens: Token) -> Place:
        return self.source.place(tokens[0].start_pos or 0, tokens[-1].end_pos or 0)

    def start(self, parts: list[Any]) -> s.Node:
        return parts[0]  # type: ignore[no-any-return]

    def either(self, parts: list[Any]) -> s.Node:
        return parts[0] if len(parts) == 1 else s.Logic(parts[0].place, "or", tuple(parts[0::2]))

    def both(self, parts: list[Any]) -> s.Node:
        return parts[0] if len(parts) == 1 else s.Logic(parts[0].place, "and", tuple(parts[0::2]))

    def negation(self, parts: list[Any]) -> s.Node:
        return s.Logic(self.at(parts[0]), "not", (parts[1],))

    def chain(self, parts: list[Any]) -> s.Node:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        rest = tuple((str(op), right) for op, right in zip(parts[1::2], parts[2::2], strict=True))
        return s.Comparison(parts[0].place, parts[0], rest)

    def sum(self, parts: list[Any]) -> s.Node:
        first = parts[0]
        if len(parts) == 1:
            return first  # type: ignore[no-any-return]
        terms = list(first.terms) if isinstance(first, s.Sum) and len(first.terms) == 1 else [(1, first)]
        for sign, term in zip(parts[1::2], parts[2::2], strict=True):
            terms.append((-1 if sign.type == "MINUS" else 1, term))
        return s.Sum(first.place, tuple(terms))

    def minus(self, parts: list[Any]) -> s.Node:
        return s.Sum(self.at(parts[0]), ((-1, parts[1]),))

    def plus(self, parts: list[Any]) -> s.Node:
        return parts[1]  # type: ignore[no-any-return]

    def join(self, left: s.Node, op: str, right: s.Node) -> s.Node:
        factors = left.factors if isinstance(left, s.Product) else (("*", left),)
        return s.Product(left.place, (*factors, (op, right)))

    def juxtapose(self, parts: list[Any]) -> s.Node:
        return self.join(parts[0], "juxtaposed", parts[1])

    def operator(self, parts: list[Any]) -> str:
        return {"STAR": "*", "SLASH": "/", "CDOT": "cdot", "ODOT": "odot", "OSLASH": "oslash"}[parts[0].type]

    def operate(self, parts: list[Any]) -> s.Node:
        return self.join(parts[0], parts[1], parts[2])

    def operate_minus(self, parts: list[Any]) -> s.Node:
        return self.join(parts[0], parts[1], s.Sum(self.at(parts[2]), ((-1, parts[3]),)))

    def dot(self, parts: list[Any]) -> s.Node:
        return s.Inner(parts[0].place, parts[0], parts[2])

    def reduce(self, parts: list[Any]) -> s.Node:
        return s.Reduce(self.at(parts[0]), str(parts[0]), parts[2], parts[4])

    def reduce_upper(self, parts: list[Any]) -> s.Node:
        under: s.Bounds = parts[2]
        bounds = s.Bounds(under.place, under.items, under.condition, under.colon, parts[5])
        return s.Reduce(self.at(parts[0]), str(parts[0]), bounds, parts[6])

    def bounds(self, parts: list[Any]) -> s.Bounds:
        items = parts[0]
        if len(parts) == 1:
            return s.Bounds(items[0].place, items)
        return s.Bounds(items[0].place, items, parts[2], True)

    def items(self, parts: list[Any]) -> tuple[s.Node, ...]:
        return tuple(parts[0::2])

    def power(self, parts: list[Any]) -> s.Node:
        return s.Power(parts[0].place, parts[0], parts[2])

    def elementwise_power(self, parts: list[Any]) -> s.Node:
        return s.Call(parts[0].place, "pow", (parts[0], parts[2]))

    def transposed(self, parts: list[Any]) -> s.Node:
        return s.Transposed(parts[0].place, parts[0])

    def transposed_element(self, parts: list[Any]) -> s.Node:
        return s.Indexed(parts[0].place, s.Transposed(parts[0].place, parts[0]), parts[2])

    def frobenius(self, parts: list[Any]) -> s.Node:
        return s.Inner(parts[0].place, parts[0], parts[2], matrices=True)

    def group_element(self, parts: list[Any]) -> s.Node:
        return s.Indexed(self.at(parts[0], parts[2]), parts[1], parts[3])

    def call_element(self, parts: list[Any]) -> s.Node:
        call = self.call(parts)
        return s.Indexed(call.place, call, parts[2])

    def positive(self, parts: list[Any]) -> s.Node:
        return s.Call(parts[0].place, "max", (s.Num(parts[0].place, Fraction(0)), parts[0]))

    def number(self, parts: list[Any]) -> s.Node:
        written = str(parts[0])
        if abs(int((written.lower().partition("e")[2]) or 0)) > LARGEST_EXPONENT:
            raise SyntaxProblem("this number is beyond float64", place=self.at(parts[0]), hint="give it within 1e-300 .. 1e300")
        return s.Num(self.at(parts[0]), Fraction(written))

    def ones(self, parts: list[Any]) -> s.Node:
        if str(parts[0]) != "1":
            raise SyntaxProblem(
                f"the number {parts[0]} has a subscript", place=self.at(parts[0]), hint="only 1_i (a vector of ones) has one"
            )
        return s.Ones(self.at(parts[0]), parts[1])

    def name(self, parts: list[Any]) -> s.Node:
        return s.Ref(self.at(parts[0]), str(parts[0]), None, parts[0].start_pos in self.bold)

    def element(self, parts: list[Any]) -> s.Node:
        return s.Ref(self.at(parts[0]), str(parts[0]), parts[1], parts[0].start_pos in self.bold)

    def subscripts(self, parts: list[Any]) -> tuple[s.Node, ...]:
        return tuple(parts[1:-1:2])

    def slice(self, parts: list[Any]) -> s.Node:
        return s.Slice(self.at(parts[0]))

    def group(self, parts: list[Any]) -> s.Node:
        inner: s.Node = parts[1]
        if isinstance(inner, s.Product):  # parentheses keep a product together: a/(b c)
            return s.Product(self.at(parts[0], parts[2]), (("*", inner),)) if len(inner.factors) > 1 else inner
        return inner

    def fraction(self, parts: list[Any]) -> s.Node:
        over, under = parts[2], parts[5]
        return s.Product(self.at(parts[0], parts[6]), (("*", s.Product(over.place, (("*", over), ("/", under)))),))

    def arguments(self, parts: list[Any]) -> tuple[s.Node, ...]:
        return parts[1]  # type: ignore[no-any-return]

    def call(self, parts: list[Any]) -> s.Node:
        return s.Call(self.at(parts[0]), str(parts[0]), parts[1])

    def call_subscripts(self, parts: list[Any]) -> s.Node:
        return s.Call(self.at(parts[0]), str(parts[0]), parts[2], parts[1])

    def call_power(self, parts: list[Any]) -> s.Node:
        return s.Call(self.at(parts[0]), str(parts[0]), parts[3], (), parts[2])

    def bars(self, parts: list[Any]) -> s.Node:
        return self.normed(parts, double=False)

    def norm(self, parts: list[Any]) -> s.Node:
        return self.normed(parts, double=True)

    def normed(self, parts: list[Any], *, double: bool) -> s.Node:
        place = self.at(parts[0], parts[2])
        if len(parts) > 3 and len(parts[3]) != 1:
            raise SyntaxProblem("a norm has one subscript", place=place, hint="write |..|_1, |..|_2 or |..|_F")
        return s.Norm(place, parts[1], double, parts[3][0] if len(parts) > 3 else None)

    def inner(self, parts: list[Any]) -> s.Node:
        return s.Inner(self.at(parts[0], parts[4]), parts[1], parts[3])

    def iverson(self, parts: list[Any]) -> s.Node:
        return s.Iverson(self.at(parts[0], parts[2]), parts[1])

    def cases(self, parts: list[Any]) -> s.Node:
        return s.Cases(self.at(parts[0]), tuple(parts[1:-1:2]))

    def branch(self, parts: list[Any]) -> tuple[s.Node, s.Node | None]:
        last = parts[-1]
        return parts[0], None if isinstance(last, Token) else last


@lru_cache(maxsize=1)
def grammar() -> str:
    return files("tensorderiv.language").joinpath("grammar.lark").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def machine() -> tuple[Lark, Builder]:
    builder = Builder()
    return Lark(
        grammar(), parser="lalr", lexer=Given, transformer=builder, keep_all_tokens=True, maybe_placeholders=False
    ), builder


def parse(tokens: Sequence[Token], source: Source, bold: frozenset[int] = frozenset()) -> s.Node:
    """The surface tree of one side.

    Raises: SyntaxProblem at the first token that cannot stand where it stands.
    """
    lark, builder = machine()
    builder.source, builder.bold = source, bold
    try:
        tree = lark.parse(tokens)
    except UnexpectedToken as error:
        raise unexpected(error, tokens, source) from None
    except VisitError as error:
        if isinstance(error.orig_exc, TensorDerivError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise source.problem("the text cannot be read here", getattr(error, "pos_in_stream", 0) or 0) from None
    node: s.Node = tree
    if s.depth(node) > DEEPEST:
        raise SyntaxProblem(
            f"the expression is nested more than {DEEPEST} deep", place=node.place, hint="name parts of it on lines of their own"
        )
    return node


def unexpected(error: UnexpectedToken, tokens: Sequence[Token], source: Source) -> SyntaxProblem:
    """A syntax problem that says what stands there and what could."""
    token = error.token
    if token.type == "$END":
        end = tokens[-1].end_pos or 0 if tokens else 0
        expected = sorted(SIGNS[kind] for kind in error.accepts or error.expected if kind in SIGNS and kind != "$END")
        closers = [sign for sign in expected if sign in (")", "]", ">", "a closing |", "a closing ||")]
        hint = f"add {closers[0]}" if closers else "something is missing after this"
        return source.problem("the statement ends too early", max(0, end - 1), end, hint)
    start, stop = token.start_pos or 0, token.end_pos or 0
    shown = source.text[start:stop].strip() or str(token)
    hints = {
        "RPAR": "is there an opening bracket for it?",
        "CMP": "a condition stands in [..], if(..), or under a sum",
        "COLON": "a colon stands under a sum: sum_{j: j != i}",
        "STAR": "an operand is missing before it",
        "SLASH": "an operand is missing before it",
        "TRANSPOSE": "a transpose stands after a vector",
        "COMMA": "something is missing before the comma",
        "SUBOPEN": "one subscript only: X_{i,j}",
        "SLICE": "a colon stands for a whole axis: X_{:i}",
    }
    return source.problem(f"{shown!r} cannot stand here", start, stop, hints.get(token.type))
