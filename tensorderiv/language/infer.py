"""How many indices the bare names of matrix algebra have: the cheapest reading of the whole text under which every product fits.

Names cost little where they are read as they look (A a matrix, x a vector or a number, lambda a number), and more otherwise.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tensorderiv.errors import IndexProblem, Place
from tensorderiv.language import signs, slips
from tensorderiv.language import surface as s
from tensorderiv.language.candidates import UNUSUAL, Reading, Text, constants, open_names, options, references, singles, sized
from tensorderiv.language.orders import ODDER, Clash, Kinds
from tensorderiv.language.statements import Definition

MOST_READINGS = 3000


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


def guessed_vectors(text: Text, names: Sequence[str]) -> frozenset[str]:
    """Open names that the survey guesses to be vectors and that are not looked at: they may be matrices."""
    return frozenset(name for name in open_names(text) - set(names) if text.found.of(name).order(name) > 0)


def examine(
    text: Text, names: Sequence[str], chosen: Sequence[tuple[int, Reading]], cost: int, guessed: frozenset[str]
) -> Outcome:
    """What one reading of the names comes to."""
    readings = tuple(reading for _, reading in chosen)
    orders: dict[str, int | None] = dict(text.fixed)
    orders.update(dict.fromkeys(guessed))
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
    guessed = guessed_vectors(text, names)
    for number, (cost, chosen) in enumerate(assumptions(names, text)):
        if number >= MOST_READINGS or (best and cost > best[0].cost):
            break
        outcome = examine(text, names, chosen, cost, guessed)
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
    guessed = guessed_vectors(text, names)
    tried = [
        examine(text, names, chosen, cost, guessed)
        for (cost, chosen), _ in zip(assumptions(names, text), range(200), strict=False)
    ]
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
