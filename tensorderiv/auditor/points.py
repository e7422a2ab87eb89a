"""Where the function is judged: sizes of the extents, and inputs inside their domains.

Numbers of inputs without bounds are short binary fractions: single precision holds them, and their differences, exactly, so
what a function loses by computing in single precision is little there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program
from tensorderiv.algebra.traverse import bound_indices, subscripts_of, walk
from tensorderiv.verify import shapes
from tensorderiv.verify.brute import Reference
from tensorderiv.verify.draw import ASSUMPTIONS, dominant, draw
from tensorderiv.verify.samples import taken_whole

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]
Sizes = Mapping[str, int]

GRID = 64
"""Inputs without bounds are multiples of 1 / GRID."""

ENTRYWISE = ("any real numbers", "entries in (0.1, 1)", "entries in (1.1, 3)")
"""Domains whose entries have nothing to do with one another: they may be rounded."""

TRIED = 12
"""Points at which value and derivatives must be finite; with labels, at a few of them."""

LARGEST = 5
"""Extents are 2 (or the least that literal subscripts need) up to this."""

PER_SIZES = 6
"""Points for each choice of sizes; of definitions of a single size, three times as many."""


@dataclass(frozen=True)
class Domain:
    """How undeclared tensors are drawn, by name; "as declared" where there are none."""

    assumed: tuple[tuple[str, str], ...] = ()

    def of(self, name: str) -> str | None:
        """What is assumed of a tensor; None where it is declared."""
        return dict(self.assumed).get(name)

    @property
    def words(self) -> str:
        groups = {words: [name for name, other in self.assumed if other == words] for _, words in self.assumed}
        return "; ".join(f"{', '.join(names)}: {words}" for words, names in groups.items()) or "as declared"


def is_open(item: Input) -> bool:
    """Whether an input is a real tensor of which nothing is declared."""
    domain = item.domain
    return item.tensor.order > 0 and not item.tensor.integer and (domain.kind, domain.lower, domain.upper) == ("real", None, None)


def sizes_of(program: Program) -> list[dict[str, int]]:
    """Sizes to judge at. What is only read at literal places has the one size that they need."""
    least = shapes.least(program)
    ranged = {
        index.extent
        for statement in program.statements
        for node in walk(statement.body)
        for index in (*bound_indices(node), *(sub for sub in subscripts_of(node) if isinstance(sub, Index)))
    }
    found = []
    for more in range(LARGEST - 1):
        sizes = {}
        for place, (extent, low) in enumerate(least.items()):
            # extents of one definition differ, so that a shape tells which is which
            sizes[extent] = max(low, 2 + (more + place) % LARGEST) if extent in ranged or low == 1 else low
        if sizes not in found:
            found.append(sizes)
    return found


def domains_of(program: Program, wrt: Sequence[str]) -> Iterator[Domain]:
    """The domains in which value and derivatives are finite, the widest first.

    The tensors that are differentiated by have one domain, the parameters beside them another.
    """
    open_ones = [item.tensor.name for item in program.inputs if is_open(item)]
    main = [name for name in open_ones if name in wrt]
    rest = [name for name in open_ones if name not in wrt]
    labels = any(item.tensor.integer for item in program.inputs)
    for assumed, others in itertools.product(ASSUMPTIONS if main else ["any real numbers"], ASSUMPTIONS if rest else [""]):
        domain = Domain((*((name, assumed) for name in main), *((name, others) for name in rest)))
        drawn = (arrays for _, arrays in islice(points(program, domain, {}, "domain"), TRIED))
        if labels and sum(_is_finite(program, arrays, wrt) for arrays in drawn) >= TRIED // 6:
            yield domain  # random labels may leave nothing to sum over
        elif not labels and all(_is_finite(program, arrays, wrt) for arrays in drawn):
            yield domain


def point(
    program: Program, domain: Domain, sizes: Sizes, fixed: Mapping[str, float], seed: tuple[object, ...]
) -> dict[str, Array]:
    """Random inputs; the same for the same seed."""
    rng = np.random.default_rng([sum(map(ord, str(part))) if isinstance(part, str) else int(str(part)) for part in seed])
    found: dict[str, Array] = {}
    for item in program.inputs:
        name = item.tensor.name
        if name in fixed:
            found[name] = np.asarray(fixed[name])
            continue
        shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
        assumed = domain.of(name) or "any real numbers"
        array = draw(item, shape, sizes, rng, ASSUMPTIONS[assumed])
        if is_open(item) and (assumed in ENTRYWISE or (len(shape) == 1 and assumed.startswith("any real"))):
            array = np.where(array == 0, 1, np.sign(array)) * np.maximum(np.round(np.abs(array) * GRID), 1) / GRID
        found[name] = dominant(array) if name in taken_whole(program) else array
    return found


def points(program: Program, domain: Domain, fixed: Mapping[str, float], seed: str) -> Iterator[tuple[Sizes, dict[str, Array]]]:
    """Points of all sizes, in turn."""
    chosen = sizes_of(program)
    for number in range(PER_SIZES * (3 if len(chosen) == 1 else 1)):
        for sizes in chosen:
            yield sizes, point(program, domain, sizes, fixed, (seed, number, *sizes.values()))


def _is_finite(program: Program, arrays: Arrays, wrt: Sequence[str]) -> bool:
    reference = Reference(program, arrays)
    if not np.isfinite(reference.value().value).all():
        return False
    return all(np.isfinite(reference.vjp(name, np.ones(())).value).all() for name in wrt)
