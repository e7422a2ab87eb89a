r"""`read_document`: a .tex or .md file, a pasted forum post or bare lines -> the derivations in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tensorderiv.checker.case import Case, Layout
from tensorderiv.checker.document.alphabet import alphabet_of
from tensorderiv.checker.document.bare import bare_stretches
from tensorderiv.checker.document.conventions import stated_layout
from tensorderiv.checker.document.facts import Fact, gathered, ranges
from tensorderiv.checker.document.find import Stretch, stretches, without_comments
from tensorderiv.checker.document.given import given_facts
from tensorderiv.checker.document.infer import Inference
from tensorderiv.checker.document.labels import with_labels
from tensorderiv.checker.document.links import joined_chains
from tensorderiv.checker.document.macros import expanded, place_of
from tensorderiv.checker.document.mapped import Mapped
from tensorderiv.checker.document.plain import without_unicode
from tensorderiv.checker.document.prose import Said, facts_of
from tensorderiv.checker.document.roles import Defined, Derivation, Roles, in_roles, keys_in
from tensorderiv.checker.document.scripts import in_force
from tensorderiv.checker.document.split import Statement, statements
from tensorderiv.checker.document.uses import names_in
from tensorderiv.errors import SyntaxProblem, TensorDerivError

RELATION = re.compile(r"=|\\equiv|\\coloneqq|\\triangleq")


def read_document(text: str, name: str = "") -> tuple[Case, ...]:
    r"""The derivations of a document, in order.

    Raises SyntaxProblem where there is none, or where the only one cannot be read; of several, one that cannot be read has that
    as its `problem`.

    >>> (case,) = read_document(
    ...     "given X in R^{n x d}\n\nD_ij = sum_p (X_ip - X_jp)^2\ndD_ij/dX_kl = 2 (X_il - X_jl) (delta_ik - delta_jk)"
    ... )
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
    texts = [side.text for statement in chains for side in statement.sides]
    with in_force(alphabet_of(texts, gathered(_said_facts(declared, said, parts)))):
        said_facts = _said_facts(declared, said, parts)
        roles = in_roles(chains, gathered(with_labels(said_facts, texts)))
        facts = gathered(with_labels([*said_facts, *roles.facts], texts))
        cases = _cases(roles, facts, stated_layout(said.text), text, name)
    if not cases:
        raise SyntaxProblem(
            "no derivation was found: a chain of equalities a = b = c, or a derivative = ...",
            place=place_of(text, len(text) - len(text.lstrip()), len(text.strip().split("\n")[0])),
            hint=_found(roles),
        )
    mains = [case for case in cases if not case.aside]
    if len(mains) == 1 and mains[0].problem is not None:
        raise mains[0].problem
    return tuple(cases)


def _said_facts(declared: Sequence[Fact], said: Said, parts: Sequence[Stretch]) -> list[Fact]:
    return [
        *declared,
        *facts_of(said),
        *(fact for part in parts if part.kind == "display" for fact in ranges(part.body.text)),
    ]


def _found(roles: Roles) -> str:
    if roles.definitions:
        return f"found the definition of {roles.definitions[-1].statement.sides[0].text} and nothing that is derived from it"
    return "write the mathematics between $$ and $$, in align, or on lines of its own"


def _statements(parts: Sequence[Stretch]) -> tuple[list[Statement], Said]:
    """All statements in the order of the document, chains joined; and the prose with the formulas in their places."""
    found: list[Statement] = []
    told: list[str] = []
    formulas: list[str] = []
    before = between = ""
    for number, part in enumerate(parts):
        if part.kind == "prose":
            told.append(part.body.text)
            before = (before + part.body.text)[-200:]
            between += part.body.text
            continue
        after = parts[number + 1].body.text[:40] if number + 1 < len(parts) and parts[number + 1].kind == "prose" else ""
        told.append("⟦D⟧" if part.kind == "display" else f"⟦{len(formulas)}⟧")
        formulas.append(part.body.text)
        if part.kind == "display":
            formulas.pop()
        for statement in statements(part.body, number, part.kind == "inline"):
            found.append(replace(statement, before=before, between=between, after=after))
        before, between = (before + " " if part.kind == "inline" else ""), ""
    return joined_chains(found), Said("".join(told), tuple(formulas))


