"""Names: tensors with and without subscripts, indices, deltas, labels as indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    ArgReduction,
    Bracket,
    Constant,
    CopyTensor,
    Element,
    Position,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import DomainProblem, IndexProblem, NameProblem, Place, SyntaxProblem
from tensorderiv.language import matrices, norms, reductions, signs
from tensorderiv.language import surface as s
from tensorderiv.language.scope import Scope, Symbol
from tensorderiv.language.values import Array, Value


@dataclass
class References(Scope):
    """Elaborates names."""

    def lookup(self, name: str, count: int, place: Place, *, integer: bool = False) -> Symbol:
        """The symbol of a name; an unknown one becomes an input with as many indices as its uses have.

        Raises: NameProblem for use before definition and recursion.
        """
        symbol = self.rows.get(name) or self.symbols.get(name)
        if symbol is not None:
            return symbol
        if name == self.own:
            raise NameProblem(f"{name} is used in its own definition", place=place, hint="give the earlier quantity another name")
        if name in self.later:
            raise NameProblem(
                f"{name} is used before it is defined", place=place, hint="move its line up, or write it behind `where`"
            )
        if name in self.functions:
            raise NameProblem(f"{name} is a function", place=place, hint=f"write {name}(...)")
        uses = self.found.of(name)
        order = max(uses.order(name), count)
        labels = integer or uses.labels
        extents = tuple(self.extents.fresh(f"axis {number + 1} of {name}") for number in range(order))
        symbol = Symbol(name, extents, labels, place=place)
        if labels:
            symbol.labels = self.extents.fresh(f"the values of {name}")
            self.note(f"{name} is read as integer labels")
        if (
            order
            and order > max((*uses.plain, count), default=0)
            and (uses.decided == 1 or (uses.decided is None and not uses.framed and (uses.vector or order - 1 in uses.bars)))
        ):
            letters = {1: "_i", 2: "_ij"}.get(order - 1, "")
            self.note(f"{name}{letters} is read as a vector: {name} has {order} {'index' if order == 1 else 'indices'}")
        self.symbols[name] = symbol
        return symbol

    def reference(self, node: s.Ref) -> Value:
        """X_ip, X_i, x, t, i, n, pi."""
        name, place = node.name, node.place
        if name in self.parameters:
            return self.parameter(node)
        if node.subscripts is None:
            return self.bare(name, place)
        if name in self.scope and name not in self.symbols and name not in self.rows:
            raise IndexProblem(
                f"{name} is an index here and cannot have subscripts", place=place, hint="rename the index or the tensor"
            )
        special = self.special(node)
        if special is not None:
            return special
        symbol = self.lookup(name, len(node.subscripts), place)
        return self.element(symbol, node.subscripts, place)

    def parameter(self, node: s.Ref) -> Value:
        """A parameter of a function while its body is put in place of a call."""
        value = self.parameters[node.name]
        if not node.subscripts:
            return value
        if not isinstance(value, Array):
            raise IndexProblem(
                f"{node.name} is a number here and has no indices", place=node.place, hint="call the function on a row, e.g. X_i"
            )
        return norms.component(self, value, node.subscripts, node.place)

    def bare(self, name: str, place: Place) -> Value:
        if name in self.scope:
            self.used.add(name)
            if not self.zero_based:
                self.note(f"{name} stands as a number: indices count from 0")
            return Position(self.scope[name])
        if name in self.rows or name in self.symbols:
            return self.whole(self.rows.get(name) or self.symbols[name], place)
        if name in self.found.special:
            return matrices.constant(self, name, (), place)
        if name == "pi":
            return Constant("pi")
        if name in ("infty", "inf"):
            raise SyntaxProblem("infinity is not a number here", place=place, hint="infinity stands under a norm only")
        if name in self.extents.names() and name != self.own and name not in self.later:
            return Size(name)
        if name == "e" and self.found.of(name).order(name) == 0 and name not in self.later:
            self.note("e is read as Euler's number; declare `scalar e` for a parameter")
            return Constant("e")
        return self.whole(self.lookup(name, 0, place), place)

    def whole(self, symbol: Symbol, place: Place | None = None) -> Value:
        """The tensor without subscripts: a number, or an array over all its axes."""
        axes = tuple(self.axis(variable) for variable in symbol.extents[len(symbol.prefix) :])
        self.used.update(index.name for index in symbol.prefix)
        body = Element(symbol.tensor, symbol.prefix + axes)
        return Array(axes, body, place=place) if axes else body

    def special(self, node: s.Ref) -> Value | None:
        """delta_ij and H_ijk, unless the text means a tensor by that name."""
        name, subscripts = node.name, node.subscripts or ()
        if name in self.symbols or name in self.rows or name in self.later or name == self.own:
            return None
        if name in self.found.special:
            return matrices.constant(self, name, subscripts, node.place)
        uses = self.found.of(name)
        if name == "delta" and len(subscripts) == 2 and not (uses.plain - {2} or uses.vector or uses.bars):
            left, right = self.tied(subscripts)
            return build.delta(left, right) if left != right else build.ONE
        if (
            name == "H"
            and len(subscripts) >= 3
            and not ((uses.plain | uses.bars) - {len(sub) for sub in [subscripts]} - {3, 4, 5, 6} or uses.vector)
        ):
            return CopyTensor(self.tied(subscripts))
        return None

    def tied(self, subscripts: Sequence[s.Node]) -> tuple[Subscript, ...]:
        """Subscripts that share one extent."""
        variable = self.extents.fresh("an index of a delta")
        return tuple(self.subscript(sub, variable) for sub in subscripts)

    def element(self, symbol: Symbol, subscripts: Sequence[s.Node], place: Place) -> Value:
        """symbol with subscripts; missing last ones and colons are axes of an array."""
        if len(subscripts) > symbol.order:
            if symbol.order == 0:
                raise IndexProblem(
                    f"{symbol.name} is a number and has no indices",
                    place=place,
                    hint=f"write {symbol.name}, or declare it as a tensor",
                )
            raise IndexProblem(
                f"{symbol.name} has {symbol.order} {'index' if symbol.order == 1 else 'indices'}, {len(subscripts)} are written",
                place=place,
                hint="write as many as it has",
            )
        self.used.update(index.name for index in symbol.prefix)
        own = symbol.extents[len(symbol.prefix) :]
        axes: list[Index] = []
        subs: list[Subscript] = list(symbol.prefix)
        self.refuse_label(symbol, subscripts)
        for number, variable in enumerate(own):
            if number >= len(subscripts) or isinstance(subscripts[number], s.Slice):
                axes.append(self.axis(variable))
                subs.append(axes[-1])
            else:
                subs.append(self.subscript(subscripts[number], variable))
        body = Element(symbol.tensor, tuple(subs))
        return Array(tuple(axes), body, place=place) if axes else body

    def refuse_label(self, symbol: Symbol, subscripts: Sequence[s.Node]) -> None:
        """S_B of matrix algebra, where B is a label.

        Raises: IndexProblem for a capital as the only subscript that is no index, no tensor and no name of the text.
        """
        match subscripts:
            case (s.Ref(place, name, None),) if signs.is_capital(name) and not self.free:
                if name not in self.scope and name not in self.symbols and name not in self.rows:
                    raise IndexProblem(
                        f"the index {name} stands on the right only",
                        place=place,
                        hint=f"sum over it (sum_{name}), or for a matrix of its own write {symbol.name}{name}",
                    )

    def subscript(self, node: s.Node, variable: str) -> Subscript:
        """What stands in an index place, of the extent `variable`.

        Raises: IndexProblem for an index nobody binds; DomainProblem for a real tensor as an index.
        """
        place = node.place
        match node:
            case s.Ref(_, name, None):
                if name in self.scope:
                    index = self.scope[name]
                    self.extents.join(cast(str, index.extent), variable, place)
                    self.used.add(name)
                    return index
                symbol = self.rows.get(name) or self.symbols.get(name)
                if symbol is not None:
                    return self.gather(symbol, (), variable, place)
                if self.free:
                    index = Index(name, variable)
                    self.scope[name] = index
                    self.used.add(name)
                    return index
                raise IndexProblem(
                    f"the index {name} stands on the right only",
                    place=place,
                    hint=f"put it on the left-hand side or sum over it (sum_{name})",
                )
            case s.Num(_, value):
                if value.denominator != 1 or value < 0:
                    raise IndexProblem(f"{value} is not an index", place=place, hint="elements count from 0")
                extent = self.extents.get(variable)
                if isinstance(extent, int) and value >= extent:
                    raise IndexProblem(
                        f"element {value} of an axis with {extent} elements",
                        place=place,
                        hint=f"elements count from 0 to {extent - 1}",
                    )
                return int(value)
            case s.Ref(_, name, subscripts):
                if name in self.scope and name not in self.symbols:
                    raise IndexProblem(
                        f"{name} is an index here and cannot have subscripts", place=place, hint="rename the index or the tensor"
                    )
                return self.gather(
                    self.lookup(name, len(subscripts or ()), place, integer=True), subscripts or (), variable, place
                )
            case s.Reduce(_, "argmax" | "argmin"):
                found = reductions.reduce(self, node)
                assert isinstance(found, ArgReduction)
                self.extents.join(cast(str, found.index.extent), variable, place)
                return found
            case s.Slice():
                raise IndexProblem("a colon stands for an axis of a tensor only", place=place, hint="write an index")
        raise IndexProblem(
            "an index is a letter, a number or a label", place=place, hint="shifted indices such as X_{i+1} are not read"
        )

    def gather(self, symbol: Symbol, subscripts: Sequence[s.Node], variable: str, place: Place) -> Element:
        """An integer tensor as an index."""
        if not symbol.integer:
            raise DomainProblem(
                f"{symbol.name} is not an integer, so it cannot be an index",
                place=place,
                hint=f"declare it: labels {symbol.name}[...]",
            )
        value = self.element(symbol, subscripts, place) if subscripts else self.whole(symbol)
        if isinstance(value, Array):
            raise IndexProblem(f"{symbol.name} needs its own index here", place=place, hint=f"write {symbol.name}[i]")
        symbol.indexes = True
        if symbol.labels is not None:
            self.extents.join(symbol.labels, variable, place)
        return cast(Element, value)

    def ones(self, subscripts: Sequence[s.Node]) -> Value:
        """1_i is 1 and uses i; 1_{condition} is an indicator; 1_n is the vector of n ones."""
        if len(subscripts) == 1 and matrices.is_extent(self, subscripts[0]):
            axis = self.axis(self.extents.fresh("a vector of ones"))
            matrices.sized(self, subscripts[0], cast(str, axis.extent))
            return Array((axis,), build.ONE)
        if any(isinstance(sub, s.Comparison | s.Logic) for sub in subscripts):
            found = build.both(*(self.condition(sub) for sub in subscripts))
            assert found is not None
            return Bracket(found)
        for sub in subscripts:
            self.subscript(sub, self.extents.fresh("an index of 1"))
        return build.ONE
