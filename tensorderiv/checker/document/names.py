r"""The names of a derivation, as it uses them: which are indices, which are defined; how many subscripts each carries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.checker.case import Value
from tensorderiv.checker.document.entries import arrays_with_entries, counting, turned_by_primes, with_places
from tensorderiv.checker.document.facts import INDEX, Fact, name_of
from tensorderiv.checker.document.labels import relabelled, sized
from tensorderiv.checker.document.primes import Functions, functions_among, is_plain_call
from tensorderiv.checker.document.scripts import WHOLE
from tensorderiv.checker.document.uses import Use, Uses, uses_of, whole_name
from tensorderiv.checker.reading.spelling import spelled

SUPERSCRIPTS = frozenset("ijklmabpqrsuv")
CONSTANTS = frozenset({r"\pi", "e", r"\mathrm{e}"})
IDENTITIES = frozenset({"I", r"\mathbf{I}", r"\mathbb{I}", r"\mathrm{I}", r"\mathrm{Id}"})
ONES = frozenset({r"\mathtt{1}", r"\mathbf{1}", r"\mathbb{1}", r"\mathrm{1}", r"\vec{1}", r"\mathcal{1}"})
USUAL: dict[str, Value] = {**dict.fromkeys(sorted(IDENTITIES), "identity"), **dict.fromkeys(sorted(ONES), "ones")}
"""What names are where nothing else is said of them."""
WORDY = re.compile(r"^\s*([A-Za-z]{2,})(?:_(?:\{[^{}]*\}|\w))?\s*(?:\\left\s*)?\(")


@dataclass(frozen=True)
class Used:
    """One name: `counts`: the numbers of subscripts it carries; `lettered`: the subscripts of each use; `calls`: the arguments
    that it is called with; `derived`: it is a function, since its derivative is written.
    """

    name: str
    counts: frozenset[int]
    lettered: tuple[tuple[str, ...], ...] = ()
    transposed: bool = False
    inverse: bool = False
    called: bool = False
    arity: int = 0
    logarithm: bool = False
    differential: bool = False
    denominator: bool = False
    calls: tuple[tuple[str, ...], ...] = ()
    derived: bool = False

    @property
    def letters(self) -> tuple[str, ...]:
        """Those of the first use with the most subscripts."""
        return next((group for group in self.lettered if len(group) == self.most), ())

    def is_family(self, order: int) -> bool:
        """Do its subscripts name members of `order` axes in all, and is it never written otherwise?"""
        return bool(self.most) and self.most < order and min(self.counts) == self.most

    def members(self, order: int) -> int:
        """How many of so many axes name the member of a family."""
        return self.most if self.is_family(order) else 0

    @property
    def most(self) -> int:
        return max(self.counts)


@dataclass
class Names:
    """All names of a derivation in the order of their first use. `new`: y' -> y, where nothing says what y' is."""

    used: dict[str, Used] = field(default_factory=dict)
    indices: list[str] = field(default_factory=list)
    limits: dict[str, list[str]] = field(default_factory=dict)
    sums: int = 0
    moving: bool = False
    matrix_signs: int = 0
    defined: dict[str, Use] = field(default_factory=dict)
    parameters: list[str] = field(default_factory=list)
    sized: dict[str, Fact] = field(default_factory=dict)
    new: Mapping[str, str] = field(default_factory=dict)
    turned: set[str] = field(default_factory=set)
    covered: dict[str, set[int]] = field(default_factory=dict)


def names_of_case(lines: Sequence[str], definitions: Sequence[tuple[str, str]], facts: Mapping[str, Fact]) -> Names:
    """The names of lines and definitions (left side and body). Raises: Unreadable."""
    found = Names()
    texts = [*(text for pair in definitions for text in pair), *lines]
    words = two_letter_names(texts, facts) | functions_of([left for left, _ in definitions])
    gathered: list[Uses] = []
    wholes = {name for name, fact in facts.items() if fact.whole}
    for left, body in definitions:
        head = whole_name(left, words)
        if head is not None:
            head = relabelled(Uses([head]), wholes).uses[0]
            found.defined[name_of(head)] = head
            found.covered.setdefault(name_of(head), set()).add(len(head.subscripts))
            found.parameters += [spelled(argument) for argument in head.arguments if argument]
            digits = [letter for letter in head.subscripts if not letter.isdigit()]
            found.indices += [letter for letter in digits if letter not in found.indices]
        gathered += [uses_of(left, words), uses_of(body, words)]
    gathered += [uses_of(line, words) for line in lines]
    gathered = [relabelled(uses, wholes) for uses in gathered]
    usual = {name: value for name, value in USUAL.items() if name not in found.defined}
    found.sized = sized(gathered, usual, facts)
    gathered = [relabelled(uses, found.sized.keys()) for uses in gathered]
    gathered = with_places(gathered, facts)
    counted = counting(texts, gathered, facts)
    found.sized |= counted
    found.turned = turned_by_primes(gathered, facts, found.defined)
    _without_exponents(found, gathered, facts)
    _indices(found, gathered, facts)
    found.indices += [name.removeprefix(INDEX) for name in counted]
    table = _table(found, gathered, facts)
    given = _table(found, gathered[: 2 * len(definitions) + 1], facts)
    functions = functions_among(table, given, found.defined, facts.keys() | set(found.parameters), facts)
    _used(found, table, functions)
    found.new = functions.new
    for name in CONSTANTS & found.used.keys():  # e^{x}, \pi: numbers that nothing is said of
        if not found.used[name].most and name not in facts and name not in found.defined and name not in found.parameters:
            del found.used[name]
    return found


def _without_exponents(found: Names, gathered: Sequence[Uses], facts: Mapping[str, Fact]) -> None:
    """What stands above e is an exponent and no index, where e is the constant."""
    other = {use.name for uses in gathered for use in uses.uses if use.subscripts} | facts.keys() | found.defined.keys()
    for uses in gathered:
        uses.uses = [replace(use, above=()) if use.name in CONSTANTS - other else use for use in uses.uses]


def two_letter_names(texts: Sequence[str], facts: Mapping[str, Fact] = {}) -> frozenset[str]:
    r"""dL, dl: names, where there is no L that it could be the differential of.

    >>> sorted(two_letter_names([r"\\sin(dL/2)^2", "dX + X"]))
    ['dL']
    """
    moving: dict[str, None] = {}
    standing = set(facts)
    for text in texts:
        for use in uses_of(text).uses:
            if use.differential and not use.denominator and len(use.name) == 1:
                moving[use.name] = None
            elif not all(letter.isdigit() for letter in use.subscripts) or not use.subscripts:
                standing.add(use.name)
    return frozenset(f"d{name}" for name in moving if name not in standing)


def functions_of(lefts: Sequence[str]) -> frozenset[str]:
    r"""Names of several letters that definitions give with arguments: KL(p, q) = ..., DF_R(H) = ...

    >>> functions_of([r"KL(p \| q)", "XY", r"f(x)"])
    frozenset({'KL'})
    """
    return frozenset(match[1] for left in lefts if (match := WORDY.match(left)) is not None)


def _indices(found: Names, gathered: Sequence[Uses], facts: Mapping[str, Fact]) -> None:
    """Letters below names, bound by sums, in deltas; above names where they can be nothing else."""
    bare = {use.name for uses in gathered for use in uses.uses if not use.subscripts and not use.exponent}

    def add(letter: str) -> None:
        if not letter.isdigit() and letter != WHOLE and letter not in found.indices:
            found.indices.append(letter)

    for uses in gathered:
        for letter, limits in uses.bound.items():
            add(letter)
            found.limits.setdefault(letter, []).extend(limit for limit in limits if limit)
        for group in [*(use.subscripts for use in uses.uses), *uses.deltas, *uses.components]:
            for letter in group:
                add(letter)
        found.sums += uses.sums
        found.moving = found.moving or bool(uses.differentials)
        found.matrix_signs += uses.matrix_signs
        for letter in uses.lone:  # \partial_i, and not \partial_x
            if letter not in bare:
                add(letter)
    for uses in gathered:
        for use in uses.uses:
            for letter in use.above:
                certain = letter in found.indices or letter in SUPERSCRIPTS
                if certain and letter not in bare - set(found.indices) and letter not in facts:
                    add(letter)


def _table(found: Names, gathered: Sequence[Uses], facts: Mapping[str, Fact]) -> dict[str, list[Use]]:
    """The uses of each name."""
    lettered = {
        use.name + use.label for uses in gathered for use in uses.uses if any(not part.isdigit() for part in use.subscripts)
    } | arrays_with_entries(gathered, facts, found.defined)
    table: dict[str, list[Use]] = {}
    for uses in gathered:
        for use in uses.uses:
            plain = use.name + use.label
            primed = "'" * use.primes if not _is_transposed(use, found, facts) else ""
            digits = bool(use.subscripts) and all(part.isdigit() for part in use.subscripts)
            if digits and plain not in lettered:
                name = f"{plain}_{{{''.join(use.subscripts)}}}{primed}"
                table.setdefault(name, []).append(replace(use, subscripts=()))
                continue
            if use.name in found.indices and not use.subscripts and not use.label:
                continue
            if use.name == "d" and use.called and "d" not in found.defined:
                continue
            above = tuple(letter for letter in use.above if letter in found.indices)
            table.setdefault(plain + primed, []).append(replace(use, subscripts=use.subscripts + above))
    return table


def _used(found: Names, table: Mapping[str, list[Use]], functions: Functions) -> None:
    """The uses of each name in one; those of f' are uses of f where f' is its derivative."""
    merged: dict[str, list[Use]] = {}
    for name, uses in table.items():
        merged.setdefault(functions.primed.get(name, name), []).extend(uses)
    for name, uses in merged.items():
        derived = name in functions.names
        called = [use for use in uses if use.called]
        found.used[name] = Used(
            name,
            frozenset(len(use.subscripts) for use in uses),
            tuple(dict.fromkeys(use.subscripts for use in uses)),
            any(use.transposed for use in uses),
            any(use.inverse for use in uses),
            derived or len(called) == len(uses),
            max(len(use.arguments) for use in uses),
            any(use.logarithm for use in uses),
            any(use.differential for use in uses),
            any(use.denominator for use in uses),
            tuple(dict.fromkeys(tuple(spelled(argument) for argument in use.arguments) for use in called)),
            derived,
        )


def _is_transposed(use: Use, found: Names, facts: Mapping[str, Fact]) -> bool:
    """Whether the prime of a name is a transpose: an upper-case name without subscripts that is not called as F(x) is."""
    if use.called and is_plain_call(use) and use.name not in facts and use.name not in found.defined:
        return False
    if use.primes and use.name + use.label in found.turned:
        return True
    plain = use.name.rsplit("{", 1)[-1].rstrip("}")
    return bool(use.primes) and not use.subscripts and plain[:1].isupper()
