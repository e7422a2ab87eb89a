r"""Which statements define, which are derivations, which state a property: the document's chains in their roles.

A definition has a name on its left that was not defined before. A derivation begins with a derivative, a differential, or an
expression; where nothing is differentiated it is the last chain of at least two steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.checker.document.facts import Fact, members, name_of
from tensorderiv.checker.document.names import functions_of
from tensorderiv.checker.document.properties import stated
from tensorderiv.checker.document.split import Side, Statement
from tensorderiv.checker.document.uses import Use, names_in, whole_name
from tensorderiv.checker.reading.spelling import spelled
from tensorderiv.checker.reading.unreadable import Unreadable

_D = r"(?:d|\\mathrm\s*\{d\}|\\mathrm\s+d(?![a-zA-Z])|\{\s*\\rm\s*d\s*\}|\\operatorname\{d\})"
_ABOVE = rf"(?:\{{\s*{_D}(?:[^{{}}]|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})*\}}|{_D})"
DERIVATIVE = re.compile(
    rf"\\partial(?![a-zA-Z])|\\nabla(?![a-zA-Z])|\\[dtc]?frac\s*{_ABOVE}\s*\{{\s*{_D}\s*[A-Za-z\\]|\{{\s*d[^{{}}]*\\over\s*d\s*[A-Za-z\\]"
)
DIFFERENTIAL = re.compile(rf"^\s*(?:{_D}|\\delta(?!\s*[_^]))\s*(?P<what>.+)$", re.DOTALL)
HYPOTHETICAL = re.compile(
    r"\b(?:if|when|whenever|unless|suppose that|assume that|in case|case|iff|setting|set|since|at|where only)\s*$", re.IGNORECASE
)
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
    """A chain to be judged, or (`chain` False) equations that stand on their own."""

    sides: tuple[tuple[Side, ...], ...]
    order: int
    chain: bool = True
    aside: bool = False
    name: str = ""
    condition: str = ""
    notes: tuple[str, ...] = ()


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
        self.differentiates = any(_derives(statement.sides[0].text) for statement in statements if len(statement.sides) > 1)

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
        if len(sides) < 2:
            self.roles.facts += members(sides[0]) if statement.unjudged else []
            self._told(statement)
            return
        if "," in sides[0] and r"\in" in sides[0]:
            return
        states = stated(sides)
        if states and not any(fact.name in {one.key for one in self.roles.definitions} for fact in states):
            self.roles.facts += states
            return
        if _derives(sides[0]) or self._is_differential(sides[0]):
            self._derivation(order, statement)
            return
        head = _head(sides[0])
        if head is not None:
            self._definition(order, statement, head)
            return
        if statement.inline:
            return
        self._claim(order, statement)

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

    def _derivation(self, order: int, statement: Statement) -> None:
        sides = list(statement.sides)
        notes: list[str] = []
        if sides[-1].text.strip() in ("0", r"\mathbf{0}", r"\mathbf 0", r"{\bf 0}") and (
            len(sides) > 2 or self._required(sides[0].text)
        ):
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
            Derivation(tuple((side,) for side in sides), order, condition=statement.condition, notes=tuple(notes))
        )

    def _required(self, left: str) -> bool:
        """Whether a derivative = 0 is a condition on the minimum: it is the derivative of something that was defined."""
        return bool(keys_in(left) & {one.key for one in self.roles.definitions})

    def _definition(self, order: int, statement: Statement, head: Use) -> None:
        if statement.inline and (HYPOTHETICAL.search(statement.before) or self._is_index_equation(statement, head)):
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
                Derivation(sides, order, aside=True, name=statement.sides[0].text, condition=statement.condition)
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
                Derivation(tuple((side,) for side in statement.sides), place, condition=statement.condition, notes=notes)
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


def _derives(text: str) -> bool:
    r"""Whether a side begins with a derivative: \partial, \nabla, d/dx, f'(x)."""
    return DERIVATIVE.search(text) is not None


def _head(text: str) -> Use | None:
    """The name that a left side is, with distinct index letters below it or plain names as its arguments."""
    product = re.fullmatch(r"\(\s*[A-Z]\s*[A-Z]\s*\)\s*_\s*\{?(?P<letters>[a-z]{2})\}?", text.strip())
    if product is not None:  # (AB)_{ij}: a product that is defined
        return Use(text.strip()[: text.strip().index(")") + 1].replace(" ", ""), tuple(product["letters"]))
    try:
        words = frozenset({text.strip()}) if re.fullmatch(r"\s*d[A-Za-z]\s*", text) else functions_of([text])
        use = whole_name(text, words)
    except Unreadable:
        return None
    if use is None or use.transposed or use.inverse:
        return None
    if use.name in (r"\mathbf{1}", r"\mathtt{1}", r"\mathbb{1}"):
        return None
    letters = [letter for letter in use.subscripts if not letter.isdigit()]
    if len(set(letters)) < len(letters):
        return None
    for argument in use.arguments:
        names = [piece for piece in argument if piece.kind in ("symbol", "number", "fraction", "fence", "command")]
        if len(names) != 1 or names[0].kind != "symbol":
            return None
    return use
