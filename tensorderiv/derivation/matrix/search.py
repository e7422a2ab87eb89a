"""From an index expression to a matrix expression, term by term.

The search recognises nothing but indices: who shares which index with whom decides what is a product, a diagonal, an entrywise
product or a broadcast. It raises NoMatrixForm, with the reason, where an index structure is none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.build import MINUS_ONE, ONE, mul, sub
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    CompareOp,
    Condition,
    Constant,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Node,
    Number,
    Position,
    Pow,
    Reduction,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import contains, free_indices, substitute, substitute_expr
from tensorderiv.derivation.matrix.build import elementwise, hadamard, ones, powered, product, scaled, transpose
from tensorderiv.derivation.matrix.collect import inner_total, total
from tensorderiv.derivation.matrix.expression import (
    AllOnes,
    Basis,
    Identity,
    Inverse,
    Matrix,
    Named,
    Ones,
    Scalar,
    Shape,
    SingleEntry,
)
from tensorderiv.derivation.matrix.graph import Graph
from tensorderiv.derivation.matrix.opening import Opener, Term
from tensorderiv.derivation.matrix.refusal import NoMatrixForm

BY_SIGN: dict[CompareOp, tuple[bool, bool]] = {">": (True, False), "<": (True, True), ">=": (False, True), "<=": (False, False)}
"""Comparison -> whether it is strict, and whether the sides of the (opposite) strict comparison with > are turned round."""


@dataclass
class Search:
    """`fixed` are free indices that are neither row nor column: they become e_k and E_kl.

    `symmetric` names matrices equal to their transpose. `wide` multiplies out all products of sums.
    """

    fixed: tuple[Index, ...] = ()
    symmetric: frozenset[str] = frozenset()
    wide: bool = False
    opener: Opener = field(init=False)

    def __post_init__(self) -> None:
        self.opener = Opener(self.wide)

    def matrix(self, expr: Expr, row: Index | None, column: Index | None) -> Matrix:
        """The matrix whose entry at (row, column) is the expression; an axis that is not there is None."""
        shape: Shape = (row.extent if row else None, column.extent if column else None)
        return total((self.term(term, row, column) for term in self.opener.terms(expr)), shape)

    def term(self, term: Term, row: Index | None, column: Index | None) -> Matrix:
        """One product under one sum, by its graph."""
        free = [index for index in (row, column) if index is not None]
        term, basis = self._replace_fixed(term, free)
        nodes = [*free, *term.bound]
        graph = Graph()
        coefficient: Expr = ONE
        scalars: list[Matrix] = []
        for factor in term.factors:
            touched = [index for index in free_indices(factor) if index in nodes]
            match touched:
                case []:
                    if contains(factor, Reduction):
                        scalars.append(self.scalar(factor))
                    else:
                        coefficient = mul(coefficient, _plain(factor))
                case [only]:
                    self._loop(graph, only, factor)
                case [first, second]:
                    start, end = (first, second) if nodes.index(first) < nodes.index(second) else (second, first)
                    graph.edge(start, end, self.entries(factor, start, end))
                case _:
                    letters = ", ".join(_letter(index) for index in touched)
                    raise NoMatrixForm(f"{_kind(factor)} depends on {letters} at once")
        self._single_entries(graph, basis)
        graph.eliminate(term.bound)
        return scaled(coefficient, graph.result(row, column), [*scalars, *graph.scalars])

    def scalar(self, expr: Expr) -> Matrix:
        """A number that sums over indices of its own."""
        match expr:
            case Function(name, args):
                return elementwise(
                    name, tuple(self.scalar(arg) if contains(arg, Reduction) else Scalar(_plain(arg)) for arg in args)
                )
            case Pow(base, Number(exponent)):
                return powered(self.scalar(base), exponent)
            case Pow(base, exponent_expr):
                return elementwise("pow", tuple(self.number(side) for side in (base, exponent_expr)))
        refuse_what_is_none(expr)
        return self.matrix(expr, None, None)

    def _loop(self, graph: Graph, node: Index, factor: Expr) -> None:
        """A factor of one index; an entry A_ii of a matrix is an edge that is summed against the identity."""
        if isinstance(factor, Element | MatrixFunction) and factor.subscripts == (node, node):
            matrix = self.entries(_apart(factor, node), node, _second(node))
            graph.loop(node, product(hadamard([Identity(node.extent), matrix]), Ones(node.extent)))
            return
        graph.loop(node, self.entries(factor, node, None))

    def entries(self, factor: Expr, row: Index, column: Index | None) -> Matrix:
        """A factor of one or two indices as a vector or a matrix."""
        axes = (row,) if column is None else (row, column)
        shape: Shape = (row.extent, column.extent if column else None)
        match factor:
            case KroneckerDelta(left, right) if column is None and (label := _label(left, right, row)) is not None:
                return Basis(label, row.extent)
            case Bracket(Compare("=" | "!=" as op, Position(left), right)) if column is None and isinstance(right, Element):
                if (label := _label(left, right, row)) is not None:
                    unit = Basis(label, row.extent)
                    return unit if op == "=" else total([Ones(row.extent), scaled(MINUS_ONE, unit)], shape)
            case Element(tensor, subscripts):
                if tensor.order > 2 or set(subscripts) != set(axes) or len(subscripts) != len(axes):
                    raise NoMatrixForm(_entry_reason(factor))
                named = Named(tensor, tensor.name in self.symmetric)
                return named if subscripts == axes else transpose(named)
            case MatrixFunction("inv", tensor, subscripts):
                inverse = Inverse(Named(tensor, tensor.name in self.symmetric))
                return inverse if subscripts == axes else transpose(inverse)
            case KroneckerDelta() if column is not None and row.extent == column.extent:
                return Identity(row.extent)
            case Bracket(Compare("!=", Position(), Position())) if column is not None and row.extent == column.extent:
                return total([AllOnes(row.extent, row.extent), scaled(MINUS_ONE, Identity(row.extent))], shape)
            case Bracket(Compare("=", Position(), Position())) if column is not None and row.extent == column.extent:
                return Identity(row.extent)
            case Bracket(Compare(op, left, right)) if op in BY_SIGN and _is_real(factor.condition):
                return self._comparison(op, left, right, row, column)
            case Function(name, args):
                return elementwise(name, tuple(self.argument(arg, row, column) for arg in args))
            case Pow(base, Number(rational)):
                return powered(self.matrix(base, row, column), rational)
            case Pow(base, exponent):
                return elementwise("pow", (self.argument(base, row, column), self.argument(exponent, row, column)))
        refuse_what_is_none(factor)
        return self.matrix(factor, row, column)

    def _comparison(self, op: CompareOp, left: Expr, right: Expr, row: Index, column: Index | None) -> Matrix:
        """[a > b] = relu(sign(a - b)), for real a and b; [a >= b] = 1 - [b > a]."""
        strict, turn = BY_SIGN[op]
        difference = sub(right, left) if turn else sub(left, right)
        held = elementwise("relu", (elementwise("sign", (self.argument(difference, row, column),)),))
        shape: Shape = (row.extent, column.extent if column else None)
        return held if strict else total([ones(shape), scaled(MINUS_ONE, held)], shape)

    def argument(self, expr: Expr, row: Index, column: Index | None) -> Matrix:
        """An argument of an entrywise function: a matrix, or one number for all entries."""
        if row in free_indices(expr) or (column is not None and column in free_indices(expr)):
            made = self.matrix(expr, row, column)
            return inner_total([made], made.shape)
        return self.number(expr)

    def number(self, expr: Expr) -> Matrix:
        """One number for all entries."""
        return self.scalar(expr) if contains(expr, Reduction) else Scalar(_plain(expr))

    def _replace_fixed(self, term: Term, free: Sequence[Index]) -> tuple[Term, list[tuple[Index, Index]]]:
        """Fixed indices as e_k: what stands beside delta_ik is written by i; elsewhere k is summed against e_k."""
        bound, factors = list(term.bound), list(term.factors)
        basis: list[tuple[Index, Index]] = []
        for index in self.fixed:
            nodes = {*free, *bound}
            met = [
                d for d in factors if isinstance(d, KroneckerDelta) and index in (d.left, d.right) and _other(d, index) in nodes
            ]
            if met:
                factors = [factor for factor in factors if factor not in met]
                ends = [end for end in (_other(d, index) for d in met) if isinstance(end, Index)]
                basis += [(index, end) for end in ends]
                factors = [substitute_expr(factor, {index: ends[0]}) for factor in factors]
        for index in self.fixed:
            nodes = {*free, *bound}
            if any(index in free_indices(f) and nodes & set(free_indices(f)) for f in factors):
                place = self.opener.fresh(index)
                bound.append(place)
                basis.append((index, place))
                factors = [_moved(factor, index, place, nodes) for factor in factors]
        return Term(tuple(bound), tuple(factors)), basis

    def _single_entries(self, graph: Graph, basis: list[tuple[Index, Index]]) -> None:
        """e_k and e_l, each met once and on different indices, as one E_kl; otherwise as vectors."""
        letters = [index for index, _ in basis]
        if len(self.fixed) == 2 and sorted(letters) == sorted(self.fixed):
            places = dict(basis)
            first, second = self.fixed
            if places[first] != places[second]:
                graph.edge(places[first], places[second], SingleEntry(first, second))
                return
        for index, place in basis:
            graph.loop(place, Basis(index, index.extent))


def _moved(factor: Expr, index: Index, place: Index, nodes: set[Index]) -> Expr:
    return substitute_expr(factor, {index: place}) if nodes & set(free_indices(factor)) else factor


def _other(delta: KroneckerDelta, index: Index) -> Subscript:
    return delta.right if delta.left == index else delta.left


def _second(index: Index) -> Index:
    return Index(f"{index.name}~", index.extent)


def _apart(factor: Expr, node: Index) -> Expr:
    """A_ii as A_ij."""
    match factor:
        case Element(tensor, (first, _)):
            return Element(tensor, (first, _second(node)))
        case MatrixFunction(name, tensor, (first, _)):
            return MatrixFunction(name, tensor, (first, _second(node)))
    raise TypeError(f"no entry: {factor}")


def _plain(factor: Expr) -> Expr:
    """A coefficient: numbers, sizes, parameters and what functions make of them."""
    if isinstance(factor, Number | Size | Constant | Element):
        return factor
    refuse_what_is_none(factor)
    return factor


def refuse_what_is_none(expr: Expr) -> None:
    """Raise NoMatrixForm for what is no operation on matrices."""
    match expr:
        case Reduction(op, indices, _, _) if op != "sum":
            raise NoMatrixForm(f"{op} over {', '.join(_letter(index) for index in indices)} is no matrix operation")
        case Bracket(condition):
            raise NoMatrixForm(f"the condition [{_shown(condition)}] is no matrix operation")
    kind = type(expr).__name__
    if kind in ("Select", "ArgReduction", "Position", "Derivative", "CopyTensor"):
        raise NoMatrixForm(f"{_shown(expr)} is no matrix operation")
    if isinstance(expr, KroneckerDelta) and free_indices(expr):
        raise NoMatrixForm(f"{_shown(expr)} is no matrix operation")


def _label(left: Subscript | Expr, right: Subscript | Expr, row: Index) -> Element | None:
    """The single label that the row is compared with."""
    for one, other in ((left, right), (right, left)):
        if one == row and isinstance(other, Element) and not other.subscripts and other.tensor.integer:
            return other
    return None


def _is_real(node: Condition) -> bool:
    """Whether no index and no label is compared."""
    sides = (node.left, node.right) if isinstance(node, Compare) else ()
    return not contains(node, Position) and not any(isinstance(side, Element) and side.tensor.integer for side in sides)


def _shown(node: Node) -> str:
    """A condition or an expression with the letters of the index form."""
    letters: dict[Index, Subscript] = {index: Index(_letter(index), index.extent) for index in free_indices(node)}
    return str(substitute(node, letters))


def _letter(index: Index) -> str:
    return index.name.split("~")[0]


def _kind(factor: Expr) -> str:
    match factor:
        case Element(tensor, _):
            return f"an entry of {tensor.name}"
        case Function(name, _):
            return f"{name}(...)"
        case Reduction(op, _, _, _):
            return f"{op}(...)"
        case Pow():
            return "a power"
        case Bracket():
            return "a condition"
    return "a factor"


def _entry_reason(factor: Element) -> str:
    if factor.tensor.order > 2:
        return f"{factor.tensor.name} has {factor.tensor.order} indices"
    return f"an entry of {factor.tensor.name} is picked by an index that is no row or column"
