"""What a module claims beside its kernels where inputs lie on the sphere: project, retract, and tangent gradients of a scalar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tensorderiv.algebra.build import add, call, div, mul, power, sub, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.verify.array_claims import ArrayClaims
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.claims import Array, Arrays, Claim, Directions, Form, SlopeClaim, inner
from tensorderiv.verify.pair_claims import PairClaims
from tensorderiv.verify.running_error import Judged

DIRECTION, RESULT = "<V>", "<R>"
"""Names no text can contain, so they collide with none."""

Made = Callable[[Element, Element, Index], Expr]


def with_sphere(made: ArrayClaims | PairClaims, forms: Sequence[Form]) -> tuple[Form, ...]:
    """The forms, with the claims about unit rows added to the first one."""
    first, *others = forms
    inputs = [item for item in first.program.inputs if item.domain.kind == "sphere" and item.tensor.order]
    if not inputs:
        return tuple(forms)
    claims = [claim for item in inputs for claim in (project(made.module, item), retract(made.module, item))]
    general = [tangent(made.module, item) for item in inputs]
    slopes: list[SlopeClaim] = []
    if isinstance(made, ArrayClaims) and first.program.output.tensor.order == 0:
        general += [riemannian(made, item) for item in inputs]
        slopes += [riemannian_slope(made, item) for item in inputs]
    whole = replace(
        first,
        claims=(*first.claims, *claims),
        general_claims=(*first.general_claims, *general),
        slopes=(*first.slopes, *slopes),
    )
    return (whole, *others)


def project(module: Any, item: Input) -> Claim:
    """V - (X . V) X is what project hands back."""
    name = item.tensor.name
    return Claim(
        f"project at {name}",
        lambda arrays, d: module.project(arrays[name], d.tangents[name]),
        _meaning(item, lambda x, v, _: sub(v, mul(x, _along(x, v)))),
        lambda _, arrays, d: _tangent_part(arrays[name], d.tangents[name]),
    )


def retract(module: Any, item: Input) -> Claim:
    """(X + V) / |X + V| is what retract hands back."""
    name = item.tensor.name
    return Claim(
        f"retract at {name}",
        lambda arrays, d: module.retract(arrays[name], d.tangents[name]),
        _meaning(item, lambda x, v, last: div(add(x, v), call("sqrt", total((last,), power(add(x, v), 2))))),
        lambda _, arrays, d: _unit(arrays[name] + d.tangents[name]),
    )


def tangent(module: Any, item: Input) -> Claim:
    """X . project(X, V) = 0, as far as the rows are of length 1 in the precision at hand."""
    name = item.tensor.name

    def kernel(arrays: Arrays, d: Directions) -> Any:
        return np.sum(arrays[name] * module.project(arrays[name], d.tangents[name]), axis=-1)

    return Claim(
        f"project at {name} is tangent",
        kernel,
        _meaning(item, lambda x, v, last: total((last,), mul(x, sub(v, mul(x, _along(x, v))))), rows=True),
        lambda _, arrays, d: np.zeros(arrays[name].shape[:-1]),
    )


def riemannian(made: ArrayClaims, item: Input) -> Claim:
    """The gradient of a scalar, its part along each row taken away."""
    name, program = item.tensor.name, made.program

    def kernel(arrays: Arrays, _: Directions) -> Any:
        function = made.module.value_and_riemannian_grad
        return made.call(function, arrays, wrt=made.name_of(function, name))[1]

    def meaning(reference: Reference, _: Directions) -> Judged:
        x = _element(item.tensor)
        other = Index("<m>", item.tensor.extents[-1])
        there = replace(x, subscripts=(*x.subscripts[:-1], other))
        at, at_there = (Derivative(program.output.element, element) for element in (x, there))
        statement = Statement(
            Tensor(RESULT, item.tensor.extents), _axes(item.tensor), sub(at, mul(x, total((other,), mul(there, at_there))))
        )
        whole = program.with_statements(*program.statements, statement)
        found = Reference(whole, reference.arrays, reference.dtype).value()
        return found.where(reference.value().determined.item())

    def by_oracle(oracle: Any, arrays: Arrays, _: Directions) -> Array:
        return _tangent_part(arrays[name], oracle.vjp(arrays, [name], np.asarray(np.float64(1.0)))[0])

    return Claim(f"gradient by {name} on the sphere", kernel, meaning, by_oracle)


def riemannian_slope(made: ArrayClaims, item: Input) -> SlopeClaim:
    """It is the slope of the value along (X + t V) / |X + t V|."""
    name, claim = item.tensor.name, riemannian(made, item)

    def value(arrays: Arrays, d: Directions) -> Any:
        return made.value({**arrays, name: _unit(arrays[name])}, d)

    return SlopeClaim(claim.name, value, lambda arrays, d: inner(claim.kernel(arrays, d), d.tangents[name]), (name,))


def _meaning(item: Input, make: Made, *, rows: bool = False) -> Callable[[Reference, Directions], Judged]:
    """The reference of an expression in X_ip, V_ip and p; `rows`: it has no p of its own."""

    def meaning(reference: Reference, d: Directions) -> Judged:
        x = _element(item.tensor)
        v = Element(replace(item.tensor, name=DIRECTION), x.subscripts)
        axes = _axes(item.tensor)
        kept = axes[:-1] if rows else axes
        statement = Statement(Tensor(RESULT, item.tensor.extents[: len(kept)]), kept, make(x, v, axes[-1]))
        program = Program(RESULT, (item, Input(v.tensor)), (statement,))
        name = item.tensor.name
        return Reference(program, {name: reference.arrays[name], DIRECTION: d.tangents[name]}, reference.dtype).value()

    return meaning


def _along(x: Element, v: Element) -> Expr:
    """sum_q X_iq V_iq."""
    other = Index("<q>", x.tensor.extents[-1])
    return total((other,), mul(*(replace(e, subscripts=(*e.subscripts[:-1], other)) for e in (x, v))))


def _axes(tensor: Tensor) -> tuple[Index, ...]:
    return tuple(Index(f"<{place}>", extent) for place, extent in enumerate(tensor.extents))


def _element(tensor: Tensor) -> Element:
    return Element(tensor, _axes(tensor))


def _tangent_part(points: Array, directions: Array) -> Array:
    return np.asarray(directions - points * np.sum(points * directions, axis=-1, keepdims=True))


def _unit(points: Array) -> Array:
    return np.asarray(points / np.sqrt(np.sum(points * points, axis=-1, keepdims=True)))
