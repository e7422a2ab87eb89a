"""The derivations that must hold up: all of the catalogue and of `tests/derivation/definitions.py`, and what is asked of them.

Each demand is a function from a derivation to a list of complaints, so that the demands can be tested themselves on derivations
with a planted fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from textwrap import dedent
from typing import Any

import numpy as np
import numpy.typing as npt

import tensorderiv as td
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Compare,
    CopyTensor,
    Expr,
    KroneckerDelta,
    Mul,
    Node,
    Or,
    Reduction,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.sizes import bind
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import bound_indices, parts, rebind, rebuild, subscripts_of
from tensorderiv.derivation import Derivation
from tensorderiv.derivation.derivation import Step
from tensorderiv.derivation.documents.story import names_of, with_names
from tensorderiv.derivation.formula import Formula
from tensorderiv.errors import TensorDerivError
from tensorderiv.language import read_expression
from tensorderiv.language.latex import statement_latex, to_latex
from tensorderiv.verify.backends import backend
from tensorderiv.verify.draw import definite_or_normal, draw
from tensorderiv.verify.shapes import extents, least
from tensorderiv.verify.vectorise import Vectoriser
from tests.derivation.definitions import DEFINITIONS
from tests.support.kernels import FEW

Array = npt.NDArray[Any]
Arrays = dict[str, Array]

SIZES = ((3, 2, 4, 2, 3, 2), (2, 3, 2, 4, 2, 3), (4, 3, 2, 3, 2, 2))
"""Sizes of the extents of a program in their order: small, and no two neighbours alike, so that a swapped axis shows."""

TOLERANCE = 1e-12
"""Largest deviation of an array, relative to its largest entry (maximum norm): room for 4000 roundings of relative size 2^-52."""

MOST_STEPS = 25

SINGULAR_ON_THE_DIAGONAL = frozenset({"geodesic"})
"""The slope of arccos is infinite at 1."""


def catalogue_targets() -> list[tuple[str, str]]:
    """Every entry of the catalogue that has a kernel, by every real input, with fresh letters."""
    found = []
    for name in (name for name in td.catalog if name in FEW):
        program = td.catalog[name].program
        taken = {index.name for index in program.output.indices} | program.names
        for item in program.inputs:
            letters = [letter for letter in "klrsuv" if letter not in taken][: item.tensor.order]
            if not item.tensor.integer:
                found.append((name, item.tensor.name + ("_" + "".join(letters) if letters else "")))
    return found


CATALOGUE = catalogue_targets()
FURTHER = [(case.name, target) for case in DEFINITIONS for target in case.targets]
ALL = CATALOGUE + FURTHER
TEXTS = {case.name: dedent(case.text).strip() for case in DEFINITIONS}


@cache
def definition_of(name: str) -> td.Definition:
    return td.define(TEXTS[name], name=name) if name in TEXTS else td.catalog[name]


@cache
def derivation_of(name: str, target: str) -> Derivation:
    return definition_of(name).derive(target)


# arrays


@cache
def inputs_of(program: Program, number: int) -> Arrays:
    """Arrays within the declared domains, of the sizes of that number; labels 0, 1, 0, 1, ... so that no class is alone.

    Undeclared square matrices are positive definite, other undeclared tensors normal: almost surely no point is at a kink.
    """
    need = least(program)
    sizes = {name: max(size, need[name]) for name, size in zip(extents(program), SIZES[number], strict=False)}
    rng = np.random.default_rng(number)
    arrays: Arrays = {}
    for item in program.inputs:
        shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
        array = draw(item, shape, sizes, rng, definite_or_normal)
        arrays[item.tensor.name] = np.arange(array.size).reshape(shape) % 2 if item.tensor.integer else np.asarray(array)
    return arrays


QUICK = {
    "xla_backend_optimization_level": "0",
    "xla_llvm_disable_expensive_passes": "True",
    "xla_cpu_use_fusion_emitters": "False",
}
"""Each program runs once: compiling it is what takes time. A version of JAX that does not know these options does without."""


def jacobian_of(program: Program, arrays: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
    """jax.jacobian of the program by some of its inputs, in float64. It knows the definition alone, none of our derivatives."""
    import jax

    library = backend("jax")
    with library.precision():
        bound, sizes = bind(program, arrays)
        fixed = {name: np.asarray(array) for name, array in bound.items()}

        def function(chosen: dict[str, Any]) -> Any:
            tensors = {name: library.np.asarray(array) for name, array in (fixed | chosen).items()}
            return Vectoriser(library, sizes, tensors).run(program)

        chosen = {name: np.asarray(fixed[name], dtype=float) for name in names}
        lowered = jax.jit(jax.jacobian(function)).lower(chosen)
        try:
            compiled = lowered.compile(compiler_options=QUICK)
        except jax.errors.JaxRuntimeError:
            compiled = lowered.compile()
        found = compiled(chosen)
        return {name: np.asarray(array) for name, array in found.items()}


@cache
def jacobians(name: str) -> dict[str, Array]:
    """The Jacobians by all targets of a definition at the first sizes."""
    program = definition_of(name).program
    targets = tuple(dict.fromkeys(derivation_of(*item).wrt.tensor.name for item in ALL if item[0] == name))
    return jacobian_of(program, inputs_of(program, 0), targets)


def regular(derivation: Derivation, array: Array) -> Array:
    """The entries that are compared: all, or those with i != j of a D_ij that is singular where its two rows agree."""
    where = np.ones(array.shape, dtype=bool)
    if derivation.program.name in SINGULAR_ON_THE_DIAGONAL:
        where[np.diag_indices(array.shape[0], 2)] = False
    return where


def deviation(found: Array, expected: Array, where: Array) -> float:
    """The largest difference over the largest entry expected (the maximum norm), among the entries chosen."""
    if found.shape != expected.shape:
        return np.inf
    if not where.any():
        return 0.0
    largest = float(np.max(np.abs(expected[where])))
    difference = float(np.max(np.abs(found[where] - expected[where])))
    return difference / largest if largest else difference


@cache
def evaluated(formula: Formula, number: int) -> Array:
    """The array of a formula by the reference meaning, at the inputs of that number."""
    with np.errstate(all="ignore"):
        return np.asarray(formula.evaluate(**inputs_of(formula.program, number)), dtype=float)


# demands


def meaning_complaints(derivation: Derivation, number: int) -> list[str]:
    """Every step denotes the array of the step before."""
    found = []
    before = evaluated(derivation.steps[0].formula, number)
    where = regular(derivation, before)
    for count, step in enumerate(derivation.steps[1:], 1):
        after = evaluated(step.formula, number)
        off = deviation(after, before, where)
        if not off <= TOLERANCE:
            found.append(f"step {count} [{step.rule}] is off by {off:.1e}: {step.formula}")
        before = after
    return found


def autodiff_complaints(derivation: Derivation) -> list[str]:
    """The result is jax.jacobian of the definition."""
    expected = jacobians(derivation.program.name)[derivation.wrt.tensor.name]
    found = evaluated(derivation.result, 0)
    off = deviation(found, expected, regular(derivation, expected))
    return [] if off <= TOLERANCE else [f"the result is off by {off:.1e}: {derivation.result}"]


def round_trip_complaints(derivation: Derivation, spelling: str) -> list[str]:
    """Every step, its names included, reads back as what it was: the same tree or else the same array."""
    found = []
    for count, step in enumerate(derivation.steps):
        written = with_names(derivation, step.expr, step.names) if spelling == "text" else latex_of(derivation, step)
        try:
            names, back = read_expression(written, derivation.program, step.formula.axes)
        except TensorDerivError as error:
            found.append(f"step {count} [{step.rule}] is not read: {str(error).splitlines()[0]}: {written}")
            continue
        if back == step.expr and names == step.names:
            continue
        again = evaluated(Formula(back, derivation.program, names, step.formula.axes), 0)
        off = deviation(again, evaluated(step.formula, 0), regular(derivation, again))
        if not off <= TOLERANCE:
            found.append(f"step {count} [{step.rule}] reads back as {to_text(back)}: {written}")
    return found


def latex_of(derivation: Derivation, step: Step) -> str:
    """The step as LaTeX with its names behind `where`, a statement a line."""
    taken = names_of(derivation)
    names = [rf"\text{{where }} {statement_latex(name, taken)}" for name in step.names]
    return "\n".join([to_latex(step.expr, step.formula.axes, taken), *names])


def shape_complaints(derivation: Derivation) -> list[str]:
    """Each step has a rule and a reason, none only shuffles, and no bound index is left in a delta of the result."""
    found = [
        f"step {count} says no rule or reason" for count, step in enumerate(derivation.steps) if not (step.rule and step.why)
    ]
    for count in range(1, len(derivation.steps)):
        before, after = derivation.steps[count - 1], derivation.steps[count]
        if shuffled(before.expr) == shuffled(after.expr) and before.names == after.names:
            found.append(f"step {count} [{after.rule}] only shuffles: {before.formula} -> {after.formula}")
    found += [f"the result has a bound index in {delta}: {derivation.result}" for delta in bound_deltas(derivation.expr)]
    return found


def shuffled(expr: Expr) -> str:
    """The expression blind to the order of terms, factors, comparisons and deltas, and to the names of bound indices."""
    return repr(_sorted(expr, 0))


def _sorted(node: Node, depth: int) -> Node:
    if isinstance(node, (Reduction, ArgReduction)):
        indices = bound_indices(node)
        node = rebind(node, {index: Index(f"@{depth}.{place}", index.extent) for place, index in enumerate(indices)})
        depth += 1
    made = rebuild(node, lambda part: _sorted(part, depth))
    match made:
        case Add(items) | Mul(items):
            return type(made)(tuple(sorted(items, key=repr)))
        case And(conditions) | Or(conditions):
            return type(made)(tuple(sorted(conditions, key=repr)))
        case Compare(op, left, right) if op in (">", ">=") or (op in ("=", "!=") and repr(right) < repr(left)):
            turned: dict[str, Any] = {">": "<", ">=": "<=", "=": "=", "!=": "!="}
            return Compare(turned[op], right, left)
        case KroneckerDelta(left, right) if repr(right) < repr(left):
            return KroneckerDelta(right, left)
    return made


def bound_deltas(node: Node, bound: frozenset[Index] = frozenset()) -> list[Expr]:
    """The deltas and copy tensors that hold an index which a reduction around them binds."""
    if isinstance(node, (Reduction, ArgReduction)):
        bound |= set(bound_indices(node))
    own = [node] if isinstance(node, (KroneckerDelta, CopyTensor)) and bound & set(subscripts_of(node)) else []
    return own + [delta for part in parts(node) for delta in bound_deltas(part, bound)]
