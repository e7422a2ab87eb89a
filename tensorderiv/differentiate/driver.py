"""Apply the laws: one sweep at a time for a derivation that is shown, to the end for one that is only used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tensorderiv.algebra.expression import Derivative, Expr, Node
from tensorderiv.algebra.traverse import parts, rebuild
from tensorderiv.differentiate.laws import Context, NamedLaw, law_for


@dataclass(frozen=True)
class Sweep:
    """One law (or group of laws) applied wherever it applied, the reason, and the expression it left."""

    name: str
    why: str
    after: Expr


LINEARITY = "derivatives pass through sums, and constants stand outside"


def outermost(node: Node) -> Iterator[Derivative]:
    """The derivatives still to be carried out, left to right; of nested ones the innermost."""
    if isinstance(node, Derivative):
        inner = list(outermost(node.body))
        yield from inner or [node]
        return
    for part in parts(node):
        yield from outermost(part)


def replace_derivatives(node: Node, change: Callable[[Derivative], Expr]) -> Node:
    """Replace each pending derivative (the innermost of nested ones) by what `change` gives for it."""
    if isinstance(node, Derivative):
        if any(True for _ in outermost(node.body)):
            return Derivative(_expr(replace_derivatives(node.body, change)), node.variable)
        return change(node)
    return rebuild(node, lambda part: replace_derivatives(part, change))


def _expr(node: Node) -> Expr:
    assert isinstance(node, Expr)
    return node


def _as_is(expr: Expr) -> Expr:
    return expr


def sweeps(
    expr: Expr, context: Context, *, stop_at: frozenset[str] = frozenset(), polish: Callable[[Expr], Expr] = _as_is
) -> Iterator[Sweep]:
    """Law after law until no derivative is left, or only derivatives of elements of the tensors in `stop_at`.

    A sweep takes the law that fits the leftmost pending derivative and applies it to every pending derivative that it fits, so
    that a derivation reads rule by rule. The variable itself is put in last, when everything else is done. `polish` is applied
    after every sweep; it must keep the meaning and leave pending derivatives alone.
    """
    current = expr
    while True:
        pending = [law for node in outermost(current) if (law := law_for(node, context, stop_at=stop_at)) is not None]
        if not pending:
            return
        chosen = next((law for law in pending if law.name != "variable"), pending[0])
        apply = partial(_apply, chosen=chosen, context=context, stop_at=stop_at)
        current = polish(_expr(replace_derivatives(current, apply)))
        yield Sweep(chosen.group or chosen.name, LINEARITY if chosen.group else chosen.why, current)


def _apply(node: Derivative, chosen: NamedLaw, context: Context, stop_at: frozenset[str]) -> Expr:
    """The chosen law, or any of its group as often as it fits; constants vanish on the way."""
    law = law_for(node, context, stop_at=stop_at)
    fits = law is not None and (law.name in (chosen.name, "constant") or (law.group and law.group == chosen.group))
    if law is None or not fits:
        return node
    result = law.law(node, context)
    assert result is not None
    if not chosen.group:
        return result
    return _expr(replace_derivatives(result, partial(_apply, chosen=chosen, context=context, stop_at=stop_at)))


def expand(expr: Expr, context: Context, *, stop_at: frozenset[str] = frozenset()) -> Expr:
    """All laws to the end: no pending derivative is left but those of elements of the tensors in `stop_at`."""
    current = expr
    for sweep in sweeps(expr, context, stop_at=stop_at):
        current = sweep.after
    return current
