"""What is told beside the steps, by form: who finds it, in the order in which it is printed."""

from __future__ import annotations

from collections.abc import Callable

from tensorderiv.derivation.cases import case_section
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.exchange import exchange_section
from tensorderiv.derivation.invariances import invariances
from tensorderiv.derivation.matrix import matrix_section
from tensorderiv.derivation.section import Section
from tensorderiv.derivation.sphere import sphere_section
from tensorderiv.errors import NameProblem

Finder = Callable[[Derivation], Section | None]

FORMS: dict[str, tuple[Finder, ...]] = {
    "index": (invariances, exchange_section, sphere_section),
    "matrix": (matrix_section,),
    "cases": (case_section,),
}
"""Form -> what finds its sections. "index" shows the steps as well."""


def sections(derivation: Derivation, form: str) -> tuple[Section, ...]:
    """The sections of a form that there are. Raises NameProblem for an unknown form."""
    if form not in FORMS:
        raise NameProblem(f"no form {form!r}", hint=f"take one of {', '.join(FORMS)}")
    found = (find(derivation) for find in FORMS[form])
    return tuple(section for section in found if section is not None)
