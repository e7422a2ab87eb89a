r"""Definitions that words stand for, as a derivation needs them: \\sigma the sigmoid, x_i the rows of X."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tensorderiv.checker.document.facts import Fact
from tensorderiv.checker.document.names import Names, Used
from tensorderiv.checker.document.stacked import ANY
from tensorderiv.errors import SyntaxProblem

PART = re.compile(r"^(?P<name>.+?)_\{(?P<letters>[^{}]*)\} = (?P<whole>.+?)_\{(?P<places>[^{}]*)\}$")


def rules_for(fact: Fact, used: Used, names: Names) -> Iterator[str]:
    """The definitions. Those of parts are needed only where the whole stands as well.

    Raises SyntaxProblem for entries of named columns, as x_{ij} may be either entry.
    """
    part = PART.match(fact.rule)
    if part is None:
        yield fact.rule
        return
    if 0 in used.counts or (part["whole"] not in names.used and part["whole"] not in names.defined):
        return
    if part["places"].startswith(r"\cdot") and used.denominator:
        yield _turned(part, names)
        return
    single = next((group[0] for group in used.lettered if len(group) == 1 and not group[0].isdigit()), None)
    double = next((group for group in used.lettered if len(group) == 2 and len(set(group)) == 2), None)
    if ANY not in fact.rule or single:
        yield fact.rule.replace(ANY, single or "i")
    if double is None or r"\cdot" not in fact.rule:
        return
    if part["places"].startswith(r"\cdot"):
        raise SyntaxProblem(
            f"{used.name}_{{{''.join(double)}}} may be either entry", hint=f"write it as an entry of {part['whole']}"
        )
    yield f"{used.name}_{{{''.join(double)}}} = {part['whole']}_{{{''.join(double)}}}"


def _turned(part: re.Match[str], names: Names) -> str:
    """The matrix by its columns, where these are what is differentiated by. Raises SyntaxProblem where more is said of it."""
    if part["whole"] in names.defined:
        raise SyntaxProblem(f"a derivative by a column of {part['whole']}", hint=f"take it by the entries of {part['whole']}")
    a, b = [letter for letter in "ijklmabpqrsuv" if letter not in names.used and letter not in names.indices][:2]
    return f"{part['whole']}_{{{a}{b}}} = ({part['name']}_{{{b}}})_{{{a}}}"
