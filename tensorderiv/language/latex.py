r"""Expressions as LaTeX (amsmath). The layout is the one of the text; only the spelling differs.

>>> from tensorderiv.algebra import build
>>> from tensorderiv.algebra.expression import Element, Tensor
>>> from tensorderiv.algebra.index import Index
>>> i, p = Index("i", "n"), Index("p", "d")
>>> x = Element(Tensor("X", ("n", "d")), (i, p))
>>> print(to_latex(build.call("sqrt", build.total([p], build.power(x, 2)))))
\sqrt{\sum_{p} X_{ip}^{2}}
"""

from __future__ import annotations

from collections.abc import Iterable

from tensorderiv.algebra.expression import Condition, Expr
from tensorderiv.algebra.fences import Style
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.layout import lay_out
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import body_of
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
from tensorderiv.language.latex_names import index_latex, name_latex

FENCED = {"abs": (r"\left|", r"\right|"), "floor": (r"\left\lfloor", r"\right\rfloor")}
"""Functions whose sign encloses the argument."""

STYLE = Style(bars=True, open_calls=frozenset(FUNCTIONS) - frozenset(FENCED), open_derivatives=True)

RELATIONS = {"=": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}
REDUCTIONS = {
    "sum": r"\sum",
    "prod": r"\prod",
    "max": r"\max",
    "min": r"\min",
    "logsumexp": r"\operatorname*{logsumexp}",
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
}


def to_latex(expr: Expr, scope: Iterable[Index] | None = None, taken: Iterable[str] = ()) -> str:
    """The expression as LaTeX, for display mode. `scope` and `taken` as in `to_text`; None takes the free indices."""
    return spell(written(expr, scope, taken))


def condition_latex(condition: Condition, scope: Iterable[Index] | None = None) -> str:
    r"""The condition as LaTeX: i \neq j."""
    return spell(lay_out(condition, STYLE, free_indices(condition) if scope is None else scope))


def statement_latex(statement: Statement, taken: Iterable[str] = ()) -> str:
    r"""One line of a definition: N_{i} = \sqrt{...}. An index that stands on the left only is a factor 1_{i} on the right."""
    return f"{to_latex(statement.element)} = {spell(body_of(statement, STYLE, taken))}"


def written(expr: Expr, scope: Iterable[Index] | None = None, taken: Iterable[str] = ()) -> Written:
    """The layout that LaTeX spells."""
    return lay_out(expr, STYLE, free_indices(expr) if scope is None else scope, taken)


def spell(form: Written) -> str:
    """The written form in LaTeX."""
    match form:
        case Whole(value):
            return str(value)
        case Symbol(kind, name):
            return _symbol(kind, name)
        case Subscripted(kind, name, subscripts):
            shown = rf"\{name}" if kind == "delta" else name_latex(name, subscripted=bool(subscripts))
            return f"{shown}_{{{_subscripts(subscripts)}}}" if subscripts else shown
        case WholeMatrix("inv", matrix, subscripts):
            return rf"({matrix_latex(matrix)}^{{-1}})_{{{_subscripts(subscripts)}}}"
        case WholeMatrix(function, matrix):
            return (r"\log\det " if function == "logdet" else r"\det ") + name_latex(matrix, subscripted=True)
        case Group(inner):
            return rf"\left({spell(inner)}\right)"
        case Power(base, Ratio(Whole(above), Whole(below))):
            return f"{spell(base)}^{{{above}/{below}}}"
        case Power(base, exponent):
            return f"{spell(base)}^{{{spell(exponent)}}}"
        case Product(factors):
            return " ".join(spell(factor) for factor in factors)
        case Ratio(above, below):
            return rf"\frac{{{spell(above)}}}{{{spell(below)}}}"
        case Terms(terms):
            return "".join(sign(negative, place == 0) + spell(term) for place, (negative, term) in enumerate(terms))
        case Big(_, _, _, body):
            return f"{big_sign(form)} {spell(body)}"
        case Call("sqrt", (argument,)):
            return rf"\sqrt{{{spell(argument)}}}"
        case Call(name, args):
            opening, closing = call_fences(name)
            return opening + ", ".join(spell(arg) for arg in args) + closing
        case Iverson(condition):
            return rf"\left[{spell(condition)}\right]"
        case Cases(condition, then, otherwise):
            yes = rf"{spell(then)} & \text{{if }} {spell(condition)}"
            return rf"\begin{{cases}} {yes} \\ {spell(otherwise)} & \text{{otherwise}} \end{{cases}}"
        case Differential(Differential(Subscripted() | Symbol() as body, first), variable):
            return rf"\frac{{\partial^{{2}} {spell(body)}}}{{\partial {spell(first)} \partial {spell(variable)}}}"
        case Differential(Subscripted() | Symbol() as body, variable):
            return rf"\frac{{\partial {spell(body)}}}{{\partial {spell(variable)}}}"
        case Differential(body, variable):
            return rf"\frac{{\partial}}{{\partial {spell(variable)}}} {spell(body)}"
        case Relation(op, left, right):
            return f"{spell(left)} {RELATIONS[op]} {spell(right)}"
        case Junction(op, parts):
            return (r" \land " if op == "and" else r" \lor ").join(spell(part) for part in parts)
    raise TypeError(f"latex: no spelling for {type(form).__name__}")


def sign(negative: bool, first: bool) -> str:
    """The sign in front of a term."""
    return ("-" if negative else "") if first else (" - " if negative else " + ")


def big_sign(form: Big) -> str:
    """The sign of a reduction with what stands under it."""
    upper = "" if form.upper is None else f"^{{{name_latex(str(form.upper))}}}"
    return f"{REDUCTIONS[form.op]}_{{{_range(form)}}}{upper}"


def matrix_latex(name: str) -> str:
    """The name of a matrix that gets an exponent, spelled as with subscripts: in braces where it is more than a letter."""
    shown = name_latex(name, subscripted=True)
    return shown if len(shown) == 1 or shown.startswith("{") else f"{{{shown}}}"


def call_fences(name: str) -> tuple[str, str]:
    """What stands around the arguments of a function."""
    if name in FENCED:
        return FENCED[name][0] + " ", " " + FENCED[name][1]
    return rf"{FUNCTIONS[name].latex}\left(", r"\right)"


def _symbol(kind: str, name: str) -> str:
    if kind == "constant":
        return {"pi": r"\pi", "e": r"\mathrm{e}"}.get(name, name)
    return index_latex(name) if kind == "index" else name_latex(name)


def _range(form: Big) -> str:
    indices = ", ".join(index_latex(index.name) for index in form.indices) + ("=1" if form.upper is not None else "")
    match form.condition:
        case None:
            return indices
        case Junction("and", parts):
            lines = r" \\ ".join(spell(part) for part in parts)
            return rf"\substack{{{indices} \,:\, {lines}}}"
        case condition:
            return spell(condition) if form.implied else rf"{indices} \,:\, {spell(condition)}"


def _subscripts(subscripts: tuple[WrittenSubscript, ...]) -> str:
    """X_{ip} for letters, X_{i_{1},p} as soon as one is longer than a letter with its primes."""
    shown = [_subscript(subscript) for subscript in subscripts]
    letters = all(isinstance(subscript, Index) for subscript in subscripts)
    if not letters or any("_" in text or r"\mathrm" in text for text in shown):
        return ",".join(shown)
    return ("" if all(len(text) == 1 for text in shown) else " ").join(shown)


def _subscript(subscript: WrittenSubscript) -> str:
    match subscript:
        case Index(name):
            return index_latex(name)
        case Written():
            return spell(subscript)
    return str(subscript)
