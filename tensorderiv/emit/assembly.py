"""Collects the pieces of a module: nests (each once, however many functions use it), helpers, costs, the axes of arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Program
from tensorderiv.emit.context import CostText, KernelText, NestText
from tensorderiv.emit.helpers import HELPERS
from tensorderiv.emit.loops import NestFunction, nest_function
from tensorderiv.emit.names import Names, identifier
from tensorderiv.emit.pass_support import pass_texts, with_needs
from tensorderiv.emit.passes import PassText, PassWriter, picking_extent
from tensorderiv.emit.tiles import support_texts
from tensorderiv.emit.tiles.same import functions, renamed, structure
from tensorderiv.emit.tiles.spread import Forms
from tensorderiv.emit.vector_math import called_as_vectors, defined_names, vector_texts
from tensorderiv.lower.cost import Cost, Formula, cost_of
from tensorderiv.lower.passes import Pass
from tensorderiv.lower.passes.cost import cost_of_pass
from tensorderiv.lower.plan import Plan, Stage, lower
from tensorderiv.lower.row_tables import name_row_tables
from tensorderiv.lower.setting import Method
from tensorderiv.lower.stages import row_extents


@dataclass(frozen=True)
class Placed:
    """A nest that stands in the module under a name."""

    name: str
    function: NestFunction


class Assembly:
    """The module under construction."""

    def __init__(self, with_passes: bool = True, method: Method = "exact", stable: frozenset[str] = frozenset()) -> None:
        self.with_passes = with_passes
        self.method = method
        self.stable = stable
        self.names = Names(defined_names() if called_as_vectors() else ())
        self.nests: list[NestText] = []
        self.passes: list[str] = []
        self.helpers: set[str] = set()
        self.costs: list[CostText] = []
        self.kernels: list[KernelText] = []
        self.axes: dict[str, tuple[str, tuple[Extent, ...]]] = {}
        self._known: dict[tuple[object, ...], Placed] = {}
        self._passes: dict[tuple[object, ...], PassText] = {}
        self._functions: dict[str, str] = {}

    def lower(
        self,
        program: Program,
        outputs: Sequence[str] | None = None,
        rows: frozenset[Extent] | None = None,
        secondary: Collection[str] = (),
    ) -> Plan:
        """The plan of a function of this module."""
        return lower(
            program, outputs, rows, passes=self.with_passes, secondary=secondary, method=self.method, stable=self.stable
        )  # fmt: skip

    def tabled(self, program: Program, rows: frozenset[Extent] | None = None) -> Program:
        """The program whose adjoint is taken: where there are passes, with names for the tables of rows it is made of."""
        return name_row_tables(program, row_extents(program.inputs) if rows is None else rows) if self.with_passes else program

    def place(self, stage: Stage, plan: Plan) -> Placed:
        """The nest of a stage as a function of the module; a nest that is there already is used again."""
        known = known_names(plan)
        made = nest_function(stage.nest, known)
        key = (made.parameters, made.lines, made.extents, made.tensors)
        if key not in self._known:
            name = self.names.fresh(f"_{identifier(stage.name)}")
            self._known[key] = Placed(name, made)
            self.add_nest(name, made, cost_of(stage.nest.body))
        return self._known[key]

    def place_pass(self, found: Pass, plan: Plan, optional: frozenset[str]) -> PassText:
        """The functions of a pass, one for each form of its spreads; those that are there already are used again."""
        known = known_names(plan)
        key = PassWriter(found, known, "_pass", optional).run().key
        if key not in self._passes:
            name = self.names.fresh(f"_pass{len(self._passes) + 1}")
            forms: tuple[Forms, ...] = ("narrow", "wide") if picking_extent(found) else ("both",)
            for form in forms:
                suffix = "" if form == "both" else f"_{form}"
                made = PassWriter(found, known, name + suffix, optional, form).run()
                self.helpers |= made.helpers
                self.passes.append(self.with_tiles(made))
            self._passes[key] = replace(made, name=name)
            cost = cost_of_pass(found)
            self.costs += [
                CostText(f"{name}{'' if form == 'both' else f'_{form}'}", terms_text(cost.operations), terms_text(cost.bytes))
                for form in forms
            ]
        return self._passes[key]

    def with_tiles(self, made: PassText) -> str:
        """The source of a pass; functions of its tiles that the module has not yet are placed in front of it."""
        source = "\n".join(made.source)
        for tile in made.tiles:
            kind = "fold" if tile.parameters[-1].kind == "strip" else "spread"
            fresh = f"_{kind}{1 + sum(name.removeprefix(f'_{kind}').isdigit() for name in self._functions.values())}"
            names: dict[str, str] = {}
            for name, text in functions(tile):
                for old, new in names.items():
                    text = renamed(text, old, new)
                key = structure(name, text)
                if key not in self._functions:
                    self._functions[key] = self.names.fresh(fresh + name.removeprefix(tile.name))
                    self.passes.append(renamed(text, name, self._functions[key]))
                names[name] = self._functions[key]
            source = renamed(source, tile.name, names[tile.name])
        return source

    def add_nest(self, name: str, made: NestFunction, cost: Cost) -> None:
        parameters = ("begin", "end", "parts", *made.parameters) if made.threaded else made.parameters
        self.nests.append(NestText(name, parameters, made.parallel, doc_text(made.summary), made.lines))
        if made.threaded:
            self.helpers.add("threads")
        self.add_cost(name, made, cost)

    def add_cost(self, name: str, made: NestFunction, cost: Cost) -> None:
        self.helpers |= made.helpers
        self.costs.append(CostText(name, terms_text(cost.operations), terms_text(cost.bytes)))

    def kernel(self, name: str, nests: Iterable[str], temporaries: Iterable[tuple[Extent, ...]]) -> None:
        """Record what a public function is made of."""
        sizes: list[tuple[int, tuple[str, ...]]] = []
        for shape in dict.fromkeys(temporaries):
            formula = Formula()
            formula.add(8, shape)
            sizes.extend((factor, extents) for extents, factor in formula.terms.items())
        sizes.sort(key=lambda term: (-len(term[1]), -term[0], term[1]))
        unique = tuple(dict.fromkeys(nests))
        self.kernels.append(KernelText(name, repr(unique), repr(tuple(sizes))))

    def axis(self, shown: str, tensor: Tensor) -> None:
        """An argument and its extents."""
        self.axes[shown] = ("labels" if tensor.integer else "real", tensor.extents)

    def helper_texts(self) -> tuple[str, ...]:
        wanted = with_needs(self.helpers)
        if self.passes or "product" in wanted:
            return *support_texts(wanted), *pass_texts(wanted)
        vectors = self.helpers & called_as_vectors()
        plain = sorted((self.helpers & set(HELPERS)) - vectors)
        return *vector_texts(vectors), *(HELPERS[name].strip() for name in plain), *pass_texts(wanted)


def known_names(plan: Plan) -> frozenset[str]:
    """The inputs and everything stored."""
    return frozenset(i.tensor.name for i in plan.program.inputs) | frozenset(s.tensor.name for s in plan.stored)


def doc_text(text: str) -> str:
    """Text that may stand in a docstring: one line, no quotes or backslashes that would end it."""
    return " ".join(text.replace("\\", "/").replace('"""', "'''").split())


def with_more(doc: str, lines: Sequence[str]) -> str:
    """A docstring with further lines below its first, as they stand in a function."""
    return "\n".join([doc, "", *(f"    {doc_text(line)}" for line in lines), "    "]) if lines else doc


def terms_text(formula: Formula) -> str:
    """A formula as a Python tuple, largest degree first."""
    ordered = sorted(formula.terms.items(), key=lambda item: (-len(item[0]), item[0]))
    return repr(tuple((factor, extents) for extents, factor in ordered))
