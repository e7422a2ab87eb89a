"""method="gram": sums of squared differences by products of matrices, within the stated bound, and judged as what they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.cli import run
from tensorderiv.emit import emit
from tensorderiv.emit.write import Generated, manifest_entry
from tensorderiv.errors import NameProblem
from tensorderiv.language import read

WEIGHTED = "tensor X[n,d], Y[m,d], w[d] >= 0\nD_ij = sum_p w_p (X_ip - Y_jp)^2"
USES = 'method="gram": s ='


def gram_text(definition: str) -> str:
    return emit(read(definition), "f", method="gram")


def test_the_default_is_exact() -> None:
    program = read(WEIGHTED)
    text = emit(program, "f")
    assert text == emit(program, "f", method="exact")
    assert "__method__" not in text
    assert USES not in text
    assert "_product(" not in text


def test_the_sum_becomes_a_product_of_matrices() -> None:
    text = gram_text(WEIGHTED)
    assert '\n__method__ = "gram"\n' in text
    assert "_product(" in text
    assert "(d + 4) eps (A_i + B_j)" in text


@pytest.mark.parametrize(
    "text",
    [
        "L = sum_{i,j: i != j} log(1 + sum_p (X_ip - X_jp)^2)",
        "U_ip = X_ip / sqrt(1 + sum_q X_iq^2)\nK_ij = exp(-sum_p (U_ip - U_jp)^2)",
        "tensor v[d] > 0\nD_ij = sqrt(sum_p (X_ip - Y_jp + 1)^2 / v_p)",
        "tensor v[d]\nD_ij = sum_p (v_p X_ip - v_p Y_jp)^2",
        "tensor v[d]\nD_ij = sum_p v_p^2 (Y_jp - X_ip)^2",
        "D(x, y) = sqrt(sum_i (x_i - y_i)^2)",
        "N_i = sum_j exp(-sum_p (X_ip - Y_jp)^2)\nL = sum_i log(N_i)",
    ],
)
def test_it_goes_by_form_wherever_it_stands(text: str) -> None:
    assert USES in gram_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "tensor v[d]\nD_ij = sum_p v_p (X_ip - Y_jp)^2",  # not known to be at least 0
        "tensor v[d] >= 0\nD_ij = sum_p (X_ip - Y_jp)^2 / v_p",  # may be infinite
        "D_ij = sum_p abs(X_ip - Y_jp)^3",
        "D_ij = sum_p (X_ip Y_jp - Y_jp)^2",  # no term of one row alone
        "tensor V[n,d] >= 0\nD_ij = sum_p V_ip (X_ip - Y_jp)^2",
        "U_ip = X_ip / sqrt(sum_q X_iq^2)\nD_ij = acos(sum_p U_ip U_jp)",  # the differences of its stable form stay exact
    ],
)
def test_all_else_stays_exact(text: str) -> None:
    assert USES not in gram_text(text)


def test_only_functions_that_use_it_say_so() -> None:
    text = gram_text("D_ij = sqrt(sum_p (X_ip - Y_jp)^2)")
    for function, uses in (("pairwise", True), ("vjp", True), ("jacobian", False), ("pair", False), ("pair_grad", False)):
        docstring = text[text.index(f"\ndef {function}(") :].split('"""')[1]
        assert (USES in docstring) == uses, function


# ---- the bound -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def modules() -> tuple[ModuleType, ModuleType]:
    definition = td.define(WEIGHTED, name="weighted")
    return definition.compile(method="gram"), definition.compile()


def nasty(kind: str, d: int, dtype: type) -> tuple[Any, Any, Any]:
    """X, Y, w: rows far from 0, rows that nearly or wholly coincide, entries of very different sizes."""
    rng = np.random.default_rng([d, len(kind)])
    x, w = rng.normal(size=(7, d)), rng.uniform(0, 2, d)
    x += {"offset": 1e6, "plain": 0.0, "near": 3.0, "sizes": 0.0}[kind]
    x *= 10.0 ** rng.integers(-4, 5, d) if kind == "sizes" else 1
    y = np.concatenate([x[:4] * (1 + 1e-7 * rng.normal(size=(4, d))), x[4:6], rng.normal(size=(2, d)) + x[:1]])
    return x.astype(dtype), y.astype(dtype), w.astype(dtype)


def in_fractions(x: Any, y: Any, w: Any) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """s_ij and A_i + B_j, exactly."""
    a, b = ([[Fraction(float(e)) for e in row] for row in table] for table in (x, y))
    weights = [Fraction(float(e)) for e in w]
    squares = [[sum(v * e * e for v, e in zip(weights, row, strict=True)) for row in table] for table in (a, b)]
    s = [[sum((v * (e - f) ** 2 for v, e, f in zip(weights, r, q, strict=True)), Fraction(0)) for q in b] for r in a]
    return s, [[Fraction(p + q) for q in squares[1]] for p in squares[0]]


