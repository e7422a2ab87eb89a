"""Is a repaired line right? A quick look at a few entries in floating point, then the judgement of `equality`."""

from __future__ import annotations

import itertools
import math
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from time import monotonic
from typing import Any

import numpy as np

from tensorderiv.algebra.evaluate import FLOAT, Evaluator
from tensorderiv.checker.meaning import Meaning, World
from tensorderiv.checker.meaning.names import identifier
from tensorderiv.checker.tree import Call, Node, Number, Sum, walk
from tensorderiv.equality import Claim, decide, refuted
from tensorderiv.equality.points import MANNERS, draw
from tensorderiv.errors import TensorDerivError

CLOSE = 1e-7
"""Values of an entry that agree to this, relative to their size, are looked at with all digits."""

ENTRIES = 20
"""Entries that are compared, at each of two choices of sizes."""

READINGS = 2

SHORT = 1.0
"""Seconds in which nothing is proved."""

Entry = tuple[int, tuple[int, ...]]
"""Which of the choices of sizes, and the values of the axes."""


def has_bases(node: Node) -> bool:
    """Whether the base of every logarithm can be one: not 1, for then nothing has a logarithm, nor 0 or less."""
    bases = (part.base for part in walk(node) if isinstance(part, Call) and part.name == "log")
    return not any(isinstance(base, Number) and (base.value <= 0 or base.value == 1) for base in bases)


