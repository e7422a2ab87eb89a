"""Every loop nest computes what its statement means: run by an interpreter, compared with `algebra.evaluate`."""

from __future__ import annotations

import numpy as np
import pytest

from tensorderiv.adjoint import forward, reverse
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.language import read
from tensorderiv.lower import lower
from tensorderiv.lower.stable import stabilise
from tests.support.agreement import agrees, arrays_of
from tests.support.nests import run_plan

DEFINITIONS = {
    "distance": "D_ij = sqrt(sum_p (X_ip - Y_jp)^2)",
    "columns": "D_ij = sum_p (X_pi - X_pj)^2",
    "quadratic form": "tensor X[n,d], Y[m,d], M[d,d]\nD_ij = sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq)",
    "n-pairs": """tensor X[n,d], Y[n,d]
        scalar t > 0 default 1
        N_i = sqrt(sum_p X_ip^2)
        M_j = sqrt(sum_p Y_jp^2)
        S_ij = sum_p X_ip Y_jp / (N_i M_j)
        L = -1/n sum_i log( exp(S_ii/t) / sum_j exp(S_ij/t) )""",
    "row and column normalised": """tensor X[n,d]
        K_ij = 1/(1 + sum_p (X_ip - X_jp)^2)
        Z_j = sum_i K_ij
        L = sum_i sum_j K_ij^2 / (Z_i Z_j)""",
    "triplets": """labels c[n]
        tensor X[n,d]
        scalar m0 default 0.2
        D_ab = sqrt(sum_p (X_ap - X_bp)^2)
        L = sum_a sum_{p: p != a and c[p] = c[a]} sum_{q: c[q] != c[a]} relu(D_ap - D_aq + m0)""",
    "hardest": "tensor X[n,d]\nD_ab = sum_p abs(X_ap - X_bp)\nL = sum_a (max_{p: p != a} D_ap - min_{q: q != a} D_aq)",
    "hausdorff": "tensor X[n,d]\nH = max_i min_{j: j != i} sum_p (X_ip - X_jp)^2",
    "gather": "labels c[n]\ntensor X[n,d], W[C,d]\nL = sum_i sum_p (X_ip - W[c[i],p])^2",
    "deltas": "tensor X[n,d]\nT_ijp = delta_ij X_ip + sum_k H_ijk X_kp - sum_k delta_jk X_kp [i < k]",
    "half the pairs": "tensor X[n,d], W[n,n]\nL = sum_{i,j: i < j} (sqrt(sum_p (X_ip - X_jp)^2) - W_ij)^2",
    "covariance": "tensor X[n,d]\nmu_p = sum_i X_ip / n\nC_pq = sum_i (X_ip - mu_p)(X_iq - mu_q) / n",
    "products": "tensor X[n,d]\nT_ijk = sum_p X_ip X_jp X_kp",
    "powers of a matrix": "tensor A[n,n], x[n]\nB_ij = sum_k A_ik A_kj\nL = sum_{i,j} x_i B_ij x_j + prod_i (1 + x_i^2)",
    "nested in bound rows": "tensor X[n,d]\nL = (sum_i log(sum_j exp(sum_p X_ip X_jp))) / sum_j sqrt(sum_i sum_p X_ip^2 X_jp^2)",
    "choice": "tensor x[n], y[n]\nL = sum_i if(abs(x_i - y_i) < 1/2, (x_i - y_i)^2, log(1 + exp(x_i)))",
}
"""Shapes of every kind, none of them special to the engine."""


@pytest.mark.parametrize("sizes", [{"n": 4, "m": 3, "d": 3, "C": 2}, {"n": 1, "m": 1, "d": 1, "C": 2}], ids=["small", "ones"])
@pytest.mark.parametrize("name", DEFINITIONS)
def test_values(name: str, sizes: dict[str, int]) -> None:
    program = read(DEFINITIONS[name])
    arrays = arrays_of(program, sizes)
    sizes = sizes_of(program, arrays)
    agrees(program, [program.output.tensor.name], arrays, sizes)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_adjoints(name: str) -> None:
    program = read(DEFINITIONS[name])
    real = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    adjoint = reverse(stabilise(program), real)
    arrays = arrays_of(adjoint.program, {"n": 4, "m": 3, "d": 3, "C": 2})
    agrees(adjoint.program, [gradient for _, gradient in adjoint.gradients], arrays, sizes_of(adjoint.program, arrays))


@pytest.mark.parametrize("name", ["distance", "n-pairs", "half the pairs", "gather"])
def test_tangents(name: str) -> None:
    program = read(DEFINITIONS[name])
    moving = {item.tensor.name: item.tensor for item in program.inputs if item.tensor.order and not item.tensor.integer}
    tangent = forward(program, {key: Tensor(f"d{key}", value.extents) for key, value in moving.items()})
    arrays = arrays_of(tangent, {"n": 4, "m": 3, "d": 3, "C": 2})
    agrees(tangent, [tangent.output.tensor.name], arrays, sizes_of(tangent, arrays))


def test_an_interpreter_that_disagrees_is_noticed() -> None:
    """The comparison can fail: one operation of the nest is dropped."""
    program = read(DEFINITIONS["distance"])
    arrays = arrays_of(program, {"n": 3, "m": 2, "d": 2})
    plan = lower(program)
    loop = plan.stages[0].nest.body[-1]
    loop.body[0].body[1:2] = []  # type: ignore[union-attr]
    made = run_plan(plan, arrays, sizes_of(program, arrays))
    honest = run_plan(lower(program), arrays, sizes_of(program, arrays))
    assert not np.allclose(made["D"], honest["D"])


@pytest.mark.parametrize("name", DEFINITIONS)
def test_rows_may_be_missing(name: str) -> None:
    """No rows: empty results and sums that are 0, never an error."""
    program = read(DEFINITIONS[name])
    arrays = arrays_of(program, {"n": 0, "m": 0, "d": 3, "C": 2})
    made = run_plan(lower(program), arrays, sizes_of(program, arrays))
    assert np.shape(made[program.output.tensor.name]) == tuple(
        0 if extent in ("n", "m") else 3 for extent in program.output.tensor.extents
    )
