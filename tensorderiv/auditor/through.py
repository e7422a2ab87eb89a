"""The parts of a derivative: what changes through one sub-expression of the definition, everything else held fast.

The parts through the factors of a product are the terms of the product rule, those through the terms of a sum its terms, the
part through a named quantity its chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Node, Tensor
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import bottom_up, count_nodes, parts, rewrite, substitute_expr, tensors
from tensorderiv.auditor.places import at, places, replaced

MOST_NODES = 400


@dataclass(frozen=True)
class Part:
    """A sub-expression that moves, where it stands, and the statements in which nothing else moves."""

    statement: Statement
    expr: Expr
    statements: tuple[Statement, ...]


def held_name(name: str) -> str:
    """The copy of a tensor that is held fast; no text can contain the name."""
    return f"<{name}>"


def parts_of(program: Program, moving: str) -> Iterator[Part]:
    """The parts of the derivative by the input `moving`, outermost first. What moves alone is left out: it is all there is."""
    depends = {moving}
    for statement in program.statements:
        if tensors(statement.body) & depends:
            depends.add(statement.tensor.name)
    fast = [_held(s, frozenset(depends)) for s in program.statements if s.tensor.name in depends]
    for number, statement in enumerate(program.statements):
        if statement.tensor.name not in depends:
            continue
        body = _held(statement, frozenset(depends)).body
        for path, node in places(statement.body):
            if not tensors(node) & depends or not (path or number < len(program.statements) - 1):
                continue
            if path and sum(bool(tensors(part) & depends) for part in parts(at(statement.body, path[:-1]))) == 1:
                continue
            made = [*program.statements[:number], *fast, replace(statement, body=replaced(body, path, node))]
            live = {statement.tensor.name}
            for later in program.statements[number + 1 :]:
                if later.tensor.name not in depends:
                    made.append(later)
                elif tensors(later.body) & live:
                    made.append(replace(_held(later, frozenset(depends - live)), tensor=later.tensor))
                    live.add(later.tensor.name)
            if made[-1].tensor.name == program.output.tensor.name:
                yield Part(statement, node, tuple(made))


def in_one(program: Program) -> Program:
    """The definition as one statement, its named quantities put in place; as it is where that would be long."""
    known: dict[str, Statement] = {}

    def put(node: Expr) -> Expr:
        if not isinstance(node, Element) or node.tensor.name not in known:
            return node
        statement = known[node.tensor.name]
        return substitute_expr(statement.body, dict(zip(statement.indices, node.subscripts, strict=True)))

    for statement in program.statements:
        known[statement.tensor.name] = replace(statement, body=rewrite(statement.body, put))
        if count_nodes(known[statement.tensor.name].body) > MOST_NODES:
            return program
    return program.with_statements(known[program.output.tensor.name])


def _held(statement: Statement, names: frozenset[str]) -> Statement:
    """The statement of the copies held fast."""

    def hold(node: Node) -> Node:
        if isinstance(node, Element) and node.tensor.name in names:
            return replace(node, tensor=_copy(node.tensor))
        if isinstance(node, MatrixFunction) and node.matrix.name in names:
            return replace(node, matrix=_copy(node.matrix))
        return node

    body = bottom_up(statement.body, hold)
    assert isinstance(body, Expr)
    return replace(statement, tensor=_copy(statement.tensor), body=body)


def _copy(tensor: Tensor) -> Tensor:
    return replace(tensor, name=held_name(tensor.name))
