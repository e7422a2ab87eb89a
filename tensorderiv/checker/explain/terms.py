"""Terms that are missing: the second one of the product rule, the one with equal indices, a constant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import combinations

from tensorderiv.checker.explain.edits import (
    ONE,
    exchange,
    letters_in,
    negated,
    places,
    plain,
    plus,
    product,
    renamed,
    scaled,
    stripped,
    sum_of,
    term_places,
    terms_of,
    unsigned,
)
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.rules import summands
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import (
    Big,
    Call,
    Comparison,
    Component,
    Delta,
    Name,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Sum,
    Transpose,
    children,
    walk,
)

TWO = Number(Fraction(2))


def verbatim(scene: Scene) -> Iterator[Repair]:
    """The line before with one term of a sum left out, and nothing else done."""
    if scene.merges_pairs:
        return
    wanted = plain(scene.line)
    for place in places(scene.before):
        if isinstance(place.node, Sum):
            for term in place.node.terms:
                rest = [other for other in place.node.terms if other is not term]
                if plain(exchange(scene.before, place.node, sum_of(rest))) == wanted:
                    yield Repair(scene.before, _kind(scene), partial(_dropped, scene, term))


def missing_terms(scene: Scene) -> Iterator[Repair]:
    """One more term: a term of the line before, or one that carrying out its derivative makes."""
    for term in _terms_before(scene):
        for signed in (term, negated(term)):
            yield Repair(plus(scene.line, signed), _kind(scene), partial(_dropped, scene, signed))
    for term, rule in summands(scene, scene.before):
        kind = _kind(scene)
        kind = "forgot terms" if rule == "sum rule" and _sums_here(scene, term) else kind
        for signed in (term, negated(term)):
            for tidy in _sifted(scene, signed):
                yield Repair(plus(scene.line, tidy), kind, partial(_dropped, scene, tidy))


def quotient_terms(scene: Scene) -> Iterator[Repair]:
    """The second term of the quotient rule: -u dv / v^2."""
    for term, rule in summands(scene, scene.before):
        if rule == "quotient rule":
            for tidy in _sifted(scene, term):
                yield Repair(plus(scene.line, tidy), rule, partial(_dropped, scene, tidy))


def equal_indices(scene: Scene) -> Iterator[Repair]:
    """One more term: that of a sum where its index is a free one."""
    for line in (scene.before, scene.line):
        for place in places(line):
            node = place.node
            if not isinstance(node, Big) or node.op != "sum" or len(node.bound) != 1:
                continue
            for letter in scene.alike(node.bound[0], frozenset(scene.free)):
                body = renamed(_without_derivatives(node.body), {node.bound[0]: letter})
                term = exchange(_term_with(line, node), node, body)
                for signed in (term, negated(term)):
                    why = partial(_diagonal, scene, node.bound[0], letter, signed)
                    yield Repair(plus(scene.line, signed), "forgot terms", why)


def other_terms(scene: Scene) -> Iterator[Repair]:
    """One more sum: of a sum only the term was kept where its index is a free one."""
    for place in places(scene.before):
        node = place.node
        if isinstance(node, Big) and node.op == "sum" and len(node.bound) == 1 and node.lower is None and node.upper is None:
            for letter in scene.alike(node.bound[0], frozenset(scene.free)):
                condition = Comparison("!=", Name(node.bound[0]), Name(letter))
                rest = replace(node, conditions=(*node.conditions, condition), span=None)
                term = exchange(_term_with(scene.before, node), node, rest)
                yield Repair(plus(scene.line, term), "forgot terms", partial(_only_one, scene, node.bound[0], letter, term))


def extra_terms(scene: Scene) -> Iterator[Repair]:
    """One term less."""
    for place in places(scene.line):
        for term in place.node.terms if isinstance(place.node, Sum) else ():
            assert isinstance(place.node, Sum)
            rest = sum_of([other for other in place.node.terms if other is not term])
            yield Repair(exchange(scene.line, place.node, rest), "extra term", partial(_extra, scene, term))


def cross_terms(scene: Scene) -> Iterator[Repair]:
    """One or two more terms of a product of sums, as the 2 a b of (a + b)^2."""
    for place in places(scene.before):
        spread = [exchange(_term_with(scene.before, place.node), place.node, part) for part in _multiplied(place.node)]
        for few in (*((term,) for term in spread), *combinations(spread, 2)):
            node = scene.line
            for term in few:
                node = plus(node, term)
            yield Repair(node, "forgot terms", partial(_dropped, scene, sum_of(list(few))))


def _multiplied(node: Node) -> list[Node]:
    """The terms of a product of two sums, or of the square of a sum, that multiplying makes."""
    if isinstance(node, Power) and node.exponent == TWO and len(terms_of(node.base)) > 1:
        return [scaled(product(a, b), Fraction(2) * s * t) for (a, s), (b, t) in combinations(_with_signs(node.base), 2)]
    sums = [factor for _, factor in node.factors] if isinstance(node, Product) else []
    found = []
    for at in range(len(sums) - 1):
        first, second = sums[at], sums[at + 1]
        turned = isinstance(first, Transpose)
        for a, s in _with_signs(first.body if isinstance(first, Transpose) else first):
            for b, t in _with_signs(second):
                factors = (*sums[:at], Transpose(a) if turned else a, b, *sums[at + 2 :])
                found.append(scaled(product(*factors), Fraction(s * t)))
    return found if len(found) > 1 else []


def _with_signs(node: Node) -> list[tuple[Node, int]]:
    return [unsigned(term) for term in terms_of(node)]


def _term_with(line: Node, node: Node) -> Node:
    """The term of the line that the node stands in."""
    return next((term for term in terms_of(line) if any(part is node for part in walk(term))), line)


def constants(scene: Scene) -> Iterator[Repair]:
    """One more term that is a number, as the 1 of (x log x)' = log x + 1."""
    kind = "product rule" if scene.of_product and scene.differentiates else "forgot terms"
    for number in (Fraction(1), Fraction(-1), Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2)):
        term: Node = scaled(ONE, number)
        for place in term_places(scene.line):
            if isinstance(place.node, Name) and place.above:
                continue
            yield Repair(
                exchange(scene.line, place.node, plus(place.node, term)), kind, partial(_constant, scene, place.node, term)
            )