@dataclass
class Trial:
    """Compares lines with the line before, within a time. `line` is the wrong line, whose terms need not be computed again."""

    world: World
    right: Meaning
    line: Node
    seconds: float
    notes: tuple[str | None, ...] = (None,)
    seed: int = 0
    tried: int = 0
    end: float = field(init=False)

    def __post_init__(self) -> None:
        self.end = monotonic() + self.seconds
        self.drawn: dict[Any, Any] = {}
        self.evaluators: dict[Any, Evaluator] = {}
        self.rests: dict[int, dict[Entry, float] | None] = {}

    def late(self) -> bool:
        return monotonic() > self.end

    def holds(self, node: Node) -> bool:
        """Whether the line equals the line before."""
        self.tried += 1
        return has_bases(node) and self.may_hold(node) and any(self.equal(meaning) for meaning in self.meanings(node))

    def equal(self, meaning: Meaning) -> bool:
        claim = self.claim(meaning)
        return claim is not None and self.close(claim) and self.decided(claim)

    def decided(self, claim: Claim) -> bool:
        """The judgement with all digits; where time is short at two points only."""
        try:
            left = self.end - monotonic()
            return not refuted(claim) and (left < SHORT or bool(decide(claim, seconds=min(left, 1.5), strict=True)))
        except TensorDerivError:
            return False

    def close(self, claim: Claim, target: dict[Entry, float] | None = None) -> bool:
        """Whether the right side has the values of the line before (or the given ones) wherever that was looked at."""
        compared = 0
        wanted = self.values if target is None else target
        for entry in self.entries:
            if (a := wanted.get(entry)) is None:
                continue
            try:
                b = self.value(claim, entry)
            except TensorDerivError:
                return False
            except (ArithmeticError, ValueError):
                continue
            if not math.isfinite(a):
                continue
            compared += 1
            if not math.isfinite(b) or not abs(a - b) <= CLOSE * max(abs(a), abs(b), 1e-3):
                if entry is not self.entries[0]:
                    self.entries.remove(entry)
                    self.entries.insert(0, entry)
                return False
            if self.late():
                return False
        return compared > 0

    # what a line means

    def meanings(self, node: Node) -> tuple[Meaning, ...]:
        """The meanings of a line under the options that both lines were read with, none where it has none."""
        found: list[Meaning] = []
        for note in self.notes:
            with suppress(TensorDerivError, RecursionError):
                found += (meaning for meaning in self.world.readings(node, self.free, note)[:READINGS] if meaning not in found)
        return tuple(found)

    @cached_property
    def free(self) -> frozenset[str]:
        """The letters that name the place of a line; of an equation those that are free on its left."""
        names = {index.name for index in self.right.places}
        letters = self.world.case.indices if self.world.case.kind == "equations" else {}
        return self.world.free | {letter for letter in letters if identifier(letter) in names}

    def claim(self, meaning: Meaning) -> Claim | None:
        try:
            return self.world.claim(self.right, meaning)
        except TensorDerivError:
            return None

    # numbers

    def sample(self, node: Node) -> dict[Entry, float] | None:
        """The values of a line at the entries, in its first meaning; None where it has none or does not fit the line before."""
        for meaning in self.meanings(node):
            if (claim := self.claim(meaning)) is not None:
                with suppress(TensorDerivError, ArithmeticError, ValueError):
                    return {entry: self.value(claim, entry) for entry in self.entries}
        return None

    @cached_property
    def sizes(self) -> tuple[dict[str, int], ...]:
        """Two choices of sizes, neighbours different."""
        own = self.world.claim(self.right, self.right)
        names = dict.fromkeys([*own.least, *(extent for extent in self.world.case.extents if isinstance(extent, str))])
        return tuple(
            {name: max(own.least.get(name, 1), start if place % 2 == 0 else 5 - start) for place, name in enumerate(names)}
            for start in (3, 2)
        )

    @cached_property
    def entries(self) -> list[Entry]:
        """The entries that are compared, mixed; one that told lines apart is moved to the front."""
        own = self.world.claim(self.right, self.right)
        found: list[Entry] = []
        for number, sizes in enumerate(self.sizes):
            ranges = [range(sizes[axis.extent] if isinstance(axis.extent, str) else axis.extent) for axis in own.axes]
            places = list(itertools.product(*ranges))
            Random(self.seed).shuffle(places)
            found += [(number, place) for place in places[:ENTRIES]]
        Random(self.seed).shuffle(found)
        return found

    @cached_property
    def values(self) -> dict[Entry, float]:
        """The line before at the entries."""
        own = self.world.claim(self.right, self.right)
        found: dict[Entry, float] = {}
        for entry in self.entries:
            with suppress(TensorDerivError, ArithmeticError, ValueError):
                found[entry] = self.value(own, entry)
        return found

    def value(self, claim: Claim, entry: Entry) -> float:
        """The right side of the claim at an entry."""
        number, place = entry
        sizes = self.sizes[number]
        key = (number, claim.right.statements)
        if key not in self.evaluators:
            fitting = {name: max(size, sizes.get(name, 1)) for name, size in claim.least.items()}
            arrays = {item.tensor.name: self.array(item, {**sizes, **fitting}) for item in claim.inputs}
            self.evaluators[key] = Evaluator(arrays, {**sizes, **fitting}, claim.right.statements, FLOAT)
        evaluator = self.evaluators[key]
        return float(evaluator.at(claim.right.expr, dict(zip(claim.axes, place, strict=False))))

    def array(self, item: Any, sizes: dict[str, int]) -> Any:
        """The same numbers for the same input in all trials."""
        shape = tuple(extent if isinstance(extent, int) else sizes[extent] for extent in item.tensor.extents)
        key = (item.tensor.name, item.domain.kind, shape)
        if key not in self.drawn:
            drawn = draw(item, sizes, MANNERS[1], Random(f"{self.seed} {key}"))
            self.drawn[key] = drawn if item.tensor.integer else np.asarray(drawn, dtype=float)
        return self.drawn[key]

    # terms

    def may_hold(self, node: Node) -> bool:
        """False where one term of the line was changed, and not into what the others leave: then the others need no look.

        A term of which nothing should be left is one too many; it is not repaired by a factor that is 0.
        """
        if not isinstance(node, Sum) or not isinstance(self.line, Sum) or len(node.terms) != len(self.line.terms):
            return True
        changed = [at for at, (new, old) in enumerate(zip(node.terms, self.line.terms, strict=True)) if new is not old]
        if len(changed) != 1 or (rest := self.rest(changed[0])) is None:
            return True
        if all(abs(value) < CLOSE for value in rest.values()):
            return False
        claims = [claim for meaning in self.meanings(node.terms[changed[0]]) if (claim := self.claim(meaning)) is not None]
        return not claims or any(self.close(claim, rest) for claim in claims)

    def rest(self, at: int) -> dict[Entry, float] | None:
        """What the term should be: the line before without the other terms."""
        assert isinstance(self.line, Sum)
        if at not in self.rests:
            others = [self.sample(term) for place, term in enumerate(self.line.terms) if place != at]
            known = [other for other in others if other is not None]
            complete = len(known) == len(others)
            self.rests[at] = (
                {entry: a - sum(other[entry] for other in known) for entry, a in self.values.items()} if complete else None
            )
        return self.rests[at]
