"""Modules of definitions with rows in sphere: project, retract, tangent gradients; judged, and wrong ones refused."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source
from tensorderiv.verify import verify_module
from tensorderiv.verify.mutants import Fault, plant

DEFINITIONS = {
    "loss": "tensor X[n,d] in sphere\ntensor W[n,n]\nscalar t > 0 default 1/2\nL = -sum_{i,j} W_ij exp(sum_p X_ip X_jp / t)",
    "pair": "tensor X[n,d] in sphere\nD_ij = sum_p (X_ip - X_jp)^2",
    "two": "tensor X[n,d] in sphere, Y[m,d] in sphere\nL = sum_{i,j} (sum_p X_ip Y_jp)^2",
    "vector": "tensor x[d] in sphere\ntensor A[d,d]\nL = sum_{p,q} x_p A_pq x_q",
    "taken names": "tensor V[2,n,3] in sphere, along[3]\nM_i = sum_{a,p} V_aip along_p",
}
LOSSES = ("loss", "two", "vector")


def unit(array: Any) -> Any:
    return array / np.linalg.norm(array, axis=-1, keepdims=True)


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Kernels run as plain Python: what they compute is judged here, not that they compile."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    monkeypatch.setenv("TENSORDERIV_CACHE", str(tmp_path))

    def made(name: str) -> ModuleType:
        return load_source(emit(read(DEFINITIONS[name]), "on_sphere"), "on_sphere")

    return made


def points(shape: tuple[int, ...], seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return unit(rng.normal(size=shape)), rng.normal(size=shape)


@pytest.mark.parametrize(("name", "shape"), [("loss", (5, 3)), ("pair", (4, 1)), ("vector", (3,)), ("taken names", (2, 3, 3))])
def test_project_and_retract(modules: Any, name: str, shape: tuple[int, ...]) -> None:
    module = modules(name)
    X, V = points(shape)
    tangent, moved = module.project(X, V), module.retract(X, V)
    np.testing.assert_allclose(tangent, V - X * (X * V).sum(-1, keepdims=True), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose((X * tangent).sum(-1), 0, atol=1e-15)
    np.testing.assert_allclose(module.project(X, tangent), tangent, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(moved, unit(X + V), rtol=1e-14)
    np.testing.assert_allclose(module.retract(X, 0 * V), X, rtol=1e-15)


def test_a_retraction_starts_along_the_projection(modules: Any) -> None:
    module = modules("loss")
    X, V = points((4, 3))
    slope = (module.retract(X, 1e-5 * V) - module.retract(X, -1e-5 * V)) / 2e-5
    np.testing.assert_allclose(slope, module.project(X, V), atol=1e-9)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_of_a_loss_on_the_sphere_is_the_projected_one(modules: Any, name: str) -> None:
    module = modules(name)
    rng = np.random.default_rng(1)
    first = unit(rng.normal(size=3 if name == "vector" else (4, 3)))
    second = {"loss": rng.normal(size=(4, 4)), "two": unit(rng.normal(size=(2, 3))), "vector": rng.normal(size=(3, 3))}[name]
    value, gradients = module.value_and_grad(first, second)
    again, tangent = module.value_and_riemannian_grad(first, second)
    assert value == again
    np.testing.assert_allclose(tangent[0], module.project(first, gradients[0]), rtol=1e-13, atol=1e-14)
    second_is_on_it = name == "two"
    np.testing.assert_allclose(tangent[1], module.project(second, gradients[1]) if second_is_on_it else gradients[1], rtol=1e-13)
    single = module.value_and_riemannian_grad(first, second, wrt=("x" if name == "vector" else "X"))[1]
    np.testing.assert_array_equal(single, tangent[0])


def test_dtypes_layouts_and_inputs_are_respected(modules: Any) -> None:
    module = modules("loss")
    X, V = points((4, 3))
    for function in (module.project, module.retract):
        assert function(X.astype(np.float32), V.astype(np.float32)).dtype == np.float32
        assert function(X.astype(np.float32), V).dtype == np.float64
        before = X.copy(), V.copy()
        np.testing.assert_array_equal(function(np.asfortranarray(X), np.repeat(V, 2, axis=-1)[:, ::2]), function(X, V))
        np.testing.assert_array_equal((X, V), before)
        assert function(np.empty((0, 3)), np.empty((0, 3))).shape == (0, 3)


def test_what_does_not_fit_is_told(modules: Any) -> None:
    module = modules("loss")
    X, V = points((4, 3))
    with pytest.raises(ValueError, match=r"project: V has the shape \(3, 3\), but it moves an array of shape \(4, 3\)"):
        module.project(X, V[:3])
    with pytest.raises(ValueError, match="retract: X has 0 axes; give unit rows along the last axis"):
        module.retract(1.0, 1.0)
    with pytest.raises(TypeError, match="project: V holds complex128; give float64 or float32"):
        module.project(X, V + 1j)
    with pytest.raises(ValueError, match="project: x has 2 axes; give one unit row"):
        modules("vector").project(X, V)


def test_they_stand_in_the_module_with_their_cost_and_only_there(modules: Any) -> None:
    source = emit(read(DEFINITIONS["loss"]), "on_sphere")
    tree = ast.parse(source)
    public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert public[-3:] == ["value_and_riemannian_grad", "project", "retract"]
    assert "Rows in sphere: project(X, V)" in (ast.get_docstring(tree) or "")
    listed = [entry[0] for entry in modules("loss")._KERNELS]
    assert listed[-3:] == ["value_and_riemannian_grad", "project", "retract"]
    elsewhere = emit(read("tensor X[n,d]\nL = sum_ip X_ip^2"), "elsewhere")
    assert "project" not in elsewhere and "riemannian" not in elsewhere and "_unit_rows" not in elsewhere


@pytest.mark.parametrize("name", ["pair", "two", "vector", "taken names"])
def test_the_judges_let_them_pass(modules: Any, name: str) -> None:
    report = verify_module(read(DEFINITIONS[name]), modules(name))
    assert report.ok, str(report)
    judged = {(record.judge, record.name.split(" at ")[0]) for record in report.records if record.compared}
    assert {(judge, function) for judge in ("brute force", "autodiff") for function in ("project", "retract")} <= judged
    tangent = {record.judge for record in report.records if record.name.endswith("on the sphere") and record.compared}
    assert tangent == ({"brute force", "autodiff", "finite differences"} if name in LOSSES else set())


def without_projection(right: Any) -> Any:
    """The missing term: the direction as it came."""
    return lambda X, V: np.array(V, dtype=np.result_type(X, V))


def without_length(right: Any) -> Any:
    """X + V, not brought back to length 1."""
    return lambda X, V: np.asarray(X) + np.asarray(V)


def doubled(right: Any) -> Any:
    """The part along the row taken away twice."""
    return lambda X, V: 2 * right(X, V) - V


def ambient(module: ModuleType) -> Any:
    """The gradient that is not projected."""
    return lambda right: lambda *args, wrt=None, **options: module.value_and_grad(*args, wrt=wrt, **options)


FAULTS = (
    Fault("project without the projection", "project", without_projection),
    Fault("the part along the row twice", "project", doubled),
    Fault("retract without the length", "retract", without_length),
)


@pytest.mark.parametrize("judge", ["brute force", "autodiff"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_judge_refuses_each_fault(modules: Any, fault: Fault, judge: str) -> None:
    report = verify_module(read(DEFINITIONS["vector"]), plant(modules("vector"), fault), judges=(judge,))
    assert {record.name.split(" at ")[0] for record in report.failures} == {fault.function}


@pytest.mark.parametrize("judge", ["brute force", "autodiff", "finite differences"])
def test_each_judge_refuses_a_gradient_that_is_not_projected(modules: Any, judge: str) -> None:
    module = modules("vector")
    fault = Fault("not projected", "value_and_riemannian_grad", ambient(module))
    report = verify_module(read(DEFINITIONS["vector"]), plant(module, fault), judges=(judge,))
    assert {record.name for record in report.failures} == {"gradient by x on the sphere"}


def test_a_module_without_them_is_refused(modules: Any) -> None:
    """They belong to the contract of a definition with rows in sphere."""
    module = modules("vector")
    del module.project
    assert any("no attribute 'project'" in record.note for record in verify_module(read(DEFINITIONS["vector"]), module).failures)
