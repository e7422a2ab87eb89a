r"""Equations and inequalities that state a property and define nothing: Q^T Q = I, \sum_i y_i = 1, \|x\| = 1, t > 0."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tensorderiv.checker.case import Assumption
from tensorderiv.checker.document.facts import Fact, letters_of, name_of, names_of
from tensorderiv.checker.document.uses import Use, whole_name
from tensorderiv.checker.reading.unreadable import Unreadable

IDENTITIES = frozenset(
    {"I", r"\mathbf{I}", r"I_n", r"I_{n}", r"\mathbb{I}", r"\mathrm{I}", "I_d", "I_{d}", r"\mathbf I", r"\boldsymbol{I}"}
)
BOUND = re.compile(
    r"^(?P<left>.+?)\s*(?P<sign>>=?|\\gt|\\geq?(?:slant)?|\\succ(?:eq)?|\\ne|\\neq)(?![a-zA-Z])\s*(?P<right>0)\s*$"
)
BETWEEN = re.compile(r"^0\s*(?:<|\\leq?|\\lt)(?![a-zA-Z])\s*(?P<middle>.+?)\s*(?:<|\\leq?|\\lt)(?![a-zA-Z])\s*1\s*$")
NORM = re.compile(
    r"^(?:\\left\s*)?(?:\\\||\\Vert|\|\||\\lVert|\|)\s*(?P<name>.+?)\s*(?:\\right\s*)?(?:\\\||\\Vert|\|\||\\rVert|\|)(?:_\{?2\}?)?(?:\^\{?2\}?)?(?:_\{?2\}?)?$"
)
TOTAL = re.compile(r"^\\sum(?:\\limits)?\s*_\s*(?P<below>\{[^{}]*\}|\w)\s*(?:\^\s*(?:\{[^{}]*\}|\w)\s*)?(?P<name>.+)$")
NONE: Mapping[str, Fact] = MappingProxyType({})
LONGEST = 60
"""Characters of Q^T Q."""
TRANSPOSED = r"\^\s*(?:\{\s*(?:T|\\top|\\intercal|\\mathrm\s*\{?T\}?|\\mathsf\s*\{?T\}?)\s*\}|T|\\top|\\intercal)|'"


def bounded(text: str) -> list[Fact]:
    r"""What \sigma > 0, A \succ 0 and 0 \le p_i \le 1 say.

    >>> bounded(r"\alpha, \beta > 0")[1].assume, bounded(r"A \succ 0")[0].assume
    (('positive',), ('positive_definite',))
    """
    if (match := BETWEEN.match(text.strip())) is not None:
        return [Fact(name_of(use), letters_of(use), assume=("unit_interval",)) for use in names_of(match["middle"])]
    if (match := BOUND.match(text.strip())) is None:
        return []
    sign = match["sign"]
    word: Assumption = "nonnegative"
    if sign.startswith(r"\succ"):
        word = "positive_definite"
    elif sign.startswith(r"\ne"):
        word = "nonzero"
    elif sign in (">", r"\gt"):
        word = "positive"
    return [Fact(name_of(use), letters_of(use), assume=(word,)) for use in names_of(match["left"])]


def stated(sides: Sequence[str], facts: Mapping[str, Fact] = NONE) -> list[Fact]:
    r"""What an equation states of a name; nothing where it is not of these kinds.

    >>> [stated(sides)[0].assume for sides in ([r"Q^TQ", "QQ^T", "I"], [r"\sum_i y_i", "1"], ["A_{ij}", "A_{ji}"])]
    [('orthogonal',), ('simplex',), ('symmetric',)]
    """
    if not 2 <= len(sides) <= 3:
        return []
    left, right = sides[0].strip(), sides[-1].strip()
    if right in IDENTITIES and (name := _gram(left)) is not None:
        return [Fact(name, assume=("orthogonal",))]
    if len(sides) > 2:
        return []
    if right == "1":
        return _unit(left)
    first, second = _plain(left), _plain(right)
    if right == "0" and first is not None and len(first.subscripts) == 2 and first.subscripts[0] == first.subscripts[1]:
        return [Fact(name_of(first), assume=("on_diagonal_zero",))]
    negative = right.startswith("-")
    if negative:
        second = _plain(right[1:].strip())
    if first is None or second is None or name_of(first) != name_of(second):
        return []
    turned = first.transposed != second.transposed and not first.subscripts and not second.subscripts
    swapped = len(first.subscripts) == 2 and first.subscripts == second.subscripts[::-1] and len(set(first.subscripts)) == 2
    if swapped and (first.transposed or second.transposed):  # \Sigma_{yx} = \Sigma_{xy}^T defines a block
        known = facts.get(name_of(first))
        swapped = known is not None and known.value is not None
    if turned or swapped:
        return [Fact(name_of(first), assume=("antisymmetric" if negative else "symmetric",))]
    return []


def _unit(left: str) -> list[Fact]:
    if (match := NORM.match(left)) is not None and (use := _plain(match["name"])) is not None:
        return [Fact(name_of(use), letters_of(use), assume=("unit_norm",))]
    if (name := _gram(left)) is not None and not name.isupper():
        return [Fact(name, assume=("unit_norm",))]
    if (match := TOTAL.match(left)) is not None and (use := _plain(match["name"])) is not None and use.subscripts:
        return [Fact(name_of(use), letters_of(use), assume=("simplex",))]
    ones = re.fullmatch(rf"(?P<name>.+?)\s*(?:{TRANSPOSED})\s*(?:\\mathbf\s*\{{?1\}}?|\\mathbb\s*\{{?1\}}?|\{{\\tt\s*1\}})", left)
    if ones is not None and (use := _plain(ones["name"])) is not None:
        return [Fact(name_of(use), assume=("simplex",))]
    return []


def _gram(text: str) -> str | None:
    """The name Q of Q^T Q or Q Q^T."""
    sign = re.search(TRANSPOSED, text)
    if sign is None or len(text) > LONGEST:
        return None
    before, after = text[: sign.start()].strip(), text[sign.end() :].strip()
    half = len(before) // 2
    pair = (before, after) if after else (before[:half].strip(), before[half:].strip())
    a, b = _plain(pair[0]), _plain(pair[1])
    if a is None or b is None or name_of(a) != name_of(b) or a.subscripts or b.transposed:
        return None
    return name_of(a)


def _plain(text: str) -> Use | None:
    try:
        return whole_name(text)
    except Unreadable:
        return None
