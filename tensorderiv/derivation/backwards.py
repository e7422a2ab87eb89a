"""Reverse: the gradient of a scalar, name by name from the output back, still one chain of equalities.

At every moment the derivative of L is written as  sum_u sum_K ubar_K diff(u_K, x)  over the names reached so far. The latest
name is taken: everything that multiplies its derivative is collected into its adjoint, then its definition is inserted and
differentiated. At the end only derivatives of the variable are left, whose deltas are contracted.
"""

from __future__ import annotations

from functools import partial

from tensorderiv.adjoint.linear import coefficient_of, linear_terms
from tensorderiv.adjoint.reverse import adjoint_name
from tensorderiv.algebra.build import ZERO, add, mul, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, Number, Reduction, Select, Tensor
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import contains, count_nodes, free_indices, index_names, rename_bound, rewrite
from tensorderiv.contract import contract
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.differentiate.laws import Context, unfold
from tensorderiv.simplify import finish
from tensorderiv.simplify.logarithms import open_logarithms
from tensorderiv.simplify.tidy import tidy

FAR_TOO_LARGE = 6000
"""Insertion is given up beyond this many nodes."""
LARGEST_INLINED = 600
"""A result with more nodes than this keeps its adjoint names instead of having them inserted."""


def chain_reverse(program: Program, by: Element) -> Recorder:
    """diff(L, X_kl) back through the names; the result speaks of the definition's names alone where that stays readable."""
    context = Context.of(program, frozenset({by.tensor.name}))
    recorder = Recorder.start(program, by)
    for statement in reversed(program.statements):
        if statement.tensor.name not in context.active:
            continue
        if statement is not program.output:
            _collect_adjoint(recorder, statement, by)
        _insert_definition(recorder, statement)
        recorder.differentiate(context, stop_at=context.active)
    recorder.differentiate(context)
    recorder.contract()
    recorder.collect(program.statements)
    _insert_adjoints(recorder)
    return recorder


def _insert_definition(recorder: Recorder, statement: Statement) -> None:
    """diff(v_I, x) -> diff(body of v_I, x), for this one name; logarithms of exponentials are opened."""

    def insert(node: Expr) -> Expr:
        if isinstance(node, Derivative) and isinstance(node.body, Element) and node.body.tensor == statement.tensor:
            return Derivative(unfold(node.body, statement), node.variable)
        return node

    inserted = rewrite(recorder.expr, insert)
    recorder.record("definition", f"insert the definition of {statement.tensor.name}", inserted)
    opened = rewrite(
        inserted, lambda node: Derivative(open_logarithms(node.body), node.variable) if isinstance(node, Derivative) else node
    )
    recorder.record("logarithm of a quotient", "log(a / b) = log(a) - log(b), and log(exp(a)) = a", opened)


def _collect_adjoint(recorder: Recorder, statement: Statement, by: Element) -> None:
    """Everything that multiplies diff(u_K, x) becomes the adjoint of u: sum_K ubar_K diff(u_K, x) + the rest."""
    mine = [term for term in linear_terms(recorder.expr) if term.element.tensor == statement.tensor]
    if not mine:
        return
    rest = _without(recorder.expr, statement)
    element = _fresh_element(statement, by, recorder)
    coefficient = finish(coefficient_of(element, mine), recorder.program.statements)
    if coefficient == ZERO:
        recorder.record("adjoint", f"what multiplies the derivative of {statement.tensor.name} adds up to 0", rest)
        return
    indices = tuple(index for index in element.subscripts)
    derivative = Derivative(element, by)
    if _is_plain(coefficient):
        weight = coefficient
    else:
        taken = recorder.program.names | {name.tensor.name for name in recorder.names}
        tensor = Tensor(adjoint_name(statement.tensor.name, taken), statement.tensor.extents)
        recorder.names += (Statement(tensor, indices, coefficient),)  # type: ignore[arg-type]
        weight = Element(tensor, element.subscripts)
    whole = tidy(add(total(indices, mul(weight, derivative)), rest))  # type: ignore[arg-type]
    if not recorder.is_shuffled(whole):
        recorder.record(
            "adjoint",
            f"collect what multiplies the derivative of {statement.tensor.name}: its adjoint, how much the output moves with it",
            whole,
        )


def _without(expr: Expr, statement: Statement) -> Expr:
    """The expression without the terms in which the name is differentiated."""

    def change(node: Expr) -> Expr:
        if isinstance(node, Derivative) and isinstance(node.body, Element) and node.body.tensor == statement.tensor:
            return ZERO
        if isinstance(node, Select) and node.then == node.otherwise:
            return node.then
        return ZERO if isinstance(node, Reduction) and node.op == "sum" and node.body == ZERO else node

    return rewrite(expr, change)


def _is_plain(coefficient: Expr) -> bool:
    """Whether an adjoint is too plain to deserve a name."""
    most = 12 if not free_indices(coefficient) else 4
    return isinstance(coefficient, (Number, Element)) or (
        not contains(coefficient, Reduction) and count_nodes(coefficient) <= most
    )


def _fresh_element(statement: Statement, by: Element, recorder: Recorder) -> Element:
    """The statement's left-hand side with indices that clash neither with the variable's nor with one another."""
    taken = index_names(by)
    holder = Reduction("sum", statement.indices, statement.element)
    clashes = [index for index in statement.indices if index.name in taken]
    renamed = rename_bound(holder, clashes, taken | index_names(holder)) if clashes else holder
    assert isinstance(renamed, Reduction) and isinstance(renamed.body, Element)
    return renamed.body


def _insert_adjoints(recorder: Recorder) -> None:
    """Write the result without adjoint names, where it stays readable: the latest name first, it speaks of earlier ones alone."""
    inserted = recorder.expr
    for statement in reversed(recorder.names):
        inserted = rewrite(inserted, partial(_by_definition, statement=statement))
        if count_nodes(inserted) > FAR_TOO_LARGE:
            return
    if inserted == recorder.expr:
        return
    result = finish(contract(inserted), recorder.program.statements)
    if count_nodes(result) <= LARGEST_INLINED:
        recorder.record("insert the adjoints", "write the adjoints by what they stand for, and contract their deltas", result)


def _by_definition(node: Expr, statement: Statement) -> Expr:
    if isinstance(node, Element) and node.tensor == statement.tensor:
        return unfold(node, statement)
    return node
