"""Forward over a program: tangents of every name, and closed forms of a derivative by one component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from tensorderiv.adjoint.reverse import DIRECTION
from tensorderiv.algebra.build import ZERO
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.contract import contract
from tensorderiv.differentiate.driver import expand, replace_derivatives
from tensorderiv.differentiate.laws import Context
from tensorderiv.simplify.fold import fold_names
from tensorderiv.simplify.tidy import tidy


def forward(program: Program, tangents: Mapping[str, Tensor]) -> Program:
    """The program of the directional derivative: v_dot = sum_u (d v / d u) u_dot for each name v, the last that of the output.

    `tangents` maps inputs to the tensors that hold their directions; these become inputs. Names that do not depend on any of
    them have no tangent.
    """
    context = Context.of(program, frozenset(tangents))
    dots: dict[str, Tensor] = dict(tangents)
    taken = set(program.names) | {tensor.name for tensor in tangents.values()}
    statements = list(program.statements)

    def put_in(node: Derivative) -> Expr:
        element = node.body
        assert isinstance(element, Element)
        return Element(dots[element.tensor.name], element.subscripts)

    for statement in program.statements:
        if statement.tensor.name not in context.active and statement is not program.output:
            continue
        pending = expand(Derivative(statement.body, DIRECTION), context, stop_at=context.active)
        body = tidy(contract(cast(Expr, replace_derivatives(pending, put_in))))
        body = tidy(fold_names(body, program.statements))
        name = f"{statement.tensor.name}dot"
        while name in taken:
            name += "dot"
        taken.add(name)
        dots[statement.tensor.name] = Tensor(name, statement.tensor.extents)
        statements.append(Statement(dots[statement.tensor.name], statement.indices, body))
    extra = tuple(Input(tensor) for tensor in tangents.values())
    return replace(program, inputs=program.inputs + extra, statements=tuple(statements))


def component(program: Program, by: Element) -> Statement:
    """d output / d X_kl in closed form, contracted, in the names of the program; free indices: the output's, then k, l.

    The indices of `by` must be fresh: not among those of the output (see `language.read_variable`).
    """
    context = Context.of(program, frozenset({by.tensor.name}))
    output = program.output
    body: Expr = ZERO
    if context.depends(output.element):
        body = tidy(contract(expand(Derivative(output.body, by), context)))
        body = tidy(fold_names(body, program.statements))
    indices = output.indices + tuple(s for s in by.subscripts if isinstance(s, Index))
    tensor = Tensor(f"d{output.tensor.name}", tuple(index.extent for index in indices))
    return Statement(tensor, indices, body)
