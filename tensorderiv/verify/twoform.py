"""The two-tensor form of a pair definition in X alone: the rows of the second slot are taken from another tensor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tensorderiv.algebra.expression import Element, Expr, Subscript, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import rewrite, substitute_expr, tensors
from tensorderiv.errors import IndexProblem


def inlined(program: Program) -> Expr:
    """The output's body in the inputs alone: every named quantity replaced by what it stands for."""
    bodies: dict[str, Statement] = {}

    def insert(node: Expr) -> Expr:
        if isinstance(node, Element) and node.tensor.name in bodies:
            statement = bodies[node.tensor.name]
            mapping: Mapping[Index, Subscript] = dict(zip(statement.indices, node.subscripts, strict=True))
            return substitute_expr(statement.body, mapping)
        return node

    for statement in program.statements:
        bodies[statement.tensor.name] = replace(statement, body=rewrite(statement.body, insert))
    return bodies[program.output.tensor.name].body


def two_tensor(program: Program) -> tuple[Program, str]:
    """D_ij of rows of X alone as a function of X and Y: X becomes Y wherever its row subscript is the second output index.

    Returns the program and the name of the second tensor; its rows have an extent of their own. Raises IndexProblem where the
    output has not two indices or no tensor has the second one as a subscript.

    >>> from tensorderiv.algebra.build import sub
    >>> X, i, j = Tensor("X", ("n",)), Index("i", "n"), Index("j", "n")
    >>> body = sub(Element(X, (i,)), Element(X, (j,)))
    >>> two_tensor(Program("D", (Input(X),), (Statement(Tensor("D", ("n", "n")), (i, j), body),)))[0].output.indices
    (Index(name='i', extent='n'), Index(name='j', extent='m'))
    """
    output = program.output
    if len(output.indices) != 2:
        raise IndexProblem(f"{output.tensor.name} has {len(output.indices)} indices; a two-tensor form needs two")
    first, second = output.indices
    rows = _fresh_extent(program)
    moved = Index(second.name, rows)
    second_name = next(name for name in ("Y", "Z", *(f"Y{n}" for n in range(1, 1000))) if name not in program.names)
    found: dict[str, Tensor] = {}

    def rename(node: Expr) -> Expr:
        if not isinstance(node, Element) or second not in node.subscripts or node.tensor.integer:
            return node
        extents = tuple(
            rows if sub == second else extent for sub, extent in zip(node.subscripts, node.tensor.extents, strict=True)
        )
        found[node.tensor.name] = Tensor(second_name, extents)
        return replace(node, tensor=found[node.tensor.name])

    body = substitute_expr(rewrite(inlined(program), rename), {second: moved})
    if len(found) != 1:
        known = ", ".join(found) or "no tensor"
        raise IndexProblem(f"{second.name} is a subscript of {known}; a two-tensor form needs exactly one such tensor")
    ((old, new),) = found.items()
    source = program.input(old)
    assert source is not None, "after inlining only inputs are left"
    result = Statement(replace(output.tensor, extents=(first.extent, rows)), (first, moved), body)
    kept = _matrices(program, body)
    return replace(program, inputs=(*program.inputs, Input(new, source.domain)), statements=(*kept, result)), second_name


def _matrices(program: Program, body: Expr) -> tuple[Statement, ...]:
    """The statements that an inlined body still needs: those of matrices that are inverted as a whole."""
    needed = set(tensors(body))
    kept: list[Statement] = []
    for statement in reversed(program.statements[:-1]):
        if statement.tensor.name in needed:
            needed |= tensors(statement.body)
            kept.insert(0, statement)
    return tuple(kept)


def _fresh_extent(program: Program) -> Extent:
    taken: set[Extent] = {extent for item in program.inputs for extent in item.tensor.extents}
    taken |= {index.extent for statement in program.statements for index in statement.indices}
    return next(name for name in ("m", *(f"m{n}" for n in range(1, 1000))) if name not in taken)
