"""Pair functions: D(x, y) = ... is lifted to rows, D_ab = D(X_a, Y_b), together with the named lines it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.errors import NameProblem
from tensorderiv.language.domains import Declaration
from tensorderiv.language.elaborate import Elaborator, Symbol
from tensorderiv.language.statements import Definition


@dataclass
class Lifting:
    """Which functions are lifted, and the row index of each vector."""

    lifted: frozenset[str] = frozenset()
    rows: dict[str, Index] = field(default_factory=dict)  # by parameter name
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # parameters each definition needs

    def prefix(self, item: Definition) -> tuple[Index, ...]:
        """The row indices that the definition gets before its own."""
        return tuple(self.rows[name] for name in self.needs.get(item.name, ()))


def plan(definitions: Sequence[Definition], scope: Elaborator, declared: Mapping[str, Declaration]) -> Lifting:
    """Decide what is lifted and enter the rows into the scope.

    A function is lifted when it is the output or nobody calls it with other arguments; the others are put in place
    where they are called.
    """
    functions = [item for item in definitions if item.parameters is not None]
    if not functions:
        return Lifting()
    lifted: list[Definition] = []
    for item in reversed(functions):
        callers = [other for other in definitions if other is not item and item.name in other.words]
        same = all(other in lifted and other.parameters and names(other)[: len(names(item))] == names(item) for other in callers)
        if item is definitions[-1] or same:
            lifted.append(item)
    lifted.reverse()
    if not lifted:
        return Lifting()
    for item in lifted:
        seen: set[str] = set()
        for name, place in item.parameters or ():
            if name in seen:
                raise NameProblem(f"the vector {name} stands twice", place=place, hint="use two names")
            if name in {other.name for other in definitions}:
                raise NameProblem(f"{name} is defined and also a vector of {item.name}", place=place, hint="rename one of them")
            seen.add(name)
    found = Lifting(frozenset(item.name for item in lifted))
    order = list(dict.fromkeys(name for item in lifted for name in names(item)))
    taken = set(scope.found.subscript_names) | set(scope.taken) | set(scope.found.uses) | set(order)
    for item in definitions:
        taken |= item.words
    letters = fresh_names("a", taken)
    for name in order:
        letter = next(letters)
        upper = name.upper() if name.upper() not in taken - {name} else name
        row = scope.extents.fresh(f"axis 1 of {upper}")
        index = Index(letter, row)
        declaration = declared.get(name)
        own = []
        for number in range(len(declaration.extents) if declaration else 1):
            variable = scope.extents.fresh(f"axis {number + 2} of {upper}")
            if declaration:
                scope.extents.fix(variable, declaration.extents[number], f"axis {number + 1} of {name}", declaration.place)
            own.append(variable)
        scope.rows[name] = Symbol(upper, (row, *own), declaration.integer if declaration else False, prefix=(index,))
        scope.avoid.add(letter)
        found.rows[name] = index
    for item in definitions:
        if item.parameters is not None:
            if item.name in found.lifted:
                found.needs[item.name] = names(item)
            continue
        direct = {name for name in order if name in item.words}
        for other in item.words:
            direct |= set(found.needs.get(other, ()))
        found.needs[item.name] = tuple(name for name in order if name in direct)
    return found


def join_untouched(scope: Elaborator, lifting: Lifting) -> None:
    """Vectors of which only elements are taken (x[0], y[1]) are points of one space: they have the same extent."""
    vectors = [scope.rows[name].extents[-1] for name in lifting.rows if len(scope.rows[name].extents) == 2]
    open_ones = [variable for variable in vectors if scope.extents.untouched(variable)]
    for other in open_ones[1:]:
        scope.extents.join(open_ones[0], other)


def names(item: Definition) -> tuple[str, ...]:
    return tuple(name for name, _ in item.parameters or ())
