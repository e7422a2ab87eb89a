"""The text of a module: what stands in it, and that it is the same every time."""

from __future__ import annotations

import ast

import pytest

from tensorderiv.emit import emit
from tensorderiv.errors import NameProblem
from tensorderiv.language import read

UNSEEN = {
    "pair": "tensor X[n,d], Y[m,d], M[d,d]\nscalar g default 2\nD_ij = (sum_{p,q} (X_ip - Y_jp) M_pq (X_iq - Y_jq))^g",
    "scalar": "labels c[n]\ntensor X[n,d]\nscalar lambda > 0\nL = sum_{i,j: c_i = c_j} exp(-sum_p (X_ip - X_jp)^2 / lambda)",
    "tensor": "tensor X[n,d], w[n]\nmu_p = sum_i w_i X_ip / n",
}
FUNCTIONS = {
    "pair": ["pairwise", "vjp", "jvp", "jacobian", "pair", "pair_grad"],
    "scalar": ["value", "value_and_grad", "hvp"],
    "tensor": ["evaluate", "vjp", "jvp"],
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_a_module_parses_and_has_its_functions(kind: str) -> None:
    source = emit(read(UNSEEN[kind]), "unseen")
    tree = ast.parse(source)
    public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert public == ["kernels", *FUNCTIONS[kind]]
    assert f'KIND = "{kind}"' in source
    assert "Do not edit" in source
    assert "templates/generated/NAME.py.jinja" in source


@pytest.mark.parametrize("kind", UNSEEN)
def test_a_module_needs_numpy_and_numba_alone(kind: str) -> None:
    tree = ast.parse(emit(read(UNSEEN[kind]), "unseen"))
    found = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    standard = {"concurrent.futures", "ctypes", "fractions", "inspect", "math", "operator", "os", "threading"}
    assert found <= standard | {"llvmlite", "numba", "numba.core", "numpy"}


@pytest.mark.parametrize("kind", UNSEEN)
def test_the_same_text_every_time(kind: str) -> None:
    assert emit(read(UNSEEN[kind]), "unseen") == emit(read(UNSEEN[kind]), "unseen")


def test_text_of_a_definition_cannot_leave_its_string() -> None:
    text = 'D_ij = sum_p (X_ip - X_jp)^2  # """ \\ import os\n'
    source = emit(read(text), "quoted", definition=text)
    values = [
        node.value for node in ast.parse(source).body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    ]
    assert text.strip() in [value.value for value in values]


def test_a_module_has_a_module_name() -> None:
    with pytest.raises(NameProblem):
        emit(read("D_ij = sum_p (X_ip - X_jp)^2"), "../x")
