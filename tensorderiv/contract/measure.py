"""Why contraction stops: a measure that falls with every sweep on a level.

The measure is a pair, compared lexicographically, over the nodes of one level (`driver`): what stands inside functions, powers,
cases and other reductions is contracted before and does not change but by renaming.

1. For every opaque node of the level, the number of distinct live deltas inside it; as a multiset. `split cases` replaces a node
   with k of them by copies with k - 1. No other law adds any: `distribute` and `split the sum`, which copy factors, come after it
   in the list, when none is left.
2. A polynomial weight in which each remaining law loses: products multiply, sums of terms add (plus one a plus sign), a sum over
   k indices squares its body and multiplies by 4^k; deltas weigh 4, copy tensors 2 plus their order, others 3 and their parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tensorderiv.algebra.expression import Add, Bracket, CopyTensor, Expr, KroneckerDelta, Mul, Node, Reduction
from tensorderiv.algebra.traverse import parts
from tensorderiv.contract.apart import coincidences
from tensorderiv.contract.driver import is_opaque
from tensorderiv.contract.live import Scope, live_inside

Measure: TypeAlias = tuple[tuple[int, ...], int]


def measure(expr: Expr, level: int = 0) -> Measure:
    """What falls with every sweep on a level: (live deltas inside opaque nodes, largest first; weight)."""
    roots = list(_roots(expr, level))
    counts = [count for root in roots for count in _live_counts(root, frozenset())]
    return tuple(sorted(counts, reverse=True)), sum(weight(root) for root in roots)


def _roots(node: Node, level: int) -> Iterator[Node]:
    """The nodes at which a level begins: the expression itself, or the arguments of the opaque nodes one level up."""
    if level == 0:
        yield node
        return
    for part in parts(node):
        yield from _roots(part, level - is_opaque(node))


def _live_counts(node: Node, scope: Scope) -> Iterator[int]:
    """The number of distinct live deltas in each opaque node of the level that holds any."""
    if is_opaque(node):
        live = set(live_inside(node, scope))
        if live:
            yield len(live)
        return
    inner: Scope = frozenset()
    if isinstance(node, Reduction):
        inner = scope | set(node.indices)
    elif isinstance(node, (Add, Mul)):
        inner = scope
    for part in parts(node):
        yield from _live_counts(part, inner)


GUARDED = 64
"""A difference of deltas weighs as much more as the condition that may be written beside it when it is multiplied out."""


def weight(node: Node) -> int:
    """The polynomial weight."""
    match node:
        case Add(terms):
            return (sum(weight(term) for term in terms) + len(terms) - 1) * (GUARDED if coincidences(node) else 1)
        case Mul(factors):
            product = 1
            for factor in factors:
                product *= weight(factor)
            return product
        case Reduction("sum", indices, body, condition):
            inside = weight(body) * (1 if condition is None else weight(condition) + 4)
            return int(inside**2 * 4 ** len(indices))
        case KroneckerDelta():
            return 4
        case CopyTensor(subscripts):
            return 2 + len(subscripts)
        case Bracket(condition):
            return 4 + weight(condition)
    return 3 + is_opaque(node) + sum(weight(part) for part in parts(node))
