"""Scripts -> components, powers, transposes and inverses of what they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from tensorderiv.checker.reading.items import WHOLE_AXIS, Choices, Script
from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.tree import (
    Call,
    Component,
    Group,
    Hadamard,
    Inner,
    Name,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Span,
    Transpose,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.scopes import Scopes

EUCLIDEAN = frozenset({"F", "HS", "Fro", "fro"})


def attach(node: Node, scripts: Sequence[Script], known: Vocabulary, choices: Choices) -> Node:
    r"""The node with its scripts. Where a matrix has both a component and an inverse or a transpose, the component is taken of
    the inverse: A_{ij}^{-1} is (A^{-1})_{ij}, while X_{ij}^2 is (X_{ij})^2; members of families come first: e_i^T is (e_i)^T.
    """
    if not scripts:
        return node
    for script in scripts:
        if script.mark == "+":
            node = Call("max", (Number(Fraction(0), span=script.span), node), span=_reaching(node, script.span.end))
    scripts = [script for script in scripts if script.mark != "+"]
    lower = sum(len(script.indices) for script in scripts if script.kind == "sub")
    above = [script for script in scripts if script.kind == "sup"]
    upper = [script for script in above if script.indices and _is_index(node, script, lower, known, choices)]
    component = [script for script in scripts if script.kind == "sub" or script in upper]
    component.sort(key=lambda script: not script.label)
    if lower and upper and not any(script.label for script in upper) and choices.other("order of scripts"):
        component.reverse()
    subscripts = tuple(index for script in component for index in script.indices)
    outer: list[Script] = []
    for script in above:
        if script in upper:
            if len(script.indices) == 1 and isinstance(script.exponent, Power):  # x^{j^2}
                outer.append(Script("sup", script.span, exponent=script.exponent.exponent))
        elif subscripts and not _of_the_whole(node, script, component, len(subscripts), known, choices):
            outer.append(script)
        else:
            node = _raised(node, script)
    if subscripts:
        end = max(script.span.end for script in component)
        if any(map(_is_whole, subscripts)):  # X_{i\cdot}, X_{\cdot j}
            if _is_whole(subscripts[0]):
                node = Transpose(node, span=node.span)
            subscripts = tuple(index for index in subscripts if not _is_whole(index))
        node = Component(node, subscripts, bool(upper) and not lower, span=_reaching(node, end))
    for script in outer:
        node = _raised(node, script)
    return node


def inner(node: Inner, scripts: Sequence[Script], scopes: Scopes) -> Node:
    """An inner product with its scripts: F and 2 below say nothing, an exponent may stand above."""
    for script in scripts:
        kind = script.indices[0] if script.kind == "sub" and script.indices else None
        if kind is not None and not (isinstance(kind, Name) and kind.name in EUCLIDEAN) and kind != Number(Fraction(2)):
            raise scopes.problem("this kind of inner product is not read", script.span)
    return attach(node, [script for script in scripts if script.kind == "sup"], scopes.known, scopes.choices)


def normed(body: Node, double: bool, scripts: Sequence[Script], span: Span, known: Vocabulary, choices: Choices) -> Node:
    """The norm of a body with its scripts: the kind below, an exponent above."""
    below = next((script for script in scripts if script.kind == "sub"), None)
    if below is not None:
        span = Span(span.start, max(span.end, below.span.end))
    node = Norm(body, double, below.indices[0] if below else None, span=span)
    return attach(node, [script for script in scripts if script.kind == "sup"], known, choices)


def _is_index(node: Node, script: Script, lower: int, known: Vocabulary, choices: Choices) -> bool:
    """Is a letter above an index, x^j, not an exponent?"""
    if not isinstance(node, Name) or node.args:
        return isinstance(node, Group) and choices.other("upper")
    if script.label:
        return True
    rank = known.rank(node.name)
    if rank is None and not known.is_known(node.name):
        return False
    if rank is not None and rank - lower < len(script.indices):
        return False
    also_a_number = all(isinstance(i, Name) and (i.name in known.extents or known.is_known(i.name)) for i in script.indices)
    return not (also_a_number and script.exponent is not None and choices.other("upper"))


def _of_the_whole(
    node: Node, script: Script, component: Sequence[Script], count: int, known: Vocabulary, choices: Choices
) -> bool:
    """Does the script belong to the whole matrix of which a component is taken: A_{ij}^{-1}, A^T_{ij}?"""
    first = script.span.start < min(part.span.start for part in component)
    if any(_is_whole(index) for part in component for index in part.indices):
        return False
    inverse = script.mark in ("T", "-T") or _is_inverse(script.exponent)
    if isinstance(node, Name):
        symbol = known.symbols.get(node.name)
        family = len(symbol.indices) if symbol else 0
        if family and count == family:
            return False
        rank = known.rank(node.name)
        if rank is not None:
            if rank - family != 2 or count < rank:
                return False
            if inverse:
                square = symbol is not None and len(set(symbol.shape)) == 1
                return script.mark == "T" or square != choices.other("component of inverse")
        elif inverse:
            by_entries = any(d.name == node.name and len(d.indices) == count for d in known.definitions)
            if count != 2:
                return False
            return (script.mark == "T" and not by_entries) or by_entries == choices.other("component of inverse")
        return count == 2 and first and known.product == "matrix" and choices.other("component of power")
    if isinstance(node, Group):
        return inverse or (first and not choices.other("component of power"))
    return first


def _is_whole(index: Node) -> bool:
    return isinstance(index, Name) and index.name == WHOLE_AXIS


def _is_inverse(exponent: Node | None) -> bool:
    return isinstance(exponent, Negative) and isinstance(exponent.body, Number) and exponent.body.value == 1


def _raised(node: Node, script: Script) -> Node:
    span = _reaching(node, script.span.end)
    if script.mark == "T":
        return Transpose(node, span=span)
    if script.mark == "-T":
        minus_one = Negative(Number(Fraction(1), span=script.span), span=script.span)
        return Transpose(Power(node, minus_one, span=span), span=span)
    if script.mark == "circ":
        return Hadamard(node, node, span=span)
    if script.exponent is None:
        raise AssertionError("a script above is an index, a mark or an exponent")
    return Power(node, script.exponent, span=span)


def _reaching(node: Node, end: int) -> Span | None:
    return Span(node.span.start, max(node.span.end, end)) if node.span else None
