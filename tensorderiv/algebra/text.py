"""Expressions as ASCII text, in the grammar in which definitions are written.

>>> from tensorderiv.algebra.expression import Element, KroneckerDelta, Tensor
>>> from tensorderiv.algebra.index import GREEK, Index
>>> from tensorderiv.algebra import build
>>> i, j, k, l = (Index(name, extent) for name, extent in zip("ijkl", "nnnd"))
>>> X = Tensor("X", ("n", "d"))
>>> difference = build.sub(Element(X, (i, l)), Element(X, (j, l)))
>>> to_text(build.mul(build.TWO, difference, build.sub(KroneckerDelta(i, k), KroneckerDelta(j, k))))
'2 (X_il - X_jl)(delta_ik - delta_jk)'
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from tensorderiv.algebra.expression import Condition, Expr, Subscript
from tensorderiv.algebra.fences import Style
from tensorderiv.algebra.index import GREEK, Index
from tensorderiv.algebra.layout import lay_out, lay_out_subscript
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.algebra.written import (
    Big,
    Call,
    Cases,
    Differential,
    Group,
    Iverson,
    Junction,
    Power,
    Product,
    Ratio,
    Relation,
    Subscripted,
    Symbol,
    Terms,
    Whole,
    WholeMatrix,
    Written,
    WrittenSubscript,
)

STYLE = Style(bars=False, open_calls=None, open_derivatives=False)


def to_text(expr: Expr, scope: Iterable[Index] | None = None, taken: Iterable[str] = ()) -> str:
    """The expression as text that reads back to the same meaning.

    With the free indices the reader is told of as `scope`, sum_{j: j != i} is shortened to sum_{j != i}. Bound indices keep away
    from the names in `taken`, such as the tensors of a program.
    """
    return spell(lay_out(expr, STYLE, scope, taken))


def condition_text(condition: Condition) -> str:
    """The condition as text: `i != j and c_i = c_j`."""
    return spell(lay_out(condition, STYLE))


def statement_text(statement: Statement, taken: Iterable[str] = ()) -> str:
    """One line of a definition: `N_i = sqrt(sum_p X_ip^2)`. `taken` as in `to_text`.

    An index that stands on the left only is written as a factor 1_i on the right, as the language demands.
    """
    return f"{to_text(statement.element)} = {spell(body_of(statement, STYLE, taken))}"


def body_of(statement: Statement, style: Style, taken: Iterable[str] = ()) -> Written:
    """The right-hand side of a statement, with a factor 1_i for each index that stands on the left only."""
    body = lay_out(statement.body, style, statement.indices, taken)
    free = free_indices(statement.body)
    ones = tuple(Subscripted("tensor", "1", (index,)) for index in statement.indices if index not in free)
    if not ones:
        return body
    return Product((*ones, Group(body) if isinstance(body, Terms | Ratio | Whole | Power | Product) else body))


def subscript_text(subscript: Subscript) -> str:
    """One subscript as it stands in brackets: `i`, `0`, `c[a]`, `argmax_j (S_ij)`."""
    return _bracketed(lay_out_subscript(subscript, STYLE))


def spell(written: Written) -> str:
    """The written form in ASCII."""
    match written:
        case Whole(value):
            return str(value)
        case Symbol(_, name):
            return name
        case Subscripted(_, name, subscripts):
            return name + _subscripts(subscripts)
        case WholeMatrix(function, matrix, subscripts):
            return f"{function}({matrix})" + _behind_a_call(subscripts)
        case Group(inner):
            return f"({spell(inner)})"
        case Power(base, exponent):
            return f"{spell(base)}^{spell(exponent)}"
        case Product(factors):
            return _side_by_side(factors)
        case Ratio(Whole(value), below):
            return f"{value}/{spell(below)}"
        case Ratio(above, below):
            return f"{spell(above)} / {spell(below)}"
        case Terms(terms):
            return _terms(terms)
        case Big(op, _, _, body):
            return f"{op}_{_range(written)} {spell(body)}"
        case Call(name, args):
            return f"{name}({', '.join(spell(arg) for arg in args)})"
        case Iverson(condition):
            return f"[{spell(condition)}]"
        case Cases(condition, then, otherwise):
            return f"if({spell(condition)}, {spell(then)}, {spell(otherwise)})"
        case Differential(body, variable):
            return f"diff({spell(body)}, {spell(variable)})"
        case Relation(op, left, right):
            return f"{spell(left)} {op} {spell(right)}"
        case Junction(op, parts):
            return f" {op} ".join(spell(part) for part in parts)
    raise TypeError(f"text: no spelling for {type(written).__name__}")


def _terms(terms: tuple[tuple[bool, Written], ...]) -> str:
    text = ""
    for place, (negative, term) in enumerate(terms):
        sign = ("-" if negative else "") if place == 0 else (" - " if negative else " + ")
        text += sign + spell(term)
    return text


def _side_by_side(factors: tuple[Written, ...]) -> str:
    """Factors with a space between them, none between two parentheses."""
    text = spell(factors[0])
    for before, after in pairwise(factors):
        touching = isinstance(before, Group) and isinstance(after, Group)
        text += ("" if touching else " ") + spell(after)
    return text


def _range(big: Big) -> str:
    """What stands under a reduction sign, and over it."""
    condition = "" if big.condition is None else f": {spell(big.condition)}"
    names = ",".join(_index(index.name) for index in big.indices)
    if big.upper is not None:
        return f"{{{names}=1{condition}}}^{{{big.upper}}}"
    if big.implied:
        return f"{{{condition[2:]}}}"
    return names if len(names) == 1 and not condition else f"{{{names}{condition}}}"


def _subscripts(subscripts: tuple[WrittenSubscript, ...]) -> str:
    """X_ip for letters, X_{i1,p} for longer names, X[a,c[a]] for numbers, labels and places of maxima."""
    if not subscripts:
        return ""
    names = [_index(subscript.name) for subscript in subscripts if isinstance(subscript, Index)]
    if len(names) < len(subscripts):
        return f"[{','.join(_bracketed(subscript) for subscript in subscripts)}]"
    if all(len(name) == 1 for name in names):
        return "_" + "".join(names)
    return f"_{{{','.join(names)}}}"


def _behind_a_call(subscripts: tuple[WrittenSubscript, ...]) -> str:
    """inv(A)_ij, inv(A)_{0,c[j]}: brackets behind a call would be a condition."""
    made = _subscripts(subscripts)
    return f"_{{{made[1:-1]}}}" if made.startswith("[") else made


def _index(name: str) -> str:
    """An index in braces, where a word would be read letter by letter: Greek letters are written as in LaTeX."""
    return f"\\{name}" if name.rstrip("0123456789'") in GREEK else name


def _bracketed(subscript: WrittenSubscript) -> str:
    """A subscript in brackets; a label inside one is bracketed as well: X[a,c[a]], not X[a,c_a]."""
    match subscript:
        case Index(name):
            return _index(name)
        case int():
            return str(subscript)
        case Subscripted(_, name, inner) if inner:
            return f"{name}[{','.join(_bracketed(part) for part in inner)}]"
        case Written():
            return spell(subscript)
    raise TypeError(f"text: no spelling for the subscript {subscript!r}")
