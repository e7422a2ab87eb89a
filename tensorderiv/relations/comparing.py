"""`td.compare`: the gradients of two definitions side by side."""

from __future__ import annotations

from typing import Literal

from tensorderiv.definition import Definition, define
from tensorderiv.errors import DomainProblem
from tensorderiv.naming import name_from_text
from tensorderiv.relations.gradients import gradients
from tensorderiv.relations.relate import relate
from tensorderiv.relations.report import Compared
from tensorderiv.relations.together import together


def compare(
    left: Definition | str, right: Definition | str, *, wrt: str | None = None, space: Literal["flat", "sphere"] = "flat"
) -> Compared:
    """How the gradients of two definitions are related: equal, proportional, of one direction, or different.

    Both are derived by the same input, `wrt="X_kl"`; definitions over rows, such as distances D_ij, by a point. On the sphere
    the points are unit rows, and the gradients' tangent parts are compared. What is found is decided as by `equal`: "proved" by
    canonical form, or found at random points; gradients that are not along one line come with a counterexample and its angle.

    Raises NameProblem where the definitions share no input, ExtentMismatch and IndexProblem where their shapes differ,
    RuleProblem where no law of differentiation applies, DomainProblem where the gradients are finite nowhere.

    >>> found = compare("D(x, y) = sum_p (x_p - y_p)^2", "E(x, y) = sqrt(sum_p (x_p - y_p)^2)")
    >>> found.kind, found.factor, found.how
    ('factor', '2 E', 'proved')
    """
    if space not in ("flat", "sphere"):
        raise DomainProblem(f"there is no space {space!r}", hint='space is "flat" or "sphere"')
    first, second = (define(item) if isinstance(item, str) else item for item in (left, right))
    found = gradients(together(first, second, wrt, space == "sphere"), space == "sphere")
    relation, numbers = relate(found)
    return Compared(_names(first, second), found, relation, numbers)


def _names(first: Definition, second: Definition) -> tuple[str, str]:
    """What they are called; first and second where they have no names of their own."""
    one, other = (
        place if item.name == name_from_text(item.source, item.output.name) else item.name
        for item, place in ((first, "first"), (second, "second"))
    )
    return (one, other) if one != other else ("first", "second")
