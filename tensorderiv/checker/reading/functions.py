"""A function of the table with its scripts: bases, powers, inverses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tensorderiv.checker.reading.items import Script
from tensorderiv.checker.tree import Call, Negative, Node, Number, Power, Span
from tensorderiv.language.lexicon import INVERSES

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Reading


def applied(reading: Reading, name: str, scripts: Sequence[Script], span: Span) -> Callable[[tuple[Node, ...]], Node]:
    r"""What makes the node out of the arguments: \log_2 x, \sin^2 x = (\sin x)^2, \cosh^{-1} x = acosh x."""
    base: Node | None = None
    power: Node | None = None
    for script in scripts:
        if script.kind == "sub" and name in ("log", "softmax", "logsumexp") and len(script.indices) == 1 and base is None:
            base = script.indices[0]
        elif script.kind == "sup" and script.exponent is not None and power is None and not script.mark:
            power = script.exponent
        else:
            raise reading.problem(f"this script of {name} is not read", script.span.start, script.span.end)
    if power is not None and name in INVERSES and _is_minus_one(power):
        name, power = INVERSES[name], None

    def make(arguments: tuple[Node, ...]) -> Node:
        call = Call(name, arguments, base, span=span)
        return call if power is None else Power(call, power, span=span)

    return make


def _is_minus_one(node: Node) -> bool:
    return isinstance(node, Negative) and isinstance(node.body, Number) and node.body.value == 1
