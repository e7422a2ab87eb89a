"""The Riemannian gradient: the part of the gradient that is tangent to the sphere, step by step.

rgrad_kl = sum_m (delta_lm - X_kl X_km) dL/dX_km = dL/dX_kl - X_kl sum_m X_km dL/dX_km
"""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra.build import ZERO, delta, mul, sub, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.derivation.derivation import Derivation, Step
from tensorderiv.derivation.formula import Formula
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.derivation.sphere.unit import UnitRows, inner_product
from tensorderiv.errors import RuleProblem
from tensorderiv.simplify.tidy import tidy


@dataclass(frozen=True)
class SphereGradient:
    """The chain from the projection to the closed form. All steps denote the same array where the rows have length 1."""

    derivation: Derivation
    name: Tensor
    steps: tuple[Step, ...]
    sphere: UnitRows

    @property
    def formula(self) -> Formula:
        """The closed form."""
        return self.steps[-1].formula

    @property
    def expr(self) -> Expr:
        return self.formula.expr

    @property
    def element(self) -> Element:
        """The left-hand side: rgrad_kl, for a tensor output rgrad_ijkl."""
        return Element(self.name, self.formula.axes)

    @property
    def component(self) -> Index:
        """The index along the row: l of X_kl."""
        return component_of(self.derivation)

    @property
    def names(self) -> tuple[Statement, ...]:
        return self.formula.names


def component_of(derivation: Derivation) -> Index:
    """The last index of the variable. Raises RuleProblem where the variable has none."""
    last = derivation.wrt.subscripts[-1] if derivation.wrt.subscripts else None
    if not isinstance(last, Index):
        raise RuleProblem(f"{derivation.wrt} has no free index along its row", hint="differentiate by an entry such as X_kl")
    return last


def sphere_gradient(derivation: Derivation) -> SphereGradient:
    """The Riemannian gradient of a first derivative by an input in sphere."""
    program, wrt, gradient = derivation.program, derivation.wrt, derivation.expr
    component = component_of(derivation)
    there = beside(derivation)
    other = there.subscripts[-1]
    assert isinstance(other, Index)
    ambient, ambient_there = Derivative(program.output.element, wrt), Derivative(program.output.element, there)

    sphere = UnitRows(program)
    recorder = Recorder(program, derivation.result.axes, ZERO, derivation.result.names)
    projection = sub(delta(component, other), mul(wrt, there))
    recorder.record(
        "project",
        f"the tangent space at a unit row is orthogonal to it: the part along {_row(wrt)} is taken away",
        total((other,), mul(projection, ambient_there)),
    )
    recorder.record(
        "sift",
        "a delta under the sum picks the one term in which its indices agree",
        sub(ambient, mul(wrt, total((other,), mul(there, ambient_there)))),
    )
    gradient_there = substitute_expr(gradient, {component: other})
    recorder.record(
        "insert the gradient",
        "the derivative found above, in both places",
        sub(gradient, mul(wrt, tidy(total((other,), mul(there, gradient_there))))),
    )
    opened = tidy(inner_product(other, there, gradient_there))
    recorder.record(
        "inner product", f"the sum over {other} goes to the factors that depend on it", sub(gradient, mul(wrt, opened))
    )
    unit = sphere.put_in(opened)
    recorder.record("unit rows", f"{tidy(total((other,), mul(there, there)))} = 1 on the sphere", sub(gradient, mul(wrt, unit)))
    settled = sphere.settle(unit)
    if settled == ZERO:
        recorder.record("tangent already", "the gradient has no part along the row", gradient)
    else:
        recorder.record("names", "sums that have a name are written by it", sub(gradient, mul(wrt, settled)))
        recorder.record(
            "collect",
            "like terms and common factors are collected",
            sphere.settle(sub(gradient, mul(wrt, settled))),
        )
    return SphereGradient(derivation, _name(derivation), tuple(recorder.steps), sphere)


def beside(derivation: Derivation) -> Element:
    """X_km for X_kl: the same row, with a summed index of its own."""
    component = component_of(derivation)
    names = derivation.program.names | {name.tensor.name for name in derivation.result.names}
    other = fresh(component, names | {index.name for index in derivation.result.axes})
    there = substitute_expr(derivation.wrt, {component: other})
    assert isinstance(there, Element)
    return there


def _row(wrt: Element) -> str:
    """X_k for the row of X_kl."""
    return to_text(Element(Tensor(wrt.tensor.name, wrt.tensor.extents[:-1]), wrt.subscripts[:-1]))


def _name(derivation: Derivation) -> Tensor:
    """rgrad, with the extents of the derivative."""
    taken = derivation.program.names | {name.tensor.name for name in derivation.result.names}
    name = "rgrad"
    while name in taken:
        name += "bar"
    return Tensor(name, tuple(index.extent for index in derivation.result.axes))
