r"""Which statements define, which are derivations, which state a property: the document's chains in their roles.

A definition has a name on its left that was not defined before. A derivation begins with a derivative, a differential, or an
expression; where nothing is differentiated it is the last chain of at least two steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.checker.document.facts import Fact, members, name_of
from tensorderiv.checker.document.heads import DIFFERENTIAL, ZEROS, defined_functions, defines_d, derives, head_of
from tensorderiv.checker.document.names import CONSTANTS
from tensorderiv.checker.document.properties import stated
from tensorderiv.checker.document.split import Side, Statement
from tensorderiv.checker.document.stacked import stacked
from tensorderiv.checker.document.uses import Use, names_in, whole_name
from tensorderiv.checker.reading.spelling import spelled

HYPOTHETICAL = re.compile(
    r"\b(?:if|when|whenever|unless|suppose that|assume that|in case|case|iff|setting|since|at|where only)\s*$", re.IGNORECASE
)
SET = re.compile(r"\bset\s*$", re.IGNORECASE)
WE_SET = re.compile(
    r"\b(?:if|when|whenever|once|unless|may|can|could|must|should|after|by|to|is|are)\s+(?:we |one |you )?set\s*$", re.IGNORECASE
)
LABELLED = re.compile(r"\\(?:text\w*|mbox|hbox)\s*\{[^{}]*\}")
ANEW = re.compile(r"\b(?:let|define|defined|consider|suppose|set|redefine|introduce|another|instead)\b", re.IGNORECASE)
FOLLOWS = re.compile(r"\b(?:where|with|here|let|define|denot\w*|write|set|and|is)\b[^.]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Defined:
    """A definition: its left side, its body (the last side of its chain), and its place in the document."""

    use: Use
    statement: Statement
    order: int
    late: bool = False

    @property
    def key(self) -> str:
        return name_of(self.use)

    @property
    def form(self) -> tuple[str, int, tuple[str, ...]]:
        """The name, how many indices it carries, and its arguments."""
        letters = [letter for letter in self.use.subscripts if not letter.isdigit()]
        return self.key, len(letters), tuple(spelled(argument) for argument in self.use.arguments)

    @property
    def body(self) -> Side:
        return self.statement.sides[-1]


@dataclass(frozen=True)
class Derivation:
    """A chain to be judged, or (`chain` False) equations that stand on their own.

    The statements before number `until` stand before its last line; `unclear` says why it cannot be judged.
    """

    sides: tuple[tuple[Side, ...], ...]
    order: int
    chain: bool = True
    aside: bool = False
    name: str = ""
    condition: str = ""
    notes: tuple[str, ...] = ()
    until: int = 0
    unclear: str = ""


@dataclass
class Roles:
    """The chains of a document in their roles."""

    definitions: list[Defined] = field(default_factory=list)
    derivations: list[Derivation] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def keys_in(text: str) -> set[str]:
    """All spellings under which a definition of what the text uses may stand."""
    found = {match.replace(" ", "") for match in re.findall(r"\(\s*[A-Z]\s*[A-Z]\s*\)(?=\s*_)", text)}
    words = frozenset(re.findall(r"(?<![A-Za-z\\])([A-Za-z]{2,})(?=(?:_(?:\{[^{}]*\}|\w))?\s*(?:\\left\s*)?\()", text))
    found |= {name_of(use) for use in names_in(text, words)} if words else set()
    for use in names_in(text):
        found |= {name_of(use), use.name + use.label, use.name}
        found |= {f"{use.name}{use.label}^{{{use.power}}}"} if use.power else set()
        found |= {name_of(replace(use, name=f"d{use.name}"))} if use.differential else set()
    return found


def in_roles(statements: Sequence[Statement], facts: Mapping[str, Fact]) -> Roles:
    """Every statement in its role."""
    return _Sorting(statements, facts).run()


class _Sorting:
    def __init__(self, statements: Sequence[Statement], facts: Mapping[str, Fact]) -> None:
        self.statements = statements
        self.facts = facts
        self.roles = Roles()
        self.derived: set[str] = set()
        self.required = False
        self.pending: list[tuple[int, Statement]] = []
        self.functions = defined_functions(statements) | {name for name, fact in facts.items() if "(" in fact.rule.split("=")[0]}
        self.differentiates = any(derives(statement.sides[0].text) for statement in statements if len(statement.sides) > 1)

    def run(self) -> Roles:
        for order, statement in enumerate(self.statements):
            self._place(order, statement)
        self._flush(len(self.statements))
        if all(one.aside for one in self.roles.derivations):
            self._last_chain()
        return self.roles

    def _place(self, order: int, statement: Statement) -> None:
        sides = [side.text for side in statement.sides]
        if self.pending and self.pending[-1][1].formula != statement.formula:
            self._flush(order)
        if statement.unclear:
            found = tuple((side,) for side in statement.sides)
            self.roles.derivations.append(Derivation(found, order, unclear=statement.unclear))
            return
        if len(sides) > 1 and self._is_label(order, sides[-1]):
            self.roles.notes.append(f"{sides.pop()} names what stands before it, and is not judged")
            statement = replace(statement, sides=statement.sides[:-1])
        if len(sides) < 2:
            self.roles.facts += members(sides[0]) if statement.unjudged else []
            self._told(statement)
            return
        if "," in sides[0] and r"\in" in sides[0]:
            return
        states = stated(sides, self.facts)
        if states and not any(fact.name in {one.key for one in self.roles.definitions} for fact in states):
            self.roles.facts += states
            return
        parts = stacked(sides, self.facts)
        if parts is not None:
            self.roles.facts += parts
            return
        head = head_of(sides[0], self.facts)
        if statement.reason or statement.naming:
            self._in_passing(order, statement, head)
            return
        called_d = head is not None and head.name == "d" and defines_d(head, sides)
        if derives(sides[0]) or (self._is_differential(sides[0]) and not called_d):
            self._derivation(order, statement)
            return
        if head is not None and self._is_prime(head) and not statement.defining:
            self._derivation(order, statement)
            return
        if head is not None:
            self._definition(order, statement, head)
            return
        if statement.inline:
            return
        if self._is_condition(sides):
            self.roles.notes.append(f"{sides[0]} = {sides[1]} is a condition, and is not judged")
            return
        self._claim(order, statement)

    def _is_label(self, order: int, last: str) -> bool:
        r"""= \text{RHS}: words that stand nowhere else."""
        others = (one for place, one in enumerate(self.statements) if place != order)
        return bool(LABELLED.fullmatch(last)) and not any(last in side.text for one in others for side in one.sides)

    def _in_passing(self, order: int, statement: Statement, head: Use | None) -> None:
        """A reason, or the name that a line is given: it may define a name, and is not judged."""
        if head is None or head.primes or self._is_index_equation(statement, head):
            return
        known = any(one.key == name_of(head) for one in self.roles.definitions)
        number = re.fullmatch(r"-?[\d.]+", statement.sides[-1].text)
        if statement.naming or not (known or (number and head.subscripts)):
            self._definition(order, replace(statement, sides=statement.sides[:1] + statement.sides[-1:], inline=False), head)

    def _is_condition(self, sides: Sequence[str]) -> bool:
        """Whether e^y = x only gives y: the sides have names, none in common, and none that is defined."""
        known = {one.key for one in self.roles.definitions}
        names = [{name_of(use) for use in names_in(side)} - CONSTANTS for side in sides]
        power = whole_name(sides[0]) if len(sides) == 2 else None
        return (
            power is not None
            and power.name in CONSTANTS
            and all(names)
            and not names[0] & names[1]
            and not known & set().union(*names)
        )

    def _told(self, statement: Statement) -> None:
        if statement.unjudged and not statement.inline and statement.unjudged not in (r"\in", r"\ni", r"\notin"):
            self.roles.notes.append(f"what stands with {statement.unjudged} is not judged")

    def _is_differential(self, text: str) -> bool:
        r"""dF, d|X|, d\operatorname{tr}(AXB): of something that stands elsewhere without d."""
        match = DIFFERENTIAL.match(text)
        if match is None or text.strip() == "d" or match["what"].lstrip()[:1] in ("_", "^", "(", "'", "="):
            return bool(
                match and match["what"].lstrip().startswith("(") and "d" not in {one.key for one in self.roles.definitions}
            )
        what = match["what"].strip()
        if any(one.key == f"d{what}" for one in self.roles.definitions):
            return False
        if len(what) == 1 and what.isalpha():
            return any(
                use.name == what and not use.differential and name_of(use) == what
                for statement in self.statements
                for side in statement.sides
                for use in names_in(side.text)
            )
        return text.lstrip().startswith("d\\") or text.lstrip()[0] != "d" or not what[:1].isalnum() or what[:1].isalpha()

    def _is_prime(self, head: Use) -> bool:
        """f'(x), where f is a function of x that the document defines: its derivative, and no other function."""
        return bool(head.primes) and len(head.arguments) == 1 and name_of(replace(head, primes=0)) in self.functions

    def _derivation(self, order: int, statement: Statement) -> None:
        sides = list(statement.sides)
        notes: list[str] = []
        if sides[-1].text.strip() in ZEROS and (len(sides) > 2 or self._required(sides[0].text)):
            sides.pop()
            self.required = True
            notes.append("= 0 is what is required, and is not judged")
        if statement.unjudged:
            notes.append(f"what stands behind {statement.unjudged} is not judged")
        for key in keys_in(sides[0].text):
            self.derived.add(key)
        if len(sides) < 2:
            self.roles.notes += notes
            return
        if statement.inline and HYPOTHETICAL.search(statement.before):
            return
        self.roles.derivations.append(
            Derivation(
                tuple((side,) for side in sides), order, condition=statement.condition, notes=tuple(notes), until=statement.until
            )
        )

    def _required(self, left: str) -> bool:
        """Whether a derivative = 0 is a condition on the minimum: it is the derivative of something that was defined."""
        return bool(keys_in(left) & {one.key for one in self.roles.definitions})

    def _definition(self, order: int, statement: Statement, head: Use) -> None:
        hypothetical = HYPOTHETICAL.search(statement.before) or self._is_substituted(order, statement, head)
        if statement.inline and (hypothetical or self._is_index_equation(statement, head)):
            return
        made = Defined(
            head, statement, order, bool(FOLLOWS.search(statement.before[-60:]) or statement.remark or statement.defining)
        )
        known = [one for one in self.roles.definitions if one.key == made.key]
        anew = (
            bool(ANEW.search(statement.before[-80:])) or made.statement.defining or statement.remark.startswith(("where", "with"))
        )
        same_form = any(one.form == made.form for one in known)
        if known and same_form and not anew and made.key not in self.derived:
            if not statement.inline and not self.required:
                self._claim(order, statement)
            return
        if self.required and not statement.inline and made.key in self.derived and not anew:
            return  # the solution of the equation that was required
        self.roles.definitions.append(made)
        self.derived.discard(made.key)
        if len(statement.sides) > 2:
            sides = tuple((side,) for side in statement.sides[1:])
            self.roles.derivations.append(
                Derivation(
                    sides, order, aside=True, name=statement.sides[0].text, condition=statement.condition, until=statement.until
                )
            )

    def _is_substituted(self, order: int, statement: Statement, head: Use) -> bool:
        """`Set x = 0`, `set x = y` where x stands before: no definition, but a value that is put in."""
        if SET.search(statement.before) is None:
            return False
        chains = [one for one in self.statements[:order] if len(one.sides) > 1]
        return (
            WE_SET.search(statement.before) is not None
            or re.fullmatch(r"-?[\d.]+", statement.sides[-1].text) is not None
            or any(name_of(head) in keys_in(side.text) for one in chains for side in one.sides)
        )

    def _is_index_equation(self, statement: Statement, head: Use) -> bool:
        """i = k, n = 5, or the name of a size."""
        right = statement.sides[-1].text.strip()
        sizes = {size for fact in self.facts.values() for size in fact.shape or ()}
        return (
            bool(re.fullmatch(r"[a-z]|\d+|[a-z]\s*[+-]\s*1", right) and re.fullmatch(r"[A-Za-z]", head.name))
            or head.name in sizes
        )

    def _claim(self, order: int, statement: Statement) -> None:
        if self.required and len(statement.sides) == 2:
            self.roles.notes.append("equations after = 0 are not judged")
            return
        self.pending.append((order, statement))

    def _flush(self, order: int) -> None:
        """Claims of one formula: a chain by itself, several as equations of their own."""
        waiting, self.pending = self.pending, []
        if not waiting:
            return
        if len(waiting) == 1:
            place, statement = waiting[0]
            notes = (f"what stands behind {statement.unjudged} is not judged",) if statement.unjudged else ()
            self.roles.derivations.append(
                Derivation(
                    tuple((side,) for side in statement.sides),
                    place,
                    condition=statement.condition,
                    notes=notes,
                    until=statement.until,
                )
            )
            return
        pairs = tuple(pair for _, statement in waiting for pair in zip(statement.sides, statement.sides[1:], strict=False))
        condition = next((statement.condition for _, statement in waiting if statement.condition), "")
        self.roles.derivations.append(Derivation(pairs, waiting[0][0], chain=False, condition=condition))

    def _last_chain(self) -> None:
        """Nothing is differentiated: the last definition that goes on for at least two steps is what is derived."""
        asides = [one for one in self.roles.derivations if one.aside]
        if asides:
            last = asides[-1]
            self.roles.derivations.remove(last)
            self.roles.derivations.append(replace(last, aside=False))
