"""The laws of differentiation: each a small function, before -> after.

A law takes a `Derivative` node and the context, and returns what the node equals, or None where it does not apply. Laws never
look below the one node they rewrite; the driver decides the order and records the steps. Whatever no law covers is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from tensorderiv.algebra.build import ONE, ZERO, add, both, call, delta, mul, negation, number, power, sub, total
from tensorderiv.algebra.expression import (
    Add,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Number,
    Position,
    Pow,
    Reduction,
    Select,
)
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import index_names, parts, rename_bound, substitute, substitute_expr
from tensorderiv.differentiate.elementary import DERIVATIVES, PIECEWISE_CONSTANT
from tensorderiv.differentiate.matrix_laws import MATRIX_LAWS
from tensorderiv.errors import RuleProblem


@dataclass(frozen=True)
class Context:
    """What the laws need to know: which names depend on the variable, and how the names are defined."""

    active: frozenset[str]
    definitions: Mapping[str, Statement] = field(default_factory=dict)

    @classmethod
    def of(cls, program: Program, wrt: frozenset[str]) -> Context:
        """The names of the program that depend on any tensor in `wrt`, through whatever names lie between."""
        active = set(wrt)
        for statement in program.statements:
            if moves(statement.body, frozenset(active)):
                active.add(statement.tensor.name)
        return cls(frozenset(active), {s.tensor.name: s for s in program.statements})

    def depends(self, expr: Expr) -> bool:
        """Whether the expression moves with the variable."""
        return moves(expr, self.active)


PIECEWISE = (KroneckerDelta, CopyTensor, Bracket, Position, ArgReduction)
"""Nodes whose value jumps or never changes: derivative 0 wherever it exists."""


@lru_cache(maxsize=100_000)
def moves(expr: Expr, active: frozenset[str]) -> bool:
    """Whether a small change of the active tensors can change the value gradually.

    Conditions, deltas, floors and signs jump or stay: what depends on the variable through them alone does not move.
    """
    if isinstance(expr, PIECEWISE) or (isinstance(expr, Function) and expr.name in PIECEWISE_CONSTANT):
        return False
    if isinstance(expr, Element):
        return expr.tensor.name in active
    if isinstance(expr, MatrixFunction):
        return expr.matrix.name in active
    return any(moves(part, active) for part in parts(expr) if isinstance(part, Expr))


Law = Callable[[Derivative, Context], Expr | None]


def constant(node: Derivative, context: Context) -> Expr | None:
    """diff(c, x) -> 0   where c does not depend on x."""
    return None if context.depends(node.body) else ZERO


def variable(node: Derivative, context: Context) -> Expr | None:
    """diff(X_ip, X_kl) -> delta_ik delta_pl;   diff(t, t) -> 1."""
    body, by = node.body, node.variable
    if not isinstance(body, Element) or body.tensor != by.tensor:
        return None
    return mul(*(delta(a, b) for a, b in zip(body.subscripts, by.subscripts, strict=True)))


def definition(node: Derivative, context: Context) -> Expr | None:
    """diff(N_i, x) -> diff(the body of N_i, x)."""
    body = node.body
    if not isinstance(body, Element) or body.tensor.name not in context.definitions:
        return None
    return Derivative(unfold(body, context.definitions[body.tensor.name]), node.variable)


def unfold(element: Element, statement: Statement) -> Expr:
    """The body of a named quantity at the subscripts of the element."""
    return substitute_expr(statement.body, dict(zip(statement.indices, element.subscripts, strict=True)))


def sum_rule(node: Derivative, context: Context) -> Expr | None:
    """diff(a + b, x) -> diff(a, x) + diff(b, x);   terms without x drop out."""
    if not isinstance(node.body, Add):
        return None
    return add(*(Derivative(term, node.variable) for term in node.body.terms if context.depends(term)))


def clear(body: Reduction, by: Element) -> Reduction:
    """The reduction with bound indices renamed that the variable's indices would be captured by."""
    names = index_names(by)
    clashes = [index for index in body.indices if index.name in names]
    return cast(Reduction, rename_bound(body, clashes, names | index_names(body))) if clashes else body


def sum_over_index(node: Derivative, context: Context) -> Expr | None:
    """diff(sum_p f_p, x) -> sum_p diff(f_p, x)."""
    body = node.body
    if not isinstance(body, Reduction) or body.op != "sum":
        return None
    body = clear(body, node.variable)
    return total(body.indices, Derivative(body.body, node.variable), body.condition)


