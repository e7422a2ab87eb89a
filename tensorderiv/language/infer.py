"""How many indices the bare names of matrix algebra have: the cheapest reading of the whole text under which every product fits.

Names cost little where they are read as they look (A a matrix, x a vector or a number, lambda a number), and more otherwise.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tensorderiv.errors import IndexProblem, Place
from tensorderiv.language import signs, slips
from tensorderiv.language import surface as s
from tensorderiv.language.guess import Survey
from tensorderiv.language.orders import ODDER, Clash, Kinds
from tensorderiv.language.reductions import CONVENTIONAL
from tensorderiv.language.statements import Definition

Reading: TypeAlias = int | str
"""A number of indices, or the constant that a name is: ones, identity, entry, basis."""

CONSTANTS = {"J": "ones", "I": "identity"}
SINGLES = {"E": ("entry", 2), "e": ("basis", 1)}
VECTOR, GREEK, NUMBER, UNUSUAL = 1, 7, 12, 30
"""What it costs to read a small letter as a vector, a Greek one as a vector, a capital as a number, or a name as what it does not look like
at all: that is never taken without a declaration."""
MOST_READINGS = 3000


@dataclass(frozen=True)
class Text:
    """What infer needs to know of a text."""

    definitions: Sequence[Definition]
    found: Survey
    fixed: dict[str, int]  # declared names and their numbers of indices
    sizes: frozenset[str]
    closed: bool = True
    bound: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One reading: what it costs by names and altogether, and the clash that refuses it."""

    readings: tuple[Reading, ...]
    names: int
    cost: int
    unusual: bool
    clash: Clash | None = None

    @property
    def taken(self) -> bool:
        """Whether it may be taken without asking."""
        return self.clash is None and not self.unusual and self.cost - self.names < ODDER


def open_names(text: Text) -> frozenset[str]:
    """Names that stand bare wherever they stand, and that nobody declares, defines or binds."""
    defined = {item.name for item in text.definitions}
    parameters = {name for item in text.definitions for name, _ in item.parameters or ()}
    closed = set(text.fixed) | defined | parameters | text.found.subscript_names | text.sizes | set(text.bound)
    closed |= {"pi", "infty", "inf"}
    if not any(node.name == "T" for item in text.definitions for node in references(item)):
        closed.add("T")
    return frozenset(
        name
        for name, uses in text.found.uses.items()
        if uses.total
        and uses.decided is None
        and name not in closed
        and not uses.gathers
        and not (uses.plain | uses.vector | uses.bars) - {0}
    )


def options(name: str, text: Text) -> list[tuple[int, Reading]]:
    """The readings of a name, each with its cost."""
    uses = text.found.of(name)
    if name in CONSTANTS:
        return [(0, CONSTANTS[name]), (NUMBER, 0)]
    if name in SINGLES:
        counts = uses.plain | uses.vector | uses.bars
        if counts != {0}:
            return [(0, SINGLES[name][0]), (1, uses.order(name))]
    if signs.is_capital(name):
        return [(0, 2), (NUMBER, 0), (UNUSUAL, 1)]
    if uses.bold:
        return [(0, 1), (NUMBER, 0), (UNUSUAL, 2)]
    return [(0, 0), (GREEK if signs.is_greek(name) else VECTOR, 1), (UNUSUAL, 2)]


def singles(text: Text) -> frozenset[str]:
    """E and e when every use has the subscripts of E_kl and e_k, and nobody declares or defines them."""
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names | set(text.bound)
    return frozenset(
        name
        for name, (_, count) in SINGLES.items()
        if name in text.found.uses
        and name not in taken
        and text.found.uses[name].total
        and text.found.uses[name].plain | text.found.uses[name].vector | text.found.uses[name].bars == {count}
    )


def sized(text: Text) -> dict[str, str]:
    """I_n, J_n, J_nd: constants whose subscripts are all sizes, wherever they stand."""
    sizes: dict[str, bool] = {}
    for item in text.definitions:
        bound = {*text.bound, *(sub.name for sub in item.subscripts if isinstance(sub, s.Ref))}
        for side in item.sides:
            for node in signs.nodes(side):
                if isinstance(node, s.Reduce):
                    bound |= {part.name for part in signs.nodes(node.bounds) if isinstance(part, s.Ref)}
        known = text.sizes | (frozenset(CONVENTIONAL) if text.closed else frozenset())
        for node in references(item):
            if node.name in CONSTANTS:
                subscripts = node.subscripts or ()
                fits = 0 < len(subscripts) <= (1 if CONSTANTS[node.name] == "identity" else 2)
                fits = fits and all(isinstance(sub, s.Ref) and sub.name in known - bound for sub in subscripts)
                sizes[node.name] = sizes.get(node.name, True) and fits
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names
    return {name: CONSTANTS[name] for name, fits in sizes.items() if fits and name not in taken}


