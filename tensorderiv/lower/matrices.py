"""Functions of a whole matrix become quantities of their own, computed once:

    f = sum_{i,j} x_i inv(A)_ij y_j     ->     A_inv_ij = inv(A)_ij,    f = sum_{i,j} x_i A_inv_ij y_j

They are stored, and so is the matrix: an inverse needs all its entries at once.
"""

from __future__ import annotations

from dataclasses import replace

from tensorderiv.algebra.expression import Element, Expr, Function, MatrixFunction, Subscript, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sizes import check_square
from tensorderiv.algebra.traverse import rewrite


def is_whole(statement: Statement) -> bool:
    """Whether the statement is a function of a matrix and nothing else: K_ij = inv(A)_ij, L = det(A)."""
    return isinstance(statement.body, MatrixFunction) and statement.body.subscripts == statement.indices


def log_of_determinant(node: Expr) -> Expr:
    """log(det(A)) -> logdet(A): the determinant itself may overflow."""
    match node:
        case Function("log", (MatrixFunction("det", matrix),)):
            return MatrixFunction("logdet", matrix)
    return node


def name_matrices(program: Program) -> tuple[Program, frozenset[str]]:
    """The program with a statement for each function of a matrix, and the names that must be stored for them."""
    made: dict[tuple[str, str], Tensor] = {}
    stored: set[str] = set()
    taken = set(program.names)
    statements: list[Statement] = []

    def named(node: Expr) -> Expr:
        if not isinstance(node, MatrixFunction):
            return node
        key = (node.name, node.matrix.name)
        if key not in made:
            made[key] = _keep(node)
        return Element(made[key], node.subscripts)

    def _keep(node: MatrixFunction) -> Tensor:
        """A statement of its own in front of the one that uses it."""
        check_square(node.matrix)
        extents = node.matrix.extents if node.name == "inv" else ()
        wish = f"{node.matrix.name}_{node.name}"
        name = next(n for n in (wish, *(f"{wish}{number}" for number in range(2, 1000))) if n not in taken)
        taken.add(name)
        indices = tuple(Index(letter, extent) for letter, extent in zip("ij", extents, strict=False))
        subscripts: tuple[Subscript, ...] = indices
        statements.append(Statement(Tensor(name, extents), indices, replace(node, subscripts=subscripts)))
        stored.update((name, node.matrix.name))
        return statements[-1].tensor

    for statement in program.statements:
        if is_whole(statement):
            assert isinstance(statement.body, MatrixFunction)
            check_square(statement.body.matrix)
            made.setdefault((statement.body.name, statement.body.matrix.name), statement.tensor)
            stored.update((statement.tensor.name, statement.body.matrix.name))
            statements.append(statement)
        else:
            body = rewrite(rewrite(statement.body, log_of_determinant), named)
            statements.append(replace(statement, body=body))
    return program.with_statements(*statements), frozenset(stored)
