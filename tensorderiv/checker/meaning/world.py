"""The names of a case with all they stand for, and the meanings that a tree may have among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import Expr, KroneckerDelta, Subscript, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Statement
from tensorderiv.algebra.traverse import substitute_expr, tensors
from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Case
from tensorderiv.checker.meaning import sums
from tensorderiv.checker.meaning.array import Array, shape_text
from tensorderiv.checker.meaning.definitions import define
from tensorderiv.checker.meaning.elaborator import Elaborator, Options
from tensorderiv.checker.meaning.names import Declarations, Known, identifier
from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible
from tensorderiv.checker.meaning.scope import Scope
from tensorderiv.checker.reading import Vocabulary, normal, read_line
from tensorderiv.equality import Claim, Side
from tensorderiv.errors import TensorDerivError

AXIS = re.compile(r"\ba[0-9]+\b")
"""The names of anonymous axes."""
Jacobian: TypeAlias = Literal["numerator", "denominator"]
"""Which way dy/dx of two vectors lies: one way in all lines of a derivation."""
EITHER: frozenset[Jacobian] = frozenset(get_args(Jacobian))
OPEN = {None: ("denominator", "numerator", "row"), "open": ("denominator", "row")}
"""The layouts that a case leaves open besides the usual one."""


@dataclass(frozen=True)
class Meaning:
    """An expression of the algebra with its free indices: `places` are letters of the line, `loose` the axes of an array without
    indices. `note` says which reading was chosen, where it is not the usual one; `jacobian`: the ways in which the dy/dx of the
    line may lie for it; `unsized`: the identity times the expression, as large as what it is compared with.
    """

    expr: Expr
    places: tuple[Index, ...] = ()
    loose: tuple[Index, ...] = ()
    row: bool = False
    note: str = ""
    statements: tuple[Statement, ...] = field(default=(), repr=False, compare=False)
    inputs: tuple[Input, ...] = field(default=(), repr=False, compare=False)
    jacobian: frozenset[Jacobian] = field(default=EITHER, repr=False, compare=False)
    unsized: bool = False

    @property
    def axes(self) -> tuple[Index, ...]:
        return self.places + self.loose

    @property
    def side(self) -> Side:
        return Side(self.expr, self.statements)


class World:
    """What the names of a case stand for. `free`: the letters that name the place of a line."""

    def __init__(self, case: Case, vocabulary: Vocabulary, definitions: tuple[t.Definition, ...]) -> None:
        indices = {normal(letter): extent for letter, extent in case.indices.items()}
        self.case, self.vocabulary, self.definitions = replace(case, indices=indices), vocabulary, definitions
        self._variants: dict[Options, Elaborator | TensorDerivError] = {}
        self.wrt = self._wrt()
        self.free: frozenset[str] = frozenset()
        self.free_of_pairs: frozenset[str] = frozenset()
        self.closed = False
        self._moved = self._differentials()

    @classmethod
    def of(cls, case: Case, vocabulary: Vocabulary, definitions: tuple[t.Definition, ...]) -> World:
        """The names of the case. IllTyped or Inexpressible where a definition has no meaning in any reading."""
        world = cls(case, vocabulary, definitions)
        if not any(isinstance(world.variant(options), Elaborator) for options in world.options()):
            problem = world.variant(Options())
            assert isinstance(problem, TensorDerivError)
            raise problem
        world.free = world.free_of_pairs = world._letters(world.wrt)
        if case.kind == "chain":
            with suppress(TensorDerivError):
                world._close(read_line(case.lines[0], vocabulary)[0])
        return world

    def _close(self, first: t.Node) -> None:
        """The letters that name the place of a line are those of the first one."""
        usual, over_pairs = self._places(first, Options()), self._places(first, Options(pairs=True))
        self.free |= usual
        self.free_of_pairs |= over_pairs
        self.closed = True

    def _places(self, node: t.Node, wanted: Options) -> frozenset[str]:
        """The letters free in the tree, under those options or else under the first that give it a meaning."""
        for options in (wanted, *self.options()):
            base = self.variant(options)
            if isinstance(base, Elaborator):
                with suppress(IllTyped, Inexpressible):
                    names = {index.name for index in self._meaning(base, node, self.free).places}
                    return frozenset(letter for letter in self.case.indices if identifier(letter) in names)
        return frozenset()

    def _free_under(self, options: Options) -> frozenset[str]:
        return self.free_of_pairs if options.pairs else self.free

    def options(self) -> Iterator[Options]:
        """The readings of what a text leaves open, the most usual first."""
        yield Options()
        for layout in OPEN.get(self.case.layout, ()):
            yield Options(layout=layout)
        yield Options(rows=True)
        yield Options(lenient=True)
        yield Options(lenient=True, rows=True)
        if self.case.sums == "explicit":
            yield Options(summed=True)
        yield Options(pairs=True)
        yield Options(products=True)
        yield Options(squares=True)

    def variant(self, options: Options) -> Elaborator | TensorDerivError:
        """The names under those options, or why they have no meaning."""
        if options not in self._variants:
            try:
                self._variants[options] = self._made(options)
            except TensorDerivError as problem:
                self._variants[options] = problem
        return self._variants[options]

    def _made(self, options: Options) -> Elaborator:
        e = Elaborator(self.case, Declarations(self.case.symbols, self.case.indices), options)
        with_differentials = [any(isinstance(n, t.Differential) for n in t.walk(d.body)) for d in self.definitions]
        for definition, holds in zip(self.definitions, with_differentials, strict=True):
            if holds and not e.varying:
                e.varying = self._varying(e)
            define(e, definition)
        e.varying = self._varying(e)
        return e

    def readings(self, node: t.Node, free: frozenset[str] | None = None, note: str | None = None) -> tuple[Meaning, ...]:
        """What the tree may mean, the most usual first; under the options of that `note` alone, if given.

        Raises IllTyped or Inexpressible where it means nothing.
        """
        found: dict[tuple[str, int, bool], Meaning] = {}
        problems: list[TensorDerivError] = []
        partials = [part for tree in (node, *(d.body for d in self.definitions)) for part in _partials(tree)]
        lies = self.case.layout in OPEN and any(part.sign == "partial" and len(part.variables) == 1 for part in partials)
        gradients = bool(partials) or any(isinstance(part, t.Call) and part.name.startswith("prime") for part in t.walk(node))
        for options in self.options():
            if str(options) != note if note is not None else options.layout and not gradients:
                continue
            base = self.variant(options)
            if isinstance(base, TensorDerivError):
                problems.append(base)
                continue
            try:
                meaning = self._meaning(base, node, self._free_under(options) if free is None else free)
            except (IllTyped, Inexpressible) as problem:
                problems.append(problem)
                continue
            key = (_shown(meaning), len(meaning.loose), meaning.row)
            if lies and options == Options(layout=options.layout):
                way: Jacobian = "denominator" if options.layout == "denominator" else "numerator"
                ways = frozenset({way}) | (found[key].jacobian if key in found else frozenset())
                found[key] = replace(found.get(key, meaning), jacobian=ways)
            found.setdefault(key, meaning)
        if not found:
            raise problems[0]
        return tuple(found.values())

    def _meaning(self, base: Elaborator, node: t.Node, free: frozenset[str]) -> Meaning:
        e = base.with_free(free, self.closed)
        array = e.open_array(node, Scope())
        places = self._ordered(sums.loose_letters(array))
        note = str(base.options)
        inputs = tuple(e.declared.inputs)
        return Meaning(array.expr, places, array.axes, array.row, note, e.every_statement, inputs, unsized=array.unsized)

    def equation(self, equation: t.Equation) -> tuple[tuple[Meaning, Meaning], ...]:
        """Both sides of a line that stands for itself; the letters free on the left are free on the right."""
        lefts = self.readings(equation.left)
        names = {index.name for left in lefts[:1] for index in left.places}
        free = self.free | {letter for letter in self.case.indices if identifier(letter) in names}
        rights = self.readings(equation.right, free)
        return tuple((left, right) for left in lefts for right in rights)

    def claim(self, left: Meaning, right: Meaning) -> Claim:
        """left = right for all places. IllTyped where a letter is free on the right only, or where the shapes differ."""
        left, right = _sized(left, right), _sized(right, left)
        right = self._aligned(left, right)
        strange = [i for i in right.places if i not in left.places and i.name not in {identifier(letter) for letter in self.free}]
        if strange and left.expr != right.expr:
            letters = ", ".join(index.name for index in strange)
            own = ", ".join(index.name for index in left.places) or "none"
            raise IllTyped(f"the free index {letters} on the right; on the left: {own}", kind="free-index mismatch")
        axes = left.places + tuple(index for index in right.places if index not in left.places) + left.loose
        inputs = {item.tensor.name: item for item in (*right.inputs, *left.inputs)}
        return Claim(left.side, right.side, axes, tuple(inputs.values()))

    def _aligned(self, left: Meaning, right: Meaning) -> Meaning:
        """The right side over the axes of the left. An array and its entries at new letters are the same."""
        if len(left.loose) == len(right.loose):
            extents = [tuple(axis.extent for axis in side.loose) for side in (left, right)]
            if extents[0] != extents[1]:
                raise IllTyped(f"{_shape(left)} on the left, {_shape(right)} on the right")
            return _renamed(right, dict(zip(right.loose, left.loose, strict=True)), left.loose)
        new = [index for index in right.places if index not in left.places]
        if not right.loose and [index.extent for index in new] == [axis.extent for axis in left.loose]:
            renamed = _renamed(right, dict(zip(new, left.loose, strict=True)), left.loose)
            places = tuple(index for index in right.places if index in left.places)
            return replace(renamed, places=places)
        raise IllTyped(f"{_shape(left)} on the left, {_shape(right)} on the right")

    def _ordered(self, letters: tuple[Index, ...]) -> tuple[Index, ...]:
        order = [identifier(letter) for letter in self.case.indices]
        return tuple(sorted(letters, key=lambda index: (order.index(index.name) if index.name in order else len(order), index)))

    def _wrt(self) -> t.Node | None:
        if self.case.wrt is None:
            return None
        try:
            return read_line(self.case.wrt, self.vocabulary)[0]
        except TensorDerivError:
            return None

    def _letters(self, node: t.Node | None) -> frozenset[str]:
        if not isinstance(node, t.Component):
            return frozenset()
        return frozenset(sub.name for sub in node.subscripts if isinstance(sub, t.Name) and sub.name in self.case.indices)

    def _differentials(self) -> tuple[str, ...]:
        """The names whose differentials are written somewhere: they vary."""
        found: dict[str, None] = {}
        trees: list[t.Node] = [definition.body for definition in self.definitions]
        for line in self.case.lines:
            with suppress(TensorDerivError):
                trees.append(read_line(line, self.vocabulary)[0])
        for tree in trees:
            for node in t.walk(tree):
                if isinstance(node, t.Differential):
                    body = node.body.body if isinstance(node.body, t.Component) else node.body
                    if isinstance(body, t.Name):
                        found.setdefault(body.name)
        return tuple(found)

    def _varying(self, e: Elaborator) -> tuple[Tensor, ...]:
        """What differentials move: the variable, or what it is made of, and names whose differentials are written."""
        found: dict[str, Tensor] = {}
        node = self.wrt.body if isinstance(self.wrt, t.Component) else self.wrt
        names = ([node.name] if isinstance(node, t.Name) else []) + list(self._moved)
        free = {entity.tensor.name: entity.tensor for entity in e.declared.entities.values() if isinstance(entity, Known)}
        for name in names:
            entity = e.declared.entities.get(name)
            if isinstance(entity, Known):
                found.setdefault(entity.tensor.name, entity.tensor)
            elif isinstance(node, t.Name) and name == node.name:
                for base in _bases(e, name):
                    if base in free:
                        found.setdefault(base, free[base])
        return tuple(found.values())


def _partials(node: t.Node) -> list[t.Partial]:
    return [part for part in t.walk(node) if isinstance(part, t.Partial)]


def _bases(e: Elaborator, name: str) -> list[str]:
    """The names that a defined quantity is made of, through all definitions."""
    wanted = {d.tensor.name for (spelling, _), d in e.defined.items() if spelling == name and d.tensor is not None}
    for statement in reversed(e.statements):
        if statement.tensor.name in wanted:
            wanted |= tensors(statement.body)
    return sorted(wanted)


def _sized(meaning: Meaning, like: Meaning) -> Meaning:
    """The meaning, 0 or an identity of any size as large as the other side. IllTyped where that is no square matrix."""
    if meaning.expr == build.ZERO and not meaning.axes and like.loose:
        return replace(meaning, loose=like.loose, row=like.row, unsized=False)
    if not meaning.unsized or like.unsized:
        return meaning
    extents = {axis.extent for axis in like.loose}
    if len(like.loose) != 2 or len(extents) != 1:
        raise IllTyped(f"an identity on one side, {_shape(like)} on the other")
    axes = tuple(Index(name, like.loose[0].extent) for name in ("row", "column"))
    return replace(meaning, expr=build.mul(meaning.expr, KroneckerDelta(*axes)), loose=axes, unsized=False)


def _renamed(meaning: Meaning, names: dict[Index, Index], loose: tuple[Index, ...]) -> Meaning:
    chosen: dict[Index, Subscript] = dict(names.items())
    expr = substitute_expr(meaning.expr, chosen)
    return replace(meaning, expr=expr, loose=loose)


def _shown(meaning: Meaning) -> str:
    """The expression and what its names stand for, with all axes numbered: two readings that differ in names alone are one."""
    names = {axis: Index(f"loose{number}", axis.extent) for number, axis in enumerate(meaning.loose)}
    chosen: dict[Index, Subscript] = dict(names.items())
    text = repr((substitute_expr(meaning.expr, chosen), meaning.statements))
    given = {item.tensor.name for item in meaning.inputs} | {statement.tensor.name for statement in meaning.statements}
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        name = found.group()
        return name if name in given else numbers.setdefault(name, f"axis{len(numbers)}")

    return AXIS.sub(numbered, text)


def _shape(meaning: Meaning) -> str:
    return shape_text(Array(meaning.expr, meaning.loose, meaning.row, meaning.unsized))