def worst(found: Any, exact: list[list[Fraction]], sizes: list[list[Fraction]], dtype: type, d: int) -> float:
    """The largest error in units of (d + 4) eps times the size; where the size is 0 there must be no error."""
    unit = (d + 4) * Fraction(float(np.finfo(dtype).eps))
    errors = [
        (abs(Fraction(float(value)) - true), unit * size)
        for row in zip(found, exact, sizes, strict=True)
        for value, true, size in zip(*row, strict=True)
    ]
    return max(float(error / bound) if bound else (np.inf if error else 0.0) for error, bound in errors)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_error_is_within_the_bound(modules: tuple[ModuleType, ModuleType], dtype: type) -> None:
    gram, exact = modules
    beyond = 0
    for kind in ("plain", "offset", "near", "sizes"):
        for d in (1, 3, 40, 130):
            x, y, w = nasty(kind, d, dtype)
            s, squares = in_fractions(x, y, w)
            by_gram, by_default = gram.pairwise(x, y, w=w), exact.pairwise(x, y, w=w)
            assert by_gram.dtype == dtype
            assert (by_gram >= 0).all()
            assert worst(by_gram, s, squares, dtype, d) <= 1, (kind, d)
            # what stands in front of eps is needed: without A + B, relative to s, gram fails where the default does not
            assert worst(by_default, s, s, dtype, d) <= 1, (kind, d)
            assert not by_default[4:6, 4:6].diagonal().any()
            beyond += worst(by_gram, s, s, dtype, d) > 100
    assert beyond >= 10


def test_nan_stays_nan(modules: tuple[ModuleType, ModuleType]) -> None:
    x, y = np.ones((2, 3)), np.ones((2, 3))
    x[0, 1] = np.nan
    assert np.isnan(modules[0].pairwise(x, y, w=np.ones(3))).tolist() == [[True, True], [False, False]]


# ---- the judges ----------------------------------------------------------------------------------------------------------------

JUDGED = """
import numpy as np
from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.verify import verify_module
from tensorderiv.verify.verify import JUDGES
from tensorderiv.verify.mutants import PAIR_FAULTS, Fault, plant
from tests.support.uncompiled import loaded

np.seterr(all="ignore")
LINE = '__method__ = "gram"\\n'


def refused(program, module, expected, name, judges=("brute force",)):
    report = verify_module(program, module, judges=judges)
    assert bool(report.failures) == expected, (name, str(report))


program = read("D_ij = sqrt(sum_p (X_ip - X_jp)^2)", "euclidean")
source = emit(program, "euclidean", method="gram")
module = loaded(source, "euclidean")
X = np.random.default_rng(0).normal(size=(30, 5)) + 10
sizes = (X**2).sum(1)[:, None] + (X**2).sum(1)
exact = np.sqrt(((X[:, None] - X) ** 2).sum(2))
assert (abs(module.pairwise(X) - exact) > 20 * np.finfo(float).eps * exact).any()
assert (abs(module.pairwise(X) - exact) <= np.sqrt(9 * np.finfo(float).eps * sizes)).all()
refused(program, module, False, "euclidean", JUDGES)
for fault in PAIR_FAULTS[::6]:
    refused(program, plant(module, fault), True, fault.name)

program = read("D_ij = sum_p (X_ip - Y_jp)^2", "squares")
source = emit(program, "squares", method="gram")
module = loaded(source, "squares")


def off(share):
    def change(right):
        def wrong(X, Y=None, **options):
            Z = X if Y is None else Y
            bound = (X.shape[1] + 4) * np.finfo(X.dtype).eps * ((X**2).sum(1)[:, None] + (Z**2).sum(1))
            return right(X, Y, **options) + (share * bound).astype(X.dtype)
        return wrong
    return Fault("off", "pairwise", change)


refused(program, plant(module, off(0.9)), False, "off by less than the bound")
refused(program, plant(loaded(source.replace(LINE, ""), "squares"), off(0.9)), True, "the method is not said")
refused(program, plant(module, off(20)), True, "off by more than the bound")

program = read("L = sum_{i,j} sqrt(sum_p (X_ip - X_jp)^2)", "loss")
refused(program, loaded(emit(program, "loss", method="gram"), "loss"), False, "loss", JUDGES)
print("judged")
"""


def test_the_judges_allow_the_bound_and_no_more(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "TENSORDERIV_CACHE": str(tmp_path)}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", JUDGED], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "judged\n", done.stderr[-3000:]


# ---- how it is asked for -------------------------------------------------------------------------------------------------------


def test_an_unknown_method_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    definition = td.define(WEIGHTED, name="weighted")
    for ask in (lambda: definition.compile(method="gramm"), lambda: td.generate(definition, tmp_path, method="gramm")):
        with pytest.raises(NameProblem, match=r"^there is no method 'gramm'; take exact or gram$"):
            ask()
    assert run(["generate", WEIGHTED, "--out", str(tmp_path), "--method", "gramm"]) == 2
    assert "'gramm' is not one of 'exact', 'gram'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_manifest_knows_the_method() -> None:
    exact, gram = (manifest_entry(Generated("f", WEIGHTED, "source", method=method)) for method in ("exact", "gram"))
    assert "method" not in exact
    assert gram["method"] == "gram"
    assert exact["inputs"] != gram["inputs"]
    json.dumps(gram)
