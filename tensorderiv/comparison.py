"""`td.equal`: are two definitions, formulas or texts equal?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tensorderiv.algebra.program import Domain, Input, Program
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.definition import Definition
from tensorderiv.derivation import Derivation
from tensorderiv.derivation.formula import Formula
from tensorderiv.equality import Side, Verdict, decide
from tensorderiv.equality.join import Part, join
from tensorderiv.errors import NameProblem
from tensorderiv.language import read, read_expression
from tensorderiv.language.bare import is_bare, read_bare

Comparable = Definition | Derivation | Formula | str


def equal(left: Comparable, right: Comparable, *, given: Definition | str | None = None) -> Verdict:
    """Whether two definitions, formulas, derivations (their results) or texts are equal, for all inputs and all free indices.

    A text is a definition, or an expression whose free indices are the letters that nothing binds; it may use the names of the
    other side. Inputs are shared by name. `given` holds declarations (domains) and names for texts, or is the definition in
    whose names they speak. Free indices are matched by their place where both sides give an order (left-hand sides,
    derivations), else by their letter.

    The verdict is "proved" by canonical form, or found at random points by exact arithmetic or with 50 digits; a counterexample
    gives sizes, inputs, indices and both values. Raises IndexProblem where the free indices differ, ExtentMismatch where an
    input has two shapes, DomainProblem where the sides are defined nowhere, and what reading a text raises.

    >>> print(equal("sum_p (X_ip - X_jp)^2", "sum_p X_ip^2 + sum_p X_jp^2 - 2 sum_p X_ip X_jp"))
    equal: proved
    >>> print(equal("(x_i + 1)^2", "x_i^2 + 1"))
    not equal
    counterexample  n=1  i=0   left: 4   right: 2
      x = [1]
    """
    preamble = f"{given}\n" if isinstance(given, str) else ""
    context = given.program if isinstance(given, Definition) else None
    parts: list[Part | None] = [None if isinstance(item, str) else _part(item) for item in (left, right)]
    for place, item in enumerate((left, right)):
        if isinstance(item, str) and not is_bare(item):
            parts[place] = _definition(read(preamble + item))
    for place, item in enumerate((left, right)):
        if parts[place] is None:
            assert isinstance(item, str)
            parts[place] = _expression(item, preamble, context, parts[1 - place])
    first, second = parts
    assert first is not None and second is not None
    claim = join(first, second)
    if preamble:
        domains = {item.tensor.name: item for item in read_bare(preamble + "0").inputs}
        claim = replace(claim, inputs=tuple(_narrowed(item, domains.get(item.tensor.name)) for item in claim.inputs))
    return decide(claim)


def _part(item: Definition | Derivation | Formula) -> Part:
    if isinstance(item, Definition):
        return _definition(item.program)
    formula = item.result if isinstance(item, Derivation) else item
    side = Side(formula.expr, (*formula.program.statements, *formula.names))
    return Part(side, formula.program.inputs, formula.axes, ordered=True)


def _definition(program: Program) -> Part:
    return Part(Side(program.output.body, program.statements), program.inputs, program.output.indices, ordered=True)


def _expression(text: str, preamble: str, context: Program | None, other: Part | None) -> Part:
    """An expression in the names of the context, else of the other side, else (it has names of its own) by itself."""
    axes = other.axes if other is not None and other.ordered else ()
    if context is None:
        with suppress(NameProblem):
            if other is not None:
                return _expression(text, preamble, Program("names", other.inputs, other.side.statements), other)
        return replace(_definition(read_bare(preamble + text)), ordered=False)
    names, expr = read_expression(text, context, axes)
    return Part(Side(expr, (*context.statements, *names)), context.inputs, free_indices(expr), ordered=False)


def _narrowed(item: Input, declared: Input | None) -> Input:
    return item if declared is None or declared.domain == Domain() else replace(item, domain=declared.domain)
