"""Raw tokens -> statements: lines, continuations, `where` blocks, chains, left-hand sides."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from tensorderiv.errors import NameProblem, Place, SyntaxProblem
from tensorderiv.language import lexicon
from tensorderiv.language import surface as s
from tensorderiv.language.ahead import Known
from tensorderiv.language.parse import parse
from tensorderiv.language.resolve import resolve
from tensorderiv.language.source import Source
from tensorderiv.language.tokens import Token

OPEN = frozenset({"LPAR", "[", "LBRK", "SUBOPEN", "LBAR", "LNORM", "BEGIN"})
CLOSE = frozenset({"RPAR", "]", "SUBCLOSE", "RBAR", "RNORM", "END"})
CONTINUES = frozenset({"=", "PLUS", "MINUS", "STAR", "SLASH", "CDOT", "ODOT", "AND", "OR", "<", ">", "POW"})
REDUCING = frozenset(lexicon.REDUCTIONS)
UNFINISHED = CONTINUES | {"COMMA", "IN", "NOT"}


@dataclass(frozen=True)
class Raw:
    """The tokens of one statement; `where`: it explains the statement before it."""

    tokens: tuple[Token, ...]
    where: bool = False


@dataclass
class Definition:
    """left-hand side = side = side ...; `parameters` for a function of vectors."""

    name: str
    subscripts: tuple[s.Node, ...]
    parameters: tuple[tuple[str, Place], ...] | None
    sides: tuple[s.Node, ...]
    place: Place
    where: bool = False
    words: frozenset[str] = field(default_factory=frozenset)


def split(tokens: Sequence[Token], source: Source) -> list[Raw]:
    r"""Cut at line ends, `;` and `\\` outside brackets; a line that starts or ends with an operator goes on."""
    found: list[Raw] = []
    current: list[Token] = []
    opened: list[Token] = []
    where = False

    def close() -> None:
        nonlocal current
        while current and current[-1].kind in ("COMMA", "DOT", "AMP"):
            current.pop()
        kept = [token for token in current if token.kind != "NEWLINE"]
        if kept:
            found.append(Raw(tuple(kept), where))
        current = []

    for number, token in enumerate(tokens):
        kind = token.kind
        if kind in OPEN:
            opened.append(token)
        elif kind in CLOSE and opened:
            opened.pop()
        if opened or kind not in ("NEWLINE", "SEMI", "ROW", "WHERE"):
            current.append(token)
            continue
        if kind == "WHERE":
            if not found and not current:
                raise source.problem("`where` explains nothing", token.start, token.end, "put it behind a statement")
            close()
            where = True
            continue
        after = next((item for item in tokens[number + 1 :] if item.kind not in ("NEWLINE", "ROW", "AMP")), None)
        before = next((item for item in reversed(current) if item.kind != "AMP"), None)
        if kind in ("NEWLINE", "ROW") and current and not is_declaration(current):
            if after is not None and (after.kind in CONTINUES or after.kind.startswith("CMP")):
                continue
            unfinished = before is not None and (before.kind in UNFINISHED or before.kind.startswith("CMP"))
            if unfinished and not (before and before.kind == "COMMA" and starts_definition(tokens, number + 1)):
                continue
        if kind in ("NEWLINE", "ROW") and not current and where and not (found and found[-1].where):
            continue  # `where` alone on its line
        close()
        where = False
    if opened:
        first = opened[0]
        raise source.problem(f"this {first.text or 'bracket'} is never closed", first.start, first.end, "close it")
    close()
    return [part for raw in found for part in cut_commas(raw)]


def is_declaration(tokens: Sequence[Token]) -> bool:
    return len(tokens) > 1 and tokens[0].kind == "NAME" and tokens[0].text in lexicon.DECLARING and tokens[1].kind == "NAME"


def starts_definition(tokens: Sequence[Token], at: int) -> bool:
    """Whether `NAME =`, `NAME_.. =` or `NAME[..] =` stands at `at`."""
    while at < len(tokens) and tokens[at].kind in ("NEWLINE", "AMP", "ROW"):
        at += 1
    if at >= len(tokens) or tokens[at].kind != "NAME":
        return False
    at += 1
    if at < len(tokens) and tokens[at].kind in ("SUBOPEN", "[", "LPAR"):
        level = 0
        while at < len(tokens):
            level += (tokens[at].kind in OPEN) - (tokens[at].kind in CLOSE)
            at += 1
            if level == 0:
                break
    while at < len(tokens) and tokens[at].kind == "AMP":
        at += 1
    return at < len(tokens) and tokens[at].kind == "="


def cut_commas(raw: Raw) -> list[Raw]:
    """`N_i = ..., M_j = ... and K = ...` are three statements."""
    if is_declaration(raw.tokens):
        return [raw]
    pieces: list[list[Token]] = [[]]
    level = 0
    for number, token in enumerate(raw.tokens):
        level += (token.kind in OPEN) - (token.kind in CLOSE)
        if level == 0 and token.kind in ("COMMA", "AND") and starts_definition(raw.tokens, number + 1):
            pieces.append([])
            continue
        pieces[-1].append(token)
    done = []
    for piece in pieces:
        while piece and piece[-1].kind in ("COMMA", "DOT", "AMP"):
            piece.pop()
        if piece:
            done.append(Raw(tuple(piece), raw.where))
    return done


def sides_of(raw: Raw) -> list[list[Token]]:
    """The tokens between the `=` signs outside brackets."""
    sides: list[list[Token]] = [[]]
    level = 0
    for token in raw.tokens:
        level += (token.kind in OPEN) - (token.kind in CLOSE)
        if level == 0 and token.kind in ("=", "CMP="):
            sides.append([])
        elif token.kind != "AMP" or level:
            sides[-1].append(token)
    return sides


def survey(raws: Sequence[Raw], declared: frozenset[str], arrays: frozenset[str] = frozenset()) -> Known:
    """What the whole text says about names: needed before any bracket can be read."""
    defined, subscripted, bare, functions = set(declared), set[str](), set[str](), set[str]()
    for raw in raws:
        if is_declaration(raw.tokens):
            continue
        tokens = raw.tokens
        sides = sides_of(raw)
        head = sides[0]
        if len(sides) > 1 and head and head[0].kind == "NAME":
            if len(head) > 1 and head[1].kind == "LPAR":
                functions.add(head[0].text)
            else:
                defined.add(head[0].text)
        for number, token in enumerate(tokens):
            if token.kind != "NAME":
                continue
            after = tokens[number + 1] if number + 1 < len(tokens) else None
            before = tokens[number - 1] if number else None
            kind = after.kind if after else ""
            if kind == "SUBOPEN" or (kind == "[" and after and not after.spaced):
                if token.text not in lexicon.REDUCTIONS and token.text not in lexicon.FUNCTION_NAMES:
                    subscripted.add(token.text)
            elif (
                kind != "LPAR"
                and not (before and before.kind == "POW" and token.text == "T")
                and token.text not in lexicon.FUNCTION_NAMES
            ):
                bare.add(token.text)
    return Known(frozenset(defined), frozenset(subscripted), frozenset(bare), frozenset(functions), arrays | subscripted)


def read_side(tokens: Sequence[Token], source: Source, known: Known, notes: list[str], near: Token) -> s.Node:
    """The surface tree of one side of a statement."""
    if not tokens:
        raise source.problem("an expression is missing here", near.start, near.end, "write one on both sides of =")
    resolved, bold = resolve(tokens, source, known, notes)
    return parse(resolved, source, bold)


def refuse_open_bound(sides: Sequence[Sequence[Token]], source: Source) -> None:
    """sum_i=1^n x_i without braces looks like two equations.

    Raises: SyntaxProblem where a side ends with a reduction sign and the next begins with a number.
    """
    for side, after in itertools.pairwise(sides):
        start = next((at for at in range(len(side) - 1, -1, -1) if side[at].kind == "NAME" and side[at].text in REDUCING), None)
        if start is None or start + 1 >= len(side) or not after or after[0].kind != "NUMBER":
            continue
        group = side[start + 1 :]
        if group[0].kind == "SUBOPEN" and group[-1].kind == "SUBCLOSE" and len(group) == 3:
            name, index = side[start].text, group[1].text
            raise source.problem(
                f"the bounds of this {name} need braces",
                side[start].start,
                after[0].end,
                f"write {name}_{{{index}={after[0].text}}}^{{n}}, or {name}_{index}",
            )


def definition(raw: Raw, source: Source, known: Known, notes: list[str]) -> Definition:
    """A statement with its left-hand side taken apart.

    Raises: SyntaxProblem when there is no `=` or the left-hand side is no name with indices.
    """
    sides = sides_of(raw)
    first, last = raw.tokens[0], raw.tokens[-1]
    if len(sides) < 2:
        raise source.problem("a statement needs `=`", first.start, last.end, "write NAME_ij = expression, or # before a remark")
    refuse_open_bound(sides, source)
    left = read_side(sides[0], source, known, notes, first)
    trees = tuple(read_side(side, source, known, notes, last) for side in sides[1:])
    words = frozenset(token.text for side in sides[1:] for token in side if token.kind == "NAME")
    where = raw.where
    match left:
        case s.Ref(place, name, _) if name in lexicon.REDUCTIONS or name in ("if", "diff"):
            raise NameProblem(f"{name} is a word of the language", place=place, hint="take another name")
        case s.Ref(place, name, subscripts):
            return Definition(name, subscripts or (), None, trees, place, where, words)
        case s.Call(place, name, args, (), None) if all(isinstance(arg, s.Ref) and arg.subscripts is None for arg in args):
            if name not in known.functions or name in lexicon.FUNCTION_NAMES:
                raise NameProblem(f"{name} is a function of the language", place=place, hint="take another name")
            parameters = tuple((arg.name, arg.place) for arg in args if isinstance(arg, s.Ref))
            return Definition(name, (), parameters, trees, place, where, words)
        case s.Call(place, name):
            raise SyntaxProblem(
                f"the arguments of {name} on the left-hand side are not names", place=place, hint=f"write {name}(x, y) = ..."
            )
    raise SyntaxProblem("the left-hand side is not a name with indices", place=left.place, hint="write NAME_ij = expression")


def arrange(definitions: Sequence[Definition]) -> list[Definition]:
    """Move `where` statements before the statement they explain, and each after what it uses.

    A line behind a `where` line belongs to it when the statement or its explanations use the name it defines.
    """
    done: list[Definition] = []
    at = 0
    while at < len(definitions):
        head = definitions[at]
        at += 1
        block: list[Definition] = []
        earlier = {item.name for item in done}
        while at < len(definitions):
            item = definitions[at]
            wanted = head.words.union(*(other.words for other in block))
            if item.where or (block and item.name in wanted and item.name not in earlier):
                block.append(item)
                at += 1
            else:
                break
        done.extend(sort_block(block))
        done.append(head)
    return done


def sort_block(block: Sequence[Definition]) -> list[Definition]:
    """Explanations in an order in which each stands after those it uses; as written where that leaves a choice."""
    left = list(block)
    out: list[Definition] = []
    while left:
        names = {item.name for item in left}
        ready = next((item for item in left if not (item.words & (names - {item.name}))), left[0])
        left.remove(ready)
        out.append(ready)
    return out
