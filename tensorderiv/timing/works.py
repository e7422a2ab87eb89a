"""What is timed of a module: its values and its gradients, on given arrays, called as a user calls them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tensorderiv.algebra.program import Program
from tensorderiv.algebra.traverse import walk
from tensorderiv.timing.clock import Work
from tensorderiv.timing.machine import gigabytes, memory
from tensorderiv.verify import shapes
from tensorderiv.verify.array_claims import ArrayClaims
from tensorderiv.verify.claims import Arrays, Directions
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.pair_claims import PairClaims

Made = ArrayClaims | PairClaims
ENTRY = 8
"""Bytes of a float64."""

CROWDED = 4
"""Autograd is left out where its arrays would take more than one part in so many of the memory."""


def works_of(made: Made, arrays: Arrays, directions: Directions) -> dict[str, Work]:
    """Function -> a call of it: values first, then gradients where there is anything to differentiate by."""
    if isinstance(made, PairClaims):
        return {"pairwise": lambda: made.table(arrays, directions), "vjp": lambda: made.gradients(arrays, directions)}
    module = made.module
    if module.KIND == "scalar":
        values: dict[str, Work] = {"value": lambda: made.value(arrays, directions)}
    else:
        values = {"evaluate": lambda: made.evaluate(arrays, directions)}
    gradients, weights = ("value_and_grad", []) if module.KIND == "scalar" else ("vjp", [directions.cotangent])
    if not variables(made):
        return values
    function: Callable[..., Any] = getattr(module, gradients)
    wanted = tuple(made.name_of(function, name) for name in variables(made))
    return {**values, gradients: lambda: made.call(function, arrays, *weights, wrt=wanted)}


def variables(made: Made) -> tuple[str, ...]:
    """What the timed gradients are by: both slots of a pair, else every real array, else every real scalar."""
    if isinstance(made, PairClaims):
        return (made.x, made.y)
    return made.arrays or made.wrt


def autograd_works(made: Made, arrays: Arrays, directions: Directions) -> dict[str, Work]:
    """The same by the vectorised oracle; autograd's gradient holds the value as well."""
    oracle, by = Oracle(made.program), variables(made)
    values, *gradients = works_of(made, arrays, directions)
    found: dict[str, Work] = {values: lambda: oracle.value(arrays)}
    return found | {name: lambda: oracle.vjp(arrays, by, directions.cotangent) for name in gradients}


def why_not_autograd(program: Program, sizes: Mapping[str, int], dtype: str) -> str:
    """The reason to leave autograd out, or nothing. It holds an array over all indices for every node of a statement."""
    if dtype != "float64":
        return "the oracle computes in float64"
    nodes = max(sum(1 for _ in walk(statement.body)) for statement in program.statements)
    needed = nodes * shapes.tuples(program, sizes) * ENTRY
    if needed > memory() // CROWDED:
        return f"its arrays would take about {gigabytes(needed)}"
    return ""


def stored(program: Program, sizes: Mapping[str, int]) -> int:
    """Bytes of the inputs, the output and its cotangent in float64: the least that a call needs."""
    tensors = [*(item.tensor for item in program.inputs), program.output.tensor, program.output.tensor]
    return sum(ENTRY * math.prod(e if isinstance(e, int) else sizes[e] for e in tensor.extents) for tensor in tensors)


def unit(n: int, d: int, dtype: str) -> Work:
    """The GEMM: a bare X @ Y.T."""
    rng = np.random.default_rng(0)
    X, Y = (rng.normal(size=(n, d)).astype(dtype) for _ in range(2))
    return lambda: X @ Y.T