def constant_factor(node: Derivative, context: Context) -> Expr | None:
    """diff(c f, x) -> c diff(f, x)   where only one factor f depends on x."""
    if not isinstance(node.body, Mul):
        return None
    factors = node.body.factors
    moving = [position for position, factor in enumerate(factors) if context.depends(factor)]
    if len(moving) != 1:
        return None
    rest = [factor for position, factor in enumerate(factors) if position != moving[0]]
    return mul(*rest, Derivative(factors[moving[0]], node.variable))


def product(node: Derivative, context: Context) -> Expr | None:
    """diff(f g, x) -> diff(f, x) g + f diff(g, x), and so on for more factors."""
    if not isinstance(node.body, Mul) or any(is_divisor(f) and context.depends(f) for f in node.body.factors):
        return None
    return _leibniz(node, context)


def quotient(node: Derivative, context: Context) -> Expr | None:
    """diff(f / g, x) -> diff(f, x) / g - (f / g^2) diff(g, x)."""
    return _leibniz(node, context) if isinstance(node.body, Mul) else None


def _leibniz(node: Derivative, context: Context) -> Expr:
    assert isinstance(node.body, Mul)
    factors = node.body.factors
    terms: list[Expr] = []
    for position, factor in enumerate(factors):
        if not context.depends(factor):
            continue
        rest = factors[:position] + factors[position + 1 :]
        if is_divisor(factor):
            terms.append(mul(*rest, _power_rule(factor, node.variable)))
        else:
            terms.append(mul(*factors[:position], Derivative(factor, node.variable), *factors[position + 1 :]))
    return add(*terms)


def is_divisor(factor: Expr) -> bool:
    """Whether the factor stands below a fraction bar: a negative rational power."""
    return isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0


def _power_rule(factor: Expr, by: Element) -> Expr:
    assert isinstance(factor, Pow) and isinstance(factor.exponent, Number)
    exponent = factor.exponent.value
    return mul(number(exponent), power(factor.base, exponent - 1), Derivative(factor.base, by))


def power_rule(node: Derivative, context: Context) -> Expr | None:
    """diff(u^c, x) -> c u^(c - 1) diff(u, x)   where c does not depend on x."""
    body = node.body
    if not isinstance(body, Pow) or context.depends(body.exponent):
        return None
    if isinstance(body.exponent, Number):
        return _power_rule(body, node.variable)
    return mul(body.exponent, Pow(body.base, sub(body.exponent, ONE)), Derivative(body.base, node.variable))


def exponential_rule(node: Derivative, context: Context) -> Expr | None:
    """diff(u^v, x) -> u^v log(u) diff(v, x) + v u^(v - 1) diff(u, x)."""
    body = node.body
    if not isinstance(body, Pow):
        return None
    by_exponent = mul(body, call("log", body.base), Derivative(body.exponent, node.variable))
    if not context.depends(body.base):
        return by_exponent
    by_base = mul(body.exponent, Pow(body.base, sub(body.exponent, ONE)), Derivative(body.base, node.variable))
    return add(by_exponent, by_base)


def chain(node: Derivative, context: Context) -> Expr | None:
    """diff(f(u), x) -> f'(u) diff(u, x), summed over the arguments that depend on x."""
    body = node.body
    if not isinstance(body, Function) or body.name not in DERIVATIVES:
        return None
    partials = DERIVATIVES[body.name](body)
    moving = [(outer, arg) for outer, arg in zip(partials, body.args, strict=True) if context.depends(arg)]
    return add(*(mul(outer, Derivative(arg, node.variable)) for outer, arg in moving))


def product_over_index(node: Derivative, context: Context) -> Expr | None:
    """diff(prod_p f_p, x) -> sum_p diff(f_p, x) prod_{q != p} f_q."""
    body = node.body
    if not isinstance(body, Reduction) or body.op != "prod":
        return None
    body = clear(body, node.variable)
    taken = set(index_names(body)) | set(index_names(node.variable))
    other: dict[Index, Index] = {}
    for index in body.indices:
        other[index] = fresh(index, taken)
        taken.add(other[index].name)
    elsewhere = [Compare("!=", Position(other[index]), Position(index)) for index in body.indices]
    apart = elsewhere[0] if len(elsewhere) == 1 else negation(both(*(negation(c) for c in elsewhere)) or elsewhere[0])
    where = _moved(body.condition, other)
    rest = Reduction("prod", tuple(other.values()), substitute_expr(body.body, other), both(apart, where))
    return total(body.indices, mul(Derivative(body.body, node.variable), rest), body.condition)


def _moved(condition: Condition | None, mapping: Mapping[Index, Index]) -> Condition | None:
    return None if condition is None else cast(Condition, substitute(condition, mapping))


