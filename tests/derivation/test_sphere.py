"""The gradient on the sphere: its steps, that it is tangent, its agreement with X/|X|, and planted faults."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.algebra.build import add, mul, number, sub
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.traverse import walk
from tensorderiv.derivation.derivation import Step
from tensorderiv.derivation.sphere import Lemma, SphereGradient, agreement, sphere_gradient, sphere_section, tangency
from tensorderiv.derivation.sphere.section import tell
from tensorderiv.derivation.sphere.unit import UnitRows
from tensorderiv.errors import RuleProblem
from tensorderiv.language import read_expression, read_variable

DEFINITIONS = {
    "alignment": ("tensor X[n,d] in sphere\ntensor W[n,n]\nS_ij = sum_p X_ip X_jp\nL = -sum_ij W_ij S_ij", "X_kl"),
    "squared distance": ("tensor X[n,d] in sphere\nD_ij = sum_p (X_ip - X_jp)^2", "X_kl"),
    "angle": ("tensor X[n,d] in sphere\ntensor Y[m,d] in sphere\nS_ij = sum_p X_ip Y_jp\nD_ij = acos(S_ij)", "X_kl"),
    "npairs": (
        "tensor X[n,d] in sphere\ntensor Y[n,d]\nscalar t > 0 default 1\nS_ij = sum_p X_ip Y_jp\n"
        "L = -1/n sum_i log(exp(S_ii/t) / sum_j exp(S_ij/t))",
        "X_kl",
    ),
    "cosine": (
        "tensor X[n,d] in sphere\nN_i = sqrt(sum_p X_ip^2)\nC_ij = sum_p X_ip X_jp / (N_i N_j)\nD_ij = 1 - C_ij",
        "X_kl",
    ),
    "rayleigh": ("tensor x[d] in sphere\ntensor A[d,d]\nL = sum_pq x_p A_pq x_q", "x_l"),
    "labels": (
        "tensor X[n,d] in sphere\nlabels c[n]\nS_ij = sum_p X_ip X_jp\nL = sum_{i,j: c_i = c_j} max(0, 3 - S_ij)^2",
        "X_kl",
    ),
    "uniformity": ("tensor X[n,d] in sphere\nL = log(sum_ij exp(-2 sum_p (X_ip - X_jp)^2))", "X_kl"),
    "fourth powers": ("tensor X[n,d] in sphere\nL = sum_ip X_ip^4", "X_kl"),
    "three axes": ("tensor T[a,n,d] in sphere\ntensor u[d]\nL = sum_{i,j} (sum_p T_ijp u_p)^2", "T_klm"),
}


@cache
def gradient_of(name: str) -> tuple[td.definition.Definition, SphereGradient]:
    text, by = DEFINITIONS[name]
    definition = td.define(text)
    return definition, sphere_gradient(definition.derive(by))


def inputs(definition: td.definition.Definition, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = {"n": 3, "m": 2, "d": 3, "a": 2}
    found = {}
    for item in definition.program.inputs:
        shape = [extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents]
        drawn = rng.integers(0, 2, size=shape) if item.tensor.integer else rng.normal(size=shape)
        if item.domain.kind == "sphere":
            drawn = drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)
        found[item.tensor.name] = np.abs(drawn) if item.domain.kind == "positive" else drawn
    return found


@cache
def lemmas_of(name: str) -> tuple[Lemma, Lemma]:
    gradient = gradient_of(name)[1]
    found = agreement(gradient)
    assert found is not None
    return tangency(gradient), found


def with_result(gradient: SphereGradient, expr: Expr) -> SphereGradient:
    """The same with another closed form."""
    last = gradient.steps[-1]
    return replace(gradient, steps=(*gradient.steps[:-1], Step(last.rule, last.why, replace(last.formula, expr=expr))))


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_step_denotes_the_same_on_the_sphere(name: str) -> None:
    definition, gradient = gradient_of(name)
    arrays = inputs(definition)
    expected = gradient.steps[0].evaluate(**arrays)
    assert np.abs(expected).max() > 1e-3
    for step in gradient.steps[1:]:
        np.testing.assert_allclose(step.evaluate(**arrays), expected, rtol=1e-10, atol=1e-12, err_msg=step.rule)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_the_gradient_is_what_finite_differences_along_the_sphere_give(name: str) -> None:
    """f(R(X, t V)) with R the retraction (X + t V)/|X + t V| and tangent V; shares nothing with the calculus."""
    definition, gradient = gradient_of(name)
    arrays = inputs(definition, 1)
    X = definition.program.input(gradient.derivation.wrt.tensor.name)
    assert X is not None
    at = arrays[X.tensor.name]
    V = np.random.default_rng(2).normal(size=at.shape)
    V -= (V * at).sum(-1, keepdims=True) * at

    def moved(step: float) -> np.ndarray:
        there = at + step * V
        return definition.evaluate(**{**arrays, X.tensor.name: there / np.linalg.norm(there, axis=-1, keepdims=True)})

    slope = (8 * (moved(1e-3) - moved(-1e-3)) - (moved(2e-3) - moved(-2e-3))) / 12e-3
    found = np.tensordot(gradient.formula.evaluate(**arrays), V, axes=at.ndim)
    off = ~np.eye(*slope.shape, dtype=bool) if slope.ndim == 2 else np.ones(slope.shape, dtype=bool)
    np.testing.assert_allclose(found[off], slope[off], rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_it_is_tangent_and_agrees_with_the_quotient(name: str) -> None:
    definition, gradient = gradient_of(name)
    arrays = inputs(definition)
    lemmas = lemmas_of(name)
    for lemma in lemmas:
        assert lemma.how == "proved by canonical form with unit rows"
        first, *others = [step.evaluate(**arrays) for step in lemma.steps]
        for other in others:
            np.testing.assert_allclose(other, first, atol=1e-12)
    through = lemmas[1].steps[-1].evaluate(**arrays)
    np.testing.assert_allclose(through, gradient.formula.evaluate(**arrays), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_text_reads_back_to_the_same(name: str) -> None:
    definition, gradient = gradient_of(name)
    arrays = inputs(definition, 3)
    section = tell(gradient, lemmas_of(name))
    told = [(step, data) for step, data in zip(gradient.steps, section.data["steps"], strict=True)]
    for lemma, data in zip(lemmas_of(name), section.data["lemmas"], strict=True):
        told += list(zip(lemma.steps, data["steps"], strict=True))
    for step, data in told:
        names, expr = read_expression(data["text"], definition.program, step.formula.axes)
        again = replace(step.formula, expr=expr, names=names)
        np.testing.assert_allclose(again.evaluate(**arrays), step.evaluate(**arrays), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("alignment", "sum_j (W_kj + W_jk)(X_kl S_jk - X_jl)"),
        ("angle", "(X_il S_ij - Y_jl) delta_ik / sqrt(1 - S_ij^2)"),
        ("fourth powers", "4 X_kl (X_kl^2 - sum_m X_km^4)"),
        ("cosine", "(X_il C_ij - X_jl) delta_ik + (X_jl C_ij - X_il) delta_jk"),
    ],
)
def test_the_closed_form_is_that_of_a_person(name: str, text: str) -> None:
    """The same on the sphere, and no longer, up to the order of factors and of the indices of symmetric quantities."""
    definition, gradient = gradient_of(name)
    _, expected = read_expression(text, definition.program, gradient.formula.axes)
    assert gradient.sphere.is_zero(sub(gradient.expr, expected))
    assert sum(1 for _ in walk(gradient.expr)) == sum(1 for _ in walk(expected))


def test_a_gradient_without_a_part_along_the_row_stays_as_it_is() -> None:
    assert gradient_of("cosine")[1].steps[-1].rule == "tangent already"


def test_documents_show_it_and_json_has_it_under_its_key() -> None:
    definition = td.define(DEFINITIONS["alignment"][0])
    derivation = definition.derive("X_kl")
    text = derivation.document()
    assert "rgrad_kl = sum_m (delta_lm - X_kl X_km) diff(L, X_km)" in text
    assert "tangency: the gradient on the sphere is orthogonal to the row (proved by canonical form with unit rows)" in text
    told = json.loads(derivation.document("json"))["sphere"]
    assert told["gradient"]["text"] == told["steps"][-1]["text"] == str(sphere_gradient(derivation).expr)
    assert [lemma["name"] for lemma in told["lemmas"]] == ["tangency", "agreement"]
    for style in ("latex", "markdown", "html"):
        assert "radient on the sphere" in derivation.document(style)


def test_it_is_told_for_inputs_on_the_sphere_alone() -> None:
    definition = td.define(DEFINITIONS["alignment"][0])
    assert sphere_section(definition.derive("W_ab")) is None
    assert sphere_section(td.define("L = sum_ij X_ij^2").derive("X_kl")) is None
    program = td.define("tensor X[n,d] in sphere\nL = sum_ip X_ip^4").program
    from tensorderiv.derivation import derive

    assert sphere_section(derive(program, read_variable("X_kl", program), read_variable("X_ab", program))) is None


# planted faults


def test_a_gradient_without_the_projection_is_refused() -> None:
    """The missing term: the ambient gradient is neither tangent nor what X/|X| gives."""
    for name in ("alignment", "squared distance", "rayleigh"):
        _, gradient = gradient_of(name)
        wrong = with_result(gradient, gradient.derivation.expr)
        with pytest.raises(RuleProblem, match="not tangent"):
            tangency(wrong)
        with pytest.raises(RuleProblem, match="differs"):
            agreement(wrong)


def test_a_tangent_field_with_another_factor_is_refused_by_the_quotient() -> None:
    _, gradient = gradient_of("alignment")
    wrong = with_result(gradient, mul(number(2), gradient.expr))
    tangency(wrong)
    with pytest.raises(RuleProblem, match="differs"):
        agreement(wrong)


def test_unit_rows_are_put_in_only_where_they_are() -> None:
    program = td.define("tensor X[n,d] in sphere\ntensor Y[n,d]\nL = sum_ip X_ip Y_ip").program
    unit = UnitRows(program)

    def after(text: str) -> str:
        return str(unit.put_in(read_expression(text, program)[1]))

    assert after("sum_p X_kp^2") == "1"
    assert after("sum_{j,p} Y_jl X_kp^2") == "sum_j Y_jl"
    for kept in (
        "sum_p Y_kp^2",
        "sum_k X_kp^2",
        "sum_p X_kp^4",
        "sum_p X_kp^2 Y_kp",
        "sum_p X_kp X_jp",
        "sum_{p: p != l} X_kp^2 X_kl",
    ):
        assert after(kept) == str(read_expression(kept, program)[1])
    assert not unit.is_zero(add(read_expression("sum_p X_kp^2", program)[1], number(1)))
