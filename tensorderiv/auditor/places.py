"""Sub-expressions by their place, and expressions with one of them replaced.

>>> from tensorderiv.language import read
>>> body = read("s = sum_i x_i y_i").output.body
>>> [str(part) for _, part in places(body)]
['sum_i x_i y_i', 'x_i y_i', 'x_i', 'y_i']
>>> print(replaced(body, (0, 1), at(body, (0, 0))))
sum_i x_i x_i
"""

from __future__ import annotations

from collections.abc import Iterator

from tensorderiv.algebra.expression import Expr, Node
from tensorderiv.algebra.traverse import parts, rebuild

Path = tuple[int, ...]


def places(expr: Node, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """Every real-valued sub-expression with its place, outermost first; conditions are walked through."""
    if isinstance(expr, Expr):
        yield path, expr
    for place, part in enumerate(parts(expr)):
        yield from places(part, (*path, place))


def at(expr: Node, path: Path) -> Node:
    """The sub-expression at a place."""
    return at(parts(expr)[path[0]], path[1:]) if path else expr


def replaced(expr: Expr, path: Path, new: Expr) -> Expr:
    """The expression with another one at that place."""
    made = _replaced(expr, path, new)
    assert isinstance(made, Expr), "an expression stays one"
    return made


def _replaced(node: Node, path: Path, new: Expr) -> Node:
    if not path:
        return new
    seen = iter(range(len(parts(node))))
    return rebuild(node, lambda part: _replaced(part, path[1:], new) if next(seen) == path[0] else part)
