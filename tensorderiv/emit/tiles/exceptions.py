"""What the fast loops of a spread cannot do: weights that are not finite, and entries of tables under a mask that are not.

A weight that is not finite times 0 is 0: such weights are dealt with one by one, and the loops see 0 for them. A weight 0 times
an entry that is not finite is 0 as well: where a table holds such entries and weights are masked, all pairs are dealt with so.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.text import indented


def exceptions_lines(share: Share) -> list[str]:
    """The body of a function that returns W, or a copy of it in which no weight is infinite or undefined."""
    one = share_of_one(share)
    zero = share.printer.constant("0.0")
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


def careful_lines(share: Share) -> list[str]:
    """The body of a function that adds all shares of non-zero weights where a table is not finite, and says whether it did."""
    one = share_of_one(share)
    zero = share.printer.constant("0.0")
    rows = [share.table(e) for e in share.reads.rows]
    columns = [share.table(e) for e in share.reads.columns]
    undefined = [f"        undefined |= 0 if abs({table}[i, l]) < np.inf else 1" for table in dict.fromkeys(rows)]
    undefined_columns = [f"        undefined |= 0 if abs({table}[j, l]) < np.inf else 1" for table in dict.fromkeys(columns)]
    return [
        *share.printer.hoisted("out"),
        "undefined = 0",
        *(["for i in range(start, stop):", "    for l in range(out.shape[1]):", *undefined] if rows else []),
        *(["for j in range(W.shape[1]):", "    for l in range(out.shape[1]):", *undefined_columns] if columns else []),
        "if undefined == 0:",
        "    return False",
        "for i in range(start, stop):",
        "    for j in range(W.shape[1]):",
        "        w = W[i - start, j]",
        f"        if w != {zero}:",
        "            for l in range(out.shape[1]):",
        *indented(one, 4),
        "return True",
    ]


def share_of_one(share: Share) -> list[str]:
    """out += w g for one pair and one feature l, unless g is 0."""
    reads = share.reads

    def at(element: Element) -> str:
        if element in reads.features:
            return f"{share.table(element)}[l]"
        return f"{share.table(element)}[{'i' if share.is_row(element) else 'j'}, l]"

    lines, text = share.lanes.value("l", 0, at)
    zero = share.printer.constant("0.0")
    target = "j" if share.spread.onto_columns else "i"
    return [*lines, f"g = {text}", f"if g != {zero}:", f"    out[{target}, l] += w * g"]
