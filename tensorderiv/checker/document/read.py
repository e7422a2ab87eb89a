r"""`read_document`: a .tex or .md file, a pasted forum post or bare lines -> the derivations in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tensorderiv.checker.case import Case
from tensorderiv.checker.document.facts import Fact, gathered
from tensorderiv.checker.document.find import Stretch, stretches, without_comments
from tensorderiv.checker.document.given import given_facts
from tensorderiv.checker.document.bare import bare_stretches
from tensorderiv.checker.document.infer import Inference
from tensorderiv.checker.document.macros import expanded, place_of
from tensorderiv.checker.document.mapped import Mapped
from tensorderiv.checker.document.plain import without_unicode
from tensorderiv.checker.document.prose import Said, facts_of
from tensorderiv.checker.document.roles import Defined, Derivation, Roles, in_roles, keys_in
from tensorderiv.checker.document.split import Statement, joined_chains, statements
from tensorderiv.errors import SyntaxProblem, TensorDerivError

RELATION = re.compile(r"=|\\equiv|\\coloneqq|\\triangleq")


def read_document(text: str, name: str = "") -> tuple[Case, ...]:
    r"""The derivations of a document, in order.

    Raises SyntaxProblem where there is none, or where the only one cannot be read; of several, one that cannot be read has that as
    its `problem`.

    >>> case, = read_document("given X in R^{n x d}\n\nD_ij = sum_p (X_ip - X_jp)^2\ndD_ij/dX_kl = 2 (X_il - X_jl) (delta_ik - delta_jk)")
    >>> case.definitions, case.lines[0], case.symbols[0].shape
    (('D_{ij} = \\sum_{p} (X_{ip} - X_{jp})^{2}',), '\\frac{\\partial D_{ij}}{\\partial X_{kl}}', ('n', 'd'))
    """
    if not text.strip():
        raise SyntaxProblem("the document is empty", hint="write a definition and a chain of equalities")
    source = without_unicode(Mapped.of(text))
    declared = given_facts(source.text)
    document = expanded(without_comments(source))
    parts = stretches(document)
    if not any(part.kind == "display" or (part.kind == "inline" and RELATION.search(part.body.text)) for part in parts):
        parts = bare_stretches(document, declared)
    chains, said = _statements(parts)
    facts = gathered([*declared, *facts_of(said)])
    roles = in_roles(chains, facts)
    facts = gathered([*declared, *facts_of(said), *roles.facts])
    cases = _cases(roles, facts, _is_numerator(said.text), text, name)
    if not cases:
        raise SyntaxProblem("no derivation was found: a chain of equalities a = b = c, or a derivative = ...", hint=_found(roles))
    mains = [case for case in cases if not case.aside]
    if len(mains) == 1 and mains[0].problem is not None:
        raise mains[0].problem
    return tuple(cases)


def _found(roles: Roles) -> str:
    if roles.definitions:
        return f"found the definition of {roles.definitions[-1].statement.sides[0].text} and nothing that is derived from it"
    return "write the mathematics between $$ and $$, in align, or on lines of its own"


def _is_numerator(text: str) -> bool:
    return bool(re.search(r"numerator[- ](?:layout|convention)|jacobian (?:layout|formulation)", text, re.IGNORECASE))


def _statements(parts: Sequence[Stretch]) -> tuple[list[Statement], Said]:
    """All statements in the order of the document, chains joined; and the prose with the formulas in their places."""
    found: list[Statement] = []
    told: list[str] = []
    formulas: list[str] = []
    before = ""
    for number, part in enumerate(parts):
        if part.kind == "prose":
            told.append(part.body.text)
            before = (before + part.body.text)[-200:]
            continue
        told.append("⟦D⟧" if part.kind == "display" else f"⟦{len(formulas)}⟧")
        formulas.append(part.body.text)
        if part.kind == "display":
            formulas.pop()
        for statement in statements(part.body, number, part.kind == "inline"):
            found.append(replace(statement, before=before))
        before = before + " " if part.kind == "inline" else ""
    return joined_chains(found), Said("".join(told), tuple(formulas))


def _cases(roles: Roles, facts: dict[str, Fact], numerator: bool, text: str, name: str) -> list[Case]:
    found: list[Case] = []
    for derivation in sorted(roles.derivations, key=lambda one: one.order):
        case = _case(derivation, roles, facts, numerator, text)
        label = derivation.name or ""
        found.append(replace(case, name=name if not label else f"{name} {label}".strip()))
    return found


def _case(derivation: Derivation, roles: Roles, facts: dict[str, Fact], numerator: bool, text: str) -> Case:
    groups = derivation.sides
    lines = tuple(" = ".join(side.text for side in group) for group in groups)
    spans = [[side.body.span for side in group] for group in groups]
    places = tuple((min(start for start, _ in group), max(end for _, end in group)) for group in spans)
    needed = _needed(derivation, roles)
    pairs = [(one.statement.sides[0].text, one.body.text) for one in needed]
    case = Case(lines=lines, definitions=tuple(f"{left} = {body}" for left, body in pairs), places=places, aside=derivation.aside)
    notes = (*roles.notes, *derivation.notes)
    try:
        if derivation.condition:
            raise SyntaxProblem(
                f"an equation holds only {derivation.condition}: that is not judged", hint="write it with deltas or cases"
            )
        made = Inference(lines, pairs, facts, derivation.chain, numerator).case()
    except TensorDerivError as problem:
        return replace(case, kind="chain" if derivation.chain else "equations", problem=_located(problem, places, lines, text), notes=notes)
    return replace(made, lines=lines, places=places, aside=derivation.aside, notes=(*made.notes, *notes))


def _located(problem: TensorDerivError, places: Sequence[tuple[int, int]], lines: Sequence[str], text: str) -> TensorDerivError:
    """The problem with its place in the document."""
    at = 0
    if problem.place is not None and problem.place.source in lines:
        at = lines.index(problem.place.source)
    start, end = places[at]
    place = place_of(text, start, min(end, (text.find("\n", start) + 1 or end + 1) - 1) - start)
    return SyntaxProblem(problem.message, place=place, hint=problem.hint)


def _needed(derivation: Derivation, roles: Roles) -> list[Defined]:
    """The definitions that the lines use, and those that these use: of each name the last one before, else the first one after."""
    wanted = set().union(*(keys_in(side.text) for group in derivation.sides for side in group))
    moving = _differentiated(derivation)
    chosen: dict[str, Defined] = {}
    while True:
        new = False
        for key in sorted(wanted - set(chosen)):
            found = _definition(key, derivation, roles, moving)
            if found is not None:
                chosen[key] = found
                wanted |= keys_in(found.body.text)
                new = True
        if not new:
            break
    unique = {one.order: one for one in chosen.values() if one.order != derivation.order or not derivation.aside}
    return [unique[order] for order in sorted(unique)]


def _definition(key: str, derivation: Derivation, roles: Roles, moving: set[str]) -> Defined | None:
    same = [one for one in roles.definitions if one.key == key]
    before = [one for one in same if one.order < derivation.order]
    if before:
        return before[-1]
    after = [one for one in same if one.order > derivation.order and one.late]
    return after[0] if after and key not in moving else None


def _differentiated(derivation: Derivation) -> set[str]:
    """The names that stand in the denominators of derivatives."""
    from tensorderiv.checker.document.uses import names_in

    return {use.name for group in derivation.sides for side in group for use in names_in(side.text) if use.denominator}
