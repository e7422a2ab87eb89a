"""The body of a public function: check the arguments, call the nests in order, hand the results back.

A nest that only some of the requested results need stands under `if "X" in wanted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Input
from tensorderiv.emit.assembly import Assembly
from tensorderiv.emit.context import FunctionText
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import number_text
from tensorderiv.errors import NameProblem
from tensorderiv.lower.grouping import order_of_rows, sorted_labels
from tensorderiv.lower.plan import Plan, Stage

PUBLIC = ("out", "wrt", "slot")
"""Parameters of the public functions that are no inputs."""


@dataclass
class Arguments:
    """What a public function takes. `positional` and `keyword` arrays, scalar parameters, further text of the signature."""

    positional: list[Input]
    keyword: list[Input]
    scalars: list[Input]
    defaults: dict[str, str] = field(default_factory=dict)  # of positional arrays: "Y" -> "None"
    extra: tuple[str, ...] = ()


@dataclass
class Selection:
    """Results that are chosen by `wrt`: stage name -> the key the user names it by. Others are always computed."""

    keys: Mapping[str, str] = field(default_factory=dict)


class Driver:
    """Builds one public function."""

    def __init__(self, name: str, assembly: Assembly, arguments: Arguments, extents: Iterable[str]) -> None:
        self.name = name
        self.assembly = assembly
        self.arguments = arguments
        self.names = Names(PUBLIC)
        self.lines: list[str] = []
        self.calls: list[str] = []
        self.temporaries: list[tuple[Extent, ...]] = []
        for item in (*arguments.positional, *arguments.keyword, *arguments.scalars):
            self.names.of("tensor", item.tensor.name)
        self.extents = tuple(extents)

    def shown(self, name: str) -> str:
        """The identifier of a tensor in this function."""
        return self.names.of("tensor", name)

    @property
    def signature(self) -> str:
        """X, Y=None, *, M, gamma=1.0, out=None."""
        a = self.arguments
        parts = [self.shown(i.tensor.name) + self._default(i) for i in a.positional]
        named = [self.shown(i.tensor.name) for i in a.keyword]
        named += [self.shown(i.tensor.name) for i in a.scalars if i.default is None]
        named += [f"{self.shown(i.tensor.name)}={number_text(i.default)}" for i in a.scalars if i.default is not None]
        named += list(a.extra)
        return ", ".join(parts + (["*", *named] if named else []))

    def _default(self, item: Input) -> str:
        default = self.arguments.defaults.get(item.tensor.name)
        return "" if default is None else f"={default}"

    def check(self, given: Mapping[str, str] | None = None) -> None:
        """The lines that check and convert the arguments and name the extents. `given` overrides what is passed for a name."""
        arrays = [*self.arguments.positional, *self.arguments.keyword]
        for item in arrays:
            self.assembly.axis(self.shown(item.tensor.name), item.tensor)
        shown = [self.shown(item.tensor.name) for item in arrays]
        passed = [f"{name}={(given or {}).get(item.tensor.name, name)}" for name, item in zip(shown, arrays, strict=True)]
        if shown:
            comma = "," if len(shown) == 1 else ""
            self.lines.append(f'({", ".join(shown)}{comma}), size, dtype = _checked("{self.name}", {", ".join(passed)})')
        else:
            self.lines.append("size, dtype = {}, np.float64")
        for item in self.arguments.scalars:
            name = self.shown(item.tensor.name)
            self.lines.append(f'{name} = _number("{self.name}", "{name}", {name})')

    def name_extents(self, used: Iterable[str]) -> None:
        """n, d = size["n"], size["d"] for the extents that are used."""
        missing = sorted(set(used) - set(self.extents))
        if missing:
            problem = f"the extent {missing[0]} cannot be read off any input"
            raise NameProblem(problem, hint=f"declare an input that has it, or give its size as a number instead of {missing[0]}")
        kept = [e for e in self.extents if e in set(used)]
        if kept:
            left = ", ".join(self.names.of("extent", e) for e in kept)
            right = ", ".join(f'size["{e}"]' for e in kept)
            self.lines.append(f"{left} = {right}")

    def extent(self, extent: Extent) -> str:
        return str(extent) if isinstance(extent, int) else self.names.of("extent", extent)

    def shape(self, extents: Sequence[Extent]) -> str:
        shown = ", ".join(self.extent(e) for e in extents)
        return f"({shown},)" if len(extents) == 1 else f"({shown})"

    def run(self, plan: Plan, selection: Selection | None = None, allocate: Mapping[str, str] | None = None) -> None:
        """The calls of all stages. `allocate` gives the text that makes the array of an output."""
        keys = dict(selection.keys) if selection else {}
        always = [name for name in plan.outputs if name not in keys]
        fixed = {stage.name for stage in plan.needed(always)}
        users: dict[str, list[str]] = {}
        for output, key in keys.items():
            for stage in plan.needed([output]):
                users.setdefault(stage.name, []).append(key)
        self.name_extents(self._extents_used(plan))
        self.group_rows(plan)
        condition: str | None = None
        for stage in plan.stages:
            mine = sorted(set(users.get(stage.name, ())), key=list(dict.fromkeys(keys.values())).index)
            all_of_them = set(mine) == set(keys.values())
            wanted = "" if stage.name in fixed or all_of_them else " or ".join(f'"{key}" in wanted' for key in mine)
            if wanted != condition:
                condition = wanted
                if wanted:
                    self.lines.append(f"if {wanted}:")
            pad = "    " if wanted else ""
            for line in self.call(stage, plan, (allocate or {}).get(stage.name)):
                self.lines.append(pad + line)
            if stage.name in keys:
                self.lines.append(f'{pad}results["{keys[stage.name]}"] = {self.shown(stage.name)}')
        self.temporaries.extend(plan.temporaries)

    def group_rows(self, plan: Plan) -> None:
        """c_order, c_sorted: the rows sorted by label, and their labels."""
        for labels in plan.groupings:
            given, order = self.shown(labels.name), self.shown(order_of_rows(labels).name)
            self.lines.append(f'{order} = np.argsort({given}, kind="stable")')
            self.lines.append(f"{self.shown(sorted_labels(labels).name)} = {given}[{order}]")

    def _extents_used(self, plan: Plan) -> set[str]:
        used: set[str] = set()
        for stage in plan.stages:
            used |= set(self.assembly.place(stage, plan).function.extents)
            used |= {e for e in stage.statement.tensor.extents if isinstance(e, str)}
        return used

    def call(self, stage: Stage, plan: Plan, allocate: str | None) -> list[str]:
        """N = np.empty(...); _N(n, d, X, N)."""
        placed = self.assembly.place(stage, plan)
        self.calls.append(placed.name)
        target = self.shown(stage.name)
        passed = [self.names.of("extent", e) for e in placed.function.extents]
        passed += [self.shown(t) for t in placed.function.tensors]
        called = f"{placed.name}({', '.join(passed)})"
        if placed.function.returns:
            return [f"{target} = {called}"]
        made = allocate or f"np.empty({self.shape(stage.statement.tensor.extents)}, dtype)"
        return [f"{target} = {made}", called]

    def finish(self, doc: str) -> FunctionText:
        """The function; what it costs is recorded."""
        self.assembly.kernel(self.name, self.calls, self.temporaries)
        return FunctionText(self.name, self.signature, doc, tuple(self.lines))


def tensor_input(name: str, extents: Sequence[Extent]) -> Input:
    """A further array argument: a cotangent, a direction."""
    return Input(Tensor(name, tuple(extents)))
