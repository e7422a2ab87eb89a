"""The derivatives on a page: by each real tensor the result, its conditions and other forms, and the steps to be unfolded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.definition import Definition
from tensorderiv.derivation import Derivation
from tensorderiv.derivation.cases import case_section
from tensorderiv.derivation.documents.story import (
    asked_for,
    asked_for_text,
    chain,
    free_indices_of,
    names_of,
    result_names,
    sentence,
)
from tensorderiv.derivation.invariances import invariances
from tensorderiv.derivation.matrix import matrix_section
from tensorderiv.derivation.section import EQUALS, Section, Shown, shown, words
from tensorderiv.gallery.blocks import Block, Folded, Formula, Items, Leaf, Part, Words
from tensorderiv.gallery.defining import equation
from tensorderiv.language.latex import to_latex, written
from tensorderiv.language.latex_lines import lines, width
from tensorderiv.language.mathml import equals
from tensorderiv.pipeline import variable_of

LINE = 46.0
"""Width of a line on a page in em: what GitHub's column holds."""

LONGEST = 2000
"""Letters of LaTeX, or of a text, beyond which a formula besides the result is left out: it would be a page of its own."""

SHORT = 1200
"""Letters of the text of a case table that is still read with profit."""


def variables(definition: Definition) -> tuple[Element, ...]:
    """What a page differentiates by: the points, then the other real tensors; a number where there is no tensor."""
    first = definition.variable()
    real = [item.tensor for item in definition.program.inputs if not item.tensor.integer and item.tensor.order]
    return (first, *(variable_of(definition.program, tensor) for tensor in real if tensor != first.tensor))


def derivative_parts(definition: Definition) -> Iterator[Part]:
    """A part for each variable; after the last, how to get those by the numbers."""
    chosen = variables(definition)
    for number, variable in enumerate(chosen):
        wrt = str(variable)
        blocks = derivative_blocks(definition, wrt)
        if number == len(chosen) - 1:
            blocks = (*blocks, *_others(definition, chosen))
        yield Part("derivative", f"Derivative by {wrt}", blocks)


def derivative_blocks(definition: Definition, wrt: str) -> tuple[Block, ...]:
    """Result, steps, conditions, invariances, matrix form, cases."""
    derivation = definition.derive(wrt)
    command = f"tensorderiv derive {definition.name} --wrt {wrt}"
    scope, taken = free_indices_of(derivation), names_of(derivation)
    blocks: list[Block] = [Formula(broken(derivation, derivation.expr))]
    blocks += [Formula(words("where") + _named(name, taken)) for name in result_names(derivation)]
    blocks.append(Folded("Step by step", tuple(_steps(derivation, scope, taken, command))))
    if derivation.conditions:
        told = tuple(f"`{item.where}` ({item.kind}): {sentence(item.policy)}" for item in derivation.conditions)
        blocks += [Words("It holds except at:"), Items(told)]
    blocks += _rows("Invariances", invariances(derivation), command)
    blocks += _rows("As matrices", _found(matrix_section(derivation)), command)
    cases = case_section(derivation)
    if sum(len(row.formula.text) for row in cases.rows if row.formula) <= SHORT:
        blocks += _rows("By cases", replace(cases, rows=tuple(row for row in cases.rows if row.formula)), command)
    return tuple(blocks)


def broken(derivation: Derivation, expr: Expr) -> Shown:
    """The derivative as an equality, its LaTeX in lines that fit the page."""
    left, scope, taken = asked_for(derivation), free_indices_of(derivation), names_of(derivation)
    made = shown(expr, scope, taken)
    return Shown(
        f"{asked_for_text(derivation)} = {made.text}",
        _aligned(f"{to_latex(left)} &= ", lines(written(expr, scope, taken), LINE - width(written(left)) - 3)),
        equals(left) + made.mathml,
    )


def _steps(derivation: Derivation, scope: tuple[Index, ...], taken: frozenset[str], command: str) -> Iterator[Leaf]:
    for number, told in enumerate(chain(derivation), 1):
        yield Words(f"{number}. {told.rule}: {sentence(told.why)}")
        if number == 1:
            yield from _within(broken(derivation, told.expr), command)
        else:
            made = EQUALS + shown(told.expr, scope, taken)
            yield from _within(replace(made, latex=_aligned("&= ", lines(written(told.expr, scope, taken), LINE))), command)
        for name in told.names:
            yield from _within(words("where") + _named(name, taken), command)


def _named(name: Statement, taken: frozenset[str]) -> Shown:
    """An adjoint name and what it is, its LaTeX in lines that fit the page."""
    made = equation(name, taken)
    left = to_latex(name.element)
    return replace(
        made,
        latex=_aligned(f"{left} &= ", lines(written(name.body, name.indices, taken), LINE - width(written(name.element)) - 9)),
    )


def _aligned(left: str, made: list[str]) -> str:
    if len(made) == 1:
        return left.replace("&", "") + made[0]
    return f"\\begin{{aligned}}\n{left}" + " \\\\\n&\\quad ".join(made) + "\n\\end{aligned}"


def _within(formula: Shown, command: str) -> Iterator[Leaf]:
    """The formula; in the place of one that is too long, where it is to be had."""
    if max(len(formula.latex), len(formula.text)) <= LONGEST:
        yield Formula(formula)
    else:
        yield Words(f"A formula of {len(formula.text):,} letters, which `{command}` prints.")


def _rows(title: str, section: Section | None, command: str) -> Iterator[Block]:
    """What was found beside the derivative, under its own line."""
    if section is None or not section.rows:
        return
    yield Words(f"{title}:")
    for row in section.rows:
        if row.formula:
            yield from _within(row.formula, command)
        if row.remark:
            yield Words(_capital(sentence(row.remark)))


def _capital(text: str) -> str:
    return text if "_" in text.split(" ")[0] else text[:1].upper() + text[1:]


def _found(section: Section) -> Section | None:
    """The section without the reasons why there is no matrix form; None where there is none."""
    data = section.data.get("forms", [section.data])
    if not any(form["found"] for form in data):
        return None
    return replace(section, rows=tuple(row for row in section.rows if row.formula))


def _others(definition: Definition, chosen: tuple[Element, ...]) -> Iterator[Block]:
    done = {variable.tensor for variable in chosen}
    others = [item.tensor for item in definition.program.inputs if not item.tensor.integer and item.tensor not in done]
    if others:
        asked = ", ".join(f"`--wrt {to_text(Element(tensor, ()))}`" for tensor in others)
        yield Words(f"By the parameters: `tensorderiv derive {definition.name}` with {asked}.")
