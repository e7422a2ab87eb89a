"""Two facts about the gradient on the sphere: it is tangent, and it is what differentiating through X/|X| gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from tensorderiv.algebra.build import ONE, ZERO, div, mul, power, sub, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, Function, MatrixFunction, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Domain, Program, Statement
from tensorderiv.algebra.traverse import rewrite, walk
from tensorderiv.derivation.derivation import Step
from tensorderiv.derivation.derive import derive
from tensorderiv.derivation.formula import Formula
from tensorderiv.derivation.sphere.gradient import SphereGradient, beside
from tensorderiv.derivation.sphere.unit import inner_product, open_sums
from tensorderiv.equality import Claim, Side, decide
from tensorderiv.errors import RuleProblem
from tensorderiv.simplify.tidy import tidy

CANONICAL = "proved by canonical form with unit rows"


@dataclass(frozen=True)
class Lemma:
    """What holds, how that is known, and the equalities that show it."""

    name: str
    says: str
    how: str
    steps: tuple[Step, ...]


def tangency(gradient: SphereGradient) -> Lemma:
    """sum_l X_kl rgrad_kl = 0. Raises RuleProblem where the closed form is found not to be tangent."""
    wrt, component, program = gradient.derivation.wrt, gradient.component, gradient.derivation.program
    there = beside(gradient.derivation)
    other = cast(Index, there.subscripts[-1])
    at, at_there = Derivative(program.output.element, wrt), Derivative(program.output.element, there)
    along, along_there = total((component,), mul(wrt, at)), total((other,), mul(there, at_there))
    square = total((component,), power(wrt, 2))
    axes = tuple(index for index in gradient.formula.axes if index != component)

    def step(rule: str, why: str, expr: Expr) -> Step:
        return Step(rule, why, Formula(expr, program, (), axes))

    steps = (
        step("insert", "the gradient on the sphere", total((component,), mul(wrt, sub(at, mul(wrt, along_there))))),
        step("linearity", "the sum of a difference is the difference of the sums", sub(along, mul(square, along_there))),
        step("unit rows", f"{square} = 1 on the sphere", sub(along, along_there)),
        step("rename", "both sums are the same, whatever the summed index is called", ZERO),
    )
    closed = inner_product(component, wrt, gradient.expr)
    how = _shown(gradient, closed, ZERO, gradient.names, (), axes, "the closed form is not tangent")
    return Lemma("tangency", "the gradient on the sphere is orthogonal to the row", how, steps)


def agreement(gradient: SphereGradient) -> Lemma | None:
    """d L(X/|X|) / dX_kl at unit rows is rgrad_kl. None where the quotient has no derivative in closed form.

    Raises RuleProblem where both are found to differ.
    """
    program, wrt = gradient.derivation.program, gradient.derivation.wrt
    quotient = through_quotient(program, wrt.tensor)
    if quotient is None:
        return None
    try:
        through = derive(quotient.program, wrt)
    except RuleProblem:
        return None
    names = tuple(Statement(s.tensor, s.indices, quotient.at_unit_rows(s.body)) for s in through.result.names)
    at_unit = gradient.sphere.settle(open_sums(quotient.at_unit_rows(through.expr), wrt.tensor.extents[-1]))
    axes = gradient.formula.axes
    how = _shown(gradient, gradient.expr, at_unit, gradient.names, names, axes, "the derivative through the quotient differs")
    step = Step("through the quotient", f"{quotient.says}, at rows of length 1", Formula(at_unit, program, names, axes))
    return Lemma("agreement", f"differentiating through {wrt.tensor.name}/|{wrt.tensor.name}| gives the same", how, (step,))


def _shown(
    gradient: SphereGradient,
    left: Expr,
    right: Expr,
    left_names: tuple[Statement, ...],
    right_names: tuple[Statement, ...],
    axes: tuple[Index, ...],
    problem: str,
) -> str:
    """How left = right on the sphere is known: by canonical form, else at random rational points of the sphere."""
    program = gradient.derivation.program
    same = {statement.tensor.name for statement in left_names} & {statement.tensor.name for statement in right_names}
    if left == right and left_names == right_names:
        return CANONICAL
    if not same and gradient.sphere.is_zero(sub(left, right), (*left_names, *right_names)):
        return CANONICAL
    first, second = Side(left, (*program.statements, *left_names)), Side(right, (*program.statements, *right_names))
    verdict = decide(Claim(first, second, axes, program.inputs))
    if not verdict:
        raise RuleProblem(f"{problem}: {verdict}")
    return verdict.how


@dataclass(frozen=True)
class Quotient:
    """The program in which X is replaced by its rows divided by their lengths."""

    program: Program
    tensor: Tensor
    length: Tensor
    unit: Tensor
    says: str

    def at_unit_rows(self, expr: Expr) -> Expr:
        """The lengths are 1 and the quotient is X itself."""

        def change(node: Expr) -> Expr:
            match node:
                case Element(self.length, _):
                    return ONE
                case Element(self.unit, subscripts):
                    return Element(self.tensor, subscripts)
            return node

        return tidy(rewrite(expr, change))


def through_quotient(program: Program, tensor: Tensor) -> Quotient | None:
    """N_i = sqrt(sum_q X_iq^2), Xhat_ip = X_ip / N_i, and Xhat for X in what follows. None where X is used as a whole matrix."""
    bodies = [statement.body for statement in program.statements]
    if any(isinstance(node, MatrixFunction) and node.matrix == tensor for body in bodies for node in walk(body)):
        return None
    taken = set(program.names)
    length = Tensor(_free((f"{tensor.name}norm", f"{tensor.name}norms"), taken), tensor.extents[:-1])
    unit = Tensor(_free((f"{tensor.name}hat", f"{tensor.name}unit"), taken | {length.name}), tensor.extents)
    used: set[str] = set(taken)
    axes: list[Index] = []
    for letter, extent in zip("ijabcegh" if tensor.order > 1 else "", tensor.extents[:-1], strict=False):
        axes.append(fresh(Index(letter, extent), used))
        used.add(axes[-1].name)
    last = fresh(Index("p", tensor.extents[-1]), used)
    summed = fresh(last, used | {last.name})
    squares = total((summed,), power(Element(tensor, (*axes, summed)), 2))
    rows = Element(length, tuple(axes))
    made = (
        Statement(length, tuple(axes), Function("sqrt", (squares,))),
        Statement(unit, (*axes, last), div(Element(tensor, (*axes, last)), rows)),
    )

    def change(node: Expr) -> Expr:
        return Element(unit, node.subscripts) if isinstance(node, Element) and node.tensor == tensor else node

    moved = tuple(Statement(s.tensor, s.indices, rewrite(s.body, change)) for s in program.statements)
    inputs = tuple(replace(item, domain=Domain()) if item.tensor == tensor else item for item in program.inputs)
    says = f"the derivative of {program.output.element} with {made[1].body} in the place of {Element(tensor, (*axes, last))}"
    return Quotient(replace(program, inputs=inputs, statements=(*made, *moved)), tensor, length, unit, says)


def _free(wishes: tuple[str, ...], taken: set[str]) -> str:
    """The first name nobody has."""
    for wish in wishes:
        if wish not in taken:
            return wish
    return _free(tuple(f"{wish}bar" for wish in wishes), taken)
