"""Published distances and losses: value and gradient of the reference meaning, and of the autodiff oracle, against recorded ones.

A handful of cases stands beside this file; where the whole catalogue of the workplace is at hand, all of it is walked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.language import read
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.oracles import Oracle

HERE = Path(__file__)
WHOLE = HERE.parents[3] / "shared" / "catalogue"


def cases() -> list[dict[str, Any]]:
    samples: list[dict[str, Any]] = json.loads(HERE.with_name("catalogue_samples.json").read_text(encoding="utf-8"))
    if not (WHOLE / "vectors.json").exists():
        return samples
    texts = {
        entry["name"]: entry["td"] for entry in json.loads((WHOLE / "catalogue.json").read_text(encoding="utf-8"))["entries"]
    }
    vectors = json.loads((WHOLE / "vectors.json").read_text(encoding="utf-8"))
    known = {case["name"] for case in samples}
    return samples + [{**case, "td": texts[case["name"]]} for case in vectors if case["name"] not in known]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_value_and_gradient(case: dict[str, Any]) -> None:
    program = read(case["td"], case["name"])
    given = {name.lower(): np.asarray(array) for name, array in case["inputs"].items()}
    arrays = {}
    for item in program.inputs:
        # a pair function of vectors x, y is lifted to rows X, Y: one row each here
        array = given.get(item.tensor.name, given[item.tensor.name.lower()]) if item.tensor.order else None
        array = np.asarray(case["inputs"][item.tensor.name]) if item.tensor.name in case["inputs"] else array
        assert array is not None, f"no input {item.tensor.name}"
        arrays[item.tensor.name] = array[None] if array.ndim == item.tensor.order - 1 else array
    wrt = next(item.tensor.name for item in program.inputs if item.tensor.name in (case["wrt"], case["wrt"].upper()))

    value = evaluate_program(program, arrays)
    assert value.item() == pytest.approx(case["value"], rel=1e-10)
    gradient = Reference(program, arrays).vjp(wrt, np.ones(value.shape))
    recorded = np.asarray(case["gradient"]).reshape(gradient.value.shape)
    assert np.max(np.abs(gradient.value - recorded)) <= 1e-9 * max(1.0, float(np.max(np.abs(recorded))))

    oracle = Oracle(program)
    by_autodiff = oracle.vjp(arrays, [wrt], np.ones(value.shape))[0]
    assert gradient.determined.all()
    assert (np.abs(by_autodiff - gradient.value) <= gradient.tolerance).all()
    np.testing.assert_allclose(oracle.value(arrays), value, rtol=1e-12)
