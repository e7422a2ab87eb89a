r"""Long formulas in lines: where LaTeX may break an expression, and how wide its parts are.

TeX alone knows the width of a formula; here it is estimated from above, in em of the font, so that a line that fits by the
estimate fits on the page. A sum is broken before a sign, a product before a factor (with a \times), a group inside its
parentheses; a fraction too wide for a line is written as 1/denominator times its numerator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tensorderiv.algebra.index import Index
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
from tensorderiv.language.latex import FENCED, big_sign, call_fences, sign, spell
from tensorderiv.language.latex_names import name_latex

SMALL = 0.75
"""How wide a subscript is compared with the line."""
OPERATOR = 1.3
"""A sign between two terms, with its spaces."""
SHORT = 0.4
"""A line shorter than this part of the room takes the beginning of a piece that has to be broken."""
NARROWEST = 10.0
"""Below this width a line is not broken further."""


@dataclass(frozen=True)
class Line:
    """A piece of LaTeX on one line, and how wide it is at most."""

    latex: str
    width: float


def lines(form: Written, limit: float, shrink: str = "") -> list[str]:
    """The formula in lines at most `limit` em wide.

    A piece that has no break is wrapped in the macro `shrink` when it is too wide; without a macro it stays as it is.
    """
    made = _break(form, max(limit, NARROWEST))
    return [f"{shrink}{{{line.latex}}}" if shrink and line.width > limit else line.latex for line in made]


def aligned(left: str, left_width: float, form: Written, limit: float, shrink: str = "") -> str:
    """One row of an align environment, `left &= form`, in as many lines as it needs."""
    return f"{left} &= " + " \\\\\n  &\\quad ".join(lines(form, limit - left_width - 3, shrink))


def _break(form: Written, limit: float) -> list[Line]:
    room = max(limit, NARROWEST)
    if width(form) <= room:
        return [Line(spell(form), width(form))]
    match form:
        case Terms(terms):
            return _fill([(sign(negative, False).strip() + " ", term) for negative, term in terms], room, "{} ")
        case Product(factors):
            return _fill([("", factor) for factor in factors], room, r"\times ")
        case Group(inner):
            return _enclose(r"\biggl(", inner, r"\biggr)", room)
        case Power(Group(inner), exponent):
            return _enclose(r"\biggl(", inner, rf"\biggr)^{{{spell(exponent)}}}", room)
        case Big(_, _, _, body):
            return _after(big_sign(form) + " ", _big_width(form), body, room)
        case Differential(body, variable) if not isinstance(body, Subscripted | Symbol | Differential):
            return _after(rf"\frac{{\partial}}{{\partial {spell(variable)}}} ", 1 + width(variable), body, room)
        case Call("sqrt", (argument,)):
            return _break(Power(Group(argument), Ratio(Whole(1), Whole(2))), room)
        case Call(name, (argument,)):
            opening, closing = (fence.strip() for fence in call_fences(name))
            return _enclose(opening.replace(r"\left", r"\biggl"), argument, closing.replace(r"\right", r"\biggr"), room)
        case Ratio(above, below) if width(below) <= room - 2 and not isinstance(above, Whole):
            numerator = above.factors if isinstance(above, Product) else (Group(above) if isinstance(above, Terms) else above,)
            return _break(Product((Ratio(Whole(1), below), *numerator)), room)
        case Ratio(above, below):
            upper = _break(above if isinstance(above, Whole) else Group(above), room)
            return _join(upper, _prefixed(r"\Big/ ", 1.0, _break(Group(below), room)), room)
    return [Line(spell(form), width(form))]


def _fill(items: list[tuple[str, Written]], room: float, lead: str) -> list[Line]:
    """Greedy lines of items; each but the first line begins with `lead`."""
    made: list[Line] = []
    for place, (mark, item) in enumerate(items):
        shown = "" if place == 0 and mark == "+ " else mark
        extra = OPERATOR if shown else 0.2
        if made and made[-1].width + width(item) + extra <= room:
            made[-1] = Line(f"{made[-1].latex} {shown}{spell(item)}", made[-1].width + width(item) + extra)
            continue
        if made and made[-1].width < SHORT * room:
            opened = _break(item, room - made[-1].width - extra)
            made[-1:] = _join(made[-1:], _prefixed(shown, extra, opened), room)
            continue
        start = lead if made else ""
        made += _prefixed(start + shown, extra + (1.0 if start else 0.0), _break(item, room - extra - 1))
    return made


def _after(head: str, head_width: float, body: Written, room: float) -> list[Line]:
    return _prefixed(head, head_width, _break(body, room - head_width))


def _enclose(opening: str, inner: Written, closing: str, room: float) -> list[Line]:
    """The inner lines between fences that may stand on different lines."""
    made = _prefixed(opening, 2.0, _break(inner, room - 3))
    made = [made[0], *(Line(r"\quad " + line.latex, line.width + 1) for line in made[1:])]
    return [*made[:-1], Line(made[-1].latex + closing, made[-1].width + 1.5)]


def _prefixed(prefix: str, extra: float, made: list[Line]) -> list[Line]:
    return [Line(prefix + made[0].latex, made[0].width + extra), *made[1:]]


def _join(before: list[Line], after: list[Line], room: float) -> list[Line]:
    if before[-1].width + after[0].width > room:
        return before + after
    joint = Line(f"{before[-1].latex} {after[0].latex}", before[-1].width + after[0].width)
    return [*before[:-1], joint, *after[1:]]


def width(form: Written, nested: int = 0) -> float:
    """An upper estimate of the width in display mode, in em; `nested` counts the fractions around it, which set it smaller."""

    def inside(part: Written) -> float:
        return width(part, nested)

    match form:
        case Whole(value):
            return 0.5 * len(str(value))
        case Symbol(_, name):
            return _name_width(name)
        case Subscripted(_, name, subscripts):
            below = 0.1 + SMALL * _subscripts_width(subscripts) if subscripts else 0.0
            return _name_width(name, bool(subscripts)) + below
        case WholeMatrix("inv", matrix, subscripts):
            return _name_width(matrix, True) + 1.1 + SMALL * 1.4 + 0.1 + SMALL * _subscripts_width(subscripts)
        case WholeMatrix(function, matrix):
            return _name_width(matrix, True) + (3.6 if function == "logdet" else 1.9)
        case Group(inner) | Iverson(inner):
            return inside(inner) + (2.0 if _is_tall(inner) else 1.1)
        case Power(base, exponent):
            return inside(base) + 0.1 + SMALL * inside(exponent)
        case Product(factors):
            return sum(inside(factor) for factor in factors) + 0.2 * (len(factors) - 1)
        case Ratio(above, below):
            return _scale(nested) * max(width(above, nested + 1), width(below, nested + 1)) + 0.3
        case Terms(terms):
            signs = sum(negative or place > 0 for place, (negative, _) in enumerate(terms))
            return sum(inside(term) for _, term in terms) + OPERATOR * signs
        case Big(_, _, _, body):
            return _big_width(form, nested) + inside(body)
        case Call("sqrt", (argument,)):
            return inside(argument) + 1.1
        case Call(name, args):
            word = 0.0 if name in FENCED else 0.6 * len(name) + 0.2
            fences = 2.0 if any(_is_tall(arg) for arg in args) else 1.1
            return word + fences + sum(inside(arg) for arg in args) + 0.5 * (len(args) - 1)
        case Cases(condition, then, otherwise):
            return max(inside(then), inside(otherwise)) + max(inside(condition) + 1.2, 4.5) + 2.6
        case Differential(Differential(Subscripted() | Symbol() as body, first), variable):
            return _scale(nested) * (1.2 + max(inside(body), inside(first) + inside(variable) + 0.5)) + 0.3
        case Differential(Subscripted() | Symbol() as body, variable):
            return _scale(nested) * (0.7 + max(inside(body), inside(variable))) + 0.3
        case Differential(body, variable):
            return _scale(nested) * (0.7 + inside(variable)) + 0.5 + inside(body)
        case Relation(_, left, right):
            return inside(left) + inside(right) + 1.4
        case Junction(_, parts):
            return sum(inside(part) for part in parts) + 1.4 * (len(parts) - 1)
    raise TypeError(f"width: no rule for {type(form).__name__}")


def _big_width(form: Big, nested: int = 0) -> float:
    """The sign of a reduction; inside a fraction the bounds stand beside it, not under it."""
    word = 1.5 if form.op in ("sum", "prod") else 0.6 * len(form.op) + 0.2
    indices = sum(_name_width(index.name) + 0.6 for index in form.indices) + (1.4 if form.upper is not None else 0.0)
    match form.condition:
        case None:
            under = indices
        case Junction("and", parts):
            under = max(width(part) for part in parts) + indices + 1.2
        case condition:
            under = width(condition) + (0.0 if form.implied else indices + 0.8)
    return (word + SMALL * under if nested else max(word, SMALL * under)) + 0.25


def _scale(nested: int) -> float:
    """How much smaller a fraction inside `nested` fractions is set than what it stands in: TeX has three sizes."""
    return SMALL if nested in (1, 2) else 1.0


def _name_width(name: str, subscripted: bool = False) -> float:
    """Upper case letters are wide; an accented or Greek name is one letter with its digits."""
    spelled = name_latex(name, subscripted)
    if spelled.startswith("\\") and not spelled.startswith(r"\mathrm"):
        return 0.9 + 0.4 * sum(char.isdigit() for char in name) + 0.3 * name.count("'")
    return sum(0.9 if char.isupper() or char in "mw" else 0.3 if char == "'" else 0.62 for char in name)


def _subscripts_width(subscripts: Iterable[WrittenSubscript]) -> float:
    return sum(_subscript_widths(subscripts))


def _subscript_widths(subscripts: Iterable[WrittenSubscript]) -> Iterator[float]:
    for subscript in subscripts:
        match subscript:
            case Index(name):
                yield _name_width(name) + (0.35 if len(name) > 1 else 0.0)
            case Written():
                yield width(subscript) + 0.35
            case _:
                yield 0.5 * len(str(subscript)) + 0.35


def _is_tall(form: Written) -> bool:
    """Whether the form is taller than a line of text, so that the fences around it are wide."""
    match form:
        case Ratio() | Big() | Cases() | Differential() | Power():
            return True
        case Group(inner) | Iverson(inner):
            return _is_tall(inner)
        case Product(parts) | Call(_, parts) | Junction(_, parts):
            return any(_is_tall(part) for part in parts)
        case Terms(terms):
            return any(_is_tall(term) for _, term in terms)
        case Relation(_, left, right):
            return _is_tall(left) or _is_tall(right)
    return False
