"""The three judges, each able to refuse a kernel by itself: brute force, autodiff, finite differences; and input safety."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.evaluate import sizes_of
from tensorderiv.verify.claims import Array, Arrays, Claim, Directions, Form, SlopeClaim
from tensorderiv.verify.finite_differences import slope
from tensorderiv.verify.oracles import Oracle
from tensorderiv.verify.report import Record
from tensorderiv.verify.running_error import SAFETY, Judged
from tensorderiv.verify.samples import Sample
from tensorderiv.verify.tolerance import compare, normwise

BRUTE, AUTODIFF, DIFFERENCES, SAFE = "brute force", "autodiff", "finite differences", "input safety"
SINGLE = "single precision"


@dataclass(frozen=True)
class Trial:
    """A form on a sample, in the precision of its arrays. What the kernel returns and what it means are computed once."""

    form: Form
    sample: Sample
    directions: Directions
    claims: tuple[Claim, ...]
    dtype: type = np.float64
    _kernels: dict[str, Any] = field(default_factory=dict)
    _meanings: dict[str, Judged] = field(default_factory=dict)

    def kernel(self, claim: Claim) -> Any:
        """What the kernel returns, or the exception it raised."""
        if claim.name not in self._kernels:
            self._kernels[claim.name] = attempt(lambda: claim.kernel(self.sample.arrays, self.directions))
        return self._kernels[claim.name]

    def meaning(self, claim: Claim) -> Judged:
        """The reference, with the tolerance of every entry."""
        if claim.name not in self._meanings:
            reference = self.form.reference(self.sample.arrays, self.dtype)
            self._meanings[claim.name] = claim.meaning(reference, self.directions)
        return self._meanings[claim.name]

    def name(self, claim: Claim) -> str:
        return claim.name if self.dtype is np.float64 else f"{claim.name}, {np.dtype(self.dtype).name}"


def attempt(call: Callable[[], Any]) -> Any:
    """The result of the call; an exception is handed back, for it is a finding about the kernel."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  (whatever a kernel raises is recorded as its failure)
        return error


def verdict(judge: str, name: str, sample: str, found: Any, expected: Judged) -> Record:
    """The comparison; a kernel that raised has failed."""
    if isinstance(found, Exception):
        told = f"{type(found).__name__}: {' '.join(str(found).split())}"
        count = expected.value.size
        return Record(judge, name, sample, expected.value.shape, np.inf, 0.0, False, count, count, told[:300])
    return compare(judge, name, sample, found, expected)


def by_brute_force(trial: Trial) -> Iterator[Record]:
    """Every claim against the reference meaning, entry by entry, at the tolerance that running error analysis gives."""
    for claim in trial.claims:
        yield verdict(BRUTE, trial.name(claim), trial.sample.name, trial.kernel(claim), trial.meaning(claim))


def by_autodiff(trial: Trial, oracle: Oracle, *, small: bool = True) -> Iterator[Record]:
    """Every claim against autodiff of the dense program; tolerances by running error analysis, on large samples norm-wise."""
    for claim in trial.claims:
        found = claim.oracle(oracle, trial.sample.arrays, trial.directions)
        if small:
            meant = trial.meaning(claim)
            size = np.abs(found[np.isfinite(found)]).max(initial=0.0)
            own = SAFETY * float(np.finfo(trial.dtype).eps) * size  # the oracle rounds as well
            expected = Judged(found, np.where(meant.determined, 2 * meant.tolerance + own, np.nan))
        else:
            expected = normwise(trial.form.program, sizes_of(trial.form.program, trial.sample.arrays), found, trial.dtype)
            expected = Judged(found, expected.tolerance + SAFETY * float(np.max(change(trial, claim.oracle), initial=0.0)))
        yield verdict(AUTODIFF, trial.name(claim), trial.sample.name, trial.kernel(claim), expected)


def change(trial: Trial, of: Callable[[Oracle, Arrays, Directions], Array]) -> Array:
    """By how much a quantity changes where all that the method of the module may be off is added; 0 for the exact method."""
    loose, arrays = trial.form.loose, trial.sample.arrays
    if loose is None:
        return np.zeros(())
    before = of(Oracle(loose.original), arrays, trial.directions)
    after = of(Oracle(loose.program), {**arrays, **loose.bounds(arrays, trial.dtype)}, trial.directions)
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(before) & np.isfinite(after), np.abs(after - before), 0.0)


def by_finite_differences(trial: Trial) -> Iterator[Record]:
    """Every derivative against the slope of the kernel's own values along random directions."""
    for claim in trial.form.slopes:
        found = attempt(lambda claim=claim: _by_slope(claim, trial))  # type: ignore[misc]
        if isinstance(found, Record):
            yield found
        else:
            yield verdict(DIFFERENCES, claim.name, trial.sample.name, found, Judged(np.zeros(()), np.zeros(())))


def _by_slope(claim: SlopeClaim, trial: Trial) -> Record:
    arrays, directions = trial.sample.arrays, trial.directions

    def moved(step: float) -> float:
        shifted = {name: arrays[name] + step * directions.tangents[name] for name in claim.moving}
        return float(np.sum(claim.value({**arrays, **shifted}, directions)))

    size = float(np.sum(np.abs(claim.value(arrays, directions))))
    noise = float(np.finfo(np.float64).eps) * SAFETY * max(size, np.finfo(np.float64).tiny)
    most = float(np.max(np.abs(directions.cotangent), initial=1.0))
    found = slope(moved, noise + SAFETY * most * float(np.sum(change(trial, claim.oracle))))
    if found.kink:
        note = "skipped: on a kink, or at the edge of the domain"
        return Record(DIFFERENCES, claim.name, trial.sample.name, (), 0.0, 0.0, True, 0, 1, note)
    expected = Judged(np.asarray(found.value), np.asarray(SAFETY * found.error))
    return compare(DIFFERENCES, claim.name, trial.sample.name, np.float64(claim.along(arrays, directions)), expected)


def by_input_safety(trial: Trial) -> Iterator[Record]:
    """The claims on read-only, non-contiguous copies of the arrays: the same results, and the arrays as they were."""
    guarded = {name: _strided(array) for name, array in trial.sample.arrays.items()}
    weights = Directions(
        _strided(trial.directions.cotangent), {name: _strided(array) for name, array in trial.directions.tangents.items()}
    )
    before = _contents(trial.sample.arrays, trial.directions)
    for claim in trial.claims:
        for words, arrays, directions in (
            ("strided, read-only", guarded, weights),
            ("unchanged", trial.sample.arrays, trial.directions),
        ):
            found = attempt(lambda a=arrays, d=directions, c=claim: c.kernel(a, d))  # type: ignore[misc]
            if words == "unchanged" and _contents(arrays, directions) != before:
                found = ValueError("the kernel changed its input")
            yield verdict(SAFE, f"{claim.name}, {words}", trial.sample.name, found, trial.meaning(claim))


def _strided(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same values with a gap between neighbours, not to be written to."""
    wide = np.repeat(np.asarray(array), 2, axis=-1) if np.ndim(array) else np.array(array)
    view = wide[..., ::2] if wide.ndim else wide
    view.flags.writeable = False
    return view


def _contents(arrays: Arrays, directions: Directions) -> list[bytes]:
    everything = [*arrays.values(), directions.cotangent, *directions.tangents.values()]
    return [np.asarray(array).tobytes() for array in everything]
