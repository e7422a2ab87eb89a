r"""\nabla f(q) and \nabla^2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.tree import Evaluated, Name, Node, Partial, Span

if TYPE_CHECKING:
    from tensorderiv.checker.reading.derivatives import Derivatives

PartialSign: TypeAlias = Literal["partial", "nabla", "laplacian"]


def sign_of_nabla(derivatives: Derivatives, order: int) -> PartialSign:
    r"""\nabla^2 f is the matrix of second derivatives, or their trace."""
    if order == 1 or (derivatives.known.product == "scalar") == derivatives.reading.choices.other("square of nabla"):
        return "nabla"
    return "laplacian"


def of_call(derivatives: Derivatives, line: Sequence[Piece], at: int, stop: int, order: int) -> tuple[Node | None, int]:
    r"""\nabla f(q) of a function f(x) = ...: the gradient by x, at x = q."""
    match = derivatives.known.names.find(line, stop)
    parameters = next((d.parameters for d in derivatives.known.definitions if match and d.name == match.name), ())
    if match is None or len(parameters) != 1 or match.end >= len(line) or line[match.end].text != "(":
        return None, at
    after = derivatives.bracket_end(line, match.end)
    if after is None or scripts_end(line, match.end) != match.end:
        return None, at
    close = max(k for k in range(match.end, after) if line[k].text == ")")
    argument = derivatives.reading.expression(line[match.end + 1 : close], line[match.end])
    variable = Name(parameters[0])
    if derivatives.known.wrt is not None and derivatives.reading.choices.other("nabla of a call"):
        return None, at
    span = Span(line[at].start, line[close].end)
    body = Name(match.name, (variable,), span=Span(line[stop].start, line[close].end))
    gradient = Partial(body, (variable,) * order, sign_of_nabla(derivatives, order), span=span)
    return gradient if argument == variable else Evaluated(gradient, variable, argument, span=span), close + 1
