"""out_ip += sum_j w_ij g(i, j, p), or onto columns out_jp += sum_i w_ij g(i, j, p).

The number of features picks one of two forms.

Many features (`wide`; `sparse` where most weights are 0): vectorised over them, a few rows that are added to at a time.
Few features (`narrow`): vectorised over the columns, one feature after the other.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from tensorderiv.emit.names import Names
from tensorderiv.emit.tiles.body import BodyFunction, Lanes, body_function, unfused, with_function
from tensorderiv.emit.tiles.exceptions import careful_lines, exceptions_lines
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.emit.tiles.narrow import narrow_lines
from tensorderiv.emit.tiles.reads import OWN, TAKEN, reads_of
from tensorderiv.emit.tiles.share import Share
from tensorderiv.emit.tiles.sparse import sparse_lines
from tensorderiv.emit.tiles.text import Parameter, TileText, function_lines, indented
from tensorderiv.emit.tiles.wide import wide_lines
from tensorderiv.lower.tile import Spread

Forms: TypeAlias = Literal["both", "narrow", "wide"]

FEW = 8
"""Below so many features, the narrow form."""


def spread_text(spread: Spread, name: str, weights_finite: bool = True, forms: Forms = "both") -> TileText:
    """The function `name(start, stop, W, ..., out)`: out += the shares of the rows start <= i < stop, whose weights stand in W.

    With `weights_finite` false, an infinite or undefined weight times a g that is 0 counts as 0: W is searched for such weights
    first. With `forms` other than "both" the function has that form alone, for fewer than FEW features or for any number of them,
    and compiles in half the time. Raises RuleProblem where the body reads what a tile has not.
    """
    function = body_function(reads_of(spread.body), f"{name}_g", _formula(spread))
    share = _share(spread, function)
    shown = tuple(p.shown for p in share.parameters)
    extent = spread.body.feature.extent
    if forms == "both" and isinstance(extent, int):
        forms = "narrow" if extent < FEW else "wide"
    narrow = narrow_lines(share, FEW) if forms != "wide" else []
    wide = (sparse_lines if spread.sparse else wide_lines)(share) if forms != "narrow" else []
    lines: list[str] = []
    body = ["m = W.shape[1]", "d = out.shape[1]"]
    body += [f"if d < {FEW}:", *indented(narrow), "else:", *indented(wide)] if forms == "both" else [*narrow, *wide]
    body = [*share.printer.hoisted("out"), *body]
    helpers = share.printer.helpers
    if not weights_finite:
        other = _share(spread, function)
        doc = f"W with 0 for every weight that is not finite, after adding its share: {other.formula}."
        lines += [*function_lines(f"{name}_exceptions", shown, [doc], exceptions_lines(other)), "", ""]
        body.insert(0, f"W = {name}_exceptions({', '.join(shown)})")
        helpers |= other.printer.helpers
    if spread.masked:
        other = _share(spread, function)
        doc = f"Whether a table is not finite; then the shares of all weights but 0 are added: {other.formula}."
        lines += [*function_lines(f"{name}_careful", shown, [doc], careful_lines(other)), "", ""]
        body[:0] = [f"if {name}_careful({', '.join(shown)}):", "    return"]
        helpers |= other.printer.helpers
    decorator = f"_ordered{unfused(spread.body)}"
    lines += function_lines(name, shown, [f"{share.formula}, for the rows start to stop."], body, decorator)
    helpers |= {*(function.helpers if function else ()), "local", "place"}
    return TileText(name, share.parameters, tuple(with_function(function, lines)), frozenset(helpers))


def _formula(spread: Spread) -> str:
    where = "; ".join(f"{name} = {value}" for name, value in spread.body.values)
    return f"{spread.body.value}" + (f" with {where}" if where else "")


def _share(spread: Spread, function: BodyFunction | None) -> Share:
    reads = reads_of(spread.body)
    names = Names({*OWN, *TAKEN})
    arguments = reads.arguments(names, packed=False)
    before = (Parameter("start", "", "start"), Parameter("stop", "", "stop"), Parameter("weights", "", "W"))
    printer = LanePrinter(names)
    return Share(spread, reads, (*before, *arguments, Parameter("out", "", "out")), printer, Lanes(reads, printer, function))