def constants(text: Text) -> dict[str, str]:
    """J and I where they stand bare, E and e where they have their subscripts, unless the text or the program knows them."""
    taken = set(text.fixed) | {item.name for item in text.definitions} | text.found.subscript_names | set(text.bound)
    uses = {name: found for name, found in text.found.uses.items() if found.total and name not in taken}
    bare = {name: CONSTANTS[name] for name in CONSTANTS if name in uses and not (uses[name].plain | uses[name].vector) - {0}}
    return bare | {name: SINGLES[name][0] for name in sorted(singles(text))}


def references(item: Definition) -> Iterator[s.Ref]:
    """All names in a statement, but for the T of A^-T."""
    for side in item.sides:
        skipped: set[int] = set()
        for node in signs.nodes(side):
            match node:
                case s.Power(_, _, s.Sum(_, ((-1, s.Ref(_, "T", None) as sign),))):
                    skipped.add(id(sign))
                case s.Ref() if id(node) not in skipped:
                    yield node


def names_of(item: Definition) -> dict[str, None]:
    return dict.fromkeys(node.name for node in references(item))


def infer(text: Text) -> None:
    """Decide the numbers of indices of the open names of matrix algebra, in the survey of the text.

    Raises: IndexProblem where no reading fits, or where more than one does.
    """
    text.found.special.update(sized(text))
    if not text.closed:  # among the names of a program an unknown J, I, E_kl or e_k can be nothing else
        text.found.special.update(constants(text))
    else:
        slips.refuse(text.definitions, text.found, frozenset(text.fixed) | text.sizes)
    computed = frozenset[str]()
    while decide(text, computed):
        more = computed_arrays(text)
        if more <= computed:
            return
        computed |= more


def computed_arrays(text: Text) -> frozenset[str]:
    """Defined names that are vectors or matrices as the text is read so far: H = relu(X W)."""
    kinds = Kinds(text.found, dict(text.fixed), {}, frozenset(), text.sizes, functions_of(text), text.closed, list(text.bound))
    with contextlib.suppress(Clash):  # what comes before the clash is known, and the clash is told when it is elaborated
        kinds.definitions(text.definitions)
    return frozenset(item.name for item in text.definitions if not item.subscripts and (kinds.orders.get(item.name) or 0) > 0)


def decide(text: Text, computed: frozenset[str]) -> bool:
    """Decide what can be decided knowing these defined arrays; whether anything was."""
    unknown, alone = open_names(text), singles(text)
    arrays = computed | frozenset(
        name for name in text.found.uses if name not in unknown and text.fixed.get(name, text.found.uses[name].order(name))
    )
    signed = [
        (item, max((signs.sign(side, unknown, arrays - alone) for side in item.sides), key=("none", "weak", "strong").index))
        for item in text.definitions
    ]
    strong = dict.fromkeys(
        name for item, sign in signed if sign == "strong" for name in dict.fromkeys(node.name for node in references(item))
    )
    every = dict.fromkeys(
        name for item, sign in signed if sign != "none" for name in dict.fromkeys(node.name for node in references(item))
    )
    wide = [name for name in every if name in unknown | (alone & set(strong))]
    narrow = [name for name in strong if name in unknown | alone]
    if not wide:
        return False
    if not narrow:
        refuse_inverse(text, wide, signed)
    outcome = settle(text, wide)
    if outcome is not None and outcome.taken and (narrow or outcome.cost == outcome.names):
        record(text, wide, outcome)
        return True
    if not narrow:
        return False  # A x may well be a product of numbers: read as ever
    if narrow != wide:
        outcome = settle(text, narrow)
    if outcome is None or not outcome.taken:
        raise refused(text, narrow)
    record(text, narrow, outcome)
    return True


def record(text: Text, names: Sequence[str], outcome: Outcome) -> None:
    for name, reading in zip(names, outcome.readings, strict=True):
        if isinstance(reading, int):
            text.found.of(name).decided = reading
        else:
            text.found.special[name] = reading


def assumptions(names: Sequence[str], text: Text) -> Iterator[tuple[int, tuple[tuple[int, Reading], ...]]]:
    """All readings of the names, the cheapest first, the first names varying last."""
    choices = [options(name, text) for name in names]
    heap = [(sum(row[0][0] for row in choices), (0,) * len(names))]
    seen = {heap[0][1]}
    while heap:
        cost, places = heapq.heappop(heap)
        yield cost, tuple(row[place] for row, place in zip(choices, places, strict=True))
        for number, place in enumerate(places):
            if place + 1 < len(choices[number]):
                after = (*places[:number], place + 1, *places[number + 1 :])
                if after not in seen:
                    seen.add(after)
                    more = choices[number][place + 1][0] - choices[number][place][0]
                    heapq.heappush(heap, (cost + more, after))


def functions_of(text: Text) -> frozenset[str]:
    return frozenset(item.name for item in text.definitions if item.parameters is not None)


