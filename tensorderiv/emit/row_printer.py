"""Values of one row of a pass as text: loops over columns without a branch, in float64 throughout."""

from __future__ import annotations

from tensorderiv.algebra.expression import Element, Expr, Node, Select
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import ATOM, ScalarPrinter
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.lower.passes.builder import LOCAL_ROW


class RowPrinter(LanePrinter):
    """Prints the loops over columns: no branch in them, in float64 throughout."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.real = "float"
        self.instead: dict[Element, Element] = {}
        """Entries that are written as entries of something else, which stands in the same place."""

    def constant(self, text: str) -> str:
        return text

    def local(self, text: str) -> str:
        return text if text.isidentifier() else f"({text})"

    def element(self, element: Element) -> str:
        return ScalarPrinter.element(self, self.instead.get(element, element))

    def _written(self, expr: Expr) -> tuple[str, int]:
        if isinstance(expr, Select) and not any(is_gather(node) for node in walk(expr)):
            return self.choice(self.condition(expr.condition), self.text(expr.then), self.text(expr.otherwise)), ATOM
        return ScalarPrinter._written(self, expr)


def is_gather(node: Node) -> bool:
    """Whether an entry is read at a place that is computed: under its condition alone, there may be no such place."""
    return isinstance(node, Element) and any(isinstance(s, Element) and s != LOCAL_ROW for s in node.subscripts)
