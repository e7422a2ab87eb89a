r"""Are repeated indices summed, which variable is differentiated, what shape has a gradient: read off the trees of the lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Layout, Sums

_KIND = r"(?:layout|convention|notation|formulation)"
NUMERATOR = re.compile(rf"\b(?:numerator|jacobian)[- ]{_KIND}", re.IGNORECASE)
DENOMINATOR = re.compile(rf"\b(?:denominator|hessian)[- ]{_KIND}", re.IGNORECASE)
OTHERS = re.compile(
    rf"\b(?:not|rather than|instead of|as opposed to|unlike)\s+(?:(?:in|the|to|use|using)\s+)*\w+[- ]{_KIND}", re.IGNORECASE
)
"""The layout that is not meant: numerator layout, not denominator layout."""


def letters(node: t.Node, indices: frozenset[str], summed: bool) -> Counter[str]:
    r"""How often each index is free in a tree; with `summed` an index that stands twice in a product is summed and free no more.

    >>> x = t.Component(body=t.Name(name="x"), subscripts=(t.Name(name="i"),))
    >>> letters(t.Product(factors=(("juxtaposed", x), ("juxtaposed", x))), frozenset("i"), True)
    Counter()
    """
    match node:
        case t.Name(name=name, args=args):
            found = Counter([name] if name in indices and not args else [])
            for argument in args:
                found |= letters(argument, indices, summed)
            return found
        case t.Component(body=body, subscripts=subscripts):
            return _contracted([letters(part, indices, summed) for part in (body, *subscripts)], summed)
        case t.Delta(left=left, right=right):
            return _contracted([letters(left, indices, summed), letters(right, indices, summed)], summed)
        case t.Product(factors=factors):
            return _contracted([letters(factor, indices, summed) for _, factor in factors], summed)
        case t.Ratio(above=above, below=below):
            return _contracted([letters(above, indices, summed), letters(below, indices, summed)], summed)
        case t.Partial(body=body, variables=variables):
            return _contracted([letters(part, indices, summed) for part in (body, *variables)], summed)
        case t.Power(base=base):
            return letters(base, indices, summed)
        case t.Big(bound=bound, body=body):
            found = letters(body, indices, summed)
            for condition in node.conditions:
                found |= letters(condition, indices, False)
            return Counter({letter: number for letter, number in found.items() if letter not in bound})
    found = Counter()
    for part in t.children(node):
        found |= letters(part, indices, summed)
    return found


def _contracted(parts: Sequence[Counter[str]], summed: bool) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        total += part
    if summed:
        return Counter({letter: number for letter, number in total.items() if number == 1})
    return Counter(dict.fromkeys(total, 1))


def summation(
    lines: Sequence[t.Node], definitions: Sequence[t.Definition], indices: frozenset[str], sums: int, chain: bool
) -> Sums:
    """Are repeated indices summed: where there is no sum sign, and the free indices agree only so."""
    if sums:
        return "explicit"
    for definition in definitions:
        left = set(definition.indices)
        body = definition.body
        if set(letters(body, indices, False)) - left and not set(letters(body, indices, True)) - left:
            return "einstein"
    if not chain or len(lines) < 2:
        return "explicit"
    explicit = [set(letters(line, indices, False)) for line in lines]
    summed = [set(letters(line, indices, True)) for line in lines]
    repeated = any(one != other for one, other in zip(explicit, summed, strict=True))
    if not repeated:
        return "explicit"
    wrong = sum(found != explicit[0] for found in explicit)
    wrong_summed = sum(found != summed[0] for found in summed)
    return "einstein" if wrong and wrong_summed <= wrong else "explicit"


def derivatives(node: t.Node) -> Iterator[t.Partial]:
    for part in t.walk(node):
        if isinstance(part, t.Partial):
            yield part


def differentials(lines: Sequence[t.Node]) -> list[str]:
    """The names whose differentials stand alone, in the order of the lines."""
    found: list[str] = []
    for line in lines:
        for part in t.walk(line):
            if isinstance(part, t.Differential) and isinstance(part.body, t.Name) and part.body.name not in found:
                found.append(part.body.name)
    return found


def stated_layout(text: str) -> Layout | None:
    """The layout that a document names, "open" where it names none; None where it names more than one.

    >>> stated_layout("We use numerator layout, not denominator layout."), stated_layout("Some write it in another layout.")
    ('numerator', 'open')
    """
    meant = OTHERS.sub(" ", text)
    numerator, denominator = NUMERATOR.search(meant), DENOMINATOR.search(meant)
    if numerator and denominator:
        return None
    return "numerator" if numerator else "denominator" if denominator else "open"


def layout_of(lines: Sequence[t.Node], axes_left: Callable[[t.Node], int], stated: Layout | None, turned: bool) -> Layout | None:
    """What shape the gradients of the lines have, by the layout that the document states. `axes_left`: axes of a variable without
    its subscripts; `turned`: the lines fit only if the gradient by a matrix has its axes turned.
    """
    partial = next(derivatives(lines[0]), None)
    if partial is None:
        return "differential" if any(isinstance(part, t.Differential) for part in t.walk(lines[0])) else None
    if any(axes_left(variable) for line in lines for one in derivatives(line) for variable in one.variables):
        return "numerator" if turned and stated == "open" else stated
    return "components" if isinstance(partial.variables[0], t.Component) else None
