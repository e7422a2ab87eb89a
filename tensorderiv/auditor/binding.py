"""Which parameter of the function stands for which input of the definition."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tensorderiv.algebra.program import Program
from tensorderiv.auditor.specialise import Slot, slots, specialised
from tensorderiv.errors import NameProblem

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Binding:
    """The definition as a scalar program whose inputs have the names of the function's parameters.

    `positional`: the parameters given in order, each an input or a fixed number; `keywords` likewise. `fixed`: the numbers that
    the user gave. `unused`: parameters of the function that stand for nothing and keep their defaults.
    """

    program: Program
    positional: tuple[str, ...]
    keywords: tuple[str, ...]
    fixed: Mapping[str, float]
    unused: tuple[tuple[str, Any], ...]
    rows: tuple[str, ...] = ()

    @property
    def vectors(self) -> tuple[str, ...]:
        """The real inputs that are arrays, in order; of a definition of scalars, those."""
        real = [item.tensor for item in self.program.inputs if not item.tensor.integer]
        return tuple(t.name for t in real if t.order) or tuple(t.name for t in real)

    @property
    def main(self) -> tuple[str, ...]:
        """The points among them: the rows of the definition, else the inputs of the shape of the first one."""
        if self.rows:
            return self.rows
        shapes = {item.tensor.name: item.tensor.extents for item in self.program.inputs}
        return tuple(name for name in self.vectors if shapes[name] == shapes[self.vectors[0]])


def bind_parameters(function: Callable[..., Any], program: Program, given: Mapping[str, float]) -> Binding:
    """Vectors go by position, unless the function calls them by the definition's own names; parameters by name, then by position.

    Raises NameProblem where an input has no parameter, a parameter without default has no input, or a given name is unknown.
    """
    found = slots(program)
    parameters = _parameters(function)
    for name in given:
        if name not in parameters and name not in {slot.name for slot in found}:
            raise NameProblem(f"there is no parameter {name}", hint=f"the function takes {', '.join(parameters) or 'nothing'}")
    pairs = _paired(found, list(parameters), given)
    loose = [slot for slot in found if slot not in pairs]
    for slot in loose:
        if slot.item.default is None and slot.name not in given:
            problem = f"the definition has the input {slot}, and the function no parameter for it"
            raise NameProblem(
                problem, hint=f"the function takes {', '.join(parameters) or 'nothing'}; a scalar can be fixed by --param"
            )
    named = {slot: pairs.get(slot, slot.name) for slot in found}
    bound = set(pairs.values())
    defaults = {slot.name: float(slot.item.default) for slot in loose if slot.item.default is not None}
    fixed = {**defaults, **{named[slot]: given[slot.name] for slot in found if slot.name in given}, **given}
    fixed = {name: value for name, value in fixed.items() if name in parameters or name in named.values()}
    used = bound | (set(given) & set(parameters))
    unused = []
    for name, parameter in parameters.items():
        if name in used:
            continue
        if parameter.default is inspect.Parameter.empty:
            raise NameProblem(f"the parameter {name} stands for no input of the definition", hint=f"fix it by --param {name}=...")
        unused.append((name, parameter.default))
    positional = []
    for name, parameter in parameters.items():
        if name not in used or parameter.kind not in POSITIONAL:
            break
        positional.append(name)
    keywords = tuple(name for name in parameters if name in used and name not in positional)
    scalar = specialised(program, [named[slot] for slot in found])
    rows = tuple(named[slot] for slot in found if slot.rows and not slot.item.tensor.integer)
    return Binding(scalar, tuple(positional), keywords, fixed, tuple(unused), rows)


def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError) as error:
        raise NameProblem("the function does not tell its parameters", hint="wrap it in a Python function") from error
    usual = (*POSITIONAL, inspect.Parameter.KEYWORD_ONLY)
    return {name: parameter for name, parameter in signature.parameters.items() if parameter.kind in usual}


def _paired(found: Sequence[Slot], parameters: list[str], given: Mapping[str, float]) -> dict[Slot, str]:
    """Slot -> parameter."""
    pairs: dict[Slot, str] = {}
    main = [slot for slot in found if slot.rows] or [slot for slot in found if slot.extents] or list(found)
    lower = {name.lower(): name for name in parameters}
    wanted = [slot.name.lower() for slot in main]
    if len(set(wanted)) == len(wanted) and all(name in lower for name in wanted):
        pairs = {slot: lower[slot.name.lower()] for slot in main}
    else:
        free = [name for name in parameters if name not in given]
        vectors = [slot for slot in main if slot.name not in given]
        pairs = dict(zip(vectors, free, strict=False))
    others = [slot for slot in found if slot not in pairs]
    left = [name for name in parameters if name not in pairs.values()]
    for slot in list(others):
        same = next((name for name in left if name.lower() == slot.name.lower()), None)
        if same is not None:
            pairs[slot] = same
            others.remove(slot)
            left.remove(same)
    pairs.update(zip(others, left, strict=False))
    return pairs
