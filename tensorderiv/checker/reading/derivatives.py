r"""\frac{\partial f}{\partial x}, \partial_i, \nabla_X, \partial f/\partial x, and the d of differentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tensorderiv.checker.reading import calls
from tensorderiv.checker.reading.fences import OPENING
from tensorderiv.checker.reading.gradients import PartialSign, of_call, sign_of_nabla
from tensorderiv.checker.reading.items import Prefix
from tensorderiv.checker.reading.pieces import Piece, pieces
from tensorderiv.checker.reading.scopes import NABLA
from tensorderiv.checker.reading.spelling import scripts_end
from tensorderiv.checker.reading.words import BIG, CLOSING, COMMANDS, COMPARED
from tensorderiv.checker.tree import (
    Component,
    Differential,
    Group,
    Name,
    Node,
    Number,
    Power,
    Ratio,
    Span,
    Transpose,
)

if TYPE_CHECKING:
    from tensorderiv.checker.reading.resolve import Reading

Pieces = Sequence[Piece]
FARTHEST = 80
r"""Pieces between a \partial and the slash of its quotient."""
MOST = 6
"""The highest order of a derivative."""


class Derivatives:
    """Reads the derivatives of one line."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.known = reading, reading.known

    # marks

    def is_differential(self, line: Pieces, at: int, is_name: bool) -> bool:
        """Is this d the sign of a differential?"""
        over = at + 1 < len(line) and line[at + 1].text == "/"
        if not self.starts_operand(line, at + 1) and not over:
            return False
        if (is_name or over) and self.quotient(line, at)[0] is not None:  # d f/dx, also where something is called d
            return not (is_name and self.reading.choices.other("d as a name"))
        if over:
            return False
        if line[at].style == "mathrm" and "\\mathrm{d}" not in self.known.names:
            return True
        if is_name:
            return False
        if self.known.sizes.find(line, at) or self.known.letters.find(line, at):
            if self.quotient(line, at)[0] is not None:
                return True
            if self.known.layout is None:
                return self.reading.choices.other("d as a differential")
            return self.known.layout == "differential"
        return True

    def starts_operand(self, line: Pieces, at: int) -> bool:
        if at >= len(line):
            return False
        piece = line[at]
        if piece.kind == "symbol":
            return True
        if piece.kind in ("fence", "fraction", "root"):
            return True
        if piece.kind == "number":
            return bool(piece.style)
        if piece.kind == "command":
            return piece.text in COMMANDS or piece.text in BIG or piece.text in ("\\partial", "\\nabla")
        return piece.kind == "sign" and piece.text in ("(", "[", "{", "|", "‖", "|(", "‖(", "<(")

    def is_mark(self, line: Pieces, at: int, *, upright: bool = False) -> bool:
        r"""A \partial, or a d that begins no longer name."""
        if at >= len(line):
            return False
        piece = line[at]
        if piece.text == "\\partial":
            return True
        if piece.text == "\\delta" and "\\delta" not in self.known.names:  # \frac{\delta C}{\delta y_i}
            return at + 1 == len(line) or line[at + 1].kind == "symbol"
        if piece.text != "d" or piece.kind != "symbol":
            return False
        match = self.known.names.find(line, at)
        if match is not None and match.end > at + 1:
            return False
        following = at + 1 < len(line) and line[at + 1].kind == "symbol"
        return upright or following or (at + 2 < len(line) and line[at + 1].kind == "sup" and line[at + 2].kind == "symbol")

    # fractions

    def fraction(self, piece: Piece) -> Node | Prefix:
        above, below = piece.parts
        span = Span(piece.start, piece.end)
        if self.lacks_mark_below(above, below):
            variables = tuple(self.variable(self.reading.expression(below, piece), below[0]))
            return calls.derivative(self.reading, self.reading.expression(above[1:], piece), variables, span)
        if not self.is_derivative(above, below):
            return Ratio(self.reading.expression(above, piece), self.reading.expression(below, piece), span=span)
        variables = self.variables(below, piece)
        if not above:
            return self.prefix(variables, span)
        if not self.is_mark(above, 0, upright=True):  # a missing \partial above
            return calls.derivative(self.reading, self.reading.expression(above, piece), variables, span)
        start = scripts_end(above, 1)
        order = self.order(above[1:start], piece)
        if order is not None and order != len(variables):
            raise self.reading.at(piece, f"a derivative of order {order} by {len(variables)} variables")
        if start == len(above):
            return self.prefix(variables, span)
        return calls.derivative(self.reading, self.reading.expression(above[start:], piece), variables, span)

    def is_derivative(self, above: Pieces, below: Pieces) -> bool:
        if not below:
            return False
        first = 1 if below[0].text == "(" and len(below) > 1 else 0
        if below[first].text == "\\partial":
            return True
        if below[first].text == "\\delta":
            return self.is_mark(below, first) and bool(above) and self.is_mark(above, 0)
        if not self.is_mark(below, first):
            return False
        if below[first].style == "mathrm":
            return True
        match = self.known.names.find(below, first) or self.known.sizes.find(below, first)
        alone = scripts_end(above, 1) == len(above)
        return match is None or (bool(above) and self.is_mark(above, 0, upright=alone))

    def lacks_mark_below(self, above: Pieces, below: Pieces) -> bool:
        r"""Whether \frac{\partial f}{X_{kl}} was typed for a derivative: a differential over a name, where none is asked for."""
        marked = bool(above) and above[0].text == "\\partial" and self.starts_operand(above, 1)
        return marked and self.known.layout != "differential" and bool(below) and self.operand_end(below, 0) == len(below)

    def order(self, scripts: Pieces, piece: Piece) -> int | None:
        if not scripts:
            return None
        content = scripts[0].parts[0] if scripts[0].kind == "sup" and len(scripts) == 1 else ()
        if len(content) != 1 or not content[0].text.isdigit() or not 1 <= int(content[0].text) <= MOST:
            raise self.reading.at(piece, "this order of a derivative is not read")
        return int(content[0].text)

    def prefix(self, variables: tuple[Node, ...], span: Span, *, sign: PartialSign = "partial") -> Prefix:
        name = "this derivative" if sign == "partial" else NABLA
        return Prefix("operator", span, lambda body: calls.derivative(self.reading, body[0], variables, span, sign), name)

    def variables(self, below: Pieces, piece: Piece) -> tuple[Node, ...]:
        r"""What stands below: \partial x_i\partial x_j, \partial x^2, (\partial x^j)^2, dx."""
        if below[0].text == "(" and len(below) > 2:
            close = next((at for at in range(len(below) - 1, 0, -1) if below[at].text == ")"), None)
            if close is not None and scripts_end(below, close + 1) == len(below):
                inner = self.variables(below[1:close], piece)
                return inner * (self.order(below[close + 1 :], piece) or 1)
        starts = [at for at in range(len(below)) if below[at].text == below[0].text and self.is_mark(below, at)]
        if not starts or starts[0]:
            raise self.reading.at(piece, "what stands below is not of derivatives only")
        found: list[Node] = []
        for start, stop in zip(starts, [*starts[1:], len(below)], strict=True):
            if start + 1 == stop:
                raise self.reading.at(below[start], "a derivative without a variable")
            found.extend(self.variable(self.reading.expression(below[start + 1 : stop], piece), below[start]))
        if not 1 <= len(found) <= MOST:
            raise self.reading.at(piece, f"derivatives are read up to order {MOST}")
        return tuple(found)

    def variable(self, node: Node, place: Piece) -> list[Node]:
        """The variable, as often as its exponent says."""
        if isinstance(node, Power) and isinstance(node.exponent, Number) and node.exponent.value in range(1, MOST + 1):
            return self.variable(node.base, place) * int(node.exponent.value)
        inner = node
        while isinstance(inner, Group | Transpose | Component):
            inner = inner.body
        if not isinstance(inner, Name) or (inner.args and not calls.is_function(self.known, inner.name)):
            raise self.reading.at(place, "a derivative by something that is no variable")
        return [node.body if isinstance(node, Group) else node]

    # \partial_i, \nabla_X, \partial f/\partial x, d f/d x, and differentials

    def operator(self, line: Pieces, at: int) -> tuple[Node | Prefix, int]:
        nabla = line[at].text == "\\nabla"
        stop = scripts_end(line, at + 1)
        below: list[Piece] = []
        above: list[Piece] = []
        for piece in line[at + 1 : stop]:
            raised = piece.kind == "sup" and not nabla and self.reading.subscripts.letters(piece.parts[0]) is not None
            (below if piece.kind == "sub" or raised else above).append(piece)
        span = Span(line[at].start, line[stop - 1].end)
        if not below and not nabla:
            found, after = self.quotient(line, at)
            if found is not None:
                return found, after
            if above:
                raise self.reading.at(line[at], "a \\partial with an exponent and no variable")
            return Prefix("differential", span, lambda body: Differential(body[0], span=span), "\\partial"), stop
        order = self.order(above, line[at]) or 1
        if len(below) > 1 or (nabla and order > 2):
            raise self.reading.at(line[at], "this derivative is not read")
        if nabla and not below and stop < len(line):
            found, after = of_call(self, line, at, stop, order)
            if found is not None:
                return found, after
        variables = self.below(below[0]) if below else self.of_wrt(line[at])
        variables *= order if len(variables) == 1 else 1
        return self.prefix(variables, span, sign=sign_of_nabla(self, order) if nabla else "partial"), stop

    def below(self, script: Piece) -> tuple[Node, ...]:
        r"""The variables of \partial_i, \partial_{A_{ij}}, \nabla_X."""
        content = script.parts[0]
        indices = self.reading.subscripts.letters(content)
        plain = self.known.names.find(content, 0)
        if indices is not None and not (plain and plain.end == len(content) and not self.has_component_base()):
            base = self.base()
            if base is None:
                raise self.reading.at(
                    script, "a derivative by an index needs the variable", "name the variable of differentiation"
                )
            rank = self.known.rank(base.name) if isinstance(base, Name) else None
            if rank == 1 and len(indices) > 1:
                return tuple(Component(base, (index,), span=index.span) for index in indices)
            return (Component(base, indices, span=Span(script.start, script.end)),)
        found = self.reading.expression([p for p in content if p.text != ","], script)
        return tuple(self.variable(found, script))

    def has_component_base(self) -> bool:
        base = self.base()
        return isinstance(base, Name) and self.known.rank(base.name) != 0

    def of_wrt(self, place: Piece) -> tuple[Node, ...]:
        base = self.base()
        if base is None:
            raise self.reading.at(place, "a \\nabla needs its variable", "write it below: \\nabla_x")
        whole = self.wrt
        if not isinstance(whole, Component) and isinstance(base, Name) and self.known.rank(base.name) == 0:
            message = "a \\nabla by a number, which may be one of several"
            raise self.reading.at(place, message, "write the variable below: \\nabla_x")
        if isinstance(whole, Component) and isinstance(base, Name) and self.known.is_family(base.name):
            return (whole,)
        return (base,)

    @cached_property
    def wrt(self) -> Node | None:
        """The variable of differentiation of the case, read."""
        if self.known.wrt is None:
            return None
        from tensorderiv.checker.reading.resolve import Reading

        node = Reading(self.known.wrt, self.known, type(self.reading.choices)()).expression(pieces(self.known.wrt))
        return replace(node, span=None)

    def base(self) -> Node | None:
        """The name of which the variable of differentiation is a component."""
        node = self.wrt
        while isinstance(node, Component):
            node = node.body
        return replace(node, span=None) if node is not None else None

    def quotient(self, line: Pieces, at: int) -> tuple[Node | Prefix | None, int]:
        r"""\partial f/\partial x or df/dx that begins at a place, and the place behind it."""
        start = scripts_end(line, at + 1)
        slash = self.slash(line, start)
        if slash is None or not self.is_mark(line, slash + 1) or line[slash + 1].text != line[at].text:
            return None, at
        end = self.operand_end(line, slash + 2)
        if end is None:
            return None, at
        variables = self.variables(line[slash + 1 : end], line[at])
        order = self.order(line[at + 1 : start], line[at])
        if order is not None and order != len(variables):
            raise self.reading.at(line[at], f"a derivative of order {order} by {len(variables)} variables")
        span = Span(line[at].start, line[end - 1].end)
        if slash == start:
            return self.prefix(variables, span), end
        return calls.derivative(self.reading, self.reading.expression(line[start:slash], line[at]), variables, span), end

    def slash(self, line: Pieces, at: int) -> int | None:
        """The place of the slash after one operand."""
        depth = 0
        for k in range(at, min(len(line), at + FARTHEST)):
            text = line[k].text if line[k].kind in ("sign", "command") else ""
            depth += (text in CLOSING) - (text in OPENING)
            if depth < 0 or (depth == 0 and (text in COMPARED or text in ("+", "-", ",", ";", ":"))):
                return None
            if depth == 0 and text == "/":
                return k
        return None

    def operand_end(self, line: Pieces, at: int) -> int | None:
        if at >= len(line):
            return None
        match = self.known.names.find(line, at)
        if match is not None:
            end = scripts_end(line, match.end)
            if match.name in self.known.arguments and end < len(line) and line[end].text == "(":
                return self.bracket_end(line, end)
            return end
        if line[at].kind in ("fence", "root"):
            return scripts_end(line, at + 1)
        if line[at].text == "(":
            return self.bracket_end(line, at)
        return None

    def bracket_end(self, line: Pieces, at: int) -> int | None:
        depth = 0
        for k in range(at, len(line)):
            depth += {"(": 1, ")": -1}.get(line[k].text, 0)
            if depth == 0:
                return scripts_end(line, k + 1)
        return None
