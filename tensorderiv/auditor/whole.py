"""Slips of the gradient as a whole: another variable, another sign, another function of the definition, a factor."""

from __future__ import annotations

import numpy as np

from tensorderiv.algebra.traverse import tensors
from tensorderiv.auditor.mutations import atoms
from tensorderiv.auditor.search import Explanation, Search
from tensorderiv.auditor.transforms import TRANSFORMS, times


def nothing(search: Search) -> Explanation | None:
    if (search.bench.found == 0).all():
        return Explanation("zero", "it is 0 everywhere")
    return None


def argument(search: Search) -> Explanation | None:
    """The gradient by another input, or minus what is due."""
    due = search.bench.due.value
    by = {name: search.gradient_by(name) for name in search.others}
    other = next((name for name, formula in by.items() if formula is not None and search.fit.where(formula) == ""), None)
    if search.fit.where(-due) == "":
        more = f"; that is the gradient by {other}" if other else ""
        return Explanation("sign", f"its sign is flipped: it is minus the gradient by {search.bench.name}{more}")
    if other is not None:
        return Explanation("argument", f"it is the gradient by {other}, not by {search.bench.name}")
    for name, formula in by.items():
        if formula is not None and search.fit.where(-formula) == "":
            return Explanation("argument", f"it is minus the gradient by {name}, not the gradient by {search.bench.name}")
    return None


def exchanged(search: Search) -> Explanation | None:
    """The gradient at exchanged arguments."""
    bench = search.bench
    for name in search.others:
        if bench.program.input(name) is not None and search.gradient_by(name) is not None:
            formula = bench.gradient_of(bench.program.statements, extra={bench.name: name, name: bench.name})
            if search.fit.where(formula) == "":
                return Explanation("argument", f"{bench.name} and {name} are exchanged in it")
    return None


def multiple(search: Search) -> Explanation | None:
    due = search.bench.due.value
    if search.fit.where(-due):
        return Explanation("sign", f"its sign is flipped{search.fit.where(-due)}")
    words = search.fit.multiple(due, exact=False)
    if words is not None:
        missing = words[2:] if words.startswith("1/") else ""
        told = f"the factor {missing} is missing: it" if missing else "it"
        return Explanation("factor", f"{told} is {words} times what is due")
    return None


def transform(search: Search) -> Explanation | None:
    """The gradient of a function of the definition."""
    due, values = search.bench.due.value, search.bench.values
    for text, (_, slope) in TRANSFORMS.items():
        with np.errstate(all="ignore"):
            words = search.fit.multiple(slope(values) * due)
        if words is not None:
            of = text.format(search.output)
            return Explanation("transform", f"it is the gradient of {times(words, of)}, not of {search.output}")
    return None


def named_quantity(search: Search) -> Explanation | None:
    """The derivative by a named quantity: its own chain is missing."""
    program = search.bench.program
    extents = search.bench.variable.tensor.extents
    for statement in program.statements[:-1]:
        if statement.tensor.extents == extents:
            formula = search.bench.gradient_of(program.statements, by=statement.tensor)
            words = search.fit.multiple(formula)
            if words is not None:
                what = f"the gradient by {statement.tensor.name}"
                what = what if words == "1" else f"{words} times {what}"
                text = f"{statement.element} = {statement.body}"
                whose = ", ".join(sorted(tensors(statement.body) & {item.tensor.name for item in program.inputs}))
                wrong = (
                    "" if search.bench.name in tensors(statement.body) else f", which belongs to {whose}, not {search.bench.name}"
                )
                return Explanation("chain", f"it is {what}{wrong}: the chain factor of {text} is missing")
    return None


def factor(search: Search) -> Explanation | None:
    """The ratio of what was returned to what is due is a power of a quantity that occurs."""
    due = search.bench.due.value
    for atom in atoms(search.formula.expr, search.bench.own):
        values = search.bench.evaluate(atom, search.statements)
        for power in (1, 2):
            for turned, words in ((-1, "is missing"), (1, "is too much")):
                with np.errstate(all="ignore"):
                    formula = due * values ** (turned * power)
                    of = search.fit.multiple(formula) if turned > 0 else search.fit.multiple(formula, inverse=True)
                if of is not None:
                    text = f"({atom})^2" if power == 2 else str(atom)
                    return Explanation("factor", f"the factor {times(of, text)} {words}")
    return None