def extremum_over_index(node: Derivative, context: Context) -> Expr | None:
    """diff(max_j f_j, x) -> sum_j [j = argmax_k f_k] diff(f_j, x): the subgradient of the first maximiser.

    Over several indices first  diff(max_{i,j} f_ij, x) -> diff(max_i max_j f_ij, x).
    """
    body = node.body
    if not isinstance(body, Reduction) or body.op not in ("max", "min"):
        return None
    body = clear(body, node.variable)
    if len(body.indices) > 1:
        first, *others = body.indices
        inner = Reduction(body.op, tuple(others), body.body, body.condition)
        return Derivative(Reduction(body.op, (first,), inner), node.variable)
    index = body.indices[0]
    other = fresh(index, set(index_names(body)) | set(index_names(node.variable)))
    where = _moved(body.condition, {index: other})
    place = ArgReduction("argmax" if body.op == "max" else "argmin", other, substitute_expr(body.body, {index: other}), where)
    return total((index,), mul(Bracket(Compare("=", Position(index), place)), Derivative(body.body, node.variable)))


def softmax_rule(node: Derivative, context: Context) -> Expr | None:
    """diff(logsumexp_j u_j, x) -> sum_j exp(u_j - logsumexp_k u_k) diff(u_j, x)."""
    body = node.body
    if not isinstance(body, Reduction) or body.op != "logsumexp":
        return None
    body = clear(body, node.variable)
    taken = set(index_names(node.variable)) | set(index_names(body))
    renaming: dict[Index, Index] = {}
    for index in body.indices:
        renaming[index] = fresh(index, taken)
        taken.add(renaming[index].name)
    where = _moved(body.condition, renaming)
    inner = Reduction("logsumexp", tuple(renaming.values()), substitute_expr(body.body, renaming), where)
    share = call("exp", sub(body.body, inner))
    return total(body.indices, mul(share, Derivative(body.body, node.variable)), body.condition)


def cases_rule(node: Derivative, context: Context) -> Expr | None:
    """diff(if(c, a, b), x) -> if(c, diff(a, x), diff(b, x))."""
    body = node.body
    if not isinstance(body, Select):
        return None
    return Select(body.condition, Derivative(body.then, node.variable), Derivative(body.otherwise, node.variable))


@dataclass(frozen=True)
class NamedLaw:
    """A law with the words a student reads beside the step."""

    name: str
    law: Law
    why: str
    group: str = ""


LINEAR = "linearity"
"""Laws of this group are shown as one step: they only push a derivative inwards."""


LAWS: tuple[NamedLaw, ...] = (
    NamedLaw("constant", constant, "what does not depend on the variable has derivative 0"),
    NamedLaw("variable", variable, "an entry changes with itself alone: 1 where all indices agree, else 0"),
    NamedLaw("definition", definition, "insert the definition of the named quantity"),
    NamedLaw("sum rule", sum_rule, "the derivative of a sum is the sum of the derivatives", LINEAR),
    NamedLaw("sum over an index", sum_over_index, "derivative and finite sum may be exchanged", LINEAR),
    NamedLaw("constant factor", constant_factor, "constant factors stand outside the derivative", LINEAR),
    NamedLaw("product rule", product, "differentiate one factor at a time and add"),
    NamedLaw("quotient rule", quotient, "differentiate numerator and denominators in turn; 1/g gives -1/g^2 dg"),
    NamedLaw("power rule", power_rule, "u^c has derivative c u^(c-1) times the derivative of u"),
    NamedLaw("exponential rule", exponential_rule, "u^v = exp(v log u): differentiate exponent and base in turn"),
    NamedLaw("chain rule", chain, "outer derivative times inner derivative"),
    NamedLaw("product over an index", product_over_index, "differentiate one factor at a time; the others stay"),
    NamedLaw("extremum over an index", extremum_over_index, "only the first element that attains the extremum moves it"),
    NamedLaw("softmax rule", softmax_rule, "each term of logsumexp counts with its softmax weight"),
    NamedLaw("cases", cases_rule, "each case is differentiated where it holds"),
    *(NamedLaw(*law) for law in MATRIX_LAWS),
)
"""Every law, in the order in which they are tried. Exactly one applies to a node: the first."""


def law_for(node: Derivative, context: Context, *, stop_at: frozenset[str] = frozenset()) -> NamedLaw | None:
    """The law that applies, or None for an element of a tensor in `stop_at`; RuleProblem where no law covers the body."""
    body = node.body
    if isinstance(body, Element) and body.tensor.name in stop_at and context.depends(body):
        return None
    for named in LAWS:
        if named.law(node, context) is not None:
            return named
    if isinstance(body, Function):
        hint = f"write {body.name} by other functions, or take finite differences of the derivative before this one"
        raise RuleProblem(f"the derivative of {body.name} is no function that is known here, so {body} stays as it is", hint=hint)
    raise RuleProblem(f"{body} cannot be differentiated", hint="write it out in elements, e.g. X_ip")
