r"""Lines and definitions of a case, read.

>>> from tensorderiv.checker.case import Case, Symbol
>>> case = Case(lines=("2x^Tx",), definitions=("s = x^T x",), extents=("n",), symbols=(Symbol("x", ("n",)),), wrt="x")
>>> known, (s,) = read_definitions(case)
>>> s.name, len(read_line("2x^Tx", known)), split("s = x^T x")
('s', 1, ('s', 'x^T x'))
"""

from __future__ import annotations

import re
from itertools import combinations

from tensorderiv.checker.case import Case
from tensorderiv.checker.reading.fences import OPENING, separated
from tensorderiv.checker.reading.items import Choices
from tensorderiv.checker.reading.pieces import Piece, pieces
from tensorderiv.checker.reading.resolve import Reading
from tensorderiv.checker.reading.spelling import SCRIPTS, scripts_end, spelled
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.reading.words import CLOSING, COMMANDS, COMPARED, SEPARATORS
from tensorderiv.checker.tree import Big, Call, Component, Definition, Delta, Equation, Name, Node, children
from tensorderiv.language.lexicon import INVERSES

AROUND = re.compile(r"^(?:\s|&|\\\\)+|(?:\s|[,;.&:]|\\\\)+$")
"""What stands around a side and does not belong to it."""
BEFORE = frozenset(
    {"=", "&", "\\\\", "\\implies", "\\Rightarrow", "\\therefore", "\\iff", "\\Leftrightarrow", "\\Longrightarrow"}
)
"""Signs before a line."""
MOST_READINGS = 8
DEEPEST = 120
"""Nesting of a tree."""


