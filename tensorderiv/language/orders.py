"""The kinds of all parts of a text, given how many indices each name has: where they clash, and how odd the reading is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tensorderiv.errors import Place
from tensorderiv.language import guess, lexicon, shapes
from tensorderiv.language import surface as s
from tensorderiv.language.reductions import CONVENTIONAL
from tensorderiv.language.shapes import Kind, ShapeClash
from tensorderiv.language.signs import is_capital, is_small, nodes, plain
from tensorderiv.language.statements import Definition

REDUCING = frozenset({"sum", "prod", "mean", "norm", "max", "min", "logsumexp", "dot"})
ODD, ODDER = 14, 15
"""What a reading costs that is legal and unusual: a number written behind its vector; a number added to a vector."""


class Clash(Exception):
    """A reading that cannot be, with its place."""

    def __init__(self, clash: ShapeClash, place: Place) -> None:
        self.clash = clash
        self.place = place
        super().__init__(clash.message)


def without_power(node: s.Node) -> s.Node:
    """||x|| of ||x||^2."""
    return node.base if isinstance(node, s.Power) and isinstance(node.base, s.Norm) else node


@dataclass
class Kinds:
    """Walks surface trees under one assumption about the open names."""

    found: guess.Survey
    orders: dict[str, int | None]  # of known names and of open ones by assumption; None: not known
    special: dict[str, str]  # names assumed to be J, I, E_kl, e_k
    open: frozenset[str]
    sizes: frozenset[str]
    functions: frozenset[str] = frozenset()
    closed: bool = True  # whether a letter that nothing binds is no index
    bound: list[str] = field(default_factory=list)
    summed: list[str] = field(default_factory=list)
    cost: int = 0

    def definitions(self, items: Sequence[Definition]) -> None:
        """Check all statements in order.

        Raises: Clash.
        """
        for number, item in enumerate(items):
            self.definition(item, last=number == len(items) - 1)

    def definition(self, item: Definition, *, last: bool) -> None:
        kept = dict(self.orders)
        for name, _ in item.parameters or ():
            self.orders[name] = 1 if guess.argument_context(item, name) == "vector" else None
        subscripts = [sub.name for sub in item.subscripts if isinstance(sub, s.Ref)]
        with self.binding(subscripts, summed=False):
            kinds = [self.value(side) for side in item.sides]
        kind = self.together(kinds, item.place)
        self.orders = kept
        if last and (item.subscripts or item.parameters) and kind not in ("number", "unknown"):
            what = shapes.NAMES[kind].split(" ")[1]
            letters = "ij" if kind == "matrix" else "i"
            raise Clash(
                ShapeClash(f"a {what} stands where a number is needed", f"write (...)_{letters}, or {item.name} = ..."),
                item.sides[-1].place,
            )
        if item.parameters is None and item.name:
            self.orders[item.name] = None if kind == "unknown" else len(item.subscripts) + shapes.ORDERS.get(kind, 3)

    @contextmanager
    def binding(self, names: Sequence[str], *, summed: bool) -> Iterator[None]:
        marks = len(self.bound), len(self.summed)
        self.bound += names
        self.summed += names if summed else ()
        try:
            yield
        finally:
            del self.bound[marks[0] :]
            del self.summed[marks[1] :]

    def touches(self, node: s.Node) -> bool:
        """Whether an open name stands in the node: what is odd elsewhere is no reason to read it otherwise."""
        return any(isinstance(part, s.Ref) and part.name in self.open for part in nodes(node))

    def odd(self, node: s.Node, cost: int) -> None:
        if self.touches(node):
            self.cost += cost

    def together(self, kinds: list[Kind], place: Place) -> Kind:
        try:
            return shapes.together(kinds)
        except ShapeClash as clash:
            raise Clash(clash, place) from None

    def value(self, node: s.Node) -> Kind:
        """The kind of a node.

        Raises: Clash.
        """
        match node:
            case s.Ref():
                return self.reference(node)
            case s.Ones(_, (s.Ref(_, name, None),)):
                return "column" if self.is_size(name) else "number"
            case s.Sum(_, terms):
                kinds = [self.value(term) for _, term in terms]
                found = self.together(kinds, node.place)
                if found not in ("number", "unknown") and "number" in kinds:
                    plus_one = found != "matrix" and all(
                        isinstance(term, s.Num) for (_, term), kind in zip(terms, kinds, strict=True) if kind == "number"
                    )
                    self.odd(node, 1 if plus_one else ODDER)
                return found
            case s.Product(_, factors):
                return self.product(factors)
            case s.Power(_, base, exponent):
                return self.power(node, base, exponent)
            case s.Transposed(_, body):
                return self.transposed(body)
            case s.Indexed(_, body, subscripts):
                return self.indexed(body, subscripts, node.place)
            case s.Call():
                return self.call(node)
            case s.Reduce(_, _, bounds, body):
                names = [part.name for item in bounds.items for part in nodes(item) if isinstance(part, s.Ref)]
                with self.binding(names, summed=True):
                    return self.value(body)
            case s.Norm(_, body, double, _):
                kind = self.value(body)
                if (double and kind == "number") or (not double and kind == "matrix"):
                    self.odd(body, ODD)
                return "number"
            case s.Inner():
                return self.inner(node)
            case s.Cases(_, branches):
                return self.together([self.value(body) for body, _ in branches], node.place)
        return "number"

    def is_size(self, name: str) -> bool:
        return name not in self.bound and (name in self.sizes or (self.closed and name in CONVENTIONAL))

    def reference(self, node: s.Ref) -> Kind:
        name, subscripts = node.name, node.subscripts or ()
        if not subscripts and name in self.bound:
            return "number"
        meaning = self.special.get(name) or self.found.special.get(name)
        if meaning is not None:
            if any(isinstance(sub, s.Ref) and sub.name in self.summed for sub in subscripts):
                raise Clash(ShapeClash(f"{name} is summed over its indices", "declare it"), node.place)
            return "column" if meaning == "basis" else "matrix"
        if name in ("pi", "delta") or (not subscripts and name in self.sizes):
            return "number"
        order = self.orders[name] if name in self.orders else self.found.of(name).order(name)
        if order is None:
            return "number" if subscripts else "unknown"
        left = order - sum(not isinstance(sub, s.Slice) for sub in subscripts)
        if left < 0:
            raise Clash(ShapeClash(f"{name} has {order} indices here and {len(subscripts)} elsewhere", "declare it"), node.place)
        return shapes.of_order(left)

    def product(self, factors: tuple[tuple[str, s.Node], ...]) -> Kind:
        before = factors[0][1]
        found = self.value(before)
        for op, factor in factors[1:]:
            kind = self.value(factor)
            one = isinstance(factor, s.Num) and factor.value == 1
            was_one = isinstance(before, s.Num) and before.value == 1
            if op == "/":
                if kind not in ("number", "unknown"):
                    clash = shapes.divisor(found, kind, factor)
                    if clash is not None:
                        raise Clash(clash, factor.place)
                    found = self.together([found, kind], factor.place)
                    if plain(factor):
                        self.odd(factor, ODD)
            elif op == "oslash":
                found = self.together([found, kind], factor.place)
            elif op == "juxtaposed" and one and found in ("matrix", "row"):
                found = "column" if found == "matrix" else "number"
            elif op == "juxtaposed" and was_one and found == "number" and kind == "row":
                found = "matrix"
            else:
                found = self.times(found, op, kind, factor)
            before = factor
        self.coefficients(factors)
        if found == "row" and any(plain(factor) and self.touches(factor) for _, factor in factors[:-1]):
            self.cost += ODD  # x y^T is rather an outer product than a number times a row
        return found

    def coefficients(self, factors: tuple[tuple[str, s.Node], ...]) -> None:
        """Numbers before numbers: C ||w||^2. a b^T c may be a number times b^T c or the vector a times it."""
        for number, ((_, left), (op, right)) in enumerate(itertools.pairwise(factors)):
            match without_power(left), without_power(right):
                case (s.Ref(_, name, None), s.Norm() | s.Inner() | s.Reduce()) | (s.Norm() | s.Inner(), s.Ref(_, name, None)):
                    if name in self.open and self.orders.get(name) == 2:
                        self.cost += ODDER  # C ||w||^2: rather a number
                case s.Ref(_, name, None), s.Transposed(_, s.Ref(_, other, None)) if op == "juxtaposed" and name in self.open:
                    behind = factors[number + 2 :]
                    squared = any(isinstance(factor, s.Ref) and factor.name == other for _, factor in behind)
                    if is_small(name) and behind and not squared and self.orders.get(name) == 0:
                        self.cost += 1

    def times(self, left: Kind, op: str, right: Kind, factor: s.Node) -> Kind:
        if plain(factor) and self.touches(factor) and right == "number" and left not in ("number", "unknown"):
            self.cost += ODD
        if left == "row" and right == "number" and self.touches(factor) and isinstance(factor, s.Power | s.Call):
            self.cost += ODDER  # x^T log p
        if op == "*" and left != "number" and right == "number" and isinstance(factor, s.Ref) and is_capital(factor.name):
            self.odd(factor, ODDER)
        if op == "odot" and "number" in (left, right):
            self.odd(factor, ODDER)
        try:
            return shapes.product(op, left, right)
        except ShapeClash as clash:
            raise Clash(clash, factor.place) from None

    def power(self, node: s.Node, base: s.Node, exponent: s.Node) -> Kind:
        kind = self.value(base)
        inverse = isinstance(exponent, s.Sum) and len(exponent.terms) == 1 and isinstance(exponent.terms[0][1], s.Ref)
        if inverse and kind == "matrix":
            return "matrix"
        if self.value(exponent) not in ("number", "unknown"):
            raise Clash(ShapeClash("an exponent is no number", "write numbers as exponents"), exponent.place)
        if kind in ("column", "row"):
            self.odd(node, ODD)
        return kind

    def transposed(self, body: s.Node) -> Kind:
        if isinstance(body, s.Num) and body.value == 1:
            return "row"
        kind = self.value(body)
        if kind == "number" and self.touches(body):
            raise Clash(ShapeClash("a number is transposed", "declare it as a tensor"), body.place)
        try:
            return shapes.transposed(kind)
        except ShapeClash as clash:
            raise Clash(clash, body.place) from None

    def indexed(self, body: s.Node, subscripts: Sequence[s.Node], place: Place) -> Kind:
        kind = self.value(body)
        if kind in ("unknown", "array"):
            return "number"
        left = shapes.ORDERS[kind] - sum(not isinstance(sub, s.Slice) for sub in subscripts)
        if left < 0 or kind == "number":
            raise Clash(ShapeClash(f"{shapes.NAMES[kind]} has {len(subscripts)} indices", "write as many as it has"), place)
        return shapes.of_order(left)

    def inner(self, node: s.Inner) -> Kind:
        kinds = [self.value(node.left), self.value(node.right)]
        if "unknown" in kinds:
            return "number"
        one, two = (shapes.ORDERS.get(kind, 3) for kind in kinds)
        if "number" in kinds or one != two or (node.matrices and one != 2):
            message = f"a dot product of {shapes.NAMES[kinds[0]]} and {shapes.NAMES[kinds[1]]}"
            raise Clash(ShapeClash(message, "both are vectors, or both matrices"), node.place)
        return "number"

    def call(self, node: s.Call) -> Kind:
        if node.name in self.functions or node.name == "diff":
            return "unknown"
        kinds = [self.value(arg) for arg in node.args]
        if node.name == "log" and len(kinds) == 1:
            self.logarithm(node.args[0])
        if node.name in lexicon.MATRIX_FUNCTIONS and len(kinds) == 1:
            return self.matrix_function(node, kinds[0])
        if node.name == "if":
            kinds = kinds[1:]
        if node.name in REDUCING and (node.name not in ("max", "min") or len(kinds) == 1):
            return "number"
        return self.together(kinds, node.place)

    def logarithm(self, argument: s.Node) -> None:
        """log(p / q) of a vector p: q is rather a vector too."""
        match argument:
            case s.Product(_, ((_, s.Ref(_, over, None)), ("/", s.Ref(_, under, None)))) if under in self.open:
                one, two = self.orders.get(over), self.orders.get(under)
                if one == 1 and two == 0:
                    self.cost += ODDER
                elif one == two == 1:
                    self.cost -= ODD  # what the division of vectors costs elsewhere

    def matrix_function(self, node: s.Call, kind: Kind) -> Kind:
        if kind == "unknown":
            return "matrix" if node.name == "inv" else "unknown" if node.name == "diag" else "number"
        if node.name == "diag" and kind in ("column", "row"):
            return "matrix"
        number = node.name == "tr" and kind == "number" and not isinstance(node.args[0], s.Ref)
        if kind != "matrix" and not number:
            wanted = "a matrix or a vector" if node.name == "diag" else "a matrix"
            raise Clash(
                ShapeClash(f"{node.name} needs {wanted}, not {shapes.NAMES[kind]}", "declare tensor A[n,n]"), node.args[0].place
            )
        return {"inv": "matrix", "diag": "column"}.get(node.name, "number")  # type: ignore[return-value]
