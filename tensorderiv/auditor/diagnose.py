"""What is wrong with a gradient: repairs are tried, and the one that gives what was returned says the slip.

Each step compares the gradient returned with formulas at all entries of many random points, so a chance agreement is out of the
question; the steps come in the order in which people would name the slip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tensorderiv.auditor import pieces, whole
from tensorderiv.auditor.fit import Fit
from tensorderiv.auditor.search import Explanation, Search
from tensorderiv.derivation.formula import Formula

STEPS: tuple[Callable[[Search], Explanation | None], ...] = (
    whole.nothing,
    whole.argument,
    whole.exchanged,
    whole.multiple,
    whole.transform,
    whole.named_quantity,
    pieces.part,
    pieces.slip,
    pieces.definition,
    pieces.terms,
    whole.factor,
    pieces.part_factor,
    pieces.two,
)


def explain(fits: Sequence[Fit], others: Sequence[str], formula: Formula) -> Explanation | None:
    """The slip in a gradient that is not what is due; None where no repair gives it.

    Where the vectors have a fixed length, and no slip explains all entries, they are taken one by one.
    """
    for fit in fits:
        found = _explained(Search(fit, others, formula))
        if found is not None:
            return found
    for fit in fits:
        single = {entry: _explained(Search(replace(fit, entry=entry), others, formula)) for entry in fit.wrong}
        if any(single.values()):
            told = [f"entry {entry}: {found.words if found else 'not explained'}" for entry, found in single.items()]
            return Explanation("entries", "; ".join(told))
    return None


def _explained(search: Search) -> Explanation | None:
    """By the first step that explains what was returned."""
    return next((found for step in STEPS if (found := step(search)) is not None), None)
