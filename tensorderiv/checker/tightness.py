"""How tightly what is written for a node holds together: what needs brackets where."""

from __future__ import annotations

from tensorderiv.checker.tree import (
    Big,
    Comparison,
    Differential,
    Frobenius,
    Hadamard,
    Negative,
    Node,
    Number,
    Outer,
    Partial,
    Power,
    Product,
    Sum,
    Transpose,
)

SUM, TERM, COLON, ENTRYWISE, FACTOR, BASE = range(6)
"""How tightly the places of the grammar bind, the loosest first."""


def tightness(node: Node) -> int:
    """How tightly what is written for the node holds together."""
    match node:
        case Sum():
            return SUM
        case Negative() | Comparison():
            return TERM
        case Number(value=value) if value < 0:
            return TERM
        case Frobenius():
            return COLON
        case Hadamard() | Outer():
            return ENTRYWISE
        case Product() | Big() | Partial() | Power() | Transpose() | Differential():
            return FACTOR
    return BASE
