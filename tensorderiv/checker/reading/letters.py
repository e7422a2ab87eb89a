"""Letters and words: names, calls, deltas, constants, sizes, indices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tensorderiv.checker.reading import calls, commands, numbers
from tensorderiv.checker.reading.fences import is_compared, separated
from tensorderiv.checker.reading.items import Script, span_of
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.scripts import attach
from tensorderiv.checker.reading.spelling import letters_at, scripts_end, spelled
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.words import (
    BIG_WORDS,
    CONSTANTS,
    SEPARATORS,
    WORDS,
)
from tensorderiv.checker.tree import (
    Call,
    Comparison,
    Component,
    Delta,
    Iverson,
    Name,
    Node,
    Span,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Row

Pieces = Sequence[Piece]


def symbol(row: Row, at: int) -> int:
    line, piece = row.line, row.line[at]
    match = row.known.names.find(line, at)
    word = word_at(row, at)
    size = match.end - at if match else 0
    called = bool(word) and (piece.style == "mathrm" or opens(row, at + len(word)))
    if piece.text == "d" and size <= 1 and not called and row.reading.derivatives.is_differential(line, at, match is not None):
        return commands.differential(row, at, at + 1)
    if word and len(word) > size and (not match or opens(row, at + len(word)) or not all_known(row, at, len(word))):
        letters = len(word.rstrip("0123456789"))
        return commands.function(row, at, at + letters + (letters < len(word)), word)
    run = len(letters_at(line, at)) if piece.style == "mathrm" else 1
    if run > 1 and size < run:
        raise unknown(row, at, at + run)
    if piece.text == "I" and (after := numbers.indicator(row, at + 1)):
        return after
    if match and match.name == "e" and is_euler(row, at):
        exponent = row.reading.expression(line[at + 1].parts[0], line[at + 1])
        row.atom(Call("exp", (exponent,), span=Span(piece.start, line[at + 1].end)))
        return at + 2
    if match:
        return name(row, match.name, at, match.end, match.scripts)
    if piece.text == "\\delta" and not opens(row, at + 1):
        return delta(row, at)
    stop = scripts_end(line, at + 1)
    if piece.text == "\\delta" and opens(row, at + 1):
        return called_delta(row, at)
    if piece.text == "e" and stop > at + 1 and line[at + 1].kind == "sup":
        return row.with_scripts(Name("e", span=span_of(piece)), at + 1)
    if piece.text in CONSTANTS:
        return row.with_scripts(Name(piece.text, span=span_of(piece)), at + 1)
    for names in (row.known.sizes, row.known.letters):
        number = names.find(line, at)
        if number:
            start, end = piece.start, line[number.end - 1].end
            return row.with_scripts(Name(number.name, span=Span(start, end)), number.end, 0, number.scripts)
    if piece.text == "I":
        return identity(row, at)
    raise unknown(row, at, stop if any(p.kind == "sub" for p in line[at + 1 : stop]) else at + 1)


def identity(row: Row, at: int) -> int:
    """An I that nothing declares: the identity, with its size below it perhaps."""
    line, stop = row.line, scripts_end(row.line, at + 1)
    found = {k: content for k in range(at + 1, stop) if line[k].kind == "sub" and is_one_size(row, content := line[k].parts[0])}
    size = "".join(f"_{{{spelled(content)}}}" for content in found.values())
    end = max((line[k].end for k in found), default=line[at].end)
    return row.with_scripts(Name(f"I{size}", span=Span(line[at].start, end)), at + 1, 2, frozenset(found))


def is_one_size(row: Row, content: Pieces) -> bool:
    """Is a script the name of a size, and no index?"""
    found = row.known.sizes.find(content, 0) if content else None
    return found is not None and found.end == len(content) and not row.known.letters.find(content, 0)


def is_euler(row: Row, at: int) -> bool:
    """Is an e with an exponent Euler's number although an array is called e: e^{z_i} beside the basis e_i?"""
    following = row.line[at + 1 : scripts_end(row.line, at + 1)]
    if len(following) != 1 or following[0].kind != "sup" or not row.known.rank("e"):
        return False
    content, scripts = following[0].parts[0], row.reading.subscripts
    return not scripts.mark(content) and scripts.letters(content) is None


def unknown(row: Row, at: int, stop: int) -> Unreadable:
    start, end = row.line[at].start, row.line[stop - 1].end
    message = f"{spelled(row.line[at:stop])} is not declared"
    return row.reading.problem(message, start, end, "declare it or define it before this line")


def word_at(row: Row, at: int) -> str:
    letters = letters_at(row.line, at)
    for size in range(len(letters), 1, -1):
        if letters[:size] in WORDS or letters[:size] in BIG_WORDS:
            return letters[:size]
    return ""


def opens(row: Row, at: int) -> bool:
    return at < len(row.line) and (row.line[at].kind == "fence" or row.line[at].text in ("(", "[", "{"))


def all_known(row: Row, at: int, count: int) -> bool:
    return all(row.known.names.find(row.line, k) or row.known.sizes.find(row.line, k) for k in range(at, at + count))


