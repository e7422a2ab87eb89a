"""The three judges, each able to refuse a kernel by itself: brute force, autodiff, finite differences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tensorderiv.algebra.evaluate import sizes_of
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.claims import Arrays, Claim, Directions, Form, SlopeClaim
from tensorderiv.verify.finite_differences import slope
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.report import Record
from tensorderiv.verify.running_error import SAFETY, Judged
from tensorderiv.verify.samples import Sample
from tensorderiv.verify.tolerance import compare, normwise

BRUTE, AUTODIFF, DIFFERENCES = "brute force", "autodiff", "finite differences"


def by_brute_force(form: Form, sample: Sample, directions: Directions, dtype: type = np.float64) -> Iterator[Record]:
    """Every claim against the reference meaning, entry by entry, at the tolerance that running error analysis gives."""
    reference = Reference(form.program, sample.arrays, dtype)
    for claim in _claims(form, sample):
        name = claim.name if dtype is np.float64 else f"{claim.name}, {np.dtype(dtype).name}"
        yield compare(BRUTE, name, sample.name, claim.kernel(sample.arrays, directions), claim.meaning(reference, directions))


def by_autodiff(
    form: Form, sample: Sample, directions: Directions, oracle: Oracle, tolerances: Reference | None
) -> Iterator[Record]:
    """Every claim against autodiff of the dense program. Tolerances from running error analysis, or norm-wise where it is too slow."""
    for claim in _claims(form, sample):
        found = claim.oracle(oracle, sample.arrays, directions)
        if tolerances is None:
            expected = normwise(form.program, sizes_of(form.program, sample.arrays), found, _precision(sample.arrays))
        else:
            meant = claim.meaning(tolerances, directions)
            expected = Judged(found, np.where(meant.determined, 2 * meant.tolerance, np.nan))
        yield compare(AUTODIFF, claim.name, sample.name, claim.kernel(sample.arrays, directions), expected)


def by_finite_differences(form: Form, sample: Sample, directions: Directions) -> Iterator[Record]:
    """Every derivative against the slope of the kernel's own values along random directions."""
    for claim in form.slopes:
        yield _by_slope(claim, form, sample, directions)


def _by_slope(claim: SlopeClaim, form: Form, sample: Sample, directions: Directions) -> Record:
    arrays = sample.arrays

    def moved(step: float) -> float:
        with np.errstate(all="ignore"):
            shifted = {name: arrays[name] + step * directions.tangents[name] for name in claim.moving}
            return float(np.sum(claim.value({**arrays, **shifted}, directions)))

    with np.errstate(all="ignore"):
        size = float(np.sum(np.abs(claim.value(arrays, directions))))
        noise = float(np.finfo(np.float64).eps) * SAFETY * max(size, np.finfo(np.float64).tiny)
        found = slope(moved, noise)
        claimed = claim.along(arrays, directions)
    if found.kink:
        return Record(
            DIFFERENCES, claim.name, sample.name, (), 0.0, 0.0, True, 0, 1, "skipped: on a kink, or at the edge of the domain"
        )
    return compare(
        DIFFERENCES,
        claim.name,
        sample.name,
        np.float64(claimed),
        Judged(np.asarray(found.value), np.asarray(SAFETY * found.error)),
    )


def _claims(form: Form, sample: Sample) -> tuple[Claim, ...]:
    return form.claims + form.general_claims if sample.general else form.claims


def _precision(arrays: Arrays) -> type:
    single = any(np.asarray(array).dtype == np.float32 for array in arrays.values())
    return np.float32 if single else np.float64