def examine(text: Text, names: Sequence[str], chosen: Sequence[tuple[int, Reading]], cost: int) -> Outcome:
    """What one reading of the names comes to."""
    readings = tuple(reading for _, reading in chosen)
    orders: dict[str, int | None] = dict(text.fixed)
    special: dict[str, str] = {}
    for name, reading in zip(names, readings, strict=True):
        if isinstance(reading, int):
            orders[name] = reading
        else:
            special[name] = reading
    kinds = Kinds(text.found, orders, special, frozenset(names), text.sizes, functions_of(text), text.closed, list(text.bound))
    unusual = any(price >= UNUSUAL for price, _ in chosen)
    try:
        kinds.definitions(text.definitions)
    except Clash as clash:
        return Outcome(readings, cost, cost, unusual, clash)
    return Outcome(readings, cost, cost + kinds.cost, unusual)


def settle(text: Text, names: Sequence[str]) -> Outcome | None:
    """The cheapest reading without a clash; None where there is none, or where two are equally cheap."""
    best: list[Outcome] = []
    for number, (cost, chosen) in enumerate(assumptions(names, text)):
        if number >= MOST_READINGS or (best and cost > best[0].cost):
            break
        outcome = examine(text, names, chosen, cost)
        if outcome.clash is None and (not best or outcome.cost <= best[0].cost):
            best = [outcome] if not best or outcome.cost < best[0].cost else [*best, outcome]
    if len(best) > 1 and not best[0].unusual:
        raise two_readings(names, best[0], best[1], place_of(text, names))
    return best[0] if best else None


def place_of(text: Text, names: Sequence[str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for item in text.definitions:
        for side in item.sides:
            for node in signs.nodes(side):
                if isinstance(node, s.Ref) and node.name in names:
                    found.setdefault(node.name, node.place)
    return found


WORDS = {0: "a number", 1: "a vector", 2: "a matrix", "ones": "the all-ones matrix", "identity": "the identity matrix"}
DECLARED = {0: "scalar {}", 1: "tensor {}[n]", 2: "tensor {}[n,d]"}


def two_readings(names: Sequence[str], one: Outcome, two: Outcome, places: dict[str, Place]) -> IndexProblem:
    """The error for a name that two readings see differently."""
    name, first, second = next((n, a, b) for n, a, b in zip(names, one.readings, two.readings, strict=True) if a != b)
    ways = [DECLARED[item].format(name) for item in (first, second) if isinstance(item, int)]
    return IndexProblem(
        f"{name} can be {WORDS.get(first, 'a constant')} or {WORDS.get(second, 'a tensor')} here",
        place=places.get(name),
        hint=f"declare it: {' or '.join(ways)}",
    )


def refused(text: Text, names: Sequence[str]) -> IndexProblem:
    """The error where no reading may be taken: what is wrong with the names as they look."""
    tried = [examine(text, names, chosen, cost) for (cost, chosen), _ in zip(assumptions(names, text), range(200), strict=False)]
    whole = [outcome for outcome in tried if outcome.clash is None]
    places = place_of(text, names)
    usual = tried[0]
    if usual.clash is None:  # legal, and odd: a number added to a vector
        other = next((outcome for outcome in whole if outcome.readings != usual.readings), None)
        if other is not None:
            return two_readings(names, usual, other, places)
    usable = [outcome for outcome in whole if not outcome.unusual and all(isinstance(item, int) for item in outcome.readings)]
    told = ("stands where a number", "can be the matrix product")
    if usable and not (usual.clash and any(words in usual.clash.clash.message for words in told)):
        best = min(usable, key=lambda outcome: outcome.cost)
        if best.readings != usual.readings:
            return two_readings(names, usual, best, places)
    clashes = [outcome.clash for outcome in tried if outcome.clash is not None and not outcome.unusual]
    if not clashes:
        return IndexProblem("this matrix expression can be read in more than one way", place=places.get(names[0]), hint="declare")
    clash = max(clashes, key=lambda item: (item.place.line, item.place.column))  # the reading that got furthest
    declare = ", ".join(sorted(name for name in names if name in places)[:3])
    return IndexProblem(clash.clash.message, place=clash.place, hint=f"{clash.clash.hint}; or declare {declare}")


def refuse_inverse(text: Text, names: Sequence[str], signed: Sequence[tuple[Definition, str]]) -> None:
    """A^-1 alone says nothing.

    Raises: IndexProblem for a bare capital to the power -1 that nothing else explains.
    """
    unknown = frozenset(names)
    for item, sign in signed:
        for side in item.sides if sign == "weak" else ():
            for node in signs.nodes(side):
                if signs.inverse(node, unknown):
                    name = node.base.name  # type: ignore[attr-defined]
                    raise IndexProblem(
                        f"{name}^-1 can be the inverse of a matrix or 1/{name}",
                        place=node.place,
                        hint=f"declare it: tensor {name}[n,n] or scalar {name}",
                    )


__all__ = ["Text", "infer"]
