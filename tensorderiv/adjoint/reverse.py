"""Reverse over a program: each name gets an adjoint, and no expression swells.

    adjoint of u_K = sum over the later names v of  sum_I  vbar_I  d v_I / d u_K,   contracted,

in reverse order of the statements; a tensor output starts from a cotangent W (L = sum W * output), a scalar from 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tensorderiv.adjoint.linear import LinearTerm, coefficient_of, linear_terms
from tensorderiv.algebra.build import ONE, mul, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, MatrixFunction, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import subscripts_of, substitute_expr, walk
from tensorderiv.differentiate.driver import expand
from tensorderiv.differentiate.laws import Context
from tensorderiv.errors import NameProblem
from tensorderiv.simplify.fold import fold_names
from tensorderiv.simplify.tidy import tidy

DIRECTION = Element(Tensor("direction"))
"""Stands for the variable where derivatives of named elements are only collected, never put in."""


@dataclass(frozen=True)
class Adjoint:
    """A program extended by its adjoint statements; `gradients` pairs each variable with the name of its gradient."""

    program: Program
    gradients: tuple[tuple[str, str], ...]


def adjoint_name(name: str, taken: frozenset[str]) -> str:
    """`Sbar` for S, with another `bar` while the name is taken."""
    candidate = f"{name}bar"
    while candidate in taken:
        candidate += "bar"
    return candidate


def local_terms(body: Expr, context: Context) -> list[LinearTerm]:
    """d body as terms in the derivatives of the active names and variables it is made of."""
    return list(linear_terms(expand(Derivative(body, DIRECTION), context, stop_at=context.active)))


def axes_of(tensor: Tensor, program: Program) -> tuple[Index, ...]:
    """Index letters for a tensor: those of its statement, or of its first use with plain distinct indices."""
    statement = program.statement(tensor.name)
    if statement is not None:
        return statement.indices
    for item in program.statements:
        for node in walk(item.body):
            named = node.tensor if isinstance(node, Element) else node.matrix if isinstance(node, MatrixFunction) else None
            if named is not None and named.name == tensor.name:
                subs = subscripts_of(node)
                if len(subs) == tensor.order and all(isinstance(s, Index) for s in subs) and len(set(subs)) == len(subs):
                    return tuple(Index(s.name, e) for s, e in zip(subs, tensor.extents, strict=True) if isinstance(s, Index))
    used: set[str] = set()
    axes = []
    for letter, extent in zip("ijklmabc", tensor.extents, strict=False):
        axes.append(fresh(Index(letter, extent), used))
        used.add(axes[-1].name)
    return tuple(axes)


def reverse(program: Program, wrt: Sequence[str], cotangent: Tensor | None = None) -> Adjoint:
    """The adjoint program of the output by the inputs named in `wrt`.

    For a tensor output the result speaks of the cotangent W (given, or made here as an extra input). Raises NameProblem for a
    name that is no real input.
    """
    for name in wrt:
        item = program.input(name)
        if item is None or item.tensor.integer:
            known = ", ".join(i.tensor.name for i in program.inputs if not i.tensor.integer)
            raise NameProblem(f"{name} is not a real input of {program.name}", hint=f"the inputs are {known}")
    context = Context.of(program, frozenset(wrt))
    names = set(program.names)
    extra: tuple[Input, ...] = ()
    output = program.output
    seed: Expr = ONE
    if output.tensor.order or cotangent is not None:
        if cotangent is None:
            cotangent = Tensor(next(n for n in ("W", "Wbar", "cotangent") if n not in names), output.tensor.extents)
        names.add(cotangent.name)
        extra = (Input(cotangent),)
        seed = Element(cotangent, output.indices)

    pending: dict[str, list[LinearTerm]] = {}
    statements: list[Statement] = list(program.statements)
    gradients: list[tuple[str, str]] = []

    def receive(indices: tuple[Index, ...], weight: Expr, body: Expr) -> None:
        """Add sum_indices weight * d body to the pending terms."""
        for term in local_terms(body, context):
            for piece in linear_terms(total(indices, mul(weight, term.expr))):
                pending.setdefault(piece.element.tensor.name, []).append(piece)

    def settle(tensor: Tensor) -> Statement:
        """The adjoint statement of a tensor, from everything that has been received for it."""
        terms = pending.pop(tensor.name, [])
        axes = axes_of(tensor, program)
        body = tidy(fold_names(tidy(coefficient_of(Element(tensor, axes), terms)), program.statements))
        name = adjoint_name(tensor.name, frozenset(names))
        names.add(name)
        statement = Statement(Tensor(name, tensor.extents), axes, body)
        statements.append(statement)
        return statement

    if context.depends(output.element):
        receive(output.indices, seed, output.body)
        for statement in reversed(program.statements[:-1]):
            if statement.tensor.name in pending:
                made = settle(statement.tensor)
                weight = substitute_expr(made.element, dict(zip(made.indices, statement.indices, strict=True)))
                receive(statement.indices, weight, statement.body)
    for name in wrt:
        item = program.input(name)
        assert item is not None
        made = settle(item.tensor)
        gradients.append((name, made.tensor.name))
    whole = replace(program, inputs=program.inputs + extra, statements=tuple(statements))
    return Adjoint(whole, tuple(gradients))
