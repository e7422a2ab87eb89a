"""A spread over many features, vectorised over them.

Rows that are added to ("targets") come a few at a time, and so many features that their sums stay in registers while it runs over
the summed rows. Those are packed, 16 features together and zeros up to that: no loop has a rest. Weights are taken in squares
that stay in the second-level cache. Targets beyond the last are the last one again; what they got is not added.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.text import added, indented
from tensorderiv.emit.tiles.unroll import spread_unrolling

CHUNK = 16
"""Features at a time: a multiple of the lanes of any register."""

SUMMED = 256
"""Summed rows at a time."""

TARGETS = 64
"""Targets that run over the same weights, one chunk of features after the other."""


def wide_lines(share: Share) -> list[str]:
    """The lines of the form, after m and d are known."""
    return _Wide(share).body()


class _Wide:
    def __init__(self, share: Share) -> None:
        self.share = share
        self.targets = spread_unrolling(share.spread.body)
        self.zero = share.printer.constant("0.0")
        if share.spread.onto_columns:
            self.target, self.held, self.passing = "j", share.reads.columns, share.reads.rows
            self.first_target, self.last_target, self.first_summed, self.last_summed = "0", "m", "start", "stop"
        else:
            self.target, self.held, self.passing = "i", share.reads.rows, share.reads.columns
            self.first_target, self.last_target, self.first_summed, self.last_summed = "start", "stop", "0", "m"

    def body(self) -> list[str]:
        share, t, targets = self.share, self.target, range(self.targets)
        vectors = [(self.packed(e), share.table(e)) for e in share.reads.features]
        held = [(self.packed(e, k), share.table(e), f"{t}{k}") for k in targets for e in self.held]
        lines = [f"acc{k} = _local(out, {CHUNK})" for k in targets]
        lines += [f"{name} = _local({table}, {CHUNK})" for name, table, *_ in (*vectors, *held)]
        lines.append(f"spare = _local(out, {self.targets * CHUNK})")
        lines.append(f"chunks = (d + {CHUNK - 1}) // {CHUNK}")
        lines += [f"{self.packed(e)} = np.zeros((chunks, {SUMMED}, {CHUNK}), {share.table(e)}.dtype)" for e in self.passing]
        lines += _over("l", str(CHUNK), [f"{name}[l] = {self.zero}" for name, *_ in (*vectors, *held)])
        packing = [f"{self.packed(e)}[chunk, s, l] = {share.table(e)}[low + s, first + l]" for e in self.passing]
        chunk = ["for chunk in range(chunks):", f"    first = {CHUNK} * chunk", f"    width = min({CHUNK}, d - first)"]
        lines += [
            f"for low in range({self.first_summed}, {self.last_summed}, {SUMMED}):",
            f"    count = min({SUMMED}, {self.last_summed} - low)",
        ]
        if self.passing:
            lines += indented([*chunk, *indented(_over("s", "count", _over("l", "width", packing)))])
        lines += [f"    for high in range({self.first_target}, {self.last_target}, {TARGETS}):"]
        lines += indented([*chunk, *indented([f"{self.chosen(e)} = {self.packed(e)}[chunk]" for e in self.passing])], 2)
        lines += indented(_over("l", "width", [f"{name}[l] = {table}[first + l]" for name, table in vectors]), 3)
        lines += [f"            for {t}0 in range(high, min(high + {TARGETS}, {self.last_target}), {self.targets}):"]
        inner = [f"{t}{k} = min({t}0 + {k}, {self.last_target} - 1)" for k in targets[1:]]
        if t == "i":
            inner += [f"r{k} = i{k} - start" for k in targets]
        inner += [f"for l in range({CHUNK}):", *(f"    acc{k}[l] = {self.zero}" for k in targets)]
        inner += self.whole_or_not(f"width == {CHUNK}", [f"{name}[l] = {table}[{row}, first + l]" for name, table, row in held])
        inner += ["for s in range(count):", *indented(self.step())]
        more = [f"out[{t}{k}, first + l] += acc{k}[l]" for k in targets]
        whole = [f"for l in range({CHUNK}):", *indented(more)]
        rest = [f"for l in range({CHUNK}):", *(f"    spare[{CHUNK * k} + l] = acc{k}[l]" for k in targets)]
        rest += [f"for k in range(min({self.targets}, {self.last_target} - {t}0)):"]
        rest += indented(_over("l", "width", [f"out[{t}0 + k, first + l] += spare[{CHUNK} * k + l]"]))
        inner += [f"if width == {CHUNK} and {t}0 + {self.targets - 1} < {self.last_target}:", *indented(whole)]
        inner += ["else:", *indented(rest)]
        return [*lines, *indented(inner, 4)]

    def whole_or_not(self, condition: str, body: list[str]) -> list[str]:
        """A loop over a chunk, whose length LLVM knows where it is whole."""
        if not body:
            return []
        return [f"if {condition}:", *indented(_over("l", str(CHUNK), body)), "else:", *indented(_over("l", "width", body))]

    def packed(self, element: Element, target: int | None = None) -> str:
        """The identifier of the local copy of a table or of a row of it."""
        return self.share.lanes.of(element, "packed" if target is None else f"row{target}")

    def chosen(self, element: Element) -> str:
        """The identifier of the chunk at hand of a packed table."""
        return self.share.lanes.of(element, "chunk")

    def step(self) -> list[str]:
        """The lines for one summed row."""
        share, t, targets = self.share, self.target, range(self.targets)
        outside = [f"{'r0' if t == 'j' else 'j0'} = _place(low + s{' - start' if t == 'j' else ''})"]
        outside += [f"w_{k} = W[{f'r{k}, j0' if t == 'i' else f'r0, j{k}'}]" for k in targets]
        inside = [f"{share.lanes.of(e, 's')} = {self.chosen(e)}[s, l]" for e in self.passing]
        inside += [f"{share.lanes.of(e, 'p')} = {self.packed(e)}[l]" for e in share.reads.features]
        for k in targets:
            inside += [f"{share.lanes.of(e, f't{k}')} = {self.packed(e, k)}[l]" for e in self.held]
            lines, text = share.term(str(k), f"w_{k}", lambda e, k=k: self._at(e, k))  # type: ignore[misc]
            inside += [*lines, *added(f"acc{k}[l]", [text])]
        return [*outside, f"for l in range({CHUNK}):", *indented(inside)]

    def _at(self, element: Element, target: int) -> str:
        if element in self.share.reads.features:
            return self.share.lanes.of(element, "p")
        return self.share.lanes.of(element, f"t{target}" if element in self.held else "s")


def _over(index: str, stop: str, body: list[str]) -> list[str]:
    """A loop, unless it does nothing."""
    return [f"for {index} in range({stop}):", *indented(body)] if body else []
