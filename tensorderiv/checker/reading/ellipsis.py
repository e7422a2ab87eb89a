r"""a_1 b_1 + ... + a_n b_n as a sum: the terms say what changes from 1 to n."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.tree import Big, Name, Node, Number, Span, children, walk, with_children

DOTS = frozenset({"\\dots", "\\ldots", "\\cdots", "\\dotsb", "\\dotsc"})
SIGN = "\\dots"
"""The name that stands for the dots, in this stage only."""


def is_ellipsis(node: Node) -> bool:
    """Is the term the dots?"""
    return isinstance(node, Name) and node.name == SIGN


def written_out(terms: Sequence[Node], known: Vocabulary) -> list[Node] | None:
    """The terms with the sum in the place of those around the dots; None where they do not tell what is summed."""
    at = next(place for place, term in enumerate(terms) if is_ellipsis(term))
    if at == 0 or at + 1 == len(terms) or any(is_ellipsis(term) for term in terms[at + 1 :]):
        return None
    last = terms[at + 1]
    for start in range(max(0, at - 3), at):
        shown = terms[start:at]
        for letter, size in _letters((*shown, last), known):
            body = _changing(shown[0], last, letter, size)
            if body is not None and all(_at(body, letter, Number(Fraction(k))) == term for k, term in enumerate(shown, 1)):
                first, end = shown[0].span, last.span
                span = Span(first.start, end.end) if first and end else None
                return [*terms[:start], Big("sum", (letter,), body, span=span), *terms[at + 2 :]]
    return None


def _letters(terms: Sequence[Node], known: Vocabulary) -> Iterator[tuple[str, str]]:
    """Index letters that stand in none of the terms, each with its size."""
    used = {part.name for term in terms for part in walk(term) if isinstance(part, Name)}
    for letter, size in known.indices.items():
        if letter not in used and isinstance(size, str) and size in used:
            yield letter, size


def _changing(first: Node, last: Node, letter: str, size: str) -> Node | None:
    """What both are an instance of: the letter where the first has 1 and the last the size."""
    if isinstance(first, Number) and first.value == 1 and isinstance(last, Name) and last.name == size:
        return Name(letter)
    if first == last:
        return first
    ours, theirs = list(children(first)), list(children(last))
    if type(first) is not type(last) or len(ours) != len(theirs) or not ours:
        return None
    parts = [_changing(one, other, letter, size) for one, other in zip(ours, theirs, strict=True)]
    if any(part is None for part in parts):
        return None
    return replace(with_children(last, iter(part for part in parts if part is not None)), span=None)


def _at(body: Node, letter: str, value: Node) -> Node:
    if isinstance(body, Name) and body.name == letter:
        return value
    return with_children(body, iter([_at(part, letter, value) for part in children(body)]))
