r"""Left sides: the name that one defines, or the derivative or differential that one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tensorderiv.checker.document.facts import Fact, name_of
from tensorderiv.checker.document.names import CONSTANTS, functions_of
from tensorderiv.checker.document.split import Statement
from tensorderiv.checker.document.uses import Use, names_in, whole_name
from tensorderiv.checker.reading.unreadable import Unreadable

_D = r"(?:d|\\mathrm\s*\{d\}|\\mathrm\s+d(?![a-zA-Z])|\{\s*\\rm\s*d\s*\}|\\operatorname\{d\})"
_ABOVE = rf"(?:\{{\s*{_D}(?:[^{{}}]|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})*\}}|{_D})"
DERIVATIVE = re.compile(
    rf"\\partial(?![a-zA-Z])|\\nabla(?![a-zA-Z])|\\[dtc]?frac\s*{_ABOVE}\s*\{{\s*{_D}\s*[A-Za-z\\]|\{{\s*d[^{{}}]*\\over\s*d\s*[A-Za-z\\]"
)
DIFFERENTIAL = re.compile(rf"^\s*(?:{_D}|\\delta(?!\s*[_^]))\s*(?P<what>.+)$", re.DOTALL)
ZEROS = ("0", r"\mathbf{0}", r"\mathbf 0", r"{\bf 0}")


def defined_functions(statements: Sequence[Statement]) -> frozenset[str]:
    """The names of one argument that stand on the left of an equation."""
    heads = [head_of(statement.sides[0].text) for statement in statements if len(statement.sides) > 1]
    return frozenset(name_of(head) for head in heads if head is not None and len(head.arguments) == 1 and not head.primes)


def defines_d(head: Use, sides: Sequence[str]) -> bool:
    """Whether d(x) = ... gives a function of that name: what it is equal to has no differentials, and is not 0."""
    if not head.arguments or not all(len(argument) == 1 or argument[1].kind == "sub" for argument in head.arguments):
        return False
    if len(head.arguments) > 1:
        return True
    moving = any(use.differential for side in sides[1:] for use in names_in(side))
    return not moving and sides[-1].strip() not in ZEROS


def derives(text: str) -> bool:
    r"""Whether a side begins with a derivative: \partial, \nabla, d/dx, f'(x)."""
    return DERIVATIVE.search(text) is not None


def _is_power(text: str, head: Use, facts: Mapping[str, Fact]) -> bool:
    """Whether a name with something above it is a power, e^{a + b}: of e, or with an exponent that is declared as a number."""
    above = {name_of(use) for use in names_in(text) if use.exponent}
    numbers = {name for name in above if (fact := facts.get(name)) and (fact.shape == () or fact.kind == "number")}
    return bool(numbers) or (bool(above) and head.name in CONSTANTS and head.name not in facts)


def head_of(text: str, facts: Mapping[str, Fact] = {}) -> Use | None:
    """The name that a left side is, with distinct index letters below it or plain names as its arguments."""
    product = re.fullmatch(r"\(\s*[A-Z]\s*[A-Z]\s*\)\s*_\s*\{?(?P<letters>[a-z]{2})\}?", text.strip())
    if product is not None:  # (AB)_{ij}: a product that is defined
        return Use(text.strip()[: text.strip().index(")") + 1].replace(" ", ""), tuple(product["letters"]))
    try:
        words = frozenset({text.strip()}) if re.fullmatch(r"\s*d[A-Za-z]\s*", text) else functions_of([text])
        use = whole_name(text, words)
    except Unreadable:
        return None
    if use is None or use.transposed or use.inverse:
        return None
    if use.name in (r"\mathbf{1}", r"\mathtt{1}", r"\mathbb{1}"):
        return None
    if _is_power(text, use, facts):
        return None
    letters = [letter for letter in use.subscripts if not letter.isdigit()]
    if len(set(letters)) < len(letters):
        return None
    for argument in use.arguments:
        names = [piece for piece in argument if piece.kind in ("symbol", "number", "fraction", "fence", "command")]
        if len(names) != 1 or names[0].kind != "symbol":
            return None
    return use
