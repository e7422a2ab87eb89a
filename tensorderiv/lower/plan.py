"""The plan of one function: the nests in order, what each needs, and what memory they take. It prints itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tensorderiv.algebra.expression import Node, Reduction, Tensor
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import bound_indices, tensors, walk
from tensorderiv.lower.cost import Cost, cost_of, scratch
from tensorderiv.lower.grouping import grouped_labels
from tensorderiv.lower.key import same_up_to_free
from tensorderiv.lower.matrices import name_matrices
from tensorderiv.lower.nest import Nest, Op
from tensorderiv.lower.passes import Multiplied, Pass, Planned, TwoFold, with_passes
from tensorderiv.lower.passes.cost import strip_sizes
from tensorderiv.lower.schedule import schedule
from tensorderiv.lower.setting import Method, Setting
from tensorderiv.lower.stages import row_extents, stages


@dataclass(frozen=True)
class Stage:
    """One stored statement and the nest that computes it. `reads` are the stored names and inputs it needs."""

    statement: Statement
    nest: Nest
    reads: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.statement.tensor.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (self.statement,)

    @property
    def cost(self) -> Cost:
        return cost_of(self.nest.body)


Placed: TypeAlias = Stage | TwoFold | Multiplied | Pass


def ops_in(stage: Placed) -> list[Op]:
    """The operations of a nest or of the rows of a pass."""
    match stage:
        case Stage():
            return stage.nest.body
        case Multiplied(nest=Stage() as instead):
            return instead.nest.body
        case Pass():
            return list(stage.body)
    return []


@dataclass(frozen=True)
class Plan:
    """The stages and passes of a function, in order. `outputs` are the names that are handed back."""

    program: Program
    stages: tuple[Placed, ...]
    outputs: tuple[str, ...]
    rows: frozenset[Extent]
    virtual: Mapping[str, Statement]

    def needed(self, outputs: Iterable[str]) -> tuple[Placed, ...]:
        """The stages and passes that these outputs depend on."""
        wanted = set(outputs)
        kept = []
        for stage in reversed(self.stages):
            if wanted & set(stage.names):
                kept.append(stage)
                wanted |= set(stage.reads)
        return tuple(kept[::-1])

    def names_needed(self, outputs: Iterable[str]) -> frozenset[str]:
        """The stored names that these outputs are computed from, themselves included."""
        wanted = set(outputs)
        for statement in reversed(self.stored):
            if statement.tensor.name in wanted:
                wanted |= set(reads_of(statement, self.virtual))
        return frozenset(wanted)

    def stage(self, name: str) -> Placed:
        """The stage or pass that computes a stored name."""
        return next(stage for stage in self.stages if name in stage.names)

    @property
    def stored(self) -> tuple[Statement, ...]:
        """Every stored statement."""
        return tuple(statement for stage in self.stages for statement in stage.statements)

    @property
    def nests(self) -> tuple[list[Op], ...]:
        """The operations of every stage; of a product of matrices, what computes it where it is not finite."""
        return tuple(ops_in(stage) for stage in self.stages)

    @property
    def temporaries(self) -> tuple[tuple[Extent, ...], ...]:
        """The shapes of all arrays that are neither inputs nor outputs."""
        shapes = [s.tensor.extents for s in self.stored if s.tensor.name not in self.outputs and s.tensor.order]
        shapes += [labels.extents for labels in self.groupings for _ in ("order", "sorted")]
        shapes += [shape for stage in self.stages if isinstance(stage, Pass) for shape in strip_sizes(stage)]
        usual = [ops for stage, ops in zip(self.stages, self.nests, strict=True) if not isinstance(stage, Multiplied)]
        return tuple(shapes + [shape for ops in usual for shape in scratch(ops)])

    @property
    def groupings(self) -> tuple[Tensor, ...]:
        """The label tensors whose rows are run over by label."""
        return tuple(dict.fromkeys(labels for ops in self.nests for labels in grouped_labels(ops)))

    def __str__(self) -> str:
        lines = []
        for stage in self.stages:
            if not isinstance(stage, Stage):
                lines += [f"# {stage.summary}", str(stage)] if isinstance(stage, Pass) else [f"# {stage}"]
                continue
            lines.append(f"# {stage.nest.summary}")
            lines.append(f"# {stage.cost.operations} operations")
            lines.append(str(stage.nest))
        return "\n".join(lines)


def lower(
    program: Program,
    outputs: Sequence[str] | None = None,
    rows: frozenset[Extent] | None = None,
    *,
    passes: bool = False,
    secondary: Collection[str] = (),
    method: Method = "exact",
    stable: Collection[str] = (),
) -> Plan:
    """The plan that computes the named outputs of a program (default: its last statement).

    `rows` are the extents that count rows of the batch (default: `row_extents` of the inputs). With `passes` the statements over
    pairs are computed together, in blocks of rows; else each has a plain loop nest, which is what the passes are tested against.
    Outputs that are `secondary` (nobody may ask for them) are kept apart from the others. `method` is for the passes; what the
    `stable` names hold is computed exactly whatever it is.

    >>> from tensorderiv.algebra.build import total, power, sub
    >>> from tensorderiv.algebra.expression import Element, Tensor
    >>> from tensorderiv.algebra.index import Index
    >>> from tensorderiv.algebra.program import Input, Statement
    >>> i, j, p = Index("i", "n"), Index("j", "n"), Index("p", "d")
    >>> X, D = Tensor("X", ("n", "d")), Tensor("D", ("n", "n"))
    >>> body = total([p], power(sub(Element(X, (i, p)), Element(X, (j, p))), 2))
    >>> print(lower(Program("sq", (Input(X),), (Statement(D, (i, j), body),))))
    # D_ij = sum_p (X_ip - X_jp)^2
    # 3 d n n operations
    for i in range(n):  # parallel
        for j in range(n):
            s = 0
            for p in range(d):
                t = X_ip - X_jp
                s += t^2
            D_ij = s
    """
    wanted = tuple(outputs) if outputs is not None else (program.output.tensor.name,)
    program, whole = name_matrices(program)
    found = stages(program, wanted, row_extents(program.inputs) if rows is None else rows, whole)
    setting = Setting(
        found.virtual, found.facts, found.rows, names_in(program, found.stored),
        method=method, kept=loops_in([*program.statements, *found.virtual.values(), *found.stored], stable),
    )  # fmt: skip
    order: Sequence[Planned] = found.stored
    if passes:
        optional = [s for s in found.stored if len(wanted) > 1 and s.tensor.name in wanted]
        alone = {s.tensor.name for s in optional if sum(extent in found.rows for extent in s.tensor.extents) > 1}
        order = with_passes(found.stored, setting, secondary, alone)
        setting = replace(setting, facts=setting.facts.knowing(s for s in order if isinstance(s, Statement)))
    return Plan(program, tuple(placed(one, setting) for one in order), wanted, found.rows, found.virtual)


def placed(one: Planned, setting: Setting) -> Placed:
    """With the loop nests that are needed."""
    if isinstance(one, Statement):
        return staged(one, setting)
    if isinstance(one, Multiplied) and one.otherwise is not None:
        return replace(one, nest=staged(one.otherwise, setting))
    return one


def loops_in(statements: Iterable[Statement], names: Collection[str]) -> frozenset[Node]:
    """The reductions in the statements of these names, their free letters numbered."""
    bodies = [statement.body for statement in statements if statement.tensor.name in names]
    return frozenset(same_up_to_free(node)[0] for body in bodies for node in walk(body) if isinstance(node, Reduction))


def staged(statement: Statement, setting: Setting) -> Stage:
    """A statement with a loop nest of its own."""
    return Stage(statement, schedule(statement, setting), reads_of(statement, setting.virtual))


def names_in(program: Program, statements: Iterable[Statement]) -> frozenset[str]:
    """Every name a local must not have: tensors, extents, indices."""
    names = set(program.names)
    for item in program.inputs:
        names |= {str(extent) for extent in item.tensor.extents}
    for statement in (*program.statements, *statements):
        names |= {statement.tensor.name} | {index.name for index in statement.indices}
        names |= {str(extent) for extent in statement.tensor.extents}
        for node in walk(statement.body):
            names |= {index.name for index in bound_indices(node)}
            names |= {str(index.extent) for index in bound_indices(node)}
    return frozenset(names)


def reads_of(statement: Statement, virtual: Mapping[str, Statement]) -> tuple[str, ...]:
    """The stored names and inputs a statement needs, virtual names unfolded, in order of first use."""
    found: dict[str, None] = {}

    def visit(names: Iterable[str]) -> None:
        for name in sorted(names):
            if name in virtual:
                visit(tensors(virtual[name].body))
            else:
                found[name] = None

    visit(tensors(statement.body))
    return tuple(found)
