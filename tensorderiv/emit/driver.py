"""The body of a public function: check the arguments, call the nests in order, hand the results back.

A nest that only some of the requested results need stands under `if "X" in wanted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.expression import Reduction, Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Input
from tensorderiv.emit.assembly import Assembly, with_more
from tensorderiv.emit.context import FunctionText
from tensorderiv.emit.names import Names
from tensorderiv.emit.passes import picking_extent
from tensorderiv.emit.scalar import number_text
from tensorderiv.emit.tiles.spread import FEW
from tensorderiv.errors import NameProblem
from tensorderiv.lower.grouping import order_of_rows, sorted_labels
from tensorderiv.lower.nest import BLOCKS
from tensorderiv.lower.passes import Multiplied, Pass, Target, TwoFold
from tensorderiv.lower.passes.gram import bound_words
from tensorderiv.lower.plan import Placed, Plan, Stage

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
        self.gram: list[Reduction] = []
        """The sums that its passes take by products of matrices."""
        self.temporaries: list[tuple[Extent, ...]] = []
        self.chosen = "wanted"
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
        wishes = Wishes(plan, keys, self.chosen)
        self.name_extents(self._extents_used(plan, wishes))
        self.group_rows(plan)
        condition = ""
        for stage in plan.stages:
            wanted = wishes.condition([key for key in wishes.keys if wishes.needs_stage(stage, key)], stage)
            if wanted != condition:
                condition = wanted
                if wanted:
                    self.lines.append(f"if {wanted}:")
            pad = "    " if wanted else ""
            for line in self.called(stage, plan, wishes, allocate or {}):
                self.lines.append(pad + line)
            for name in stage.names:
                if name in keys:
                    only = wishes.optional(stage).get(name)
                    here = f'results["{keys[name]}"] = {self.shown(name)}'
                    self.lines += [f"{pad}if {only}:", f"{pad}    {here}"] if only else [pad + here]
        self.temporaries.extend(plan.temporaries)

    def group_rows(self, plan: Plan) -> None:
        """c_order, c_sorted: the rows sorted by label, and their labels."""
        for labels in plan.groupings:
            given, order = self.shown(labels.name), self.shown(order_of_rows(labels).name)
            self.lines.append(f'{order} = np.argsort({given}, kind="stable")')
            self.lines.append(f"{self.shown(sorted_labels(labels).name)} = {given}[{order}]")

    def _extents_used(self, plan: Plan, wishes: Wishes) -> set[str]:
        used: set[str] = set()
        for stage in plan.stages:
            if isinstance(stage, Pass):
                made = self.assembly.place_pass(stage, plan, frozenset(wishes.optional(stage)))
                used |= set(made.extents)
            nest = stage.nest if isinstance(stage, Multiplied) else stage
            if isinstance(nest, Stage):
                used |= set(self.assembly.place(nest, plan).function.extents)
            used |= {e for s in stage.statements for e in s.tensor.extents if isinstance(e, str)}
        return used

    def called(self, stage: Placed, plan: Plan, wishes: Wishes, allocate: Mapping[str, str]) -> list[str]:
        """The lines that compute what a stage or a pass stores."""
        if isinstance(stage, Pass):
            return self.call_pass(stage, plan, wishes.optional(stage), allocate)
        if isinstance(stage, TwoFold):
            return self.call_two_fold(stage)
        if isinstance(stage, Multiplied):
            return self.call_products(stage, plan)
        return self.call(stage, plan, allocate.get(stage.name))

    def call(self, stage: Stage, plan: Plan, allocate: str | None, *, usual: bool = True) -> list[str]:
        """N = np.empty(...); _N(n, d, X, N). What is not `usual` does not count among the costs."""
        placed = self.assembly.place(stage, plan)
        if usual:
            self.calls.append(placed.name)
        target = self.shown(stage.name)
        passed = [self.names.of("extent", e) for e in placed.function.extents]
        passed += [self.shown(t) for t in placed.function.tensors]
        called = f"{placed.name}({', '.join(passed)})"
        if placed.function.threaded:
            called = f"_run({placed.name}, {self.parts(stage, placed.function.threaded)}, {', '.join(passed)})"
        if placed.function.returns:
            return [f"{target} = {called}"]
        made = allocate or f"np.empty({self.shape(stage.statement.tensor.extents)}, dtype)"
        return [f"{target} = {made}", called]

    def call_two_fold(self, stage: TwoFold) -> list[str]:
        """A, a = _two_fold(M, X)."""
        self.assembly.helpers.add("two fold")
        high, low = self.shown(stage.high.name), self.shown(stage.low.name)
        matrix = f"{self.shown(stage.matrix.name)}{'.T' if stage.turned else ''}"
        return [f"{high}, {low} = _two_fold({matrix}, {self.shown(stage.table.name)})"]

    def call_products(self, stage: Multiplied, plan: Plan) -> list[str]:
        """T = np.zeros(...); _multiply(A, B, T) for each product; what is not finite once more as it was written."""
        self.assembly.helpers.add("multiply")
        target = self.shown(stage.name)
        lines = [f"{target} = np.zeros({self.shape(stage.statement.tensor.extents)}, dtype)"]
        for product in stage.products:
            left, right = (f"{self.shown(o.tensor.name)}{'.T' if o.turned else ''}" for o in (product.left, product.right))
            scale = "" if product.scale == 1 else f", {number_text(product.scale)}"
            lines.append(f"_multiply({left}, {right}, {target}{scale})")
        if stage.nest is not None:
            lines.append(f"if not np.isfinite({target}).all():")
            lines += [f"    {line}" for line in self.call(stage.nest, plan, None, usual=False)]
        return lines

    def parts(self, stage: Stage, extent: str) -> str:
        """The number of parts of a nest that threads share."""
        if extent == "blocks":
            return str(BLOCKS)
        terms = stage.cost.operations.terms
        largest = max(terms, key=lambda key: (len(key), terms[key], key), default=())
        operations = " * ".join([str(terms.get(largest, 1)), *(self.names.of("extent", e) for e in largest)])
        return f"_parts({self.names.of('extent', extent)}, {operations})"

    def call_pass(self, found: Pass, plan: Plan, optional: Mapping[str, str], allocate: Mapping[str, str]) -> list[str]:
        """The arrays of a pass, its call for all parts, and what is left to add up."""
        made = self.assembly.place_pass(found, plan, frozenset(optional))
        self.gram += found.gram
        self.calls.append(f"{made.name}_wide" if picking_extent(found) else made.name)
        n, m = self.extent(found.row.extent), self.extent(found.column.extent)
        flags = {name: self.names.of("tensor", f"with_{name}") for name in optional}
        lines = [f"{flags[name]} = {condition}" for name, condition in optional.items()]
        onto = [t for t in found.targets if t.role in ("onto columns", "column sum")]
        entries = " + ".join(" * ".join(map(self.extent, t.statement.tensor.extents)) for t in onto) or "0"
        lines.append(f"parts, rows = _partition({n}, {m}, np.dtype(dtype).itemsize, {made.products}, {entries})")
        for target in found.targets:
            lines.append(f"{self.shown(target.name)} = {self.array(target, flags.get(target.name), allocate)}")
        passed = [self.names.of("extent", e) for e in made.extents]
        for kind, name in made.arguments:
            if kind in ("panels", "columns", "features"):
                packed = self.names.of("tensor", f"{name}_{kind}")
                lines.append(f"{packed} = _{kind}({self.shown(name)})")
                passed.append(packed)
            else:
                passed.append(flags[name] if kind == "flag" else self.shown(name))
        extent = picking_extent(found)
        function = f"{made.name}_narrow if {self.extent(extent)} < {FEW} else {made.name}_wide" if extent else made.name
        called = f"_run({function}, {', '.join(['parts', 'rows', *passed])})"
        lines.append(called)
        lines += [f"{self.shown(t.name)} = _added({self.shown(t.name)}, dtype)" for t in onto]
        return lines

    def array(self, target: Target, flag: str | None, allocate: Mapping[str, str]) -> str:
        """The text that makes the array of a target; zeros where something is added to it."""
        extents = target.statement.tensor.extents
        shape, empty = self.shape(extents), f"({', '.join('0' for _ in extents)},)"
        match target.role:
            case "column sum":
                return f"np.zeros((parts, {shape[1:]})"
            case "onto columns":
                shape, empty = f"(parts, {shape[1:]}", f"(parts, {empty[1:]}"
                return f"np.zeros({shape} if {flag} else {empty}, dtype)" if flag else f"np.zeros({shape}, dtype)"
            case "onto rows":
                return f"np.zeros({shape} if {flag} else {empty}, dtype)" if flag else f"np.zeros({shape}, dtype)"
        return allocate.get(target.name) or f"np.empty({shape}, dtype)"

    def finish(self, doc: str) -> FunctionText:
        """The function; what it costs is recorded."""
        self.assembly.kernel(self.name, self.calls, self.temporaries)
        return FunctionText(self.name, self.signature, with_more(doc, bound_words(self.gram)), tuple(self.lines))


class Wishes:
    """Which stages are needed for which of the results that are chosen by `wrt`, and the conditions that say so."""

    def __init__(self, plan: Plan, keys: Mapping[str, str], chosen: str) -> None:
        self.plan = plan
        self.chosen = chosen
        self.outputs = {key: output for output, key in keys.items()}
        self.keys = list(dict.fromkeys(keys.values()))
        always = [name for name in plan.outputs if name not in keys]
        self.fixed = {name for stage in plan.needed(always) for name in stage.names}
        self.fixed_names = plan.names_needed(always)
        self.stages = {key: {stage.names for stage in plan.needed([self.outputs[key]])} for key in self.keys}
        self.names = {key: plan.names_needed([self.outputs[key]]) for key in self.keys}

    def needs_stage(self, stage: Placed, key: str) -> bool:
        return stage.names in self.stages[key]

    def condition(self, mine: list[str], stage: Placed) -> str:
        """When the stage is needed; empty where it always is."""
        if set(stage.names) & self.fixed or set(mine) == set(self.keys):
            return ""
        return " or ".join(f'"{key}" in {self.chosen}' for key in mine)

    def optional(self, stage: Placed) -> dict[str, str]:
        """What a pass spreads onto only for some of the results it is needed for: target -> condition."""
        if not isinstance(stage, Pass):
            return {}
        users = [key for key in self.keys if self.needs_stage(stage, key)]
        found = {}
        for target in stage.targets:
            mine = [key for key in users if target.name in self.names[key]]
            always = target.name in self.fixed_names
            if target.role in ("onto rows", "onto columns") and not always and (mine != users or set(stage.names) & self.fixed):
                found[target.name] = " or ".join(f'"{key}" in {self.chosen}' for key in mine)
        return found


def tensor_input(name: str, extents: Sequence[Extent]) -> Input:
    """A further array argument: a cotangent, a direction."""
    return Input(Tensor(name, tuple(extents)))
