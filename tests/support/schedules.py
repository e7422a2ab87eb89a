"""Two modules that were made of one definition, compared: every function, with inputs of every kind.

They must agree to rounding where they are finite, and entry by entry in what is not: nan, inf, -inf. Where an input is not
finite, the reference meaning decides: passes follow it where plain loops do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tensorderiv.adjoint import reverse
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.sizes import bind
from tensorderiv.emit import emit
from tensorderiv.emit.names import identifier
from tensorderiv.errors import TensorDerivError
from tensorderiv.language import read
from tensorderiv.lower.stable import stabilise
from tensorderiv.verify.shapes import least

Array = NDArray[Any]

SIZES = ((5, 7, 3, 2, 4), (9, 4, 10, 3, 2), (1, 2, 1, 1, 1), (2, 1, 9, 2, 3), (0, 3, 2, 2, 2), (3, 0, 4, 0, 1), (4, 6, 0, 3, 0))
"""Sizes of the extents n, m, d, e, f: nothing, one, rests of blocks; d on both sides of where tiles change form."""

EXTENTS = "nmdef"


def inputs_of(program: Program, sizes: tuple[int, ...], seed: int, kind: str = "plain") -> dict[str, Any]:
    """Arguments by name: positive where all are, so that logarithms and roots are defined; `kind` plants what is special."""
    rng = np.random.default_rng(seed)
    size = dict(zip(EXTENTS, sizes, strict=True))
    size |= {"stop": size["n"], "begin": size["m"], "part": size["d"]}
    size |= {extent: max(size[extent], smallest) for extent, smallest in least(program).items()}
    found: dict[str, Any] = {}
    for item in program.inputs:
        shape = tuple(e if isinstance(e, int) else size[e] for e in item.tensor.extents)
        if item.tensor.integer:
            found[item.tensor.name] = rng.integers(0, max(1, min(3, size["m"])), shape)
        elif not shape:
            found[item.tensor.name] = 0.6 + 0.1 * seed
        else:
            draw = rng.normal(size=shape) if seed % 2 else rng.uniform(0.2, 1.5, shape)
            found[item.tensor.name] = (SPECIAL | NOT_FINITE)[kind](draw, rng)
    return found


def _row(value: float) -> Any:
    def plant(array: Array, rng: np.random.Generator) -> Array:
        if array.size:
            array[rng.integers(len(array))] = value
        return array

    return plant


def _entry(value: float) -> Any:
    def plant(array: Array, rng: np.random.Generator) -> Array:
        if array.size:
            array.flat[rng.integers(array.size)] = value
        return array

    return plant


def _alike(array: Array, rng: np.random.Generator) -> Array:
    """Rows coincide, in each table and from table to table."""
    if array.size:
        array[:] = np.linspace(0.5, 1.5, array[0].size).reshape(array[0].shape)
        array[0] = np.linspace(1, 2, array[0].size).reshape(array[0].shape) if len(array) > 2 else array[0]
    return array


SPECIAL: dict[str, Any] = {
    "plain": lambda array, rng: array,
    "zeros": lambda array, rng: np.zeros_like(array),
    "a row of zeros": _row(0.0),
    "alike": _alike,
    "whole numbers": lambda array, rng: np.round(array),
}
"""What is done to an array that was drawn."""

NOT_FINITE: dict[str, Any] = {
    "an infinite entry": _entry(np.inf),
    "a negative infinite entry": _entry(-np.inf),
    "an undefined entry": _entry(np.nan),
    "an undefined row": _row(np.nan),
}
"""The same, with what no formula is finite at."""


def calls(module: ModuleType, program: Program, given: Mapping[str, Any], seed: int) -> Iterator[tuple[str, Any]]:
    """The results of every function of a module, by what was called."""
    rng = np.random.default_rng(seed)
    arrays = [i.tensor.name for i in program.inputs if i.tensor.order and not i.tensor.integer]
    real = [i.tensor.name for i in program.inputs if not i.tensor.integer]
    directions = {name: rng.normal(size=np.shape(given[name])) for name in arrays}
    if module.KIND == "pair":
        yield from _of_pairs(module, real, given, rng)
        return
    positional = [given[i.tensor.name] for i in program.inputs if i.tensor.order or i.tensor.integer]
    keyword = {identifier(i.tensor.name): given[i.tensor.name] for i in program.inputs if not i.tensor.order}
    wishes = [None, *real, tuple(real), *itertools.combinations(real, 2)][: 2 * len(real) + 4]
    if module.KIND == "scalar":
        yield "value", module.value(*positional, **keyword)
        for wrt in wishes:
            value, gradient = module.value_and_grad(*positional, wrt=wrt, **keyword)
            yield f"value and gradient by {wrt}", value
            yield f"gradient by {wrt}", gradient
    else:
        output = module.evaluate(*positional, **keyword)
        yield "evaluate", output
        weights = rng.normal(size=output.shape)
        for wrt in wishes:
            yield f"vjp by {wrt}", module.vjp(*positional, weights, wrt=wrt, **keyword)
    second = module.hvp if module.KIND == "scalar" else module.jvp
    for wrt in arrays:
        yield f"{second.__name__} by {wrt}", second(*positional, directions[wrt], wrt=wrt, **keyword)
    everything = tuple(directions[name] for name in arrays)
    yield f"{second.__name__}", second(*positional, everything[0] if len(arrays) == 1 else everything, **keyword)


def _of_pairs(
    module: ModuleType, real: list[str], given: Mapping[str, Any], rng: np.random.Generator
) -> Iterator[tuple[str, Any]]:
    x, y = (name for name, _ in module.POINTS)
    others = {identifier(name): value for name, value in given.items() if name not in (x, y)}
    A, B = given[x], given[y]
    table = module.pairwise(A, B, **others)
    yield "pairwise", table
    yield "pairwise into out", module.pairwise(A, B, out=np.full_like(table, 7.0), **others)
    W = rng.normal(size=table.shape)
    for wrt in [None, *real, tuple(real)]:
        yield f"vjp by {wrt}", module.vjp(A, B, W, wrt=wrt, **others)
    dA, dB = rng.normal(size=A.shape), rng.normal(size=B.shape)
    yield "jvp", module.jvp(A, B, dA, dB, **others)
    for slot in (1, 2):
        yield f"jacobian {slot}", module.jacobian(A, B, slot=slot, **others)
    if A.shape != B.shape and any(np.ndim(value) for value in others.values()):
        return  # a further array may have the extent of the second points
    table = module.pairwise(A, **others)
    yield "pairwise of one", table
    for wrt in [None, *(name for name in real if name != y)]:
        yield f"vjp of one by {wrt}", module.vjp(A, None, rng.normal(size=table.shape), wrt=wrt, **others)
    yield "jvp of one", module.jvp(A, None, dA, **others)


def disagreement(found: Any, expected: Any, tolerance: float, alike: bool = True) -> str:
    """What is wrong with a result: its shape, nan or inf somewhere, or a difference beyond tolerance times the largest entry.

    Unless `alike`, nan and the infinities are one.
    """
    found, expected = (x if isinstance(x, tuple) else (x,) for x in (found, expected))
    if len(found) != len(expected):
        return f"{len(found)} results instead of {len(expected)}"
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        where = f"result {number}: " if len(found) > 1 else ""
        if a.shape != b.shape:
            return f"{where}shape {a.shape} instead of {b.shape}"
        finite = np.isfinite(b)
        odd = np.isfinite(a) != finite
        if alike:
            odd |= ~finite & ~((a == b) | (np.isnan(a) & np.isnan(b)))
        if odd.any():
            place = tuple(int(k) for k in np.argwhere(odd)[0])
            return f"{where}{odd.sum()} of {odd.size} not finite alike: {a[place]} instead of {b[place]} at {place}"
        if finite.any():
            largest = np.abs(b[finite]).max()
            off = np.abs(a[finite] - b[finite]).max()
            if not off <= tolerance * max(1.0, largest):
                return f"{where}off by {off:.1e}, largest {largest:.1e}"
    return ""


def complaints(
    name: str,
    with_passes: ModuleType,
    plain: ModuleType,
    program: Program,
    sizes: tuple[int, ...],
    seed: int,
    kind: str = "plain",
) -> list[str]:
    """Where two modules of a program disagree, a line each."""
    given = inputs_of(program, sizes, seed, kind)
    found = []
    pairs = itertools.zip_longest(
        calls(with_passes, program, given, seed), calls(plain, program, given, seed), fillvalue=("", ())
    )
    for (called, one), (expected, other) in pairs:
        wrong = disagreement(one, other, 1e-11) if called == expected else "not called"
        if wrong:
            found.append(f"{name}, {kind}, {sizes}, {seed}: {called}: {wrong}")
    return found


def undefined_complaints(
    name: str, with_passes: ModuleType, plain: ModuleType, program: Program, sizes: tuple[int, ...], seed: int, kind: str
) -> tuple[int, list[str]]:
    """How many values and gradients were compared; where plain loops follow the reference meaning and passes do not."""
    given = inputs_of(program, sizes, seed, kind)
    weights = np.random.default_rng(seed).normal(size=values(plain, program, given).shape)
    weights.flat[::3] = 0
    stable = stabilise(program)
    real = [i.tensor.name for i in stable.inputs if i.tensor.order and not i.tensor.integer]
    found = []
    for wrt in ("", *real):
        one, other = (
            gradient(m, program, given, weights, wrt) if wrt else values(m, program, given) for m in (with_passes, plain)
        )
        wrong = disagreement(one, other, 1e-9, alike=False)
        if wrong:
            meant = meaning(stable, given, weights, wrt)
            if disagreement(one, meant, 1e-9, alike=False) and not disagreement(other, meant, 1e-9, alike=False):
                found.append(f"{name}, {kind}, {sizes}, {seed}: {wrt or 'value'}: {wrong}")
    return 1 + len(real), found


def values(module: ModuleType, program: Program, given: Mapping[str, Any]) -> Array:
    """The output."""
    positional, keyword = arguments(module, program, given)
    function = getattr(module, {"pair": "pairwise", "scalar": "value", "tensor": "evaluate"}[module.KIND])
    return np.asarray(function(*positional, **keyword))


def gradient(module: ModuleType, program: Program, given: Mapping[str, Any], weights: Array, wrt: str) -> Array:
    """The gradient of sum(weights * output), or of a scalar output, by one input."""
    positional, keyword = arguments(module, program, given)
    if module.KIND == "scalar":
        return np.asarray(module.value_and_grad(*positional, wrt=wrt, **keyword)[1])
    return np.asarray(module.vjp(*positional, weights, wrt=wrt, **keyword))


def arguments(module: ModuleType, program: Program, given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments by position and by name."""
    if module.KIND == "pair":
        first = [name for name, _ in module.POINTS]
    else:
        first = [i.tensor.name for i in program.inputs if i.tensor.order or i.tensor.integer]
    return [given[name] for name in first], {identifier(name): value for name, value in given.items() if name not in first}


def meaning(program: Program, given: Mapping[str, Any], weights: Array, wrt: str) -> Array:
    """The same by the reference meaning: of the output, or of the statement of its adjoint program."""
    arrays = dict(given)
    if wrt:
        cotangent = Tensor("cotangent", program.output.tensor.extents) if program.output.tensor.order else None
        adjoint = reverse(program, [wrt], cotangent)
        program, name = adjoint.program, dict(adjoint.gradients)[wrt]
        arrays |= {"cotangent": weights} if cotangent else {}
    else:
        name = program.output.tensor.name
    bound, sizes = bind(program, arrays)
    statement = program.statement(name)
    assert statement is not None
    return evaluate(statement.element, axes=statement.indices, arrays=bound, sizes=sizes, statements=program.statements)


def read_drawn(text: str) -> Program | None:
    """The program of a drawn text; None where the language refuses it."""
    try:
        program = read(text, "f")
        emit(program, "f", passes=False)
    except TensorDerivError:
        return None
    return program


def in_blocks(module: ModuleType) -> None:
    """Cut the rows of every pass into three parts, and these into blocks of two rows."""
    module._partition = lambda n, m, itemsize, products, entries: (3, 2)  # type: ignore[attr-defined]
