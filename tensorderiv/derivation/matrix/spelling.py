r"""Matrix expressions in the three alphabets of the documents.

Products are written side by side and bind closest, then \odot and \oslash (whose operands are atoms or stand in parentheses),
then sums: `2 (diag((G + G^T) 1) - G) X`, `(X \odot E_kl)^T J`.

J has one shape in a formula where that suffices: the first J that is not square has it, and its transpose is written J^T.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

from tensorderiv.algebra.build import MINUS_ONE, ONE, ZERO, mul, number
from tensorderiv.algebra.expression import Add, Element, Expr, Mul, Tensor
from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.derivation.matrix.expression import (
    SCALAR,
    AllOnes,
    Basis,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    Inverse,
    Matrix,
    Named,
    Ones,
    Power,
    Product,
    Quotient,
    Scalar,
    Scaled,
    Shape,
    SingleEntry,
    Sum,
    Trace,
    Transpose,
)
from tensorderiv.derivation.section import Shown, shown
from tensorderiv.language.latex import call_fences
from tensorderiv.simplify.tidy import split_coefficient

SUM, ENTRYWISE, PRODUCT, SUFFIX, ATOM = range(5)
"""How closely a form holds together; a form is put in parentheses where a closer one is needed."""

TIMES = Shown(" ", " ", "<mo>\u2062</mo>")


def to_text(matrix: Matrix) -> str:
    """The expression in the grammar of definitions."""
    return spell(matrix).text


def spell(matrix: Matrix) -> Shown:
    """The expression in text, LaTeX and MathML."""
    return _form(matrix, _shape_of_ones(matrix))[1]


@lru_cache(maxsize=50_000)
def _form(matrix: Matrix, ones: Shape | None) -> tuple[int, Shown]:
    """How closely a form holds together, and the form; the search compares forms by their text again and again."""
    return _Speller(ones).form(matrix)


def walk(matrix: Matrix) -> Iterator[Matrix]:
    """The expression and everything in it, outermost first, left to right."""
    yield matrix
    for part in matrix.parts:
        yield from walk(part)


def _shape_of_ones(matrix: Matrix) -> Shape | None:
    return next((part.shape for part in walk(matrix) if isinstance(part, AllOnes) and part.rows != part.columns), None)


def join(*pieces: Shown) -> Shown:
    """Pieces one after the other, without spaces."""
    return Shown("".join(p.text for p in pieces), "".join(p.latex for p in pieces), "".join(p.mathml for p in pieces))


def sign(text: str, latex: str | None = None, mathml: str | None = None) -> Shown:
    """An operator sign; spaces around it belong to text and LaTeX only."""
    return Shown(text, text if latex is None else latex, f"<mo>{text.strip() if mathml is None else mathml}</mo>")


def name(tensor: Tensor) -> Shown:
    """A tensor without subscripts."""
    return shown(Element(tensor))


def _word(text: str) -> Shown:
    return Shown(text, rf"\operatorname{{{text}}}", f"<mi>{text}</mi><mo>\u2061</mo>")


def _fenced(inner: Shown, opening: str = r"\left(", closing: str = r"\right)") -> Shown:
    return Shown(f"({inner.text})", f"{opening}{inner.latex}{closing}", f"<mrow><mo>(</mo>{inner.mathml}<mo>)</mo></mrow>")


def _raised(base: Shown, text: str, latex: str, mathml: str) -> Shown:
    return Shown(
        f"{base.text}^{text}", f"{base.latex}^{{{latex}}}", f"<msup><mrow>{base.mathml}</mrow><mrow>{mathml}</mrow></msup>"
    )


@dataclass(frozen=True)
class _Speller:
    """`ones` is the shape that J has in this formula, where one of its Js is not square."""

    ones: Shape | None

    def form(self, matrix: Matrix) -> tuple[int, Shown]:
        """How closely the form holds together, and the form."""
        match matrix:
            case Named(tensor):
                return ATOM, name(tensor)
            case Scalar(value):
                return (SUM if isinstance(value, Add | Mul) else ATOM), shown(value)
            case Ones():
                return ATOM, Shown("1", r"\mathbf{1}", '<mn mathvariant="bold">1</mn>')
            case AllOnes():
                plain = Shown("J", "J", "<mi>J</mi>")
                turned = self.ones is not None and matrix.shape == self.ones[::-1] and matrix.rows != matrix.columns
                return (SUFFIX, self.transposed(plain)) if turned else (ATOM, plain)
            case Identity():
                return ATOM, Shown("I", "I", "<mi>I</mi>")
            case Basis(index, extent):
                return ATOM, shown(Element(Tensor("e", (extent,)), (index,)))
            case SingleEntry(row, column):
                return ATOM, shown(Element(Tensor("E", (row.extent, column.extent)), (row, column)))
            case Transpose(of):
                return SUFFIX, self.transposed(self.inside(of, ATOM))
            case Inverse(of):
                return ATOM, join(_word("inv"), _fenced(self.of(of)[1]))
            case Product(factors):
                return PRODUCT, _between([self.inside(factor, SUFFIX) for factor in factors], TIMES)
            case Hadamard(factors) if is_scalar(matrix):
                return PRODUCT, _between([self.inside(factor, SUFFIX) for factor in factors], TIMES)
            case Quotient(above, below) if is_scalar(matrix):
                return self.fraction(above, below)
            case Hadamard(factors):
                between = sign(r" \odot ", mathml="⊙")
                written = [base for factor in factors for base in _repeated(factor)]
                return ENTRYWISE, _between([self.inside(factor, SUFFIX) for factor in written], between)
            case Quotient(above, below):
                between = sign(r" \oslash ", mathml="⊘")
                return ENTRYWISE, join(self.inside(above, SUFFIX), between, self.inside(below, SUFFIX))
            case Diag(vector):
                return ATOM, join(_word("diag"), _fenced(self.of(vector)[1]))
            case Trace(of):
                return ATOM, join(_word("tr"), _fenced(self.of(of)[1]))
            case Elementwise(function, args):
                return ATOM, self.call(function, [self.of(arg)[1] for arg in args])
            case Power(base, exponent):
                return self.power(base, exponent)
            case Scaled(coefficient, _, _) if coefficient == ZERO:
                return ATOM, shown(ZERO)
            case Scaled():
                negative, rest = self.signed(matrix)
                return (SUM, join(sign("-", mathml="−"), rest)) if negative else (PRODUCT, rest)
            case Sum(terms):
                return SUM, self.sum(terms)
        raise TypeError(f"spelling: no rule for {type(matrix).__name__}")

    def fraction(self, above: Matrix, below: Matrix) -> tuple[int, Shown]:
        """One number over another."""
        upper, lower = self.inside(above, ATOM), self.inside(below, ATOM)
        plain = self.of(above)[1], self.of(below)[1]
        bar = f"<mfrac><mrow>{plain[0].mathml}</mrow><mrow>{plain[1].mathml}</mrow></mfrac>"
        return PRODUCT, Shown(f"{upper.text}/{lower.text}", rf"\frac{{{plain[0].latex}}}{{{plain[1].latex}}}", bar)

    def of(self, matrix: Matrix) -> tuple[int, Shown]:
        """A part of the formula."""
        return _form(matrix, self.ones)

    def inside(self, matrix: Matrix, needed: int) -> Shown:
        """The form, in parentheses where it holds together less closely than needed."""
        level, inner = self.of(matrix)
        return inner if level >= needed else _fenced(inner)

    def transposed(self, base: Shown) -> Shown:
        return _raised(base, "T", r"\top", "<mi>T</mi>")

    def call(self, function: str, args: list[Shown]) -> Shown:
        """A function of every entry."""
        if function == "pow":
            raised = _raised(_fenced(args[0]), "", rf"\circ {args[1].latex}", f"<mo>∘</mo>{args[1].mathml}")
            return Shown(f"pow({args[0].text}, {args[1].text})", raised.latex, raised.mathml)
        inner = _between(args, sign(", ", mathml=","))
        opening, closing = (r"\sqrt{", "}") if function == "sqrt" else call_fences(function)
        word = FUNCTIONS[function].name
        return Shown(
            f"{word}({inner.text})",
            f"{opening}{inner.latex}{closing}",
            f"<mi>{word}</mi><mo>\u2061</mo><mrow><mo>(</mo>{inner.mathml}<mo>)</mo></mrow>",
        )

    def power(self, base: Matrix, exponent: Fraction) -> tuple[int, Shown]:
        """Small powers as repeated products, the square root as a function, the others as pow(A, c)."""
        if exponent == Fraction(1, 2):
            return ATOM, self.call("sqrt", [self.of(base)[1]])
        if is_scalar(base) and exponent.denominator == 1:
            power = shown(number(exponent))
            return SUFFIX, _raised(self.inside(base, ATOM), power.text, power.latex, power.mathml)
        if exponent in (2, 3):
            return self.of(Hadamard((base,) * int(exponent)))
        inner, power = self.of(base)[1], shown(number(exponent))
        raised = _raised(self.inside(base, ATOM), "", rf"\circ {power.latex}", f"<mo>∘</mo>{power.mathml}")
        return ATOM, Shown(f"pow({inner.text}, {power.text})", raised.latex, raised.mathml)

    def signed(self, matrix: Matrix) -> tuple[bool, Shown]:
        """Whether the term is subtracted, and the term without that sign."""
        if isinstance(matrix, Scalar):
            coefficient, _ = split_coefficient(matrix.value)
            return coefficient < 0, shown(mul(MINUS_ONE, matrix.value) if coefficient < 0 else matrix.value)
        if not isinstance(matrix, Scaled):
            return False, self.inside(matrix, ENTRYWISE)
        negative = split_coefficient(matrix.coefficient)[0] < 0
        coefficient_left: Expr = mul(MINUS_ONE, matrix.coefficient) if negative else matrix.coefficient
        below = [scalar.below for scalar in matrix.scalars if _is_reciprocal(scalar)]
        above = [self.inside(scalar, PRODUCT) for scalar in matrix.scalars if not _is_reciprocal(scalar)]
        lead = [*([] if coefficient_left == ONE else [shown(coefficient_left)]), *above]
        if below:
            lead = [_over(_between(lead, TIMES) if lead else shown(ONE), [self.of(one) for one in below])]
        if matrix.of != Scalar(ONE):
            lead.append(self.inside(matrix.of, PRODUCT if lead else ENTRYWISE))
        return negative, _between(lead, TIMES)

    def sum(self, terms: tuple[Matrix, ...]) -> Shown:
        pieces: list[Shown] = []
        for place, term in enumerate(terms):
            negative, rest = self.signed(term)
            if place or negative:
                pieces.append(_leading(negative, place == 0))
            pieces.append(rest)
        return join(*pieces)


def _is_reciprocal(scalar: Matrix) -> TypeGuard[Quotient]:
    """1/s for a number s that sums over indices."""
    return isinstance(scalar, Quotient) and scalar.above == Scalar(ONE)


def _over(above: Shown, below: list[tuple[int, Shown]]) -> Shown:
    """above/below; several denominators side by side."""
    lower = _between([inner for _, inner in below], TIMES)
    single = len(below) == 1 and below[0][0] == ATOM
    bar = f"<mfrac><mrow>{above.mathml}</mrow><mrow>{lower.mathml}</mrow></mfrac>"
    return Shown(f"{above.text}/{lower.text if single else f'({lower.text})'}", rf"\frac{{{above.latex}}}{{{lower.latex}}}", bar)


def _leading(negative: bool, first: bool) -> Shown:
    if first:
        return sign("-", mathml="−")
    return sign(" - ", mathml="−") if negative else sign(" + ")


def _between(pieces: list[Shown], separator: Shown) -> Shown:
    made = [pieces[0]]
    for piece in pieces[1:]:
        made += [separator, piece]
    return join(*made)


def _repeated(factor: Matrix) -> tuple[Matrix, ...]:
    r"""A \odot A for A squared, so for cubes; anything else once."""
    if isinstance(factor, Power) and factor.exponent in (2, 3):
        return (factor.base,) * int(factor.exponent)
    return (factor,)


def is_scalar(matrix: Matrix) -> bool:
    """Whether it is a single number."""
    return matrix.shape == SCALAR
