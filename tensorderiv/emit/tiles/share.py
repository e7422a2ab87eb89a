"""One share w_ij g(i, j, p) of a spread as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.scalar import POWER
from tensorderiv.emit.tiles.body import Lanes
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.emit.tiles.reads import Reads
from tensorderiv.emit.tiles.text import Parameter
from tensorderiv.lower.tile import Spread


@dataclass(frozen=True)
class Share:
    """A spread and the identifiers of the function that is being written."""

    spread: Spread
    reads: Reads
    parameters: tuple[Parameter, ...]
    printer: LanePrinter
    lanes: Lanes

    @property
    def formula(self) -> str:
        body = self.spread.body
        target, summed = (body.column, body.row) if self.spread.onto_columns else (body.row, body.column)
        where = "".join(f"; {name} = {value}" for name, value in body.values)
        return f"out[{target}, {body.feature}] += sum over {summed} of W[{body.row} - start, {body.column}] ({body.value}{where})"

    def table(self, element: Element) -> str:
        """The identifier of the whole tensor."""
        return self.printer.names.of("tensor", element.tensor.name)

    def is_row(self, element: Element) -> bool:
        return element in self.reads.rows

    def term(self, mark: str, weight: str, at: Callable[[Element], str]) -> tuple[list[str], str]:
        """The lines and the text of w g in a lane; w = 0 gives 0 whatever g is, where that is asked for."""
        lines, text = self.lanes.value(mark, POWER, at)
        if not self.spread.guarded:
            return lines, f"{weight} * {text}"
        zero = self.printer.constant("0.0")
        # g is chosen, not the product: a product beside its sum is always fused, whatever becomes of the condition
        return lines, f"{weight} * {self.printer.choice(f'{weight} == {zero}', zero, text)}"
