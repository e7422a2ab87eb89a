"""Second derivatives: every step the same array, the result jax's Hessian, exchangeable slots, and true where rows coincide."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import tensorderiv as td
from tensorderiv.algebra.build import mul
from tensorderiv.algebra.expression import Element, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.derivation import Derivation
from tensorderiv.derivation.exchange import SCHWARZ, exchange_section
from tensorderiv.errors import TensorDerivError
from tensorderiv.verify.vectorise import Vectoriser
from tests.support.derivations import TOLERANCE, backend, bind, deviation, inputs_of, meaning_complaints, round_trip_complaints

Array = npt.NDArray[Any]

CASES = {
    "sqeuclidean": ("D_ij = sum_p (X_ip - X_jp)^2", ("X_kl",)),
    "euclidean, two sets": ("D_ij = sqrt(sum_p (X_ip - Y_jp)^2)", ("X_kl",)),
    "mixed": ("D_ij = sqrt(sum_p (X_ip - Y_jp)^2)", ("X_kl", "Y_mq")),
    "kernel sum": ("scalar s > 0\nK_ij = exp(-sum_p (X_ip - X_jp)^2 / s)\nL = sum_{i != j} K_ij", ("X_kl",)),
    "kernel sum by bandwidth": ("scalar s > 0\nK_ij = exp(-sum_p (X_ip - X_jp)^2 / s)\nL = sum_{i != j} K_ij", ("s",)),
    "kernel sum, mixed": ("scalar s > 0\nK_ij = exp(-sum_p (X_ip - X_jp)^2 / s)\nL = sum_{i != j} K_ij", ("X_kl", "s")),
    "npairs": (
        "tensor X[n,d], Y[n,d]\nscalar t > 0\nN_i = sqrt(sum_p X_ip^2)\nM_j = sqrt(sum_p Y_jp^2)\n"
        "S_ij = sum_p X_ip Y_jp / (N_i M_j)\nL = -1/n sum_i log(exp(S_ii/t) / sum_j exp(S_ij/t))",
        ("X_kl",),
    ),
    "softmax": ("P_ij = exp(Z_ij) / sum_k exp(Z_ik)\nL = -sum_ij Y_ij log(P_ij)", ("Z_kl",)),
    "cubic form": ("L = sum_ijk T_ijk x_i x_j x_k", ("x_l",)),
    "copy": ("y_i = x_i^3", ("x_k",)),
    "chain": ("a_i = x_i^2 + x_i\nb_i = a_i^2 + a_i\nc_i = b_i^2 + b_i\nL = sum_i c_i", ("x_k",)),
    "hinge squared": ("L = sum_i max(0, 1 - y_i sum_p X_ip w_p)^2", ("w_k",)),
    "log det": ("tensor A[n,n] in spd\nL = logdet(A)", ("A_kl",)),
    "product": ("L = prod_i (1 + x_i^2)", ("x_k",)),
}


@cache
def derived(name: str) -> Derivation:
    text, variables = CASES[name]
    return td.define(text, name="second_order").derive(list(variables), order=2)


def hessian_of(derivation: Derivation) -> Array:
    """jax.jacobian of jax.jacobian of the definition, at the first inputs."""
    import jax

    first, second = (variable.tensor.name for variable in derivation.variables)
    library = backend("jax")
    with library.precision():
        bound, sizes = bind(derivation.program, inputs_of(derivation.program, 0))
        fixed = {name: library.np.asarray(np.asarray(array)) for name, array in bound.items()}

        def function(x: Any, y: Any) -> Any:
            # the same tensor twice is one argument: half of it moves with each
            chosen = {first: x + y - fixed[first]} if first == second else {first: x, second: y}
            return Vectoriser(library, sizes, fixed | chosen).run(derivation.program)

        return np.asarray(jax.jacrev(jax.jacrev(function, 0), 1)(fixed[first], fixed[second]))


@pytest.mark.parametrize("name", CASES)
def test_every_step_denotes_the_same_array_and_reads_back(name: str) -> None:
    derivation = derived(name)
    assert meaning_complaints(derivation, 0) + meaning_complaints(derivation, 1) == []
    assert round_trip_complaints(derivation, "text") + round_trip_complaints(derivation, "latex") == []


@pytest.mark.parametrize("name", CASES)
def test_the_result_is_the_hessian_of_autodiff(name: str) -> None:
    derivation = derived(name)
    expected = hessian_of(derivation)
    found = np.asarray(derivation.evaluate(**inputs_of(derivation.program, 0)), dtype=float)
    assert deviation(found, expected, np.ones(expected.shape, dtype=bool)) <= TOLERANCE


@pytest.mark.parametrize("name", [name for name, (_, variables) in CASES.items() if len(variables) == 1])
def test_the_two_slots_may_be_exchanged(name: str) -> None:
    derivation = derived(name)
    first, second = ([i.name for i in v.subscripts if isinstance(i, Index)] for v in derivation.variables)
    output = len(derivation.program.output.indices)
    array = derivation.evaluate(**inputs_of(derivation.program, 0))
    axes = [*range(output), *range(output + len(first), array.ndim), *range(output, output + len(first))]
    assert len(first) == len(second)
    np.testing.assert_allclose(array, array.transpose(axes), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "name", [name for name, (_, variables) in CASES.items() if variables in (("X_kl",), ("x_k",), ("Z_kl",))]
)
def test_the_exchange_is_told_with_its_proof(name: str) -> None:
    section = exchange_section(derived(name))
    assert section is not None
    assert section.data["proof"] in ("proved by canonical form", SCHWARZ)
    if name in ("sqeuclidean", "copy", "softmax", "kernel sum", "product"):
        assert section.data["proof"] == "proved by canonical form"


def test_a_result_that_is_not_symmetric_is_a_fault() -> None:
    derivation = derived("kernel sum")
    last = derivation.steps[-1]
    wrong = replace(
        last, formula=replace(last.formula, expr=mul(last.expr, Element(Tensor("X", ("n", "d")), derivation.wrt.subscripts)))
    )
    with pytest.raises(TensorDerivError, match="is not symmetric"):
        exchange_section(replace(derivation, steps=(*derivation.steps[:-1], wrong)))


@pytest.mark.parametrize("body", ["D_ij", "(D_ij - G_ij)^2", "exp(-D_ij)", "log(1 + D_ij)"])
def test_a_distance_of_a_row_to_itself_does_not_poison_the_hessian(body: str) -> None:
    """(delta_km - delta_jm) / D_kj is 0 at j = k; multiplied out it would be inf - inf."""
    program = f"tensor X[n,d]\ntensor G[n,n]\nD_ij = sqrt(sum_p (X_ip - X_jp)^2)\nL = sum_ij {body}"
    derivation = td.define(program if "G" in body else program.replace("tensor G[n,n]\n", "")).derive("X_kl", order=2)
    inputs = {"X": np.random.default_rng(0).normal(size=(3, 2))} | ({"G": np.ones((3, 3))} if "G" in body else {})
    arrays = [step.evaluate(**inputs) for step in derivation.steps]
    assert np.isfinite(arrays[0]).all()
    for before, after in pairwise(arrays):
        np.testing.assert_allclose(after, before, rtol=1e-10, atol=1e-12)


def test_deep_chains_stay_small() -> None:
    lines = [f"a{k}_i = a{k - 1}_i^2 + a{k - 1}_i" for k in range(1, 9)]
    derivation = td.define("\n".join(["a0_i = x_i", *lines, "L = sum_i a8_i"])).derive(order=2)
    assert len(str(derivation.result)) < 2000


def test_what_cannot_be_asked() -> None:
    definition = td.define("D_ij = sum_p (X_ip - X_jp)^2")
    with pytest.raises(TensorDerivError, match="order 2 takes one variable or two"):
        definition.derive(["X_kl", "X_mq", "X_ab"], order=2)
    with pytest.raises(TensorDerivError, match="share k"):
        definition.derive(["X_kl", "X_kq"], order=2)
    with pytest.raises(TensorDerivError, match="order 3"):
        definition.derive("X_kl", order=3)  # type: ignore[call-overload]
    assert [d.wrt.tensor.name for d in td.define("L = sum_i a x_i").derive(["x_k", "a"])] == ["x", "a"]
