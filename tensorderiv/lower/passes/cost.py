"""What a pass costs: its strips, its rows, its spreads."""

from __future__ import annotations

from tensorderiv.algebra.expression import Add, Function, Mul, Pow, Select
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.traverse import walk
from tensorderiv.lower.cost import DOUBLE, Cost, cost_of
from tensorderiv.lower.passes.passing import Pass, Weighted
from tensorderiv.lower.passes.strips import Folded, Product, Turned
from tensorderiv.lower.tile import Pairwise

PRODUCT_STRIP, TILE_STRIP = 2**20, 2**19
"""The most entries of a strip, of a pass with products of matrices and of any other (`_partition` in a module)."""


def cost_of_pass(found: Pass) -> Cost:
    """Operations and bytes; each entry of a table counts once a block of rows and column, each of a strip once."""
    cost = cost_of(list(found.body))
    pairs: tuple[Extent, ...] = (found.row.extent, found.column.extent)
    for strip in found.strips:
        match strip.filling:
            case Product(left, _):
                cost.operations.add(2, (*pairs, left.extents[1]))
            case Folded(fold):
                cost.operations.add(1 + operations(fold.body), (*pairs, fold.body.feature.extent))
            case Turned():
                cost.bytes.add(DOUBLE, pairs)
        cost.bytes.add(DOUBLE, pairs)
    for spread in found.spreads:
        each = 2 if isinstance(spread.how, Weighted) else 2 + operations(spread.how.body)
        cost.operations.add(each, (*pairs, spread.target.extents[1]))
        cost.bytes.add(DOUBLE, pairs)
    return cost


def operations(pairwise: Pairwise) -> int:
    """The operations of one pair and feature."""
    found = 0
    for root in pairwise.roots:
        for node in walk(root):
            match node:
                case Add(parts) | Mul(parts):
                    found += len(parts) - 1
                case Pow() | Function() | Select():
                    found += 1
    return found


def strip_sizes(found: Pass) -> list[tuple[Extent, ...]]:
    """The shapes of the arrays that a part of the rows has for itself."""
    products = any(isinstance(strip.filling, Product) for strip in found.strips)
    products = products or any(isinstance(spread.how, Weighted) for spread in found.spreads)
    shapes: list[tuple[Extent, ...]] = [(PRODUCT_STRIP if products else TILE_STRIP,) for _ in (*found.strips, *found.weights)]
    shapes += [t.statement.tensor.extents for t in found.targets if t.role in ("onto columns", "column sum")]
    return shapes
