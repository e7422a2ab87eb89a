"""A program as text: declarations, then one statement a line. Reading it gives the same program back."""

from __future__ import annotations

from fractions import Fraction

from tensorderiv.algebra.program import Domain, Input, Program
from tensorderiv.algebra.text import statement_text


def program_text(program: Program) -> str:
    """The whole definition."""
    declared = [declaration_text(item) for item in program.inputs]
    return "\n".join(declared + [statement_text(statement, program.names) for statement in program.statements])


def declaration_text(item: Input) -> str:
    """One declaration.

    >>> from tensorderiv.algebra.expression import Tensor
    >>> declaration_text(Input(Tensor("P", ("n", "d")), Domain("simplex")))
    'tensor P[n,d] in simplex'
    >>> declaration_text(Input(Tensor("t"), Domain("positive"), Fraction(1, 2)))
    'scalar t > 0 default 1/2'
    """
    tensor = item.tensor
    word = "labels" if tensor.integer else "tensor" if tensor.extents else "scalar"
    extents = f"[{','.join(str(extent) for extent in tensor.extents)}]" if tensor.extents else ""
    default = "" if item.default is None else f" default {item.default}"
    return f"{word} {tensor.name}{extents}{_range(item)}{default}"


def _range(item: Input) -> str:
    """What the values may be: the extent that labels count, the domain of numbers."""
    if item.tensor.integer:
        return "" if item.label_extent is None else f" in {item.label_extent}"
    return _domain(item.domain)


def _domain(domain: Domain) -> str:
    match domain.kind:
        case "positive":
            return " > 0"
        case "nonnegative":
            return " >= 0"
        case "interval":
            return _interval(domain.lower, domain.upper, domain.open_ends)
        case "simplex" | "sphere":
            return f" in {domain.kind}"
        case "symmetric" | "spd":
            return f" {domain.kind}"
    return ""


def _interval(lower: Fraction | None, upper: Fraction | None, open_ends: tuple[bool, bool]) -> str:
    if upper is None:
        return "" if lower is None else f" {'>' if open_ends[0] else '>='} {lower}"
    if lower is None:
        return f" {'<' if open_ends[1] else '<='} {upper}"
    return f" in {'(' if open_ends[0] else '['}{lower},{upper}{')' if open_ends[1] else ']'}"