def read_line(text: str, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The possible readings of a line, the most usual first.

    Raises: Unreadable where there is none, with the place.
    """
    return _readings(text, _trimmed(pieces(text)), vocabulary)


def read_equation(text: str, vocabulary: Vocabulary) -> tuple[Equation, ...]:
    """The possible readings of a line that is an equation of its own. Raises: Unreadable."""
    sides = _sides(_trimmed(pieces(text)))
    if len(sides) != 2:
        raise Unreadable(text, 0, f"an equation has two sides, not {len(sides)}", len(text))
    left, right = (_readings(text, side, vocabulary) for side in sides)
    found = [Equation(one, other) for one in left for other in right]
    return tuple(found[:MOST_READINGS])


def split(text: str) -> tuple[str, ...]:
    """The texts between the `=` of a line that stand in no bracket. Raises: Unreadable."""
    found = pieces(text)
    depth = 0
    places: list[Piece] = []
    for piece in found:
        depth += (piece.kind == "sign") * ((piece.text in CLOSING) - (piece.text in OPENING))
        if depth == 0 and _equals(piece):
            places.append(piece)
    starts, stops = [0, *(piece.end for piece in places)], [*(piece.start for piece in places), len(text)]
    return tuple(AROUND.sub("", text[start:stop]) for start, stop in zip(starts, stops, strict=True))


def read_definitions(case: Case) -> tuple[Vocabulary, tuple[Definition, ...]]:
    """The definitions of a case in order, and what is known of names after them. Raises: Unreadable."""
    vocabulary = Vocabulary.of_case(case)
    for text in case.definitions:
        vocabulary = vocabulary.with_definition(read_definition(text, vocabulary))
    return vocabulary, vocabulary.definitions


def read_definition(text: str, vocabulary: Vocabulary) -> Definition:
    """One definition: D_{ij} = ..., f(x, y) = ..., W_2^2 = ...; the last right-hand side counts. Raises: Unreadable."""
    sides = _sides(_trimmed(pieces(text)))
    if len(sides) < 2 or not all(sides):
        raise Unreadable(text, 0, "a definition is of the form name = expression", len(text))
    head, inverse = _inverted(sides[0], vocabulary)
    name, indices, parameters = _head(text, head, vocabulary)
    bodies = _readings(text, sides[-1], vocabulary.with_local(parameters))
    letters = frozenset(vocabulary.indices) - set(indices)
    closed = (body for body in bodies if vocabulary.sums == "explicit" and not _loose(body, letters))
    body = next(closed, bodies[0])
    return Definition(name, indices, parameters, Call(inverse, (body,), span=body.span) if inverse else body)


def _inverted(side: tuple[Piece, ...], known: Vocabulary) -> tuple[tuple[Piece, ...], str | None]:
    r"""\cos\theta = c gives the angle: the name, and the function of the right-hand side that it is."""
    function = COMMANDS.get(side[0].text, "") if len(side) > 1 else ""
    argument = side[1:]
    if argument and (argument[0].text, argument[-1].text) == ("(", ")"):
        argument = argument[1:-1]
        if known.names.find(argument, 0):
            return side, None
    inverse = INVERSES.get(function)
    if inverse is None or not argument or argument[0].kind != "symbol" or scripts_end(argument, 1) != len(argument):
        return side, None
    return argument, inverse


def _head(text: str, side: tuple[Piece, ...], known: Vocabulary) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Name, indices and parameters of a left-hand side."""
    parameters: tuple[str, ...] = ()
    reading = Reading(text, known, Choices())
    start = 0
    if side[0].text == "(" and (close := next((k for k, p in enumerate(side) if p.text == ")"), 0)):
        start = close + 1  # (AB)_{ij} = ...
    opening = next((k for k in range(max(start, 1), len(side)) if side[k].text in ("(", "[") or side[k].kind == "fence"), None)
    if opening is not None:
        fence = side[opening].kind == "fence"
        inner = side[opening].parts[0] if fence else side[opening + 1 : -1]
        behind = (
            opening + 1 if fence else next((k + 1 for k in range(len(side) - 1, opening, -1) if side[k].text in (")", "]")), 0)
        )
        inner = inner if fence else side[opening + 1 : behind - 1]
        if not inner or scripts_end(side, behind) != len(side):
            raise Unreadable(text, side[0].start, "the left-hand side of a definition is a name", side[-1].end)
        parts = separated(inner, lambda p: p.text in SEPARATORS)
        parameters = tuple(spelled(part) for part in parts)
        if not all(parameters) or any(p.kind in ("sign", "fraction", "fence") for p in inner if p.text not in SEPARATORS):
            raise Unreadable(text, inner[0].start, "the parameters of a function are names", inner[-1].end)
        side = (*side[:opening], *side[behind:])  # S(z)_i
    if side and side[0].kind == "number" and not side[0].style:
        raise Unreadable(text, side[0].start, "the left-hand side of a definition is a name", side[-1].end)
    end = next((k for k in range(start, len(side)) if side[k].kind in SCRIPTS), len(side))
    if (
        end == 0
        or scripts_end(side, end) != len(side)
        or any(p.kind not in ("symbol", "number") and p.text not in COMMANDS for p in side[start:end])
    ):
        raise Unreadable(text, side[0].start, "the left-hand side of a definition is a name", side[-1].end)
    own: list[Piece] = []
    indices: list[str] = []
    for script in side[end:]:
        letters, labelled = None, False
        if script.kind != "prime":
            content = script.parts[0]
            labelled = script.kind == "sup" and len(content) > 2 and (content[0].text, content[-1].text) == ("(", ")")
            letters = reading.subscripts.letters(content[1:-1] if labelled else content)
        if letters is not None:
            spelt = [getattr(letter, "name", "") for letter in letters]
            indices = [*spelt, *indices] if labelled else [*indices, *spelt]
        else:
            own.append(script)
    return spelled((*side[:end], *own)), tuple(indices), parameters


def _trimmed(found: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Without an = before it and the punctuation behind it."""
    start, stop = 0, len(found)
    while start < stop and found[start].text in BEFORE:
        start += 1
    while stop > start:
        if found[stop - 1].text in (",", ";", ".", "\\\\", "&"):
            stop -= 1
        elif (
            stop - start > 3
            and found[stop - 2].kind == "word"
            and (found[stop - 3].text, found[stop - 1].text) in (("(", ")"), ("[", "]"))
        ):
            stop -= 3  # a remark in brackets
        else:
            break
    return found[start:stop]


def _equals(piece: Piece) -> bool:
    return COMPARED.get(piece.text) == "=" and piece.kind in ("sign", "command")


def _sides(found: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
    sides = [tuple(side) for side in separated(found, _equals)]
    return [side[:-1] if side and side[-1].text == ":" else side for side in sides]


def _readings(text: str, line: tuple[Piece, ...], known: Vocabulary) -> tuple[Node, ...]:
    first: Unreadable | None = None
    met: set[str] = set()
    found: list[Node] = []
    tried: set[frozenset[str]] = set()

    def attempt(turned: frozenset[str]) -> None:
        nonlocal first
        tried.add(turned)
        choices = Choices(turned)
        try:
            node = Reading(text, known, choices).expression(line)
            if _depth(node) > DEEPEST:
                raise Unreadable(text, 0, f"nested more than {DEEPEST} deep", hint="name parts of it in definitions")
            if node not in found:
                found.append(node)
        except Unreadable as error:
            first = first or error
        met.update(choices.met)

    attempt(frozenset())
    for size in (1, 2):
        for some in combinations(sorted(met), size):
            if len(found) < MOST_READINGS and len(tried) < 3 * MOST_READINGS and frozenset(some) not in tried:
                attempt(frozenset(some))
    if not found:
        assert first is not None
        raise first
    return tuple(found)


def _loose(node: Node, letters: frozenset[str]) -> bool:
    r"""Does one of the letters stand in a subscript without a sum over it? In Z = \sum_{k \neq l} a_{kl} both are summed."""
    todo = [(node, letters)]
    while todo:
        current, free = todo.pop()
        if isinstance(current, Component | Delta) and any(isinstance(c, Name) and c.name in free for c in children(current)):
            return True
        inside = free - set(current.bound) if isinstance(current, Big) else free
        todo.extend((child, inside) for child in children(current))
    return False


def _depth(node: Node) -> int:
    deepest, todo = 0, [(node, 1)]
    while todo:
        current, depth = todo.pop()
        deepest = max(deepest, depth)
        todo.extend((child, depth + 1) for child in children(current))
    return deepest