def doubled(scene: Scene) -> Iterator[Repair]:
    """a b + a b with indices exchanged in one: 2 a_ik x_k -> a_ik x_k + a_ki x_k."""
    for place in term_places(scene.line):
        if isinstance(place.node, Sum | Name | Number):
            continue
        half = scaled(place.node, Fraction(1, 2))
        kind = "product rule" if scene.carried_out else "transposed index"
        for second in _like(scene, half):
            node = exchange(scene.line, place.node, sum_of([half, second]))
            yield Repair(node, kind, partial(_copied, scene, place.node, second))
        if place.above == ():
            for other in (*_terms_before(scene), *(term for term, _ in summands(scene, scene.before))):
                for second in (other, negated(other)):
                    yield Repair(sum_of([half, second]), "product rule", partial(_copied, scene, place.node, second))


def _terms_before(scene: Scene) -> tuple[Node, ...]:
    """The terms of the line before, if it is a sum."""
    found = terms_of(scene.before)
    return found if len(found) > 1 else ()


def _like(scene: Scene, node: Node) -> Iterator[Node]:
    """The node with two letters exchanged: in one component, everywhere."""
    for part in walk(node):
        if isinstance(part, Component) and len(part.subscripts) == 2:
            yield exchange(node, part, replace(part, subscripts=part.subscripts[::-1], span=None))
    letters = sorted(letters_in(node, scene.letters))
    for at, a in enumerate(letters):
        for b in scene.alike(a, frozenset(letters[at + 1 :])):
            yield renamed(node, {a: b, b: a})


def _kind(scene: Scene) -> str:
    return "product rule" if scene.differentiates and scene.of_product else "forgot terms"


def _sums_here(scene: Scene, term: Node) -> bool:
    """Whether the term is that of a sum where a derivative leaves one index: sum_j f_j d x_j / d x_i."""
    return any(
        isinstance(part, Big) and any(isinstance(inner, Partial | Delta) for inner in walk(part.body)) for part in walk(term)
    )


def _sifted(scene: Scene, term: Node) -> Iterator[Node]:
    r"""The term with sum_j f_j \delta_{ij} written as f_i, where that is so; then as it is."""
    for part in walk(term):
        if (
            isinstance(part, Big)
            and part.op == "sum"
            and len(part.bound) == 1
            and isinstance(body := stripped(part.body), Product)
        ):
            for _, factor in body.factors:
                if not isinstance(factor, Delta):
                    continue
                sides = [side.name for side in (factor.left, factor.right) if isinstance(side, Name)]
                if part.bound[0] in sides and len(sides) == 2 and sides[0] != sides[1]:
                    kept = sides[1] if sides[0] == part.bound[0] else sides[0]
                    rest = product(*(other for other in children(body) if other is not factor))
                    yield exchange(term, part, renamed(rest, {part.bound[0]: kept}))
    yield term


def _without_derivatives(node: Node) -> Node:
    """The product without its derivatives: they are 1 where the indices agree."""
    node = stripped(node)
    if isinstance(node, Product):
        rest = [factor for _, factor in node.factors if not isinstance(factor, Partial)]
        return product(*rest) if len(rest) < len(node.factors) else node
    return ONE if isinstance(node, Partial) else node


def _dropped(scene: Scene, term: Node) -> str:
    return f"the term {scene.write(term)} is missing"


def _extra(scene: Scene, term: Node) -> str:
    return f"the term {scene.write(term)} is too many"


def _constant(scene: Scene, node: Node, term: Node) -> str:
    logs = any(isinstance(part, Call) and part.name in ("ln", "log") for part in walk(node))
    why = ": it is what the derivative inside the logarithm leaves" if logs and scene.differentiates else ""
    return f"the term {scene.write(term)} is missing{why}"


def _diagonal(scene: Scene, bound: str, letter: str, term: Node) -> str:
    return f"the term {bound} = {letter} of the sum was forgotten: {scene.write(term)}"


def _only_one(scene: Scene, bound: str, letter: str, term: Node) -> str:
    return f"only the term {bound} = {letter} of the sum was kept; the others are missing: {scene.write(term)}"


def _copied(scene: Scene, node: Node, second: Node) -> str:
    return f"{scene.write(node)} takes the second term for a copy of the first: it is {scene.write(second)}"
