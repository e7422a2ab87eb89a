"""Expressions as MathML, which browsers show without any script. The layout is the one of LaTeX; only the spelling differs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tensorderiv.algebra.expression import Condition, Expr
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.layout import lay_out
from tensorderiv.algebra.text import to_text
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
from tensorderiv.language.latex import STYLE as LATEX_STYLE
from tensorderiv.language.latex import written
from tensorderiv.language.names import dissect

GREEK = dict(
    zip("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi".split(), "αβγδεζηθικλμνξ", strict=True)
)
GREEK |= dict(zip("pi rho sigma tau upsilon phi chi psi omega".split(), "πρστυφχψω", strict=True))
GREEK |= dict(zip("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(), "ΓΔΘΛΞΠΣΥΦΨΩ", strict=True))
ACCENTS = {"bar": "¯", "dot": "˙", "hat": "^", "tilde": "~"}
RELATIONS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
SIGNS = {"sum": "∑", "prod": "∏", "argmax": "arg max", "argmin": "arg min"}
FENCES = {"abs": ("|", "|"), "floor": ("⌊", "⌋")}
NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def to_mathml(expr: Expr, scope: Iterable[Index] | None = None, before: str = "", taken: Iterable[str] = ()) -> str:
    """A display formula; `before` is MathML that stands in front, such as a left-hand side with its equals sign."""
    return display(before + content(expr, scope, taken), to_text(expr, None, frozenset(taken)))


def display(inside: str, text: str) -> str:
    """MathML as a display formula; `text` is what a reader without MathML is told."""
    return f'<math display="block" alttext="{escape(text)}">{_row(inside)}</math>'


def content(expr: Expr, scope: Iterable[Index] | None = None, taken: Iterable[str] = ()) -> str:
    """An expression as what stands inside <math>."""
    return spell(written(expr, scope, frozenset(taken)))


def equals(left: Expr) -> str:
    """A left-hand side and the equals sign."""
    return spell(written(left)) + _mo("=")


def condition_content(condition: Condition) -> str:
    """A condition as what stands inside <math>."""
    return spell(lay_out(condition, LATEX_STYLE, free_indices(condition)))


def spell(form: Written) -> str:
    """The written form in MathML, as one element or a run of them."""
    match form:
        case Whole(value):
            return f"<mn>{value}</mn>"
        case Symbol(_, name):
            return _name(name)
        case Subscripted(_, name, subscripts):
            return f"<msub>{_name(name)}{_subscripts(subscripts)}</msub>" if subscripts else _name(name)
        case WholeMatrix("inv", matrix, subscripts):
            inverse = f"<msup>{_name(matrix)}{_row(_mo('−') + '<mn>1</mn>')}</msup>"
            return f"<msub>{_fenced('(', inverse, ')')}{_subscripts(subscripts)}</msub>"
        case WholeMatrix(function, matrix):
            log = "<mi>log</mi><mo>\u2061</mo>" if function == "logdet" else ""
            return _row(f"{log}<mi>det</mi><mo>\u2061</mo>{_name(matrix)}")
        case Group(inner):
            return _fenced("(", spell(inner), ")")
        case Iverson(inner):
            return _fenced("[", spell(inner), "]")
        case Power(base, exponent):
            return f"<msup>{_row(spell(base))}{_row(spell(exponent))}</msup>"
        case Product(factors):
            return _mo("\u2062").join(spell(factor) for factor in factors)
        case Ratio(above, below):
            return f"<mfrac>{_row(spell(above))}{_row(spell(below))}</mfrac>"
        case Terms(terms):
            return "".join(_sign(negative, place == 0) + spell(term) for place, (negative, term) in enumerate(terms))
        case Big(op, _, _, body):
            sign = _mo(SIGNS[op]) if op in ("sum", "prod") else f"<mo>{SIGNS.get(op, op)}</mo>"
            if form.upper is not None:
                return f"<munderover>{sign}{_row(_range(form))}{_name(str(form.upper))}</munderover>{_row(spell(body))}"
            return f"<munder>{sign}{_row(_range(form))}</munder>{_row(spell(body))}"
        case Call("sqrt", (argument,)):
            return f"<msqrt>{_row(spell(argument))}</msqrt>"
        case Call(name, args):
            opening, closing = FENCES.get(name, ("(", ")"))
            word = "" if name in FENCES else _word(name)
            return word + _fenced(opening, _mo(",").join(spell(arg) for arg in args), closing)
        case Cases(condition, then, otherwise):
            rows = ((then, "if ", spell(condition)), (otherwise, "otherwise", ""))
            table = "".join(f"<mtr><mtd>{_row(spell(a))}</mtd><mtd><mtext>{b}</mtext>{c}</mtd></mtr>" for a, b, c in rows)
            return _row(f'<mo stretchy="true">{{</mo><mtable>{table}</mtable>')
        case Differential(Differential(Subscripted() | Symbol() as body, first), variable):
            top = f"<msup>{_mo('∂')}<mn>2</mn></msup>{spell(body)}"
            return f"<mfrac>{_row(top)}{_row(_mo('∂') + spell(first) + _mo('∂') + spell(variable))}</mfrac>"
        case Differential(Subscripted() | Symbol() as body, variable):
            return f"<mfrac>{_row(_mo('∂') + spell(body))}{_row(_mo('∂') + spell(variable))}</mfrac>"
        case Differential(body, variable):
            return f"<mfrac>{_mo('∂')}{_row(_mo('∂') + spell(variable))}</mfrac>{_row(spell(body))}"
        case Relation(op, left, right):
            return spell(left) + _mo(RELATIONS[op]) + spell(right)
        case Junction(op, parts):
            return _mo("∧" if op == "and" else "∨").join(spell(part) for part in parts)
    raise TypeError(f"mathml: no spelling for {type(form).__name__}")


def _row(content: str) -> str:
    return f"<mrow>{content}</mrow>"


def _mo(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _fenced(opening: str, content: str, closing: str) -> str:
    return _row(_mo(opening) + content + _mo(closing))


def _sign(negative: bool, first: bool) -> str:
    return _mo("−") if negative else "" if first else _mo("+")


def _word(function: str) -> str:
    if function == "log2":
        return "<msub><mi>log</mi><mn>2</mn></msub><mo>\u2061</mo>"
    return f"<mi>{NAMES.get(FUNCTIONS[function].name, function)}</mi><mo>\u2061</mo>"


def _name(name: str) -> str:
    parts = dissect(name)
    shown = f"<mi>{GREEK.get(parts.stem, escape(parts.stem))}</mi>"
    if parts.inner:
        shown = f"<msub>{shown}<mn>{parts.inner}</mn></msub>"
    if parts.accent:
        shown = f'<mover accent="true">{shown}<mo>{ACCENTS[parts.accent]}</mo></mover>'
    if parts.digits:
        shown = f"<msub>{shown}<mn>{parts.digits}</mn></msub>"
    return f"<msup>{shown}<mo>{'′' * len(parts.primes)}</mo></msup>" if parts.primes else shown


def _range(form: Big) -> str:
    indices = _mo(",").join(_name(index.name) for index in form.indices)
    if form.upper is not None:
        indices += _mo("=") + "<mn>1</mn>"
    if form.condition is None:
        return indices
    return spell(form.condition) if form.implied else indices + _mo(":") + spell(form.condition)


def _subscripts(subscripts: tuple[WrittenSubscript, ...]) -> str:
    """Letters side by side; a comma as soon as one is longer."""
    shown = [_subscript(subscript) for subscript in subscripts]
    letters = all(isinstance(subscript, Index) and len(subscript.name.rstrip("'")) == 1 for subscript in subscripts)
    return _row(("" if letters else _mo(",")).join(shown))


def _subscript(subscript: WrittenSubscript) -> str:
    match subscript:
        case Index(name):
            return _name(name)
        case Written():
            return spell(subscript)
    return f"<mn>{subscript}</mn>"
