"""Why contraction stops: a measure that falls with every law.

The measure is a pair, compared lexicographically.

1. For every outermost function (or power, case, non-sum reduction), the number of distinct live deltas inside it; as a multiset.
   `split cases` replaces a function with k of them by copies with k - 1. No other law adds any: `distribute` and `split the sum`,
   which copy factors, come after it in the list, when none is left.
2. A polynomial weight in which each remaining law loses: products multiply, sums of terms add (plus one a plus sign), a sum over
   k indices squares its body and multiplies by 4^k, deltas weigh 4, copy tensors 2 plus their order, all other leaves 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tensorderiv.algebra.expression import Add, Bracket, CopyTensor, Expr, KroneckerDelta, Mul, Node, Reduction
from tensorderiv.algebra.traverse import parts, walk
from tensorderiv.contract.laws import NONLINEAR, Scope, is_live

Measure: TypeAlias = tuple[tuple[int, ...], int]


def measure(expr: Expr) -> Measure:
    """What falls with every contraction step: (live deltas inside functions, largest first; weight)."""
    return tuple(sorted(nonlinear_counts(expr, frozenset()), reverse=True)), weight(expr)


def nonlinear_counts(node: Node, scope: Scope) -> Iterator[int]:
    """The number of distinct live deltas in each outermost nonlinear node that holds any."""
    if isinstance(node, NONLINEAR) or (isinstance(node, Reduction) and node.op != "sum"):
        live = {part for part in walk(node) if isinstance(part, (KroneckerDelta, CopyTensor)) and is_live(part, scope)}
        if live:
            yield len(live)
        for part in parts(node):
            yield from nonlinear_counts(part, frozenset())
        return
    inner: Scope = frozenset()
    if isinstance(node, Reduction):
        inner = scope | set(node.indices)
    elif isinstance(node, (Add, Mul)):
        inner = scope
    for part in parts(node):
        yield from nonlinear_counts(part, inner)


def weight(node: Node) -> int:
    """The polynomial weight."""
    match node:
        case Add(terms):
            return sum(weight(term) for term in terms) + len(terms) - 1
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
    return 3 + sum(weight(part) for part in parts(node))
