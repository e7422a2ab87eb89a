"""What makes a text matrix algebra: the look of names, and the signs that only matrices and vectors carry."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from tensorderiv.algebra.index import GREEK
from tensorderiv.language import lexicon
from tensorderiv.language import surface as s

Sign: TypeAlias = Literal["none", "weak", "strong"]

PLAIN_NAME = re.compile(r"([A-Za-z])[0-9]*'*(?:bar|hat|tilde|dot|check|breve)*'*")


def is_capital(name: str) -> bool:
    """One capital letter, with digits, primes or an accent, or a capital Greek letter: a matrix by its look."""
    match = PLAIN_NAME.fullmatch(name)
    return name in lexicon.CAPITAL_GREEK or (match is not None and match.group(1).isupper())


def is_small(name: str) -> bool:
    """One small Latin letter: a number or a vector by its look."""
    match = PLAIN_NAME.fullmatch(name)
    return match is not None and match.group(1).islower()


def is_greek(name: str) -> bool:
    return re.sub(r"[0-9']|bar$|hat$|tilde$", "", name) in GREEK and not is_capital(name)


def nodes(node: s.Node) -> Iterator[s.Node]:
    """All parts of a surface tree."""
    todo = [node]
    while todo:
        part = todo.pop()
        yield part
        todo.extend(reversed(s.children(part)))


def bare(node: s.Node, names: frozenset[str]) -> bool:
    """Whether the node is one of these names without subscripts."""
    return isinstance(node, s.Ref) and node.subscripts is None and node.name in names


def sign(node: s.Node, unknown: frozenset[str], arrays: frozenset[str]) -> Sign:
    """How surely a side is matrix algebra. `unknown`: bare names nobody declared; `arrays`: names known to be no numbers.

    Strong: a transpose, tr, det, inv, diag, an index taken of a product, an elementwise product of bare names, A : B, A^-1 in
    a product, two bare capitals side by side. Weak: A x, where A or x is open; an open capital added to a known matrix.
    """
    found: Sign = "none"
    for part in nodes(node):
        match part:
            case s.Transposed() | s.Indexed():
                return "strong"
            case s.Inner(_, _, _, True):
                return "strong"
            case s.Inner(_, left, right) if has_capital(left, unknown) and has_capital(right, unknown):
                return "strong"
            case s.Call(_, name) if name in lexicon.MATRIX_FUNCTIONS:
                return "strong"
            case s.Power(_, base, s.Sum(_, ((-1, s.Ref(_, "T", None)),))) if bare(base, unknown | arrays):
                return "strong"
            case s.Power(_, base, exponent) if bare(base, unknown) and is_inverse(base, exponent):
                found = "weak" if found == "none" else found
            case s.Sum(_, terms) if any(looks_matrix(term, frozenset(), arrays) for _, term in terms):
                if any(bare_capital(factor, unknown) for _, term in terms for factor in factors_of(term)):
                    found = "weak"
            case s.Norm(_, body) if found == "none" and normed(body, unknown, arrays):
                found = "weak"
            case s.Product(_, factors):
                for (_, left), (op, right) in itertools.pairwise(factors):
                    one = pair_sign(left, op, right, unknown, arrays)
                    if one == "strong":
                        return "strong"
                    found = "weak" if one == "weak" else found
    return found


def normed(body: s.Node, unknown: frozenset[str], arrays: frozenset[str]) -> bool:
    """Inside bars: X beta, where elsewhere beta is rather a number; y - z, where z is an array."""
    for part in nodes(body):
        match part:
            case s.Product(_, factors):
                for (_, left), (op, right) in itertools.pairwise(factors):
                    greek = isinstance(right, s.Ref) and bare(right, unknown) and is_greek(right.name)
                    if op in ("juxtaposed", "cdot") and greek and (bare_capital(left, unknown) or bare(left, arrays)):
                        return True
            case s.Sum(_, terms):
                if any(bare(term, arrays) for _, term in terms) and any(bare(term, unknown) for _, term in terms):
                    return True
    return False


def root(node: s.Node, unknown: frozenset[str]) -> bool:
    """D^{-1/2} of a bare capital."""
    if not (isinstance(node, s.Power) and bare_capital(node.base, unknown)):
        return False
    match node.exponent:
        case s.Num(_, value) | s.Sum(_, ((-1, s.Num(_, value)),)):
            return value.denominator == 2
        case s.Product(_, (_, ("/", s.Num(_, value)))) | s.Sum(_, ((-1, s.Product(_, (_, ("/", s.Num(_, value))))),)):
            return value == 2
        case s.Product(_, ((_, inner),)) | s.Sum(_, ((-1, s.Product(_, ((_, inner),))),)):
            return isinstance(inner, s.Product) and root(s.Power(node.place, node.base, inner), unknown)
    return False


def bare_capital(node: s.Node, names: frozenset[str]) -> bool:
    return isinstance(node, s.Ref) and bare(node, names) and is_capital(node.name)


def has_capital(node: s.Node, names: frozenset[str]) -> bool:
    """A, t A, A - B: a capital among plain factors and terms."""
    match node:
        case s.Sum(_, terms):
            return any(has_capital(term, names) for _, term in terms)
        case s.Product(_, factors):
            return any(has_capital(factor, names) for op, factor in factors if op != "/")
    return bare_capital(node, names)


def plain(node: s.Node) -> bool:
    """Names without subscripts, and numbers, their sums and products."""
    match node:
        case s.Ref(_, _, subscripts):
            return not subscripts
        case s.Sum(_, terms):
            return all(plain(term) for _, term in terms)
        case s.Product(_, factors):
            return all(plain(factor) for _, factor in factors)
    return isinstance(node, s.Num)


def looks_matrix(node: s.Node, unknown: frozenset[str], arrays: frozenset[str]) -> bool:
    """A, or a sum of such."""
    if isinstance(node, s.Sum):
        return all(looks_matrix(term, unknown, arrays) for _, term in node.terms)
    return bare_capital(node, unknown | arrays)


def factors_of(node: s.Node) -> tuple[s.Node, ...]:
    """The factors of a term."""
    return tuple(factor for _, factor in node.factors) if isinstance(node, s.Product) else (node,)


def is_inverse(base: s.Node, exponent: s.Node) -> bool:
    """A^-1 of a capital."""
    match exponent:
        case s.Sum(_, ((-1, s.Num(_, value)),)) if value == 1:
            return isinstance(base, s.Ref) and is_capital(base.name)
    return False


def pair_sign(left: s.Node, op: str, right: s.Node, unknown: frozenset[str], arrays: frozenset[str]) -> Sign:
    """The sign of two neighbouring factors."""
    if op in ("odot", "oslash") and any(bare(side, unknown | arrays) or has_capital(side, unknown) for side in (left, right)):
        return "strong"
    if op not in ("juxtaposed", "cdot"):
        return "none"
    capital = bare_capital(left, unknown)
    if (capital or root(left, unknown)) and (bare_capital(right, unknown) or root(right, unknown)):
        return "strong"
    if isinstance(right, s.Num) and right.value == 1 and looks_matrix(left, unknown, arrays):
        return "strong"
    if inverse(left, unknown) and looks_array(right, unknown, arrays):
        return "strong"
    if inverse(right, unknown) and (capital or bare(left, arrays) or inverse(left, unknown)):
        return "strong"
    if (capital or bare(left, arrays)) and looks_array(right, unknown, arrays):
        return "weak"
    return "none"


def inverse(node: s.Node, unknown: frozenset[str]) -> bool:
    return isinstance(node, s.Power) and bare(node.base, unknown) and is_inverse(node.base, node.exponent)


def looks_array(node: s.Node, unknown: frozenset[str], arrays: frozenset[str]) -> bool:
    """Whether a factor is a vector or a matrix by its look: A, x, X_i, x - y."""
    match node:
        case s.Ref(_, name, None, bold):
            return name in arrays or (name in unknown and (bold or is_capital(name) or is_small(name)))
        case s.Ref(_, name, subscripts):
            return name in arrays and is_capital(name) and len(subscripts or ()) == 1
        case s.Sum(_, terms):
            return all(looks_array(term, unknown, arrays) for _, term in terms)
        case s.Transposed():
            return True
    return inverse(node, unknown)


def indexed(side: s.Node) -> bool:
    """Whether a side is index notation, where nameless axes are those of rows (X_i), and no matrix algebra."""
    return any(isinstance(node, s.Reduce) or (isinstance(node, s.Ref) and bool(node.subscripts)) for node in nodes(side))
