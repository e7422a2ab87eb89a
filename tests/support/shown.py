r"""Trees of the checker in a short form for tests.

(* a b)  product     (+ a -b)  sum     [a]  group     a'  transpose     a ** b  power     (a // b)  fraction
X_[i j]  component   x^[i]  upper      (sum i | i != j from 1 to n: a)     (D x: a)  derivative     f(a b)  call
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorderiv.checker import tree as t

JOINED = {"juxtaposed": "", "over": "/", "cdot": ".", "times": "x ", "star": "*"}


def shown(node: t.Node) -> str:
    """The tree in short."""
    return RULES[type(node)](node) if type(node) in RULES else f"({type(node).__name__.lower()} {_all(t.children(node))})"


def _all(nodes: Any) -> str:
    return " ".join(map(shown, nodes))


def _big(node: t.Big) -> str:
    where = f" | {', '.join(map(shown, node.conditions))}" if node.conditions else ""
    start = f" from {shown(node.lower)}" if node.lower else ""
    stop = f" to {shown(node.upper)}" if node.upper else ""
    return f"({node.op} {','.join(node.bound)}{where}{start}{stop}: {shown(node.body)})"


def _norm(node: t.Norm) -> str:
    bars = "||" if node.double else "|"
    return f"{bars}{shown(node.body)}{bars}{f'_{shown(node.kind)}' if node.kind else ''}"


def _cases(node: t.Cases) -> str:
    return "(cases " + "; ".join(f"{shown(value)} if {', '.join(map(shown, where))}" for value, where in node.branches) + ")"


RULES: dict[type[t.Node], Callable[[Any], str]] = {
    t.Number: lambda n: str(n.value),
    t.Name: lambda n: f"{n.name}({_all(n.args)})" if n.args else n.name,
    t.Component: lambda n: f"{shown(n.body)}{'^' if n.upper else '_'}[{_all(n.subscripts)}]",
    t.Product: lambda n: "(* " + " ".join(JOINED[joint] + shown(factor) for joint, factor in n.factors) + ")",
    t.Sum: lambda n: f"(+ {_all(n.terms)})",
    t.Negative: lambda n: f"-{shown(n.body)}",
    t.Group: lambda n: f"[{shown(n.body)}]",
    t.Transpose: lambda n: f"{shown(n.body)}'",
    t.Power: lambda n: f"{shown(n.base)}**{shown(n.exponent)}",
    t.Ratio: lambda n: f"({shown(n.above)} // {shown(n.below)})",
    t.Big: _big,
    t.Partial: lambda n: f"({'nabla' if n.sign == 'nabla' else 'D'} {_all(n.variables)}: {shown(n.body)})",
    t.Differential: lambda n: f"(d {shown(n.body)})",
    t.Comparison: lambda n: f"{shown(n.left)} {n.op} {shown(n.right)}",
    t.Cases: _cases,
    t.Matrix: lambda n: "(matrix " + "; ".join(_all(row) for row in n.rows) + ")",
    t.Norm: _norm,
    t.Call: lambda n: f"{n.name}{f'_{shown(n.base)}' if n.base else ''}({_all(n.args)})",
}
