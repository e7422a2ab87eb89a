r"""What arrays are made of: rows and columns that have names, x_i the rows of X; entries, x = (x_1, \dots, x_n), A = (a_{ij})."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tensorderiv.checker.document.facts import OPERATOR, Fact, extents_of, names_of
from tensorderiv.checker.document.uses import Use, whole_name
from tensorderiv.checker.reading.unreadable import Unreadable

ANY = "*"
"""Stands in a rule for an index letter that the text does not name."""
WORD = re.compile(r"\b(?P<what>row|column)s?\b(?!-)", re.IGNORECASE)
MARK = re.compile(r"⟦(\d+)⟧")
OWNER = re.compile(r"\s+(?:vectors?\s+)?of\s+(?:the\s+)?(?:\w+\s+){0,2}⟦(\d+)⟧")
_SAID = (
    r"(?:\s|,|:|\(|-|\b(?:is|are|be|being|by|as|given|denoted?|denotes|denoting|for|the|its|of|we|write|will|called|let|stands?|"
    r"vectors?|to|column|row|that|which|data|points?|samples?)\b){0,14}"
)
BEHIND = re.compile(_SAID + r"⟦(\d+)⟧")
AHEAD = re.compile(r"⟦(?P<member>\d+)⟧" + _SAID + r"(?:⟦\d+⟧\s{0,3}-?\s{0,3}(?:th|st|nd|rd)?\s{0,3})?$")
MEMBERSHIP = re.compile(r"\\in(?![a-zA-Z])|=")
LONGEST = 240


def rows_of(text: str, formulas: Sequence[str]) -> list[Fact]:
    r"""The definitions of rows and columns that have names. `formulas`: those that stand for ⟦0⟧, ⟦1⟧, ... in the text.

    >>> [fact.rule for fact in rows_of("⟦0⟧ with rows ⟦1⟧", ("X", "x_i"))]
    ['x_{i} = X_{i\\cdot}']
    >>> [fact.rule for fact in rows_of("where ⟦0⟧ is the ⟦1⟧-th column of ⟦2⟧", ("a_k", "k", "A"))]
    ['a_{k} = A_{\\cdot k}']
    """
    found: list[Fact] = []
    for word in WORD.finditer(text):
        before, after = text[max(0, word.start() - LONGEST) : word.start()], text[word.end() : word.end() + LONGEST]
        named = OWNER.match(after)
        behind = BEHIND.match(after, named.end() if named else 0)
        ahead = AHEAD.search(before)
        choices = [(formulas[int(match[1])], match is ahead) for match in (behind, ahead) if match is not None]
        chosen = next(((use, led) for formula, led in choices if (use := _member(formula)) is not None), None)
        if chosen is None:
            continue
        member, led = chosen
        clause = before[: ahead.start()] if led and ahead else before
        owner = _owner(formulas[int(named[1])]) if named else _last_matrix(clause, formulas)
        if owner is None or owner.name + owner.label == member.name + member.label:
            continue
        found.append(_part(member, owner, (word["what"].lower() == "row") != owner.transposed))
    return found


def _member(formula: str) -> Use | None:
    r"""x_i, x_i^\top \in \mathbb{R}^d, or x_1, \dots, x_n: one index, or a family."""
    uses = names_of(MEMBERSHIP.split(formula)[0])
    if len(uses) != 1 or len(uses[0].subscripts) != 1 or uses[0].subscripts[0].isdigit():
        return None
    return uses[0]


def _owner(formula: str) -> Use | None:
    uses = names_of(MEMBERSHIP.split(formula)[0])
    return uses[0] if len(uses) == 1 and not uses[0].subscripts else None


def _last_matrix(before: str, formulas: Sequence[str]) -> Use | None:
    for mark in reversed(MARK.findall(before)):
        formula = formulas[int(mark)]
        use = _owner(formula)
        if use is not None and (r"\times" in formula or _letter(use).isupper()):
            return use
    return None


def _letter(use: Use) -> str:
    return use.name.rsplit("{", 1)[-1].rstrip("}")[:1]


def _part(member: Use, owner: Use, row: bool) -> Fact:
    name, whole, letter = member.name + member.label, owner.name + owner.label, member.subscripts[0]
    places = rf"{letter}\cdot" if row else rf"\cdot {letter}"
    return Fact(name, (letter,), rule=f"{name}_{{{letter}}} = {whole}_{{{places}}}")


BRACKETED = re.compile(
    r"^(?:\\(?:left|big|Big|bigl|Bigl)\s*)?(?:[(\[]|\\begin\{[bp]?matrix\})(?P<inner>.*?)(?:\\(?:right|big|Big|bigr|Bigr)\s*)?"
    r"(?:[)\]]|\\end\{[bp]?matrix\})\s*(?P<turned>(?:\^\s*(?:\{\s*(?:T|\\top|\\intercal|\\mathsf\s*\{?T\}?)\s*\}|T|\\top|\\intercal)|')?)$",
    re.DOTALL,
)
CUTS = re.compile(r"\\\\(?:\[[^\]]*\])?|\\mid(?![a-zA-Z])|\\,|[,;&|]")
DOTS = re.compile(r"\\(?:[lcv]|d)?dots[cb]?|\.\.\.")


def stacked(sides: Sequence[str], facts: Mapping[str, Fact]) -> list[Fact] | None:
    r"""What an equation says that only names the parts of an array; None where it is any other.

    >>> stacked(["x", r"(x_1,\dots,x_n)^\top"], {})
    [Fact(name='x', letters=(), shape=('n',), value=None, assume=(), kind='', like='', rule='', whole=False, alone=False)]
    >>> [fact.rule for fact in stacked(["X", r"[x_1,\dots,x_n]^\top"], {}) + stacked(["A", "(a_{ij})"], {})]
    ['x_{*} = X_{*\\cdot}', 'a_{ij} = A_{ij}']
    """
    if len(sides) == 2 and (made := operator(*sides)) is not None:
        return [made]
    match = BRACKETED.match(sides[1].strip()) if len(sides) == 2 and len(sides[1]) < LONGEST else None
    whole = _name(sides[0])
    if match is None or whole is None or whole.subscripts or whole.called:
        return None
    parts = [part.strip() for part in CUTS.split(match["inner"]) if part.strip()]
    uses = [_name(part) for part in parts if not DOTS.fullmatch(part)]
    known = [use for use in uses if use is not None and use.subscripts]
    if not known or len(known) < len(uses) or len({use.name + use.label for use in known}) > 1:
        return None
    name, own = known[0].name + known[0].label, whole.name + whole.label
    if len(parts) == 1:  # A = (a_{ij})
        letters = "".join(known[0].subscripts)
        if any(letter.isdigit() for letter in known[0].subscripts) or match["turned"]:
            return None
        return [] if name == own else [Fact(name, known[0].subscripts, rule=f"{name}_{{{letters}}} = {own}_{{{letters}}}")]
    if any(len(use.subscripts) != 1 for use in known) or known[0].subscripts != ("1",) or len(known) < 2:
        return None
    fact = facts.get(own)
    if name != own and (_letter(whole).isupper() if fact is None or fact.shape is None else len(fact.shape) == 2):
        upright = r"\\" in match["inner"]
        row = upright if known[0].transposed or upright else bool(match["turned"])
        if fact is not None and fact.shape is not None and fact.shape[0] != fact.shape[1] == known[-1].subscripts[0]:
            row = False
        return [_part(Use(known[0].name, (ANY,), label=known[0].label), whole, row)]
    size = extents_of(known[-1].subscripts[0])
    if size is None or (len(uses) == len(parts) and size != (len(parts),)):
        return None
    shaped = Fact(own, (), size)
    return [shaped] if name == own else [shaped, Fact(name, (ANY,), rule=f"{name}_{{{ANY}}} = {own}_{{{ANY}}}")]


PARTIAL = re.compile(r"^\s*\\partial\s*_\s*(?:\{[^{}]*\}|\w|\\[a-z]+)\s*$")
QUOTIENT = re.compile(
    r"^\s*(?:\\[dt]?frac\s*\{\s*\\partial\s*\}\s*\{\s*\\partial(?![a-zA-Z])\s*(?P<above>.+?)\}|\\partial\s*/\s*\\partial(?![a-zA-Z])\s*(?P<plain>.+?))\s*$"
)


def operator(left: str, right: str) -> Fact | None:
    r"""What \partial_{kl} := \frac{\partial}{\partial X_{kl}} says of \partial; None where it is no such thing.

    >>> operator(r"\partial_{kl}", r"\frac{\partial}{\partial X_{kl}}").rule
    'X'
    """
    match = QUOTIENT.match(right) if PARTIAL.match(left) and len(right) < LONGEST else None
    use = _name(match["above"] or match["plain"]) if match is not None else None
    return Fact(OPERATOR, rule=use.name + use.label) if use is not None and use.subscripts else None


def _name(text: str) -> Use | None:
    try:
        return whole_name(text)
    except Unreadable:
        return None
