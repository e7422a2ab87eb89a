"""Time a kernel module: first calls, then the oracles, then warm calls in turns with a GEMM."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np

from tensorderiv.algebra.program import Program
from tensorderiv.errors import DomainProblem, VerificationFailed
from tensorderiv.timing.clock import in_turns, seconds, start_numba
from tensorderiv.timing.machine import gigabytes, memory, threads
from tensorderiv.timing.result import Timed, Timing
from tensorderiv.timing.works import Made, autograd_works, stored, unit, why_not_autograd, works_of
from tensorderiv.verify import shapes
from tensorderiv.verify.array_claims import ArrayClaims
from tensorderiv.verify.directions import directions_for, single_precision
from tensorderiv.verify.judges import Trial, by_autodiff, by_brute_force
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.pair_claims import PairClaims
from tensorderiv.verify.report import Record
from tensorderiv.verify.samples import Assumption, Sample, assumption_for, samples, sized_sample

Dtype = Literal["float64", "float32"]


def time_module(
    program: Program,
    module: Any,
    *,
    n: int = 2000,
    d: int = 64,
    dtype: Dtype = "float64",
    doing: Callable[[str], None] = lambda words: None,
) -> Timing:
    """Time the values and the gradients of a freshly loaded module on random input of its domain.

    The extents that count points have the size `n`, all others `d`. The first call of each function is its cold time. Raises
    VerificationFailed where the module disagrees with an oracle, DomainProblem where the arrays do not fit into memory or no
    input is found at which the definition is finite.
    """
    made = PairClaims(program, module) if module.KIND == "pair" else ArrayClaims(program, module)
    whole = made.program
    sizes = sizes_for(whole, n, d)
    if stored(whole, sizes) > memory() // 2:
        needed = f"needs {gigabytes(stored(whole, sizes))} for its arrays, and this machine has {gigabytes(memory())}"
        raise DomainProblem(f"{program.name} at n = {n}, d = {d} {needed}", hint="take a smaller n or d")
    doing("looking for inputs")
    assumed = assumption_for(whole)
    sample = sized_sample(whole, assumed, sizes=sizes)
    trial = _trial(made, sample, dtype, masked=False)
    start_numba()
    works = works_of(made, trial.sample.arrays, trial.directions)
    cold = {}
    for name, work in works.items():
        doing(f"compiling {name}")
        cold[name] = seconds(work)
    doing("judging by brute force and autodiff")
    checks = len(checked(made, assumed, dtype))
    absent = why_not_autograd(whole, sizes, dtype)
    peers = {} if absent else autograd_works(made, trial.sample.arrays, trial.directions)
    takers = {"GEMM": unit(n, d, dtype), **works, **{f"autograd {name}": work for name, work in peers.items()}}
    spreads, turns = in_turns(takers, doing)
    return Timing(
        program.name,
        n,
        d,
        dtype,
        {name: np.shape(array) for name, array in sample.arrays.items()},
        assumed.words,
        checks,
        threads(),
        turns,
        spreads["GEMM"],
        tuple(Timed(name, cold[name], spreads[name], spreads.get(f"autograd {name}")) for name in works),
        absent,
    )


def sizes_for(program: Program, n: int, d: int) -> dict[str, int]:
    """The sizes: n for the extents that count points, d for the others, more where the definition reads an element further."""
    rows = shapes.row_extents(program) or {item.tensor.extents[0] for item in program.inputs if item.tensor.order}
    return {name: max(least, n if name in rows else d) for name, least in shapes.least(program).items()}


def checked(made: Made, assumed: Assumption, dtype: Dtype) -> list[Record]:
    """The comparisons with the reference meaning and with autodiff on small input, with autodiff past the tiles of kernels.

    Raises VerificationFailed where one fails, or where nothing could be compared.
    """
    records = list(_records(made, assumed, dtype))
    name, wrong = made.program.name, [record for record in records if not record.ok]
    if wrong:
        raise VerificationFailed(f"{name} was not timed: {len(wrong)} checks failed, the first: {wrong[0]}")
    if not any(record.compared for record in records):
        raise VerificationFailed(f"{name} was not timed: the definition determines no entry on any input tried")
    return records


def _records(made: Made, assumed: Assumption, dtype: Dtype) -> Iterator[Record]:
    oracle = Oracle(made.program)
    small = _trial(made, next(samples(made.program, assumed)), dtype)
    yield from by_brute_force(small)
    yield from by_autodiff(small, oracle)
    large = _trial(made, sized_sample(made.program, assumed), dtype, masked=False)
    if np.isfinite(oracle.value(large.sample.arrays)).all():
        yield from by_autodiff(large, oracle, small=False)


def _trial(made: Made, sample: Sample, dtype: Dtype, *, masked: bool = True) -> Trial:
    """The first form of the module on a sample, in the dtype asked for."""
    form = made.forms()[0]
    trial = Trial(form, sample, directions_for(form, sample, masked=masked), form.claims)
    return trial if dtype == "float64" else single_precision(trial)
