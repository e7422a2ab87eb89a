"""How an entry is used: its import, how exact and how fast its kernel is, and what other packages call it."""

from __future__ import annotations

from tensorderiv.catalog import Entry
from tensorderiv.definition import Definition
from tensorderiv.gallery.blocks import Block, Items, Table, Words
from tensorderiv.gallery.facts import Facts, Timed
from tensorderiv.lower.signature import kind_of


def importing(definition: Definition, facts: Facts) -> str:
    """Two lines of Python: where the kernels come from, and the first call."""
    name = definition.name
    if facts.generated:
        return f"from tensorderiv.generated import {name}\n\n{name}.{call(definition)}"
    return f'import tensorderiv as td\n\n{name} = td.catalog["{name}"].compile()\n{name}.{call(definition)}'


def call(definition: Definition) -> str:
    """The function people ask for first, with the arrays it takes."""
    kind = kind_of(definition.program)
    arrays = [item.tensor.name for item in definition.program.inputs if item.tensor.order or item.tensor.integer]
    if kind == "pair":
        points = definition.variable().tensor.name
        others = [f"{name}={name}" for name in arrays if name not in (points, "Y")]
        return f"pairwise({', '.join([points, *(name for name in arrays if name == 'Y'), *others])})"
    return f"{'value_and_grad' if kind == 'scalar' else 'evaluate'}({', '.join(arrays)})"


def accuracy(name: str, facts: Facts) -> tuple[Block, ...]:
    """The recorded figure, or how to get one."""
    if not facts.generated:
        return (Words(f'No kernel is generated yet; `td.catalog["{name}"].compile(verified=True)` makes one and has it judged.'),)
    verified = f"`tensorderiv verify {name}` judges it again."
    if facts.ulp is None:
        return (Words(f"The kernel was verified before it was written. {verified}"),)
    figure = (
        f"Its values at general points are within {facts.ulp:.1f} units in the last place (float64) of those to forty digits."
    )
    return (Words(f"The kernel was verified before it was written. {figure} {verified}"),)


def speed(facts: Facts) -> tuple[Block, ...]:
    """What `make bench` measured, by size and dtype."""
    head = ("work", "shapes", "dtype", "fastest other package as exact", "its time, ms", "our time, ms", "lead")
    told = f"Measured by `make bench` on {facts.machine}; see docs/performance.md."
    return (Table(head, tuple(map(_timed, facts.timed)), words=4), Words(told))


def _timed(row: Timed) -> tuple[str, ...]:
    shapes = ", ".join(f"{name} = {size:,}" for name, size in row.sizes)
    theirs = f"{1000 * row.peer_seconds:.3g}" if row.peer else "-"
    lead = f"{row.peer_seconds / row.seconds:.2f}" if row.peer else "-"
    return row.work, shapes, row.dtype, row.peer or "none", theirs, f"{1000 * row.seconds:.3g}", lead


def packages(entry: Entry) -> tuple[Block, ...]:
    """What each package calls it; a name there does not promise the same conventions, which the notes tell."""
    if not entry.packages:
        return (Words("None of the packages that were looked at has it."),)
    return (Items(tuple(f"{package}: {_called(called)}" for package, called in entry.packages)),)


def _called(text: str) -> str:
    """The name as code, a remark behind it as words.

    >>> _called("METRIC_L2 (faiss returns the square)")
    '`METRIC_L2` (faiss returns the square)'
    """
    name, bracket, remark = text.partition(" (")
    return f"`{name}`{bracket}{remark}"
