"""Weights that are infinite or undefined: each times 0 is 0, so they are dealt with one by one, and the loops see 0 for them."""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.text import indented


def exceptions_lines(share: Share) -> list[str]:
    """The body of a function that returns W, or a copy of it in which no weight is infinite or undefined."""
    reads = share.reads

    def at(element: Element) -> str:
        if element in reads.features:
            return f"{share.table(element)}[l]"
        return f"{share.table(element)}[{'i' if share.is_row(element) else 'j'}, l]"

    lines, text = share.lanes.value("l", 0, at)
    zero = share.printer.constant("0.0")
    target = "j" if share.spread.onto_columns else "i"
    one = [
        *lines,
        f"g = {text}",
        f"if g != {zero}:",
        f"    out[{target}, l] += w * g",
    ]
    return [
        *share.printer.hoisted("out"),
        "rows = stop - start",
        "undefined = 0",
        "for r in range(rows):",
        "    for j in range(W.shape[1]):",
        "        undefined |= 0 if abs(W[r, j]) < np.inf else 1",
        "if undefined == 0:",
        "    return W",
        "W = W.copy()",
        "for i in range(start, stop):",
        "    for j in range(W.shape[1]):",
        "        w = W[i - start, j]",
        "        if not abs(w) < np.inf:",
        "            for l in range(out.shape[1]):",
        *indented(one, 4),
        f"            W[i - start, j] = {zero}",
        "return W",
    ]
