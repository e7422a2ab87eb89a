r"""Which names are functions by how they are used, and which primes are their derivatives: f(x), f'(x), \frac{df}{dx}.

A primed name is a name of its own where it is declared or defined, where it stands among what is given (x and x' are two points),
or where what it would be the derivative of is no function of one argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tensorderiv.checker.document.facts import Fact
from tensorderiv.checker.document.uses import Use
from tensorderiv.checker.reading.pieces import Piece
from tensorderiv.checker.reading.spelling import scripts_end

FUNCTION_LETTERS = frozenset({"f", "g", "h", r"\phi", r"\psi", r"\varphi", r"\kappa"})
Table = Mapping[str, Sequence[Use]]


@dataclass(frozen=True)
class Functions:
    """`primed`: f' -> f, where f' is the derivative of f(x); `names`: the functions that nothing defines, known by their
    derivatives; `new`: y' -> y, where y is no function and y' is not among what is given.
    """

    primed: Mapping[str, str]
    names: frozenset[str]
    new: Mapping[str, str]


def functions_among(
    table: Table, given: Table, defined: Mapping[str, Use], known: Collection[str], facts: Mapping[str, Fact]
) -> Functions:
    """The functions of a derivation. `given`: the uses in definitions and the first line; `known`: names that are declared, or
    that stand for the argument of a definition.
    """
    primed = {
        name: base
        for name in table
        if (base := name.rstrip("'")) != name
        and name not in known
        and name not in defined
        and _may_be_derivative(table[name], given.get(name, ()))
    }
    names: set[str] = set()
    kept: dict[str, str] = {}
    for base in dict.fromkeys([*primed.values(), *table]):
        own = [name for name in primed if primed[name] == base]
        uses = [use for name in (base, *own) for use in table.get(name, ())]
        if base in defined:
            is_function = len(defined[base].arguments) == 1
        elif base in known and (base not in facts or facts[base].kind or facts[base].shape is not None):
            is_function = False
        else:
            is_function = _is_function(base, uses, bool(own))
            names |= {base} if is_function else set()
        kept |= dict.fromkeys(own, base) if is_function else {}
    new = {
        name: base
        for name, base in primed.items()
        if name not in kept and name not in given and (base in table or base in defined)
    }
    return Functions(kept, frozenset(names), new)


def _may_be_derivative(uses: Sequence[Use], given: Sequence[Use]) -> bool:
    """Whether all calls have one argument, and where it is not called it is nothing that was given."""
    one = all(len(use.arguments) == 1 for use in uses if use.called)
    return one and all(use.called for use in given) and not any(use.subscripts or use.transposed for use in uses)


def _is_function(name: str, uses: Sequence[Use], primed: bool) -> bool:
    """Whether a name is called as only functions are, and differentiated as such."""
    calls = [use for use in uses if use.called]
    if not calls or any(use.subscripts or use.transposed or use.inverse for use in uses):
        return False
    if name in FUNCTION_LETTERS and len(calls) == len(uses):
        return primed
    if not any(is_plain_call(use) for use in calls):
        return False
    return primed or any(use.numerator for use in uses)


def is_plain_call(use: Use) -> bool:
    """Whether each argument is a name, or a call: f(x), f(g(x)), which nobody writes for a product.

    >>> from tensorderiv.checker.document.uses import names_in
    >>> [is_plain_call(names_in(text)[0]) for text in ("f(x_i)", "f(g(x))", "y(1 - y)")]
    [True, True, False]
    """
    return bool(use.arguments) and all(_is_plain(argument) for argument in use.arguments)


def _is_plain(argument: Sequence[Piece]) -> bool:
    if not argument or argument[0].kind != "symbol":
        return False
    end = scripts_end(argument, 1)
    if end == len(argument):
        return True
    return argument[end].kind == "fence" or (argument[end].text == "(" and argument[-1].text == ")")