MOST = 200
"""Definitions that one derivation may use, through one another."""


def _cases(roles: Roles, facts: dict[str, Fact], layout: Layout | None, text: str, name: str) -> list[Case]:
    found: list[Case] = []
    known: dict[str, list[Defined]] = {}
    for one in sorted(roles.definitions, key=lambda one: one.order):
        known.setdefault(one.key, []).append(one)
    for derivation in sorted(roles.derivations, key=lambda one: one.order):
        case = _case(derivation, roles.notes, known, facts, layout, text)
        label = derivation.name or ""
        found.append(replace(case, name=name if not label else f"{name} {label}".strip()))
    return found


def _case(
    derivation: Derivation,
    notes: Sequence[str],
    known: Mapping[str, Sequence[Defined]],
    facts: dict[str, Fact],
    layout: Layout | None,
    text: str,
) -> Case:
    groups = derivation.sides
    lines = tuple(" = ".join(side.text for side in group) for group in groups)
    spans = [[side.body.span for side in group] for group in groups]
    places = tuple((min(start for start, _ in group), max(end for _, end in group)) for group in spans)
    needed = _needed(derivation, known)
    pairs = [(one.statement.sides[0].text, one.body.text) for one in needed]
    case = Case(lines=lines, definitions=tuple(f"{left} = {body}" for left, body in pairs), places=places, aside=derivation.aside)
    notes = (*notes, *derivation.notes)
    stands = dict(zip(lines, places, strict=True))
    for (left, body), one in zip(pairs, needed, strict=True):
        stands |= dict.fromkeys((f"{left} = {body}", left, body), one.body.body.span)
    try:
        if derivation.unclear:
            raise SyntaxProblem(derivation.unclear, hint="write the line before it once more")
        if derivation.condition:
            raise SyntaxProblem(
                f"an equation holds only {derivation.condition}: that is not judged", hint="write it with deltas or cases"
            )
        made = Inference(lines, pairs, facts, derivation.chain, layout).case()
    except TensorDerivError as problem:
        return replace(
            case, kind="chain" if derivation.chain else "equations", problem=_located(problem, stands, text), notes=notes
        )
    return replace(made, lines=lines, places=places, aside=derivation.aside, notes=(*made.notes, *notes))


def _located(problem: TensorDerivError, spans: Mapping[str, tuple[int, int]], text: str) -> TensorDerivError:
    """The problem with the place in the document of the line or definition that it stands in."""
    source = problem.place.source if problem.place is not None else ""
    start, end = spans.get(source) or next(iter(spans.values()))
    first = text[start:end].split("\n")[0]
    return SyntaxProblem(problem.message, place=place_of(text, start, len(first)), hint=problem.hint)


def _needed(derivation: Derivation, known: Mapping[str, Sequence[Defined]]) -> list[Defined]:
    """The definitions that the lines use, and those that these use, each before it is used: of each name the last one before the
    derivation, else the first one after it.
    """
    moving = _differentiated(derivation)
    found: list[Defined] = []
    begun: set[str] = set()

    def visit(text: str) -> None:
        for key in sorted(keys_in(text)):
            if key in begun or len(begun) > MOST:
                continue
            begun.add(key)
            one = _definition(known.get(key, ()), derivation, moving)
            if one is not None and not (derivation.aside and one.order == derivation.order):
                visit(one.body.text)
                if one not in found:
                    found.append(one)

    for group in derivation.sides:
        for side in group:
            visit(side.text)
    return found


def _definition(same: Sequence[Defined], derivation: Derivation, moving: set[str]) -> Defined | None:
    at = bisect_left(same, derivation.order, key=lambda one: one.order)
    if at:
        return same[at - 1]
    inside = derivation.until
    after = next((one for one in same[at:] if one.order > derivation.order and (one.late or one.order < inside)), None)
    return after if after is not None and after.key not in moving else None


def _differentiated(derivation: Derivation) -> set[str]:
    """The names that stand in the denominators of derivatives."""
    return {use.name for group in derivation.sides for side in group for use in names_in(side.text) if use.denominator}
