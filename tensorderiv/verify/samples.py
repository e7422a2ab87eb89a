"""Inputs to judge kernels at: general ones, the smallest shapes, coinciding rows, zeros, large and small numbers.

Everything is drawn with fixed seeds, so a report can be repeated. Where a definition declares no domain but has no finite value
or derivative on normal input, the first assumption that works is taken, for all undeclared tensors or else one by one; the
report says which.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.expression import MatrixFunction
from tensorderiv.algebra.program import Domain, Input, Program
from tensorderiv.algebra.traverse import walk
from tensorderiv.errors import DomainProblem
from tensorderiv.verify import shapes
from tensorderiv.verify.draw import ASSUMPTIONS, Drawer, dominant, draw, normal, turn
from tensorderiv.verify.oracles import Oracle

Array = npt.NDArray[Any]

TRIES = 20
"""Seeds tried for one sample before it is given up (labels may leave a loss without a pair to count)."""


@dataclass(frozen=True)
class Sample:
    """Arrays for the inputs of a program. `general` samples lie away from kinks and singular points, almost surely."""

    name: str
    arrays: Mapping[str, Array]
    general: bool = True


@dataclass(frozen=True)
class Assumption:
    """How each undeclared tensor is drawn, and the same in words."""

    drawers: Mapping[str, Drawer]
    words: str


def assumption_for(program: Program) -> Assumption:
    """The first assumption under which value and derivative of the program are finite on random input, small and large.

    Where none holds on large input one that holds on small input is taken. Raises DomainProblem when none works.
    """
    open_ones = [item.tensor.name for item in program.inputs if _is_open(item)]
    together = [dict.fromkeys(open_ones, name) for name in ASSUMPTIONS]
    apart = [dict(zip(open_ones, names, strict=True)) for names in itertools.product(ASSUMPTIONS, repeat=len(open_ones))]
    found: list[Assumption] = []
    for choice in [*together, *(apart if len(open_ones) in (2, 3) else [])]:
        words = "; ".join([_words(choice), *(f"{name}: diagonally dominant" for name in sorted(taken_whole(program)))])
        assumption = Assumption({name: ASSUMPTIONS[drawer] for name, drawer in choice.items()}, words)
        if _works(program, assumption.drawers):
            found.append(assumption)
            if _finite(Oracle(program).value(sized_sample(program, assumption).arrays)):
                return assumption
    if found:
        return found[0]
    raise DomainProblem(
        f"{program.name} has no finite value and derivative on any input tried", hint="declare the domain of its inputs"
    )


def samples(program: Program, assumption: Assumption | None = None, seed: int = 0) -> Iterator[Sample]:
    """The samples, the general one first. Samples at which the program has no finite value at all are left out."""
    assumed = assumption or assumption_for(program)
    general = _draw_finite(program, assumed.drawers, shapes.small(program), seed)
    yield Sample("general", general)
    rows = shapes.row_extents(program)
    smallest = {
        "one point": shapes.single(program, rows),
        "one coordinate": shapes.single(program, frozenset(shapes.extents(program)) - rows),
        "all sizes 1": shapes.single(program, frozenset(shapes.extents(program))),
    }
    seen = [shapes.small(program)]
    for name, sizes in smallest.items():
        if sizes not in seen:
            seen.append(sizes)
            arrays = _draw_finite(program, assumed.drawers, sizes, seed + 1, may_fail=True)
            if arrays:
                yield Sample(name, arrays, general=False)
    for name, arrays in _variations(program, assumed, general, seed):
        if _finite(evaluate_program(program, arrays), some=True):
            yield Sample(name, arrays, general=False)


def sized_sample(program: Program, assumption: Assumption, seed: int = 7, sizes: Mapping[str, int] | None = None) -> Sample:
    """A general sample past the tiles of kernels, or of given sizes; not checked by loops: brute force does not reach it."""
    rng, sizes = np.random.default_rng(seed), sizes or shapes.tiles(program)
    words = " x ".join(str(size) for size in sizes.values())
    return Sample(f"sizes {words}", _draw_all(program, assumption.drawers, sizes, rng))


def _variations(
    program: Program, assumption: Assumption, general: Mapping[str, Array], seed: int
) -> Iterator[tuple[str, dict[str, Array]]]:
    """The general sample made special, each in a way that the domain allows."""
    real = {item.tensor.name: item for item in program.inputs if item.tensor.order and not item.tensor.integer}
    free = {name for name, item in real.items() if _is_open(item) and assumption.drawers[name] is normal}
    scaled = free | {name for name, item in real.items() if item.domain.kind in ("positive", "nonnegative", "symmetric", "spd")}
    matched = {name for name, item in real.items() if item.domain.kind not in ("symmetric", "spd")}

    repeated = {name: np.array(array) for name, array in general.items()}
    first: dict[tuple[tuple[int, ...], Domain, bool], Array] = {}
    for name in (name for name in repeated if name in matched):
        array = repeated[name]
        if array.ndim > 1 and array.shape[0] > 1:
            kind = (array.shape[1:], real[name].domain, name in free)
            array[0] = first.setdefault(kind, array[0].copy())
            array[1] = array[0]
    if first:
        yield "repeated rows", repeated
        columns = {name: np.array(array) for name, array in general.items()}
        for name in matched:
            if columns[name].ndim > 1 and columns[name].shape[-1] > 1:
                columns[name][..., 1] = columns[name][..., 0]
        if not any(item.domain.kind in ("simplex", "sphere") for item in real.values()):
            yield "repeated columns", columns
    turned = {name: turn(general[name]) for name in taken_whole(program) if name in free and len(general[name]) > 1}
    if turned:
        yield "rows that have to be exchanged", {**general, **turned}
    zeroed = free | {name for name, item in real.items() if item.domain.kind == "nonnegative"}
    if zeroed:
        rng = np.random.default_rng(seed + 2)
        yield "zero entries", {n: np.where(rng.random(a.shape) < 0.4, 0.0, a) if n in zeroed else a for n, a in general.items()}
    for factor, words in ((1e3, "large numbers"), (1e-3, "small numbers")):
        if scaled:
            yield words, {name: array * factor if name in scaled else array for name, array in general.items()}


def taken_whole(program: Program) -> frozenset[str]:
    """The inputs without bounds of which an inverse or a determinant is taken: they are drawn well-conditioned."""
    whole = {n.matrix.name for s in program.statements for n in walk(s.body) if isinstance(n, MatrixFunction)}
    return frozenset(
        item.tensor.name
        for item in program.inputs
        if item.tensor.name in whole and (_is_open(item) or item.domain.kind == "symmetric")
    )


def _is_open(item: Input) -> bool:
    """Whether an input is a real tensor of which nothing is declared."""
    domain = item.domain
    return item.tensor.order > 0 and not item.tensor.integer and (domain.kind, domain.lower, domain.upper) == ("real", None, None)


def _words(choice: Mapping[str, str]) -> str:
    if not choice:
        return "as declared"
    groups = {words: [name for name, other in choice.items() if other == words] for words in dict.fromkeys(choice.values())}
    return "; ".join(f"{', '.join(names)}: {words}" for words, names in groups.items())


def _works(program: Program, drawers: Mapping[str, Drawer]) -> bool:
    for seed in (0, 1):
        arrays = _draw_finite(program, drawers, shapes.small(program), seed, may_fail=True)
        if not arrays:
            return False
    return True


def _draw_finite(
    program: Program, drawers: Mapping[str, Drawer], sizes: Mapping[str, int], seed: int, *, may_fail: bool = False
) -> dict[str, Array]:
    """Random arrays at which value and derivative are finite; none after TRIES tries (or the last, unless it may fail)."""
    oracle = Oracle(program)
    wrt = [item.tensor.name for item in program.inputs if not item.tensor.integer]
    labels = any(item.tensor.integer for item in program.inputs)
    for attempt in range(TRIES if labels else 2):
        arrays = _draw_all(program, drawers, sizes, np.random.default_rng([seed, attempt]))
        value = evaluate_program(program, arrays)
        if _finite(value) and _finite(oracle.value(arrays)):
            gradients = oracle.vjp(arrays, wrt, np.ones(value.shape))
            if all(_finite(gradient) for gradient in gradients):
                return arrays
    return {} if may_fail else arrays


def _draw_all(
    program: Program, drawers: Mapping[str, Drawer], sizes: Mapping[str, int], rng: np.random.Generator
) -> dict[str, Array]:
    found = {}
    for item in program.inputs:
        name = item.tensor.name
        if item.tensor.order == 0 and item.default is not None:
            found[name] = np.asarray(float(item.default))
            continue
        shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
        found[name] = draw(item, shape, sizes, rng, drawers.get(name, normal))
        if name in taken_whole(program):
            found[name] = dominant(found[name])
    return found


def _finite(array: Array, *, some: bool = False) -> bool:
    finite = np.isfinite(array)
    return bool(finite.any() or not finite.size if some else finite.all())
