"""Extents as classes that unify: every axis and every index gets one, shared use joins them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorderiv.algebra.index import Extent
from tensorderiv.errors import ExtentMismatch, Place


@dataclass
class Use:
    """One place that fixes what an extent is called: `what` has the extent `value`."""

    what: str
    value: Extent
    place: Place | None


@dataclass
class Extents:
    """Union-find over extent variables, written "?0", "?1", ...; a class may have a value (a name or a number)."""

    parent: list[int] = field(default_factory=list)
    value: dict[int, Use] = field(default_factory=dict)
    what: list[str] = field(default_factory=list)

    def fresh(self, what: str) -> str:
        """A new variable; `what` describes it in messages: "axis 2 of X"."""
        self.parent.append(len(self.parent))
        self.what.append(what)
        return f"?{len(self.parent) - 1}"

    def find(self, variable: str) -> int:
        at = int(variable[1:])
        while self.parent[at] != at:
            self.parent[at] = self.parent[self.parent[at]]
            at = self.parent[at]
        return at

    def fix(self, variable: str, value: Extent, what: str, place: Place | None) -> None:
        """Say that the variable has the extent `value`.

        Raises: ExtentMismatch when its class has another one.
        """
        root = self.find(variable)
        known = self.value.get(root)
        if known is None:
            self.value[root] = Use(what, value, place)
        elif known.value != value:
            self.clash(known, Use(what, value, place), place)

    def join(self, left: str, right: str, place: Place | None = None) -> None:
        """The two have the same extent.

        Raises: ExtentMismatch naming both uses and both sizes.
        """
        a, b = self.find(left), self.find(right)
        if a == b:
            return
        one, two = self.value.get(a), self.value.get(b)
        if one is not None and two is not None and one.value != two.value:
            self.clash(one, two, place)
        keep, drop = min(a, b), max(a, b)
        self.parent[drop] = keep
        value = one or two
        if value is not None:
            self.value[keep] = value

    def compatible(self, left: str, right: str) -> bool:
        one, two = self.value.get(self.find(left)), self.value.get(self.find(right))
        return one is None or two is None or one.value == two.value

    def same(self, left: Extent, right: Extent) -> bool:
        """Whether two variables are known to be one extent."""
        one, two = self.find(str(left)), self.find(str(right))
        value = self.value.get(one), self.value.get(two)
        return one == two or (value[0] is not None and value[1] is not None and value[0].value == value[1].value)

    def untouched(self, variable: str) -> bool:
        """Whether nothing is known of the variable: no value, and no other variable with the same extent."""
        root = self.find(variable)
        members = sum(self.find(f"?{number}") == root for number in range(len(self.parent)))
        return members == 1 and root not in self.value

    def get(self, variable: str) -> Extent | None:
        use = self.value.get(self.find(variable))
        return None if use is None else use.value

    def names(self) -> list[str]:
        """The symbolic names in use, in order."""
        return list(dict.fromkeys(use.value for use in self.value.values() if isinstance(use.value, str)))

    @staticmethod
    def clash(one: Use, two: Use, place: Place | None) -> None:
        raise ExtentMismatch(
            f"{one.what} has extent {one.value}, but {two.what} has extent {two.value}, and both are used as the same index",
            place=place or two.place,
            hint="use different indices, or declare equal extents",
        )
