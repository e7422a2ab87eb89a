"""What uses say about names that nobody declared: how many indices they have, and whether they are labels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from tensorderiv.language import lexicon, signs
from tensorderiv.language import surface as s
from tensorderiv.language.statements import Definition


@dataclass
class Uses:
    """All uses of one name."""

    plain: set[int] = field(default_factory=set)  # numbers of subscripts where a number is meant
    vector: set[int] = field(default_factory=set)  # where a vector is needed: inside ||..||, <..>, a dot product
    bars: set[int] = field(default_factory=set)  # inside |..|
    bold: bool = False
    framed: bool = False  # a bare capital inside ||..||_F
    between: bool = False  # stands between a transpose and a vector: x^T M y
    gathers: bool = False  # stands as an index with a subscript of its own
    compared: int = 0  # uses as a side of = or !=
    total: int = 0
    vector_place: s.Node | None = None
    decided: int | None = None  # the number of indices that the matrix algebra of the text asks for

    def order(self, name: str) -> int:
        """The number of indices; a known vector use decides over a bar, a plain use over a bar."""
        if self.decided is not None:
            return self.decided
        counts = set(self.plain)
        counts |= {count + 1 for count in self.vector}
        rows = name[:1].isupper() or self.bold
        if self.framed:
            counts.add(2)
        for count in self.bars:
            row = count == 1 and rows and count not in self.plain
            counts.add(count + 1 if row or (count == 0 and self.bold) else count)
        return max(counts, default=0)

    @property
    def labels(self) -> bool:
        return self.gathers or (self.total > 0 and self.compared == self.total)


@dataclass
class Survey:
    """Walks surface trees and collects uses by name. `fixed` says how many indices a known name has."""

    fixed: dict[str, int]
    uses: dict[str, Uses] = field(default_factory=dict)
    subscript_names: set[str] = field(default_factory=set)
    special: dict[str, str] = field(default_factory=dict)  # names with a fixed meaning in matrix algebra: J, I, E_kl, e_k
    functions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the contexts of the arguments of functions of the text

    def of(self, name: str) -> Uses:
        return self.uses.setdefault(name, Uses())

    def walk(self, node: s.Node, context: str = "plain") -> None:
        """Record the uses below `node`; context: plain, vector, bars."""
        match node:
            case s.Ref(_, name, subscripts, bold):
                uses = self.of(name)
                uses.total += 1
                uses.bold = uses.bold or bold
                count = len(subscripts or ())
                if any(isinstance(sub, s.Slice) for sub in subscripts or ()):
                    uses.plain.add(count)
                else:
                    getattr(uses, context).add(count)
                for sub in subscripts or ():
                    self.subscript(sub)
            case s.Sum(_, terms):
                for _, term in terms:
                    self.walk(term, context)
            case s.Product(_, factors):
                self.product(factors, context)
            case s.Power(_, base, exponent):
                self.walk(base, context)
                self.walk(exponent)
            case s.Transposed(_, body):
                self.walk(body, "vector")
            case s.Norm(_, body, double, subscript):
                if isinstance(subscript, s.Ref) and subscript.name == "F":
                    self.frobenius(body)
                self.walk(body, "vector" if double or subscript is not None else "bars")
                if subscript is not None and not (isinstance(subscript, s.Ref) and subscript.name in ("F", "infty", "inf")):
                    self.walk(subscript)
            case s.Inner(_, left, right):
                self.walk(left, "vector")
                self.walk(right, "vector")
            case s.Call(_, name, args, subscripts, exponent):
                whole = name in ("sum", "mean", "prod", "norm", "dot", "softmax", "logsumexp") and not subscripts
                inside = "vector" if whole else context
                contexts = self.functions.get(name, ())
                for number, arg in enumerate(args):
                    self.walk(arg, contexts[number] if number < len(contexts) else inside)
                for sub in subscripts:
                    self.subscript(sub)
                if exponent is not None:
                    self.walk(exponent)
            case s.Reduce(_, _, bounds, body):
                for item in (*bounds.items, *bounds.condition):
                    self.bound_item(item)
                if bounds.upper is not None:
                    self.bound_item(bounds.upper)
                self.walk(body, context)
            case s.Comparison(_, first, rest):
                sides = [first, *(side for _, side in rest)]
                equal = all(op in ("=", "!=") for op, _ in rest)
                for side in sides:
                    self.walk(side)
                    if equal and isinstance(side, s.Ref):
                        self.of(side.name).compared += 1
            case s.Indexed(_, body, subscripts):
                self.walk(body)
                for sub in subscripts:
                    self.subscript(sub)
            case s.Ones(_, subscripts):
                for sub in subscripts:
                    self.subscript(sub)
            case _:
                for child in s.children(node):
                    self.walk(child, "plain")

    def frobenius(self, node: s.Node) -> None:
        """Capitals without indices inside ||..||_F are matrices."""
        match node:
            case s.Ref(_, name, None) if name[:1].isupper():
                self.of(name).framed = True
            case s.Sum(_, terms):
                for _, term in terms:
                    self.frobenius(term)

    def bound_item(self, item: s.Node) -> None:
        """An item under a reduction sign: a bare name there is an index."""
        if isinstance(item, s.Ref) and item.subscripts is None:
            return
        if isinstance(item, s.Comparison):
            for side in (item.first, *(side for _, side in item.rest)):
                if not (isinstance(side, s.Ref) and side.subscripts is None):
                    self.walk(side)
                    if isinstance(side, s.Ref) and all(op in ("=", "!=") for op, _ in item.rest):
                        self.of(side.name).compared += 1
                else:
                    uses = self.of(side.name)
                    uses.total += 1
                    uses.compared += all(op in ("=", "!=") for op, _ in item.rest)
                    uses.plain.add(0)
            return
        if isinstance(item, s.Logic):
            for part in item.parts:
                self.bound_item(part)
            return
        self.walk(item)

    def subscript(self, node: s.Node) -> None:
        """A subscript: a bare name is an index, a name with subscripts gathers."""
        if isinstance(node, s.Ref) and node.subscripts is None:
            self.subscript_names.add(node.name)
        elif isinstance(node, s.Ref):
            self.walk(node)
            self.of(node.name).gathers = True
        elif isinstance(node, s.Comparison | s.Logic | s.Reduce):
            self.walk(node)

    def product(self, factors: tuple[tuple[str, s.Node], ...], context: str) -> None:
        """In a vector context one factor is the vector, the others are numbers."""
        over = [factor for op, factor in factors if op != "/"]
        vector: s.Node | None = None
        if context != "plain" and len(over) > 1 and not any(op == "odot" for op, _ in factors):
            vector = next((factor for factor in over if self.looks_vector(factor)), over[-1])
        pairs = {id(factor) for factor in self.dotted(factors)}
        for op, factor in factors:
            if id(factor) in pairs:
                self.walk(factor, "vector")
            elif op == "/" and context != "plain" and len(over) == 1 and self.looks_vector(over[0]) and self.looks_vector(factor):
                self.walk(factor, context)
            elif op == "/" or (vector is not None and factor is not vector):
                self.walk(factor)
            else:
                self.walk(factor, context)

    def dotted(self, factors: tuple[tuple[str, s.Node], ...]) -> list[s.Node]:
        r"""Operands of \cdot that are both rows by their looks, and what follows a transpose."""
        found: list[s.Node] = []
        for (_, left), (op, right) in itertools.pairwise(factors):
            if op == "cdot" and self.row_by_looks(left) and self.row_by_looks(right):
                found += [left, right]
            if op in ("juxtaposed", "cdot", "*") and isinstance(left, s.Transposed):
                found += [left, right]
        for number in range(1, len(factors) - 1):
            middle = factors[number][1]
            if not (isinstance(middle, s.Ref) and middle.subscripts is None) or factors[number + 1][0] == "/":
                continue
            if signs.is_small(middle.name) and not middle.bold:
                continue  # a^T b c^T d
            if isinstance(factors[number - 1][1], s.Transposed):
                self.of(middle.name).plain.add(2)  # x^T M y
                self.of(middle.name).between = True
                found = [node for node in found if node is not middle] + [factors[number + 1][1]]
        return found

    def row_by_looks(self, node: s.Node) -> bool:
        return (
            isinstance(node, s.Ref)
            and len(node.subscripts or ()) == 1
            and (node.name[:1].isupper() or node.bold)
            and self.fixed.get(node.name, 2) == 2
            and 1 not in self.of(node.name).plain
        )

    def looks_vector(self, node: s.Node) -> bool:
        """Whether a factor is likely the vector among numbers: known, upper case or bold."""
        match node:
            case s.Ref(_, name, subscripts, bold):
                if name in self.fixed:
                    return self.fixed[name] > len(subscripts or ())
                return bold or (name[:1].isupper() and len(subscripts or ()) == 1)
            case s.Sum(_, terms):
                return any(self.looks_vector(term) for _, term in terms)
            case s.Product(_, factors):
                return any(self.looks_vector(factor) for op, factor in factors if op != "/")
            case s.Transposed():
                return True
            case s.Power(_, base, _):
                return self.looks_vector(base)
            case s.Call(_, _, args, _, _):
                return any(self.looks_vector(arg) for arg in args)
            case s.Reduce(_, _, _, body):
                return self.looks_vector(body)
        return False


def survey(definitions: Sequence[Definition], fixed: dict[str, int], vectors: frozenset[str]) -> Survey:
    """The uses of all names; statements are walked last to first, so that a use of Z as a vector says that Z_i = X_i/c is one."""
    found = Survey(dict(fixed) | dict.fromkeys(vectors, 1))
    for item in definitions:
        if item.parameters is not None:
            found.functions[item.name] = tuple(argument_context(item, name) for name, _ in item.parameters)
    for item in reversed(definitions):
        known = found.uses.get(item.name)
        rows = known is not None and max((count + 1 for count in known.vector), default=0) > len(item.subscripts)
        for side in item.sides:
            found.walk(side, "vector" if rows and item.parameters is None else "plain")
        found.fixed.setdefault(item.name, len(item.subscripts) + (1 if rows else 0))
    return found


def argument_context(item: Definition, name: str) -> str:
    """How a function uses one of its parameters: as a vector, inside bars, or as a number."""
    uses = body_uses(item).of(name)
    if uses.vector or max(uses.plain, default=0) > 0:
        return "vector"
    return "bars" if uses.bars else "plain"


def body_uses(item: Definition) -> Survey:
    found = Survey({})
    for side in item.sides:
        found.walk(side)
    return found


def is_pair_function(item: Definition) -> bool:
    """Whether D(x, y) = ... is written on vectors: two or more, and each is one where anything is.

    L(w, b) = ... and L(X) = ... only list what they depend on.
    """
    if item.parameters is None or len(item.parameters) < 2:
        return False
    found = body_uses(item)
    matrices = frozenset(name for name, _ in item.parameters if signs.is_capital(name))
    if matrices and any(signs.sign(side, matrices, frozenset()) == "strong" for side in item.sides):
        return False
    uses = [found.of(name) for name, _ in item.parameters]
    for (name, _), use in zip(item.parameters, uses, strict=True):
        if not signs.is_capital(name):  # |x_i - y_i| around elements; |X_i - Y_i| around rows
            use.plain |= use.bars - {0}
            use.bars &= {0}
    if any(
        max(use.plain, default=0) > 1 or (max((*use.vector, *use.bars), default=0) > 0 and max(use.plain, default=0) != 1)
        for use in uses
    ):
        return False
    vector = [bool(use.vector or use.bars or 1 in use.plain) for use, _ in zip(uses, item.parameters, strict=True)]
    used = [use.total > 0 for use in uses]
    return all(yes for yes, there in zip(vector, used, strict=True) if there) or not any(vector)


CONSTANTS = frozenset({"pi", "e", "infty", "inf"}) | lexicon.FUNCTION_NAMES
