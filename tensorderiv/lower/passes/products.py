"""A statement that is a product of stored matrices, or a sum of such, is computed as one:

    T_ab = c sum_q A_aq B_qb        each operand read along its rows or its columns

Where it was taken apart from sums over pairs (`apart`), it knows the nest of what was written, for results that are not finite.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from tensorderiv.algebra.build import factors_of, mul, terms_of
from tensorderiv.algebra.expression import Element, Expr, Number, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.lower.setting import Setting

if TYPE_CHECKING:
    from tensorderiv.lower.plan import Stage


@dataclass(frozen=True)
class Operand:
    """A stored matrix; `turned`: its columns stand for rows."""

    tensor: Tensor
    turned: bool

    def __str__(self) -> str:
        return f"{self.tensor.name}{'^T' if self.turned else ''}"


@dataclass(frozen=True)
class MatrixProduct:
    """scale left right."""

    scale: Fraction
    left: Operand
    right: Operand

    def __str__(self) -> str:
        shown = f"{self.left} {self.right}"
        return shown if self.scale == 1 else f"{self.scale} {shown}"


@dataclass(frozen=True)
class Multiplied:
    """target = the sum of the products. `otherwise` computes it as it was written, where that is not finite."""

    statement: Statement
    products: tuple[MatrixProduct, ...]
    otherwise: Statement | None = None
    nest: Stage | None = None
    """The loop nest of `otherwise`."""

    @property
    def name(self) -> str:
        return self.statement.tensor.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (self.statement,)

    @property
    def reads(self) -> tuple[str, ...]:
        own = [operand.tensor.name for product in self.products for operand in (product.left, product.right)]
        return tuple(dict.fromkeys([*own, *(self.nest.reads if self.nest else ())]))

    def __str__(self) -> str:
        shown = " + ".join(map(str, self.products))
        again = f"; where it is not finite, by {to_text(self.otherwise.body)}" if self.otherwise else ""
        return f"{self.name} = {shown}{again}"


def products_of(statement: Statement, setting: Setting) -> tuple[MatrixProduct, ...]:
    """The products that a statement of two indices is the sum of; none where it is anything else."""
    if len(statement.indices) != 2 or statement.tensor.integer:
        return ()
    found = [_product(term, statement.indices, setting) for term in terms_of(statement.body)]
    made = tuple(one for one in found if one is not None)
    return made if len(made) == len(found) else ()


def _product(term: Expr, indices: tuple[Index, ...], setting: Setting) -> MatrixProduct | None:
    numbers = [f for f in factors_of(term) if isinstance(f, Number)]
    term = mul(*(f for f in factors_of(term) if f not in numbers))
    if not isinstance(term, Reduction) or term.op != "sum" or len(term.indices) != 1 or term.condition is not None:
        return None
    (inner,), (first, second) = term.indices, indices
    factors = factors_of(term.body)
    if len(factors) != 2 or inner in indices:
        return None
    sides: list[Operand] = []
    for outer, ways in ((first, ((first, inner), (inner, first))), (second, ((inner, second), (second, inner)))):
        for factor in factors:
            if isinstance(factor, Element) and factor.subscripts in ways and _stored(factor, setting) and outer != inner:
                sides.append(Operand(factor.tensor, factor.subscripts == ways[1]))
                break
    scale = prod((f.value for f in numbers), start=Fraction(1))
    return MatrixProduct(scale, sides[0], sides[1]) if len(sides) == 2 else None


def _stored(element: Element, setting: Setting) -> bool:
    return element.tensor.name not in setting.virtual and not element.tensor.integer
