"""Every judge refuses every planted fault, by itself; and refuses nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorderiv.language import read
from tensorderiv.verify import verify_module
from tensorderiv.verify.judges import AUTODIFF, BRUTE, DIFFERENCES, SAFE, SINGLE
from tensorderiv.verify.mutants import PAIR_FAULTS, SHARED_ONLY, Fault, plant

spec = importlib.util.spec_from_file_location("handmade", Path(__file__).with_name("handmade.py"))
assert spec is not None
assert spec.loader is not None
handmade: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(handmade)

JUDGES = (BRUTE, AUTODIFF, DIFFERENCES)
SOFTMAX = "S_ij = exp(X_ij) / sum_k exp(X_ik)"
RIGHT = [
    (handmade.SQEUCLIDEAN, handmade.SquaredEuclidean()),
    (handmade.COSINE, handmade.Cosine()),
    (handmade.STRESS, handmade.Stress()),
    (SOFTMAX, handmade.Softmax()),
]


@pytest.mark.parametrize(("text", "module"), RIGHT, ids=lambda value: type(value).__name__ if not isinstance(value, str) else "")
def test_a_right_module_passes(text: str, module: Any) -> None:
    report = verify_module(read(text), module)
    assert report.ok, str(report)
    assert {record.judge for record in report.records} == {*JUDGES, SAFE}
    compared = [record for record in report.records if record.sample == "general" and record.judge != DIFFERENCES]
    assert all(record.compared == record.entries for record in compared), str(report)


def test_jax_passes_it_too() -> None:
    report = verify_module(read(SOFTMAX), handmade.Softmax(), oracle="jax", judges=(AUTODIFF,))
    assert report.ok, str(report)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("fault", PAIR_FAULTS, ids=lambda fault: fault.name)
def test_each_judge_refuses_each_fault(fault: Fault, judge: str) -> None:
    report = verify_module(read(handmade.COSINE), plant(handmade.Cosine(), fault), judges=(judge,))
    assert report.failures, f"{judge} let pass: {fault.name}"
    assert not report.ok


@pytest.mark.parametrize("judge", [BRUTE, AUTODIFF])
@pytest.mark.parametrize("fault", SHARED_ONLY, ids=lambda fault: fault.name)
def test_faults_that_slopes_cannot_show(fault: Fault, judge: str) -> None:
    report = verify_module(read(handmade.COSINE), plant(handmade.Cosine(), fault), judges=(judge,))
    assert {record.name.split(",")[0] for record in report.failures} == {fault.function}


OWN_FAULTS = [
    (handmade.SQEUCLIDEAN, handmade.SquaredEuclidean("flip a sign in the second block"), JUDGES),
    (handmade.SQEUCLIDEAN, handmade.SquaredEuclidean("drop a delta"), (BRUTE, AUTODIFF)),
    (handmade.SQEUCLIDEAN, handmade.SquaredEuclidean("wrong slot in the jacobian"), (BRUTE, AUTODIFF)),
    (handmade.COSINE, handmade.Cosine("drop the second term of the product rule"), JUDGES),
    (handmade.STRESS, handmade.Stress("forget the diagonal"), (BRUTE, AUTODIFF)),
    (handmade.STRESS, handmade.Stress("drop the chain rule's inner derivative"), JUDGES),
    (handmade.STRESS, handmade.Stress("drop a delta"), JUDGES),
    (handmade.STRESS, handmade.Stress("flip a sign by T"), JUDGES),
    (handmade.STRESS, handmade.Stress("wrong factor by w"), JUDGES),
    (handmade.STRESS, handmade.Stress("drop the second term of the product rule"), JUDGES),
    (SOFTMAX, handmade.Softmax("normalise columns"), JUDGES),
    (SOFTMAX, handmade.Softmax("drop the second term of the product rule"), JUDGES),
]


@pytest.mark.parametrize(
    ("text", "module", "judge"),
    [
        pytest.param(text, module, judge, id=f"{type(module).__name__}: {module.fault}, {judge}")
        for text, module, judges in OWN_FAULTS
        for judge in judges
    ],
)
def test_faults_of_a_hand_derivation(text: str, module: Any, judge: str) -> None:
    assert verify_module(read(text), module, judges=(judge,)).failures


class Writes(handmade.SquaredEuclidean):  # type: ignore[misc,name-defined]
    """A kernel that normalises its input in place."""

    def pairwise(self, X: Any, Y: Any = None, *, out: Any = None) -> Any:
        result = super().pairwise(X, Y)
        if X.flags.writeable:
            X *= 1.0 + 1e-12
        return result


class WantsContiguous(handmade.SquaredEuclidean):  # type: ignore[misc,name-defined]
    def pairwise(self, X: Any, Y: Any = None, *, out: Any = None) -> Any:
        if not X.flags.c_contiguous:
            raise ValueError("array is not C-contiguous")
        return super().pairwise(X, Y)


@pytest.mark.parametrize(
    ("module", "message"), [(Writes(), "the kernel changed its input"), (WantsContiguous(), "array is not C-contiguous")]
)
def test_input_safety(module: Any, message: str) -> None:
    report = verify_module(read(handmade.SQEUCLIDEAN), module, judges=(SAFE,))
    assert message in {record.note.split(": ")[-1] for record in report.failures}


class Single(handmade.SquaredEuclidean):  # type: ignore[misc,name-defined]
    """A kernel that computes in half the digits it is given."""

    def table(self, x: Any, y: Any) -> Any:
        dtype = np.float32 if x.dtype == np.float64 else np.float16
        return super().table(x.astype(dtype), y.astype(dtype)).astype(x.dtype)


def test_lost_digits_are_refused_in_both_precisions() -> None:
    report = verify_module(read(handmade.SQEUCLIDEAN), Single(), judges=(BRUTE, SINGLE))
    assert {"pairwise", "pairwise, float32"} <= {record.name for record in report.failures}


def test_the_report_names_the_worst_entry() -> None:
    fault = PAIR_FAULTS[3]
    report = verify_module(read(handmade.COSINE), plant(handmade.Cosine(), fault), judges=(BRUTE,))
    first = str(report.failures[0])
    assert first.startswith("FAIL brute force")
    assert "where" in first
    assert "is due" in first
    assert "FAILED" in report.summary
    assert not report.passed
