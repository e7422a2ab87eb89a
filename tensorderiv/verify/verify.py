"""Judge a kernel module: every function against brute force, autodiff and finite differences, on samples of its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Program
from tensorderiv.algebra.sizes import sizes_of
from tensorderiv.verify import shapes
from tensorderiv.verify.array_claims import ArrayClaims
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.claims import Directions, Form, real_inputs
from tensorderiv.verify.judges import Trial, by_autodiff, by_brute_force, by_finite_differences, by_input_safety
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.pair_claims import PairClaims
from tensorderiv.verify.report import Record, Report
from tensorderiv.verify.samples import Assumption, Sample, assumption_for, samples, sized_sample

Array = npt.NDArray[Any]

JUDGES = ("brute force", "autodiff", "finite differences", "input safety")

TILES = (37, 29, 9, 5, 4)
"""Sizes past the blocks and vector lengths that kernels use, divisible by none of them."""

DENSE = 300_000
"""Entries the dense oracle may hold at those sizes; above it they are made smaller."""


def verify_module(program: Program, module: Any, *, oracle: str = "autograd", judges: tuple[str, ...] = JUDGES) -> Report:
    """Judge the functions of a generated module (or of any object that has them) as kernels of the program.

    `module.KIND` is "pair", "scalar" or "tensor"; for pairs `module.POINTS` names the tensors of the two slots. `oracle` is
    "autograd" or "jax". Raises DomainProblem where no input is found at which the definition is finite.
    """
    made = PairClaims(program, module) if module.KIND == "pair" else ArrayClaims(program, module)
    forms = made.forms()
    assumed = assumption_for(forms[0].program)
    records: list[Record] = []
    for form in forms:
        records += _judge_form(form, assumed, oracle, judges, first=form is forms[0])
    return Report(program.name, assumed.words, tuple(records))


def _judge_form(form: Form, assumed: Assumption, library: str, judges: tuple[str, ...], *, first: bool) -> Iterator[Record]:
    oracle = Oracle(form.program, library)
    unclear: set[str] = set()
    for sample in _samples(form, assumed):
        claims = form.claims + form.general_claims if sample.general else form.claims
        trial = Trial(form, sample, directions_for(form.program, sample), claims)
        if "brute force" in judges:
            found = list(by_brute_force(trial))
            unclear |= {record.name for record in found if sample.general and not record.compared}
            yield from found
        if "autodiff" in judges:
            yield from by_autodiff(trial, oracle)
        if sample.general and "finite differences" in judges:
            yield from by_finite_differences(trial)
        if sample.general and first:
            if "input safety" in judges:
                yield from by_input_safety(replace(trial, claims=form.claims))
            if "brute force" in judges:
                yield from by_brute_force(single_precision(trial))
    if first:
        large = sized_sample(form.program, assumed, tile_sizes(form.program))
        clear = tuple(claim for claim in form.claims if claim.name not in unclear)
        trial = Trial(form, large, directions_for(form.program, large, masked=False), clear)
        if "autodiff" in judges:
            yield from by_autodiff(trial, oracle, small=False)
        if "finite differences" in judges:
            yield from by_finite_differences(trial)


def _samples(form: Form, assumed: Assumption) -> Iterator[Sample]:
    """The samples of the form; where one tensor stands in both slots, the second tensor of the program is the first."""
    names = [item.tensor.name for item in form.program.inputs]
    known = Assumption({name: assumed.drawers[name] for name in names if name in assumed.drawers}, assumed.words)
    for sample in samples(form.program, known):
        yield replace(sample, arrays=form.fill(sample.arrays)) if form.fill else sample


def directions_for(program: Program, sample: Sample, *, masked: bool = True) -> Directions:
    """Random weights. Tangents keep to the domain: entries that are all positive move by less than themselves.

    Where the derivative of an entry of the output is not determined by the definition in float64 (a square root at a zero that
    rounding makes), its cotangent is 0, so that it does not blur the gradients of all the others.
    """
    rng = np.random.default_rng(11)
    tangents = {}
    for name in real_inputs(program):
        array = np.asarray(sample.arrays[name], dtype=float)
        size = np.abs(array) if array.size and (array > 0).all() else np.ones(array.shape)
        tangents[name] = size * rng.uniform(0.5, 1.0, array.shape) * rng.choice([-1.0, 1.0], array.shape)
    bound, sizes = sample.arrays, _sizes(program, sample)
    shape = tuple(index.extent if isinstance(index.extent, int) else sizes[index.extent] for index in program.output.indices)
    cotangent = rng.normal(size=shape)
    if masked and shape and tangents:
        moving = {name: tangent for name, tangent in tangents.items() if tangent.ndim}
        clear = Reference(program, bound).jvp(moving or tangents).determined
        cotangent = np.where(clear, cotangent, 0.0)
    return Directions(np.asarray(cotangent), tangents)


def single_precision(trial: Trial) -> Trial:
    """The same trial with all real arrays rounded to float32; every entry at the tolerance of that precision."""
    arrays = {name: _single(array) for name, array in trial.sample.arrays.items()}
    tangents = {name: _single(array) for name, array in trial.directions.tangents.items()}
    return Trial(
        trial.form,
        replace(trial.sample, arrays=arrays),
        Directions(_single(trial.directions.cotangent), tangents),
        trial.form.claims,
        np.float32,
    )


def tile_sizes(program: Program) -> dict[str, int]:
    """Sizes for the large sample."""
    need = shapes.least(program)
    sizes = {name: max(need[name], size) for name, size in zip(need, (*TILES, *(3,) * len(need)), strict=False)}
    while shapes.tuples(program, sizes) > DENSE and max(sizes.values()) > 5:
        largest = max(sizes, key=lambda name: sizes[name])
        sizes[largest] = max(need[largest], sizes[largest] * 3 // 4)
        if sizes[largest] == need[largest]:
            break
    return sizes


def _single(array: Array) -> Array:
    return array if np.asarray(array).dtype.kind in "iu" else np.asarray(array, dtype=np.float32)


def _sizes(program: Program, sample: Sample) -> Mapping[str, int]:
    return sizes_of(program, sample.arrays)