def name(row: Row, name: str, at: int, end: int, own: frozenset[int]) -> int:
    line = row.line
    stop = scripts_end(line, end)
    span = Span(line[at].start, max([line[end - 1].end, *(line[k].end for k in own)]))
    rank = row.known.rank(name)
    own = own | {k for k in range(end, stop) if is_size(row, name, line[k])}
    scripts = row.reading.scripts(line, end, stop, rank, own)
    content = row.bracketed(stop)
    if content is not None and is_compared(content[0]) and (row.line[stop].text[0] == "[" or scripts):
        content = None
    if content is not None and row.line[stop].text[0] == "[" and (elements := elements_of(row, content[0], rank)):
        behind = scripts_end(line, content[1])
        element = Component(Name(name, span=span), elements, span=Span(span.start, line[content[1] - 1].end))
        row.atom(attach(element, row.reading.scripts(line, content[1], behind), row.known, row.choices))
        return behind
    if content is not None and is_call(row, name, content[0]):
        inside, after = content
        found = tuple(argument(row, part, line[stop]) for part in separated(inside, _separates))
        primes = sum(line[k].kind == "prime" for k in range(end, stop) if k not in own)
        node: Node = Name(name, found, span=Span(span.start, line[after - 1].end))
        if primes and name in row.known.arguments:  # f'(x)
            scripts = tuple(script for script in scripts if not (script.mark == "T" and script.exponent is None))
            node = Call("prime" + str(primes) * (primes > 1), found, Name(name, span=span), span=node.span)
        behind = scripts_end(line, after)
        row.atom(attach(node, (*scripts, *row.reading.scripts(line, after, behind)), row.known, row.choices))
        return behind
    node, scripts = uncalled(row, name, span, scripts, sum(line[k].kind == "prime" for k in range(end, stop) if k not in own))
    row.atom(attach(node, scripts, row.known, row.choices))
    return stop


def uncalled(row: Row, name: str, span: Span, scripts: tuple[Script, ...], primes: int) -> tuple[Node, tuple[Script, ...]]:
    """A name without arguments; f' of a function of one argument is its derivative, or (the other way) its transpose as A' is."""
    arguments = calls.usual(row.reading, name)
    if primes and row.known.arguments.get(name) == 1 and not name.rsplit("{", 1)[-1][:1].isupper():
        arguments = arguments or calls.parameters(row.known, name)
        if arguments and not row.choices.other("prime without arguments"):
            kept = tuple(script for script in scripts if not (script.mark == "T" and script.exponent is None))
            return Call("prime" + str(primes) * (primes > 1), arguments, Name(name, span=span), span=span), kept
    return Name(name, arguments, span=span), scripts


def elements_of(row: Row, content: Pieces, rank: int | None) -> tuple[Node, ...]:
    """The indices of X[i, j], if it is that."""
    found = row.reading.subscripts.letters(content) or ()
    return found if rank and len(found) == rank else ()


def is_size(row: Row, name: str, script: Piece) -> bool:
    r"""Does the script only tell the size, as in I_n or {\bf 1}_n?"""
    symbol = row.known.symbols.get(name)
    if symbol is None or symbol.value not in ("ones", "zeros", "identity") or script.kind != "sub":
        return False
    content = [p for p in script.parts[0] if p.text not in ("\\times", ",")]
    return bool(content) and all(row.known.sizes.find([p], 0) and not row.known.letters.find([p], 0) for p in content)


def is_call(row: Row, name: str, content: Pieces) -> bool:
    if not content:
        return False
    if name in row.known.arguments:
        return True
    if len(list(separated(content, _separates))) > 1 or any(p.text == "=" for p in content):
        return row.known.is_defined(name) or not is_compared(content)
    variable = row.known.names.find(content, 0)
    if not row.known.is_defined(name) or variable is None or variable.end != len(content):
        return False
    base = row.reading.derivatives.base()
    return (isinstance(base, Name) and base.name == variable.name) or not row.choices.other("call")


def is_called(row: Row, name: str, at: int) -> bool:
    """Do brackets with as many arguments as the function takes stand at a place?"""
    found = row.bracketed(scripts_end(row.line, at))
    return found is not None and len(list(separated(found[0], _separates))) == row.known.arguments.get(name)


def argument(row: Row, part: Pieces, place: Piece) -> Node:
    found = row.reading.listing(part, place)
    if len(found) != 1:
        raise row.reading.at(place, "an argument is one expression")
    return found[0]


def called_delta(row: Row, at: int) -> int:
    r"""\delta(i, j)."""
    found = row.bracketed(at + 1)
    parts = list(separated(found[0], _separates)) if found else []
    if found is None or len(parts) != 2:
        raise row.reading.at(row.line[at], "a Kronecker delta has two indices", "or declare \\delta")
    left, right = (argument(row, part, row.line[at]) for part in parts)
    return row.with_scripts(Delta(left, right, span=Span(row.line[at].start, row.line[found[1] - 1].end)), found[1])


def delta(row: Row, at: int) -> int:
    line, piece = row.line, row.line[at]
    stop = scripts_end(line, at + 1)
    found: list[Node] = []
    rest: list[Script] = []
    for k in range(at + 1, stop):
        if line[k].kind == "sub" and is_compared(line[k].parts[0]):
            rest_scripts = row.reading.scripts(line, at + 1, stop, 2, frozenset({k}))
            node: Node = Iverson(row.reading.conditions(line[k].parts[0], line[k]), span=Span(piece.start, line[k].end))
            row.atom(attach(node, rest_scripts, row.known, row.choices))
            return stop
        script = row.reading.subscripts.script(line[k], 2)
        if script.indices and len(found) < 2 and not (script.kind == "sup" and len(found) == 2):
            found.extend(script.indices)
        else:
            rest.append(script)
    span = Span(piece.start, line[stop - 1].end)
    if len(found) < 2:
        raise row.reading.problem("a Kronecker delta has two indices", span.start, span.end, "or declare \\delta")
    if len(found) == 2:
        node = Delta(found[0], found[1], span=span)
    else:
        pairs = pairwise(found)
        node = Iverson(tuple(Comparison("=", left, right, span=span) for left, right in pairs), span=span)
    row.atom(attach(node, rest, row.known, row.choices))
    return stop


def _separates(piece: Piece) -> bool:
    return piece.text in SEPARATORS and piece.kind in ("sign", "command")
