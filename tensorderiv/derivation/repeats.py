"""Long results are told with names for what they repeat: Z_k for a normaliser sum_j exp(S_kj / t) that stands five times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tensorderiv.algebra.expression import Expr, Node, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import count_nodes, free_indices, substitute_expr, walk
from tensorderiv.simplify.alike import key
from tensorderiv.simplify.fold import fold_names

LONG = 150
"""A result with fewer nodes than this is told without new names."""
LEAST_TIMES, LEAST_NODES = 3, 6
"""What gets a name stands at least this often, and is at least this large."""
LETTERS = "ZVURTPQGHK"
"""Letters for new names, in this order."""


@dataclass(frozen=True)
class Named:
    """An expression, and the names it speaks of that were made here."""

    expr: Expr
    names: tuple[Statement, ...] = ()


def name_repeats(expr: Expr, taken: frozenset[str], known: Sequence[Statement]) -> Named:
    """The expression with repeated reductions named, the largest first; as it is where it is short enough."""
    made = Named(expr)
    letters = iter([letter for letter in LETTERS if letter not in taken])
    while count_nodes(made.expr) > LONG:
        body, letter = _most_repeated(made.expr), next(letters, None)
        if body is None or letter is None:
            return made
        axes = free_indices(body)
        statement = Statement(Tensor(letter, tuple(index.extent for index in axes)), axes, body)
        after = fold_names(made.expr, (*known, statement))
        if count_nodes(after) >= count_nodes(made.expr):
            return made
        made = Named(after, (*made.names, statement))
    return made


def _most_repeated(expr: Expr) -> Expr | None:
    """The reduction whose name saves most, counted up to the letters of its indices."""
    found: dict[Node, list[Expr]] = {}
    for node in _reductions(expr):
        found.setdefault(_generic(node), []).append(node)
    worth = [(len(same) * count_nodes(same[0]), same[0]) for same in found.values() if _is_worth(same)]
    return max(worth, key=lambda item: (item[0], str(item[1])))[1] if worth else None


def _is_worth(same: Sequence[Expr]) -> bool:
    return len(same) >= LEAST_TIMES and count_nodes(same[0]) >= LEAST_NODES


def _reductions(expr: Expr) -> Iterator[Expr]:
    yield from (node for node in walk(expr) if isinstance(node, Reduction))


def _generic(node: Expr) -> Node:
    """The reduction with its free indices numbered: Z_k and Z_j are one."""
    numbered: Mapping[Index, Index] = {index: Index(f"#{place}", index.extent) for place, index in enumerate(free_indices(node))}
    return key(substitute_expr(node, numbered))
