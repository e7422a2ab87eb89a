r"""A function without its arguments: f in \frac{df}{dx}, f' beside f(x); and \frac{df}{dg}, the derivative by a function.

f is what it is everywhere else: the function of the arguments of its only call. Where it is called in several ways, \frac{df}{dx}
is the derivative of f(x), if that is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tensorderiv.checker.reading.gradients import PartialSign
from tensorderiv.checker.reading.pieces import pieces
from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.tree import Call, Name, Node, Partial, Span, children, with_children

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Reading


def usual(reading: Reading, name: str) -> tuple[Node, ...]:
    """The arguments of a function that stands without any: those of its only call; () where they are not known."""
    known = reading.known
    symbol = known.symbols.get(name)
    if symbol is None or symbol.value != "function" or name in known.local or known.is_defined(name):
        return ()
    if len(symbol.calls) != 1 or name in reading.unsaid:
        return ()
    return tuple(_read(reading, name, text) for text in symbol.calls[0])


def parameters(known: Vocabulary, name: str) -> tuple[Node, ...]:
    """The arguments that a function is defined with."""
    return next((tuple(Name(one) for one in d.parameters) for d in known.definitions if d.name == name), ())


def _read(reading: Reading, name: str, text: str) -> Node:
    inner = type(reading)(text, reading.known, type(reading.choices)())
    inner.unsaid = reading.unsaid | {name}
    return _placeless(inner.expression(pieces(text)))


def _placeless(node: Node) -> Node:
    """The tree without its places, which are those of another text."""
    return replace(with_children(node, iter([_placeless(part) for part in children(node)])), span=None)


def is_function(known: Vocabulary, name: str) -> bool:
    """Whether a name is declared as a function that nothing is said about."""
    symbol = known.symbols.get(name)
    return symbol is not None and symbol.value == "function" and not known.is_defined(name)


def derivative(
    reading: Reading, body: Node, variables: Sequence[Node], span: Span, sign: PartialSign = "partial"
) -> Partial | Call:
    r"""The derivative of the body; of f by g, where f(g(x)) is what f stands for, f'(g(x)).

    Raises Unreadable for one by a function otherwise, and where it is not said what f is taken of.
    """
    body = _applied(reading, body, variables)
    first = variables[0]
    if any(isinstance(variable, Name) and variable.args for variable in variables):
        if isinstance(body, Name) and body.args == (first,) and all(variable == first for variable in variables):
            times = len(variables)
            return Call("prime" + str(times) * (times > 1), (first,), Name(body.name), span=span)
        raise reading.problem("a derivative by something that is no variable", span.start, span.end)
    return Partial(body, tuple(variables), sign, span=span)


def _applied(reading: Reading, body: Node, variables: Sequence[Node]) -> Node:
    """f as f(x) in its derivative by x."""
    if not isinstance(body, Name) or body.args or not is_function(reading.known, body.name):
        return body
    symbol = reading.known.symbols[body.name]
    first = variables[0]
    alone = symbol.arity <= 1 and isinstance(first, Name) and all(variable == first for variable in variables)
    written = [tuple(_read(reading, body.name, text) for text in call) for call in symbol.calls]
    if not alone or (written and (first,) not in written):
        place = body.span or Span(0, len(reading.text))
        raise reading.problem(f"{body.name} stands without its arguments", place.start, place.end, f"write {body.name}(...)")
    return replace(body, args=(_placeless(first),))
