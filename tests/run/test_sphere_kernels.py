"""The functions on the sphere, compiled: they compile, run in parallel, and say what they cost."""

from __future__ import annotations

import numpy as np

from tensorderiv.language import read
from tensorderiv.run import compile_program


def test_project_and_retract_compile_and_tell_their_cost() -> None:
    module = compile_program(read("tensor Z[n,d] in sphere\nL = sum_ip Z_ip^4"), "compiled_on_sphere")
    rng = np.random.default_rng(0)
    Z, V = rng.normal(size=(50, 7)), rng.normal(size=(50, 7))
    Z /= np.linalg.norm(Z, axis=1, keepdims=True)
    np.testing.assert_allclose(module.project(Z, V), V - Z * (Z * V).sum(1, keepdims=True), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(module.retract(Z, V), (Z + V) / np.linalg.norm(Z + V, axis=1, keepdims=True), rtol=1e-13)
    _, gradient = module.value_and_riemannian_grad(Z)
    np.testing.assert_allclose(gradient, module.project(Z, 4 * Z**3), rtol=1e-12, atol=1e-14)
    costs = {entry["name"]: entry for entry in module.kernels(n=50, d=7)}
    assert costs["project"]["largest_temporary"] == 8 * 50
    assert costs["retract"]["flops"] > costs["project"]["flops"] > 0
