"""Is the chain about what was asked? What its lines speak of, next to the definitions and the variable that were given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tensorderiv.checker.tree import Component, Definition, Name, Node, Partial, walk


def off_the_point(definitions: tuple[Definition, ...], wrt: Node | None, lines: Iterable[Node]) -> Iterator[str]:
    """Remarks where the chain is about something else: the thing defined last does not occur in it, or line 0 is a derivative by
    another variable than the one declared. They are remarks, no verdict: such a chain may be right.

    >>> from tensorderiv.checker.tree import Number
    >>> f = Definition("f", (), (), Name("x"))
    >>> list(off_the_point((f,), Name("x"), [Partial(Name("g"), (Name("y"),))]))
    ['no line speaks of f, the last thing defined', 'line 0 is a derivative by y; the variable declared is x']
    """
    trees = list(lines)
    spoken = {node.name for tree in trees for node in walk(tree) if isinstance(node, Name)}
    spoken |= {node.name for definition in definitions for node in walk(definition.body) if isinstance(node, Name)}
    if definitions and definitions[-1].name not in spoken:
        yield f"no line speaks of {definitions[-1].name}, the last thing defined"
    start = trees[0] if trees else None
    declared = None if wrt is None else base(wrt)
    if declared is not None and isinstance(start, Partial):
        by = [base(variable) for variable in start.variables]
        if None not in by and declared not in by:
            yield f"line 0 is a derivative by {', '.join(name for name in by if name)}; the variable declared is {declared}"


def base(node: Node) -> str | None:
    """The name that a variable of differentiation is an element of."""
    while isinstance(node, Component):
        node = node.body
    return node.name if isinstance(node, Name) else None
