r"""Is what stands beside a 0 that the author wrote defined? \frac{0}{x} is, at x != 0; \frac{0}{0} and 0 \log 0 are nowhere.

The 0 swallows its product as soon as a line is given its meaning, so the line is looked at with a 0 that has to be computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from tensorderiv.checker.tree import Call, Group, Node, Number, Product, Ratio, children, walk, with_children
from tensorderiv.equality import Nowhere, decide
from tensorderiv.errors import DomainProblem, TensorDerivError

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import World

ZERO = Number(Fraction(0))
COMPUTED = Call("log", (Number(Fraction(1)),))
"""A 0 that nothing but its value tells to be one."""

SECONDS = 0.5

UNDEFINED = "something is divided by 0, or a function is taken outside its domain"


def check_zeros(sides: Iterable[Node], world: World) -> None:
    """Raises DomainProblem where one of the sides has no value anywhere once its zeros are computed."""
    for node in sides:
        computed = _computed(node)
        if computed is not None and _is_nowhere(computed, world):
            raise DomainProblem(f"it is defined at no point that was tried: {UNDEFINED}")


def _is_nowhere(node: Node, world: World) -> bool:
    with suppress(TensorDerivError, RecursionError):
        for meaning in world.readings(node)[:1]:
            try:
                decide(world.claim(meaning, meaning), seconds=SECONDS, proving=SECONDS, strict=True)
            except Nowhere:
                return True
    return False


def _computed(node: Node) -> Node | None:
    """The line with each factor 0 replaced by one that is computed; None where there is none."""
    if not any(_is_zero(part) for whole in walk(node) for part in _factors(whole)):
        return None

    def changed(whole: Node) -> Node:
        zeros = {id(part) for part in _factors(whole) if _is_zero(part)}
        return with_children(whole, iter([COMPUTED if id(part) in zeros else changed(part) for part in children(whole)]))

    return changed(node)


def _factors(node: Node) -> tuple[Node, ...]:
    """What multiplies: the factors of a product, the numerator of a fraction."""
    if isinstance(node, Product):
        return tuple(factor for joint, factor in node.factors if joint != "over")
    return (node.above,) if isinstance(node, Ratio) else ()


def _is_zero(node: Node) -> bool:
    while isinstance(node, Group):
        node = node.body
    return isinstance(node, Number) and node.value == 0
