"""`td.stationary`: is a configuration stationary, and what is it: minimum, maximum, saddle?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tensorderiv.algebra.program import Program
from tensorderiv.definition import Definition, define
from tensorderiv.errors import DomainProblem, NameProblem
from tensorderiv.stationarity.configuration import configured
from tensorderiv.stationarity.hessian import Hessian, spectrum
from tensorderiv.stationarity.nature import nature
from tensorderiv.stationarity.point import point_of
from tensorderiv.stationarity.report import Stationarity
from tensorderiv.stationarity.vanishing import on_sphere, vanishing


def stationary(
    definition: Definition | str,
    at: str | Sequence[str],
    *,
    wrt: str | Sequence[str] | None = None,
    sizes: Mapping[str, int] | None = None,
    params: Mapping[str, float] | None = None,
    space: Literal["flat", "sphere"] = "flat",
) -> Stationarity:
    """Whether the gradient of a loss is 0 where inputs have the values given, e.g. `at="X_ip = v_p"` for any vector v.

    That is decided for all sizes and all values of what is free: proved by canonical form, or found at random points. Where it
    holds, the eigenvalues of the Hessian at a point of the given sizes tell a minimum, a maximum, a saddle, or that the second
    order does not decide. `wrt` names the inputs to differentiate by (default: all that are given). On the sphere the rows of
    these are unit vectors, and gradient and Hessian are the Riemannian ones.

    Raises RuleProblem where the definition is no number, NameProblem for unknown inputs, DomainProblem where the loss is finite
    nowhere on the configuration or its rows are not of length 1 on the sphere, and what reading a text raises.

    >>> found = stationary("L = sum_i x_i y_i", ["x_i = 0", "y_i = 0"], sizes={"n": 2})
    >>> found.how, found.kind, [round(float(value)) for value in found.eigenvalues]
    ('proved', 'saddle', [-1, -1, 1, 1])
    """
    if space not in ("flat", "sphere"):
        raise DomainProblem(f"there is no space {space!r}", hint='space is "flat" or "sphere"')
    program = (define(definition) if isinstance(definition, str) else definition).program
    found = configured(program, [at] if isinstance(at, str) else at, params or {})
    names = _names(program, found.names, wrt, params or {})
    sphere = space == "sphere"
    if sphere:
        found = on_sphere(found, names)
    gradients = tuple(vanishing(found, name, sphere=sphere) for name in names)
    if not all(gradient.verdict for gradient in gradients):
        return Stationarity(found, gradients)
    point = point_of(found, sizes or {})
    hessian = Hessian(found.program, point.arrays, names, sphere)
    return Stationarity(found, gradients, point, hessian, nature(hessian, spectrum(hessian)))


def _names(
    program: Program, given: Sequence[str], wrt: str | Sequence[str] | None, params: Mapping[str, float]
) -> tuple[str, ...]:
    """The inputs to differentiate by: those asked for, else all that the configuration gives."""
    if wrt is None:
        names = tuple(name for name in given if name not in params)
        if not names:
            raise NameProblem("the configuration gives no input", hint='say one, e.g. at="X_ip = v_p", or name one by wrt')
        return names
    asked = dict.fromkeys(name.split("_")[0] if program.input(name) is None else name for name in _listed(wrt))
    for name in asked:
        item = program.input(name)
        if item is None or item.tensor.integer:
            known = ", ".join(i.tensor.name for i in program.inputs if not i.tensor.integer) or "none"
            raise NameProblem(f"{program.name} has no real input {name}", hint=f"its inputs are {known}")
    return tuple(asked)


def _listed(wrt: str | Sequence[str]) -> Sequence[str]:
    return (wrt,) if isinstance(wrt, str) else wrt
