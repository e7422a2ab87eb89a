"""112 published distances, similarities, kernels and losses as texts; 108 of them with one numeric case each.

A case holds inputs, value and the gradient by one input, from the exact formula, agreed with finite differences. Pair functions
D(x, y) are given for single vectors; `inputs_of` makes them rows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tensorderiv.algebra.program import Program

TESTS = Path(__file__).parents[1]
PUBLISHED: dict[str, str] = json.loads((TESTS / "data" / "published.json").read_text(encoding="utf-8"))
"""The texts by their names."""

CASES: list[dict[str, Any]] = [
    {**case, "td": PUBLISHED[case["name"]]}
    for case in json.loads((TESTS / "catalog" / "data" / "vectors.json").read_text(encoding="utf-8"))
]


def inputs_of(program: Program, case: dict[str, Any]) -> dict[str, Any]:
    """The arrays of a case by the program's names, vectors of a pair function as one row each."""
    arrays = {}
    for item in program.inputs:
        name = item.tensor.name if item.tensor.name in case["inputs"] else item.tensor.name.lower()
        array = np.asarray(case["inputs"][name])
        arrays[item.tensor.name] = array[None] if array.ndim == item.tensor.order - 1 else array
    return arrays


def variable_of(program: Program, case: dict[str, Any]) -> str:
    """The input that the recorded gradient is by."""
    return next(item.tensor.name for item in program.inputs if item.tensor.name in (case["wrt"], case["wrt"].upper()))
