"""Small constants that people add so that nothing is divided by 0: found by solving for them, not by a tolerance.

Where what is returned differs from what is due by little, a constant is added at one place of the formula (a denominator, an
argument of a root or logarithm, the inputs), its size is solved for, and the result must then agree within rounding.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.build import add, mul, power
from tensorderiv.algebra.expression import Element, Expr, Function, Mul, Number, Pow, Tensor
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import rewrite
from tensorderiv.auditor.example import Try
from tensorderiv.auditor.fit import Fit
from tensorderiv.auditor.places import places, replaced
from tensorderiv.auditor.trials import Trial, precision
from tensorderiv.derivation.formula import Formula
from tensorderiv.errors import TensorDerivError

Array = npt.NDArray[np.float64]

ADDED = Element(Tensor("<e>"))
"""The constant; no text can contain the name."""

LARGEST = 1e-3
"""The largest constant that counts as one added for safety: inputs are of size 1."""

ARGUMENTS = frozenset({"log", "sqrt", "log2", "acosh", "acos", "asin", "atanh"})
"""Functions with an edge that an argument is kept away from."""

STEPS = 4

SCALES = (1.0, 16.0, 256.0)
"""Factors by which the inputs grow."""

GROWN = 8
"""Trials at which they grow."""


@dataclass(frozen=True)
class Added:
    """A constant and what it is added to."""

    size: float
    words: str

    def __str__(self) -> str:
        return f"{self.size:g} added to {self.words}"


def added_constant(fit: Fit, formula: Formula) -> Added | None:
    """The constant that explains the whole difference; None where there is none, or the difference is not small."""
    bench = fit.bench
    statements = (*bench.program.statements, *formula.names)

    def in_formula(expr: Expr) -> Callable[[float], Array]:
        return lambda size: bench.evaluate(expr, statements, numbers={ADDED.tensor.name: size})

    def in_definition(moved: Sequence[Statement]) -> Callable[[float], Array]:
        return lambda size: bench.gradient_of(moved, numbers={ADDED.tensor.name: size})

    candidates = [
        *((words, in_formula(expr)) for words, expr in _with_constant(formula.expr)),
        *((words, in_definition(moved)) for words, moved in moved_definitions(bench.program)),
    ]
    known = fit.known & fit.bench.due.determined
    return solve(bench.found, bench.due.value, fit.tolerance, known, candidates)


def solve(
    found: Array,
    due: Array,
    tolerance: Array,
    known: npt.NDArray[np.bool_],
    candidates: Sequence[tuple[str, Callable[[float], Array]]],
) -> Added | None:
    """The first place and size of a constant with which all entries agree: positive, and of two digits or a power of two."""
    missing = np.where(known, found - due, 0.0)
    if not known.any() or np.median(np.abs(missing[known])) > LARGEST * np.median(np.abs(due[known])):
        return None
    for words, formula in candidates:
        with np.errstate(all="ignore"):
            if (known & ~(np.abs(formula(0.0) - due) <= tolerance)).any():
                continue  # the formula is not the derivative where it is defined: nothing is judged by it
        size, step = 0.0, 1e-7
        for _ in range(STEPS):
            with np.errstate(all="ignore"):
                here, there = formula(size), formula(size + step)
                slope, rest = (there - here) / step / tolerance, (found - here) / tolerance
            usable = known & np.isfinite(slope) & np.isfinite(rest)
            if not usable.any() or not (slope[usable] != 0).any():
                break
            size += float(rest[usable] @ slope[usable] / (slope[usable] @ slope[usable]))
            if not 0 < size <= LARGEST:
                break
            step = size / 100
        else:
            for exact in (float(f"{size:.0e}"), float(f"{size:.1e}"), 2.0 ** round(math.log2(size))):
                with np.errstate(all="ignore"):
                    near = np.abs(found - formula(exact)) <= tolerance
                if (near | ~known).all():
                    return Added(exact, words)
    return None


def vanishes(attempt: Try, trials: Sequence[Trial], number: int, name: str) -> bool:
    """Whether the difference is small and falls in proportion as the inputs grow, as that of added constants does.

    For constants in several places, which `added_constant` does not find. Asked only where inputs of any size are in the domain.
    """
    item = trials[0].program.input(name)
    assert item is not None, f"{name} is an input"
    same = [other.tensor.name for other in trials[0].program.inputs if other.tensor.extents == item.tensor.extents]
    kinds = {other.domain.kind for other in trials[0].program.inputs if other.tensor.name in same}
    if not kinds <= {"real", "positive", "nonnegative"}:
        return False
    apart = []
    for scale in SCALES:
        differences = []
        for trial in trials[:GROWN]:
            try:
                grown = attempt(trial.sizes, {key: a * scale if key in same else a for key, a in trial.arrays.items()})
            except TensorDerivError:
                return False
            due = grown.due(name, precision(grown.gradients[number]))
            if not due.determined.all() or not np.isfinite(grown.gradients[number]).all():
                return False
            rounding = float(due.tolerance.max())
            differences.append(
                max(0.0, float(np.abs(grown.gradients[number] - due.value).max()) - rounding) / np.abs(due.value).max()
            )
        apart.append(float(np.median(differences)))
    return apart[0] <= LARGEST and all(then <= 2 * now * SCALES[0] / SCALES[1] for now, then in itertools.pairwise(apart))


def _with_constant(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """The formula with the constant added to a denominator, or to an argument."""
    for path, part in places(expr):
        match part:
            case Mul(factors):
                below = [factor for factor in factors if _is_below(factor)]
                above = [factor for factor in factors if not _is_below(factor)]
                if below:
                    whole = mul(*(power(b.base, -b.exponent.value) for b in below))  # type: ignore[attr-defined]
                    yield f"the denominator {whole}", replaced(expr, path, mul(*above, power(add(whole, ADDED), -1)))
            case Pow(base, Number()) if not isinstance(base, Number):
                yield f"{base}", replaced(expr, path, power(add(base, ADDED), part.exponent))
            case Function(name, (argument,)) if name in ARGUMENTS:
                yield f"the argument of {part}", replaced(expr, path, Function(name, (add(argument, ADDED),)))


def _is_below(factor: Expr) -> bool:
    return isinstance(factor, Pow) and isinstance(factor.exponent, Number) and factor.exponent.value < 0


def moved_definitions(program: Program) -> Iterator[tuple[str, list[Statement]]]:
    """The definition with the constant added somewhere in it, or to every entry of inputs."""
    statements = program.statements
    for place, statement in enumerate(statements):
        for words, body in _with_constant(statement.body):
            moved = [*statements[:place], replace(statement, body=body), *statements[place + 1 :]]
            yield f"{words} in {statement.element}", moved
    vectors = [item.tensor for item in program.inputs if item.tensor.order and not item.tensor.integer]
    groups = [[tensor.name] for tensor in vectors]
    if len(vectors) > 1:
        groups.append([tensor.name for tensor in vectors if tensor.extents == vectors[0].extents])
    for group in groups:
        yield f"every entry of {' and '.join(group)}", [_shifted(statement, group) for statement in statements]
    last = statements[-1]
    yield f"{last.element}", [*statements[:-1], replace(last, body=add(last.body, ADDED))]


def _shifted(statement: Statement, names: Sequence[str]) -> Statement:
    def shift(node: Expr) -> Expr:
        return add(node, ADDED) if isinstance(node, Element) and node.tensor.name in names else node

    return replace(statement, body=rewrite(statement.body, shift))
