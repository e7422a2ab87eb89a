"""Judge a kernel module: every function against brute force, autodiff and finite differences, on samples of its definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.program import Program
from tensorderiv.verify.accuracy import value_ulps
from tensorderiv.verify.array_claims import ArrayClaims
from tensorderiv.verify.claims import Form
from tensorderiv.verify.directions import directions_for, single_precision
from tensorderiv.verify.judges import (
    AUTODIFF,
    BRUTE,
    DIFFERENCES,
    SAFE,
    SINGLE,
    Trial,
    by_autodiff,
    by_brute_force,
    by_finite_differences,
    by_input_safety,
)
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.pair_claims import PairClaims
from tensorderiv.verify.report import Record, Report
from tensorderiv.verify.samples import Assumption, Sample, assumption_for, samples, sized_sample
from tensorderiv.verify.sphere_claims import with_sphere

Array = npt.NDArray[Any]

JUDGES = (BRUTE, AUTODIFF, DIFFERENCES, SAFE, SINGLE)
"""The last one is brute force for float32 inputs."""


def verify_module(
    program: Program,
    module: Any,
    *,
    oracle: str = "autograd",
    judges: tuple[str, ...] = JUDGES,
    doing: Callable[[str], None] = lambda words: None,
) -> Report:
    """Judge the functions of a generated module (or of any object that has them) as kernels of the program.

    `module.KIND` is "pair", "scalar" or "tensor"; for pairs `module.POINTS` names the tensors of the two slots. `oracle` is
    "autograd" or "jax". `doing` hears, in a few words, what is under way. Raises DomainProblem where no input is found at which
    the definition is finite.
    """
    made = PairClaims(program, module) if module.KIND == "pair" else ArrayClaims(program, module)
    forms = with_sphere(made, made.forms())
    doing("looking for inputs")
    assumed = assumption_for(forms[0].program)
    records: list[Record] = []
    for form in forms:
        records += _judge_form(form, assumed, oracle, judges, doing, first=form is forms[0])
    if not any(record.compared for record in records):
        note = "nothing could be compared: the definition determines no entry on any sample"
        records.append(Record("verification", program.output.tensor.name, "all", (), np.inf, 0.0, False, 0, 0, note))
    doing("measuring accuracy")
    sample = next(_samples(forms[0], assumed))
    return Report(program.name, assumed.words, tuple(records), value_ulps(forms[0], sample))


def _judge_form(
    form: Form,
    assumed: Assumption,
    library: str,
    judges: tuple[str, ...],
    doing: Callable[[str], None],
    *,
    first: bool,
) -> Iterator[Record]:
    oracle = Oracle(form.program, library)
    unclear: set[str] = set()
    for sample in _samples(form, assumed):
        claims = form.claims + form.general_claims if sample.general else form.claims
        trial = Trial(form, sample, directions_for(form, sample), claims)
        if BRUTE in judges:
            for claim in claims if sample.general else ():  # the first call compiles; what it returns is kept for the judges
                doing(f"compiling {claim.name}")
                trial.kernel(claim)
            doing(f"judging by brute force: {sample.name}")
            found = list(by_brute_force(trial))
            unclear |= {record.name for record in found if sample.general and not record.compared}
            yield from found
        if AUTODIFF in judges:
            doing(f"judging by autodiff: {sample.name}")
            yield from by_autodiff(trial, oracle)
        if sample.general and DIFFERENCES in judges:
            doing(f"judging by finite differences: {sample.name}")
            yield from by_finite_differences(trial)
        if sample.general and first:
            if SAFE in judges:
                doing("judging input safety")
                yield from by_input_safety(replace(trial, claims=form.claims))
            if SINGLE in judges:
                doing("judging by brute force: float32")
                yield from by_brute_force(single_precision(trial))
    if first:
        large = sized_sample(form.program, assumed)
        doing(f"judging by autodiff and finite differences: {large.name}")
        if not np.isfinite(oracle.value(large.arrays)).all():
            return
        clear = tuple(claim for claim in form.claims if claim.name not in unclear)
        trial = Trial(form, large, directions_for(form, large, masked=False), clear)
        if AUTODIFF in judges:
            yield from by_autodiff(trial, oracle, small=False)
        if DIFFERENCES in judges:
            yield from by_finite_differences(trial)


def _samples(form: Form, assumed: Assumption) -> Iterator[Sample]:
    """The samples of the form; where one tensor stands in both slots, the second tensor of the program is the first."""
    names = [item.tensor.name for item in form.program.inputs]
    known = Assumption({name: assumed.drawers[name] for name in names if name in assumed.drawers}, assumed.words)
    for sample in samples(form.program, known):
        yield replace(sample, arrays=form.fill(sample.arrays)) if form.fill else sample
