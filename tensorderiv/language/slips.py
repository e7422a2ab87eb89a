"""What looks like matrix algebra and would be read as numbers without a word: refused, each with what to write."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tensorderiv.errors import IndexProblem
from tensorderiv.language import signs
from tensorderiv.language import surface as s
from tensorderiv.language.guess import Survey
from tensorderiv.language.statements import Definition

PRODUCTS = ("juxtaposed", "cdot", "*")


@dataclass(frozen=True)
class Undeclared:
    """The names that nobody declares or defines, by how they stand."""

    bare: frozenset[str]  # never with subscripts
    numbered: frozenset[str]  # always with one number as subscript: W_1


def refuse(definitions: Sequence[Definition], found: Survey, fixed: frozenset[str]) -> None:
    """Look through all sides.

    Raises: IndexProblem for W_1 x, x' A x, log |S|, softmax(Z) and |x_i - W h_i| of names that nobody declared.
    """
    names = undeclared(definitions, found, fixed)
    for item in definitions:
        for side in item.sides:
            for node in signs.nodes(side):
                match node:
                    case s.Product(_, factors):
                        numbered_factors(factors, names)
                        primed_factors(factors, names)
                        squared_vectors(factors, names)
                    case s.Sum(_, terms):
                        numbered_terms([term for _, term in terms], names)
                    case s.Call(_, "log", (argument,)):
                        determinants(argument, names)
                    case s.Call(_, "softmax", (argument,), ()):
                        whole_softmax(argument, names)
                    case s.Norm(_, body, False):
                        factors_of_rows(body, names)


def undeclared(definitions: Sequence[Definition], found: Survey, fixed: frozenset[str]) -> Undeclared:
    closed = fixed | {item.name for item in definitions} | found.subscript_names
    closed |= {name for item in definitions for name, _ in item.parameters or ()}
    bare, numbered = set[str](), set[str]()
    subscripts: dict[str, list[tuple[s.Node, ...]]] = {}
    for node in (node for item in definitions for side in item.sides for node in signs.nodes(side)):
        if isinstance(node, s.Ref) and node.name not in closed:
            subscripts.setdefault(node.name, []).append(node.subscripts or ())
    for name, uses in subscripts.items():
        if not any(uses):
            bare.add(name)
        elif all(len(use) == 1 and isinstance(use[0], s.Num) for use in uses):
            numbered.add(name)
    return Undeclared(frozenset(bare), frozenset(numbered))


def pairs(factors: Sequence[tuple[str, s.Node]]) -> Iterator[tuple[s.Node, s.Node]]:
    """Neighbours in a product."""
    for (_, left), (op, right) in itertools.pairwise(factors):
        if op in PRODUCTS:
            yield left, right


def is_numbered(node: s.Node, names: Undeclared) -> bool:
    return isinstance(node, s.Ref) and node.name in names.numbered and signs.is_capital(node.name)


def numbered_factors(factors: Sequence[tuple[str, s.Node]], names: Undeclared) -> None:
    """W_1 x: W_1 is an element, and a matrix is meant."""
    for left, right in pairs(factors):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, s.Ref) and is_numbered(one, names) and matrix_beside(other, names):
                name, number = one.name, one.subscripts[0].value if one.subscripts and isinstance(one.subscripts[0], s.Num) else 0
                raise IndexProblem(
                    f"{name}_{number} is element {number} of {name}",
                    place=one.place,
                    hint=f"for a matrix of its own write {name}{number}; for elements of a vector declare tensor {name}[n]",
                )


def numbered_terms(terms: Sequence[s.Node], names: Undeclared) -> None:
    """W x + b_1: b_1 is an element, and a vector is meant."""
    algebra = any(
        isinstance(left, s.Ref) and left.name in names.bare and signs.is_capital(left.name) and matrix_beside(right, names)
        for term in terms
        if isinstance(term, s.Product)
        for left, right in pairs(term.factors)
    )
    for term in terms if algebra else ():
        match term:
            case s.Ref(place, name, (s.Num(_, number),)) if name in names.numbered:
                raise IndexProblem(
                    f"{name}_{number} is element {number} of {name}",
                    place=place,
                    hint=f"for a vector of its own write {name}{number}; for a number declare tensor {name}[n]",
                )


def matrix_beside(node: s.Node, names: Undeclared) -> bool:
    """Whether the neighbour of W_1 is a vector or a matrix by its look: x, X, W_2, x^T, relu(W_1 x)."""
    match node:
        case s.Ref(_, name, None):
            return name in names.bare and (signs.is_capital(name) or signs.is_small(name))
        case s.Transposed():
            return True
        case s.Call():
            return any(is_numbered(part, names) for part in signs.nodes(node))
    return is_numbered(node, names)


def primed_factors(factors: Sequence[tuple[str, s.Node]], names: Undeclared) -> None:
    """x' A x and X' X: the prime is no transpose."""
    plain = [node.name for _, node in factors if isinstance(node, s.Ref) and node.name in names.bare]
    for left, right in pairs(factors):
        if not (isinstance(left, s.Ref) and isinstance(right, s.Ref) and left.name.endswith("'")):
            continue
        stem = left.name.rstrip("'")
        if {left.name, right.name} <= names.bare and (right.name == stem or (signs.is_capital(right.name) and stem in plain)):
            raise IndexProblem(
                f"{left.name} is a name of its own, and no transpose of {stem}",
                place=left.place,
                hint=f"write {stem}^T, or declare {left.name}",
            )


def squared_vectors(factors: Sequence[tuple[str, s.Node]], names: Undeclared) -> None:
    """x^T y^2: the squares of y, or the square of x^T y."""
    for left, right in pairs(factors):
        match left, right:
            case s.Transposed(_, s.Ref(_, one, None)), s.Power(place, s.Ref(_, name, None), s.Num(_, value)):
                if name in names.bare and signs.is_small(name):
                    raise IndexProblem(
                        f"{name}^{value} behind a transpose can be elementwise or mean ({one}^T {name})^{value}",
                        place=place,
                        hint=f"write ({one}^T {name})^{value}, or sum_i {one}_i {name}_i^{value}",
                    )


def determinants(argument: s.Node, names: Undeclared) -> None:
    """log |S| and log(|S| / |T|) of bare capitals."""
    for node in signs.nodes(argument):
        match node:
            case s.Norm(place, s.Ref(_, name, None), False, None) if name in names.bare and signs.is_capital(name):
                raise IndexProblem(
                    f"|{name}| can be the determinant of a matrix, a norm, or the absolute value of a number",
                    place=place,
                    hint=f"write det({name}), ||{name}||_F or abs({name})",
                )


def whole_softmax(argument: s.Node, names: Undeclared) -> None:
    """softmax(Z) and softmax(-Z / t) of a capital: of a vector, or of the rows of a matrix."""
    everything = [node for node in signs.nodes(argument) if isinstance(node, s.Ref)]
    alone = all(node.name in names.bare for node in everything) and signs.sign(argument, names.bare, frozenset()) == "none"
    if alone and signs.has_capital(argument, names.bare):
        name = next(
            node.name for node in signs.nodes(argument) if isinstance(node, s.Ref) and signs.bare_capital(node, names.bare)
        )
        raise IndexProblem(
            f"{name} can be a vector or a matrix here",
            place=argument.place,
            hint=f"declare tensor {name}[n,m] for a softmax of each row, or tensor {name}[n]",
        )


def factors_of_rows(body: s.Node, names: Undeclared) -> None:
    """|x_i - W h_i|: a matrix W and rows h_i may be meant, and numbers are written."""
    for node in signs.nodes(body):
        for left, right in pairs(node.factors) if isinstance(node, s.Product) else ():
            match left, right:
                case s.Ref(place, name, None), s.Ref(_, other, (s.Ref(_, letter, None),)) if (
                    name in names.bare and signs.is_capital(name) and signs.is_small(other)
                ):
                    raise IndexProblem(
                        f"{name} beside {other}_{letter} inside |..| can be a number or a matrix",
                        place=place,
                        hint=f"declare scalar {name}, or tensor {name}[d,k]",
                    )
