"""Whether what was returned is a given formula, or a number times it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tensorderiv.auditor.numbers import of_sizes
from tensorderiv.auditor.trials import Bench

Array = npt.NDArray[np.float64]

LOST = 2.0**-14
"""Part of its size that a result may lack when a slip is looked for in it: small added constants would hide the slip."""


@dataclass(frozen=True)
class Fit:
    """Comparison with the gradient returned, up to `tolerance` (an entry each, for formulas of the size of what is due)."""

    bench: Bench
    tolerance: Array
    entry: int | None = None

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """The entries that are compared."""
        known = self.bench.due.determined & np.isfinite(self.bench.found)
        return known if self.entry is None else known & (self.bench.entries == self.entry)

    @cached_property
    def quick(self) -> Fit:
        """The same at a few points: what does not fit there need not be computed at the others."""
        few = self.bench.quick
        return Fit(few, self.tolerance[: len(few.found)], self.entry)

    @cached_property
    def wrong(self) -> list[int]:
        """Of vectors of fixed length, the entries that are wrong."""
        if len({trial.gradients[self.bench.number].shape for trial in self.bench.trials}) > 1:
            return []
        right = self.agrees(self.bench.due.value)
        return [n for n in range(int(self.bench.entries.max()) + 1) if not right[self.bench.entries == n].all()]

    def slack(self, formula: Array) -> Array:
        """The tolerance for a formula: more where it is larger than what is due."""
        usual = np.abs(self.bench.due.value[self.known]).max(initial=0.0)
        largest = np.abs(formula[self.known & np.isfinite(formula)]).max(initial=0.0)
        return self.tolerance * (max(1.0, float(largest / usual)) if usual else 1.0)

    def agrees(self, formula: Array) -> npt.NDArray[np.bool_]:
        """At which entries the two are the same, as far as is known."""
        with np.errstate(all="ignore"):
            near = np.abs(self.bench.found - formula) <= self.slack(formula)
        return near | ~self.known

    def where(self, formula: Array) -> str | None:
        """An empty text where the formula is what was returned; None where it is not.

        For vectors of fixed length, the entries in which it is, where the others are right.
        """
        fits = self.agrees(formula)
        if fits.all() and self.known.any():
            return ""
        wrong = self.wrong
        of = self.bench.entries
        if self.entry is not None or not wrong or len(wrong) == len(set(of)) or not all(fits[of == n].all() for n in wrong):
            return None
        return f" in {'entry' if len(wrong) == 1 else 'the entries'} {', '.join(map(str, wrong))}"

    def multiple(self, formula: Array, *, exact: bool = True, inverse: bool = False, rest: Array | None = None) -> str | None:
        """The number by which the formula is multiplied (or divided), in words.

        None where there is no such number, and where it is none that people write (unless not `exact`). `rest` is taken from what
        was returned before.
        """
        found = self.bench.found if rest is None else self.bench.found - rest
        slack = self.slack(formula)
        with np.errstate(all="ignore"):
            large = np.abs(formula) > 1000 * slack
            usable = (self.known & large).sum()
            if 2 * usable < (self.known & (np.abs(self.bench.due.value) > 1000 * self.tolerance)).sum() or usable < 2:
                return None
            if not np.isfinite(formula[self.known]).all():
                return None
            if (np.abs(found) > 1000 * slack)[self.known & ~large].any():
                return None
            ratios = np.where(self.known & large, found / formula, np.nan)
            accuracy = np.where(self.known & large, 2 * slack / np.abs(formula), np.nan)
        if inverse:
            with np.errstate(all="ignore"):
                ratios, accuracy = 1 / ratios, accuracy / ratios**2
        sizes = {extent: self.bench.sizes(extent) for extent in self.bench.trials[0].sizes}
        words = of_sizes(ratios, accuracy, {name: values for name, values in sizes.items() if len(set(values)) > 1}, exact)
        return None if words == "0" else words


def fits(bench: Bench) -> list[Fit]:
    """The comparisons to try: in the precision of the result, in single precision, and up to small constants."""
    rough = LOST * np.maximum(np.abs(bench.due.value), 1e-3 * np.abs(bench.due.value[bench.due.determined]).max(initial=0.0))
    return [
        Fit(bench, bench.due.tolerance),
        Fit(bench, bench.due_single.tolerance),
        Fit(bench, np.maximum(rough, bench.due_single.tolerance)),
    ]
