"""A spread over few features, vectorised over the columns, which are packed block by block.

Onto rows, each lane sums every so-manieth column; the lanes of a block are summed in a fixed order. Onto columns, each lane is a
column and sums over the rows in order.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.text import added, indented
from tensorderiv.emit.tiles.unroll import fold_unrolling

BLOCK = 512
"""Columns at a time."""

LANES = 32
"""Lanes that a sum over columns is taken in; each takes two columns at a time."""


def narrow_lines(share: Share, few: int) -> list[str]:
    """The lines of the form for fewer than `few` features, after m and d are known."""
    return _onto_columns(share, few) if share.spread.onto_columns else _onto_rows(share, few)


def _panel(share: Share, element: Element) -> str:
    return share.lanes.of(element, "packed")


def _packing(share: Share, few: int) -> list[str]:
    """The arrays, and the lines that fill them for the columns from `low` on."""
    columns = share.reads.columns
    lines = [f"{_panel(share, e)} = np.empty(({few}, {BLOCK}), {share.table(e)}.dtype)" for e in columns]
    lines += [f"for low in range(0, m, {BLOCK}):", f"    width = min({BLOCK}, m - low)"]
    if columns:
        lines += ["    for j in range(width):", "        for l in range(d):"]
        lines += [f"            {_panel(share, e)}[l, j] = {share.table(e)}[low + j, l]" for e in columns]
    return lines


def _term(share: Share, row: int, column: int, weight: str) -> tuple[list[str], str]:
    def at(element: Element) -> str:
        mark = "p" if element in share.reads.features else f"r{row}" if share.is_row(element) else f"s{column}"
        return share.lanes.of(element, mark)

    return share.term(f"{row}{column}", weight, at)


def _at_feature(share: Share, rows: range) -> list[str]:
    """What is read once for a feature."""
    lines = [f"{share.lanes.of(e, 'p')} = {share.table(e)}[l]" for e in share.reads.features]
    return lines + [f"{share.lanes.of(e, f'r{k}')} = {share.table(e)}[i{k}, l]" for k in rows for e in share.reads.rows]


def _onto_rows(share: Share, few: int) -> list[str]:
    zero = share.printer.constant("0.0")

    def step(count: int) -> list[str]:
        """The lines for `count` columns in each lane."""
        columns, terms = range(count), []
        lines = ["j0 = first + q", *(f"j{u} = j0 + {LANES * u}" for u in columns[1:])]
        for u in columns:
            lines.append(f"c{u} = _place(low + j{u})")
            lines += [f"{share.lanes.of(e, f's{u}')} = {_panel(share, e)}[l, j{u}]" for e in share.reads.columns]
            needed, text = _term(share, 0, u, f"w_{u}")
            lines += [f"w_{u} = W[r0, c{u}]", *needed]
            terms.append(text)
        return [*lines, *added("acc0[q]", terms)]

    one = [
        *_at_feature(share, range(1)),
        f"for q in range({LANES}):",
        f"    acc0[q] = {zero}",
        f"for first in range(0, full, {2 * LANES}):",
        f"    for q in range({LANES}):",
        *indented(step(2), 2),
        f"for first in range(full, width, {LANES}):",
        f"    for q in range(min({LANES}, width - first)):",
        *indented(step(1), 2),
        f"half = {LANES // 2}",
        "while half > 0:",
        "    for q in range(half):",
        "        acc0[q] += acc0[q + half]",
        "    half //= 2",
        "out[i0, l] += acc0[0]",
    ]
    lines = [f"acc0 = _local(out, {LANES})", *_packing(share, few), f"    full = width - width % {2 * LANES}"]
    lines += ["    for i0 in range(start, stop):", "        r0 = i0 - start", "        for l in range(d):"]
    return [*lines, *indented(one, 3)]


def _onto_columns(share: Share, few: int) -> list[str]:
    most = fold_unrolling(share.spread.body)[0]
    zero = share.printer.constant("0.0")

    def step(count: int) -> list[str]:
        """The lines for `count` rows."""
        rows, terms = range(count), []
        outside = [*(f"i{k} = i0 + {k}" for k in rows[1:]), *(f"r{k} = i{k} - start" for k in rows)]
        inside = ["c0 = _place(low + j)", *(f"{share.lanes.of(e, 's0')} = {_panel(share, e)}[l, j]" for e in share.reads.columns)]
        for k in rows:
            needed, text = _term(share, k, 0, f"w_{k}")
            inside += [f"w_{k} = W[r{k}, c0]", *needed]
            terms.append(text)
        loop = ["for j in range(width):", *indented([*inside, *added("acc0[j]", terms)])]
        return [*outside, *_at_feature(share, rows), *loop]

    one = ["for j in range(width):", f"    acc0[j] = {zero}"]
    if most > 1:
        one += [f"end = stop - (stop - start) % {most}", f"for i0 in range(start, end, {most}):", *indented(step(most))]
    one += [f"for i0 in range({'end' if most > 1 else 'start'}, stop):", *indented(step(1))]
    one += ["for j in range(width):", "    out[low + j, l] += acc0[j]"]
    return [f"acc0 = _local(out, {BLOCK})", *_packing(share, few), "    for l in range(d):", *indented(one, 2)]
