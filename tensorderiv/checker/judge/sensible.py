"""Readings of a line that nobody means, left aside where there are others.

An operator d/dx may reach over one factor or over all that follow. Nobody differentiates what does not depend on the variable;
and a line that opens with an operator, as the start of a derivation does, asks for the derivative of all that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tensorderiv.checker.judge.asked import base
from tensorderiv.checker.tree import Definition, Group, Name, Negative, Node, Partial, walk


def sensible(trees: tuple[Node, ...], definitions: Iterable[Definition], start: bool) -> tuple[Node, ...]:
    """The trees without those that differentiate a constant; of a start that is a derivative, those that are one as a whole.

    >>> from tensorderiv.checker.tree import Number, Product
    >>> x, two = Name("x"), Number(2)
    >>> whole = Partial(Product((("juxtaposed", two), ("juxtaposed", x))), (x,))
    >>> narrow = Product((("juxtaposed", Partial(two, (x,))), ("juxtaposed", x)))
    >>> sensible((narrow, whole), (), start=False) == (whole,)
    True
    """
    made_of = dependencies(definitions)
    found = tuple(tree for tree in trees if not any(_is_idle(node, made_of) for node in walk(tree))) or trees
    if start and isinstance(bare(trees[0]), Partial):
        found = tuple(tree for tree in found if isinstance(bare(tree), Partial)) or found
    return found


def bare(node: Node) -> Node:
    """The node without the brackets and signs around it."""
    while isinstance(node, Group | Negative):
        node = node.body
    return node


def dependencies(definitions: Iterable[Definition]) -> dict[str, frozenset[str]]:
    """For each defined name the names it is made of, through earlier definitions, itself included."""
    found: dict[str, frozenset[str]] = {}
    for definition in definitions:
        names = frozenset(node.name for node in walk(definition.body) if isinstance(node, Name))
        below = frozenset().union(*(found.get(name, frozenset()) for name in names))
        found[definition.name] = found.get(definition.name, frozenset()) | names | below | {definition.name}
    return found


def _is_idle(node: Node, made_of: Mapping[str, frozenset[str]]) -> bool:
    """Whether it is the derivative of what does not speak of a variable."""
    if not isinstance(node, Partial):
        return False
    names = {part.name for part in walk(node.body) if isinstance(part, Name)}
    names |= {name for used in names for name in made_of.get(used, ())}
    variables = [base(variable) for variable in node.variables]
    # a variable that is itself defined (dL/dp with p_i = ...) may be written out in the body
    return not any(variable is None or variable in names or made_of.get(variable, frozenset()) & names for variable in variables)
