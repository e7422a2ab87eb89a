"""A spread of weights that are mostly 0, vectorised over the features.

Rows that are added to ("targets") come a few at a time, and so do those that are summed; where all weights between them are 0
they are passed over, all features at once. The summed rows are packed, with features up to a multiple of 16: no loop has a rest.
Targets beyond the last are the last one again; what they got is not added.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.text import added, indented
from tensorderiv.emit.tiles.unroll import fold_unrolling

BROAD = 64
"""Features at a time."""

CHUNK = 16
"""Features in the innermost loop: a multiple of the lanes of any register."""

SUMMED = 256
"""Summed rows at a time, so that their features stay in the second-level cache."""


def sparse_lines(share: Share) -> list[str]:
    """The lines of the form, after m and d are known."""
    return _Sparse(share).body()


class _Sparse:
    def __init__(self, share: Share) -> None:
        self.share = share
        self.targets, steps = fold_unrolling(share.spread.body)
        self.summed = steps[0]
        self.zero = share.printer.constant("0.0")
        if share.spread.onto_columns:
            self.target, self.other = "j", "i"
            self.held, self.passing = share.reads.columns, share.reads.rows
            self.first_target, self.last_target, self.first_summed, self.last_summed = "0", "m", "start", "stop"
        else:
            self.target, self.other = "i", "j"
            self.held, self.passing = share.reads.rows, share.reads.columns
            self.first_target, self.last_target, self.first_summed, self.last_summed = "start", "stop", "0", "m"

    def body(self) -> list[str]:
        share, t, targets = self.share, self.target, range(self.targets)
        vectors = [(self.packed(e), share.table(e)) for e in share.reads.features]
        held = [(self.packed(e, k), share.table(e), f"{t}{k}") for k in targets for e in self.held]
        lines = [f"acc{k} = _local(out, {BROAD})" for k in targets]
        lines += [f"{name} = _local({table}, {BROAD})" for name, table, *_ in (*vectors, *held)]
        lines += [f"{self.packed(e)} = np.zeros(({SUMMED}, {BROAD}), {share.table(e)}.dtype)" for e in self.passing]
        lines += _over("l", str(BROAD), [f"{name}[l] = {self.zero}" for name, *_ in (*vectors, *held)])
        packing = [f"{self.packed(e)}[s, l] = {share.table(e)}[low + s, first + l]" for e in self.passing]
        lines += [
            f"for low in range({self.first_summed}, {self.last_summed}, {SUMMED}):",
            f"    count = min({SUMMED}, {self.last_summed} - low)",
            *([f"    end = count - count % {self.summed}"] if self.summed > 1 else []),
            f"    for first in range(0, d, {BROAD}):",
            f"        width = min({BROAD}, d - first)",
            *indented(_over("l", "width", [f"{name}[l] = {table}[first + l]" for name, table in vectors]), 2),
            *indented(_over("s", "count", _over("l", "width", packing)), 2),
            f"        for {t}0 in range({self.first_target}, {self.last_target}, {self.targets}):",
        ]
        inner = [f"{t}{k} = min({t}0 + {k}, {self.last_target} - 1)" for k in targets[1:]]
        if t == "i":
            inner += [f"r{k} = i{k} - start" for k in targets]
        inner += [f"for l in range({BROAD}):", *(f"    acc{k}[l] = {self.zero}" for k in targets)]
        inner += _over("l", "width", [f"{name}[l] = {table}[{row}, first + l]" for name, table, row in held])
        if self.summed > 1:
            inner += [f"for s0 in range(0, end, {self.summed}):", *indented(self.step(self.summed))]
        inner += [f"for s0 in range({'end' if self.summed > 1 else '0'}, count):", *indented(self.step(1))]
        inner += ["for l in range(width):", f"    out[{t}0, first + l] += acc0[l]"]
        for k in targets[1:]:
            stored = ["for l in range(width):", f"    out[{t}{k}, first + l] += acc{k}[l]"]
            inner += [f"if {t}0 + {k} < {self.last_target}:", *indented(stored)]
        return [*lines, *indented(inner, 3)]

    def packed(self, element: Element, target: int | None = None) -> str:
        """The identifier of the local copy of a table or of a row of it."""
        return self.share.lanes.of(element, "packed" if target is None else f"row{target}")

    def step(self, count: int) -> list[str]:
        """The lines for `count` summed rows."""
        share, t, targets, summed = self.share, self.target, range(self.targets), range(count)
        outside = [f"s{u} = s0 + {u}" for u in summed[1:]]
        outside += [f"{f'r{u}' if t == 'j' else f'j{u}'} = low + s{u}{' - start' if t == 'j' else ''}" for u in summed]
        for k in targets:
            outside += [f"w_{k}{u} = W[{f'r{k}, j{u}' if t == 'i' else f'r{u}, j{k}'}]" for u in summed]
        inside = [f"l = {CHUNK} * chunk + q"]
        for e in self.passing:
            inside += [f"{share.lanes.of(e, f's{u}')} = {self.packed(e)}[s{u}, l]" for u in summed]
        inside += [f"{share.lanes.of(e, 'p')} = {self.packed(e)}[l]" for e in share.reads.features]
        for k in targets:
            inside += [f"{share.lanes.of(e, f't{k}')} = {self.packed(e, k)}[l]" for e in self.held]
            terms: list[str] = []
            for u in summed:
                lines, text = share.term(f"{k}{u}", f"w_{k}{u}", lambda e, k=k, u=u: self._at(e, k, u))  # type: ignore[misc]
                inside += lines
                terms.append(text)
            inside += added(f"acc{k}[l]", terms)
        loops = [f"for chunk in range((width + {CHUNK - 1}) // {CHUNK}):", f"    for q in range({CHUNK}):"]
        some = " | ".join(f"(w_{k}{u} != {self.zero})" for k in targets for u in summed)
        return [*outside, f"if {some}:", *indented([*loops, *indented(inside, 2)])]

    def _at(self, element: Element, target: int, summed: int) -> str:
        if element in self.share.reads.features:
            return self.share.lanes.of(element, "p")
        return self.share.lanes.of(element, f"t{target}" if element in self.held else f"s{summed}")


def _over(index: str, stop: str, body: list[str]) -> list[str]:
    """A loop, unless it does nothing."""
    return [f"for {index} in range({stop}):", *indented(body)] if body else []
