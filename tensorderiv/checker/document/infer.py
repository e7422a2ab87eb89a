r"""What is not declared is inferred: indices, extents, shapes, what ones and identities are, whether repeated indices are summed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Assumption, Case, Layout, Product, Symbol
from tensorderiv.checker.document.conventions import derivatives, differentials, layout_of, summation
from tensorderiv.checker.document.facts import Fact
from tensorderiv.checker.document.names import Names, Used, names_of_case
from tensorderiv.checker.document.orders import Candidate, candidates, is_function, value_of
from tensorderiv.checker.document.shapes import Shape
from tensorderiv.checker.document.solve import EVERY, Problem, Solution, solved
from tensorderiv.checker.document.union import Axis
from tensorderiv.checker.document.uses import whole_name
from tensorderiv.errors import SyntaxProblem

SIZES = frozenset({"n", "N", "m", "M", "d", "D", "p", "K", "T", "B", "C", "q", "k"})
INVENTED = ("n", "d", "m", "p", "q", "r", "s", "u", "v", "w", "a", "b", "c", "h")
LONE = re.compile(r"\\partial\s*_\s*\{?\s*([a-z]|\\[a-z]+)\s*\}?")
COPY = re.compile(
    r"^\\begin\{cases\}\s*(?:1|\{\\tt\s*1\}|\\mathtt\{1\})\s*,?\s*(?:&|\\q?quad)\s*(?:\\text\{[^{}]*\}|\{\\rm\s*[a-z]+\}|\\mathrm\{[a-z]+\}|\s)*"
    r"(?:\\[,;: ])*\s*(?P<condition>[a-z](?:\s*=\s*[a-z])+)\s*,?\s*\\\\\s*0"
)
MATRIX_WORDS = frozenset({"symmetric", "antisymmetric", "positive_definite", "orthogonal", "invertible", "on_diagonal_zero"})
ROWWISE: dict[Assumption, Assumption] = {"simplex": "simplex_rows", "unit_norm": "unit_rows", "one_hot": "one_hot_rows"}
POSITIVE = frozenset({"positive", "nonnegative", "unit_interval", "simplex", "simplex_rows", "positive_definite", "one_hot", "one_hot_rows"})


@dataclass
class Inference:
    """The declarations of one derivation. `definitions`: pairs of left side and body."""

    lines: Sequence[str]
    definitions: Sequence[tuple[str, str]]
    facts: Mapping[str, Fact]
    chain: bool = True
    numerator: bool = False
    notes: list[str] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)

    def case(self) -> Case:
        """Raises SyntaxProblem (Unreadable) where a line cannot be read, or where what must be known is not."""
        definitions = [pair for pair in self.definitions if not self._is_copy(*pair)]
        names = names_of_case(self.lines, definitions, self.facts)
        for rule in self._rules(names):
            definitions.insert(0, rule)
        if len(definitions) > len(self.definitions) - len(self.copies):
            names = names_of_case(self.lines, definitions, self.facts)
        problem = self._problem(names, definitions)
        solution = solved(problem)
        return self._case(names, definitions, problem, solution)

    def _is_copy(self, left: str, body: str) -> bool:
        r"""Whether a definition by cases is that of a copy tensor: 1 where all indices agree, 0 otherwise."""
        head = whole_name(left)
        if head is None or len(head.subscripts) < 2 or not COPY.match(body):
            return False
        condition = re.sub(r"\\[,;:! ]|\s", "", COPY.match(body)["condition"])  # type: ignore[index]
        if condition.split("=") != list(head.subscripts) or head.name + head.label in self.copies:
            return False
        self.copies.add(head.name + head.label)
        return True

    def _rules(self, names: Names) -> Iterable[tuple[str, str]]:
        """Definitions that a word of the document stands for: the sigmoid."""
        for name, fact in self.facts.items():
            if fact.rule and name in names.used and name not in names.defined:
                left, _, body = fact.rule.partition("=")
                self.notes.append(f"{name}: {fact.rule}")
                yield left.strip(), body.strip()

    def _problem(self, names: Names, definitions: Sequence[tuple[str, str]]) -> Problem:
        extents = self._extents(names)
        matrices = bool(names.matrix_signs) or any(
            (used.transposed or used.inverse) and not used.most for used in names.used.values()
        )
        choices: dict[str, list[Candidate]] = {}
        functions: dict[str, int] = {}
        for name, used in list(names.used.items()):
            fact = self.facts.get(name)
            needed = self._needed(used, names, extents)
            if needed is None:
                continue
            if is_function(needed, fact, names):
                functions[name] = max(1, used.arity)
                continue
            if name in self.copies:
                choices[name] = [Candidate(needed.most, 0, "copy")]
                continue
            self._check(needed, fact, names)
            names.used[name] = needed
            choices[name] = candidates(needed, fact, names, matrices)
        texts = [f"{left} = {body}" for left, body in definitions]
        wrt = self._lone_index(names)
        moving = names.moving and r"\partial" not in self.lines[0] and r"\nabla" not in self.lines[0]
        layout: Layout | None = "differential" if moving else None
        return Problem(self.lines, texts, names, choices, functions, self.facts, extents, self.chain, self.numerator, wrt, layout)

    def _lone_index(self, names: Names) -> str | None:
        r"""What \partial_i differentiates by: the one vector with components."""
        match = next((found for line in self.lines if (found := LONE.search(line))), None)
        if match is None or match[1] not in names.indices:
            return None
        vectors = [name for name, used in names.used.items() if used.most == 1 and name not in names.defined and not name.endswith("'")]
        if len(vectors) != 1:
            raise SyntaxProblem(
                rf"\partial_{match[1]} does not say by which variable",
                hint=rf"write \frac{{\partial}}{{\partial x_{match[1]}}} for it",
            )
        return f"{vectors[0]}_{{{match[1]}}}"

    def _extents(self, names: Names) -> frozenset[str]:
        found = {limit for limits in names.limits.values() for limit in limits if limit.isalpha() or limit.startswith("\\")}
        found |= {limit[:-2] for limits in names.limits.values() for limit in limits if limit.endswith("-1") and len(limit) == 3}
        for fact in self.facts.values():
            found |= {size for size in fact.shape or () if isinstance(size, str)}
        return frozenset(found - {name for name, used in names.used.items() if used.most} - set(names.defined))

    def _needed(self, used: Used, names: Names, extents: frozenset[str]) -> Used | None:
        """The uses of a name that its definition does not cover; None where there are none."""
        if used.name in extents and not used.most:
            return None
        head = names.defined.get(used.name)
        fact = self.facts.get(used.name)
        if head is None or (fact is not None and fact.value in ("basis", "single_entry")):
            return used
        own = len([letter for letter in head.subscripts if not letter.isdigit()])
        left = frozenset(count for count in used.counts if count not in (0, own))
        if not own or not left:
            return None
        return replace(used, counts=left)

    def _check(self, used: Used, fact: Fact | None, names: Names) -> None:
        """Names that conventions are not enough for."""
        known = fact is not None and (fact.shape is not None or fact.value or fact.kind)
        if used.name == "J" and not used.most and not known and not used.denominator and not used.differential:
            raise SyntaxProblem("J is not declared", hint="add a line: J is the all-ones matrix, or given J in R^{n x n}")
        if used.name in (r"\sigma", r"\mathrm{sigmoid}") and used.called and not known:
            raise SyntaxProblem(
                rf"{used.name} is called but not defined", hint=r"add its definition, e.g. \sigma(z) = \frac{1}{1+\exp(-z)}"
            )

    def _case(self, names: Names, definitions: Sequence[tuple[str, str]], problem: Problem, solution: Solution) -> Case:
        sizes = _Sizes(names, problem, solution, self.notes)
        symbols: list[Symbol] = []
        extra: list[str] = []
        for name in names.used:
            if name in problem.functions:
                symbols.append(Symbol(name, value="function", arity=problem.functions[name]))
                self.notes.append(f"{name}: any smooth function")
            elif name in solution.chosen and name not in sizes.counted:
                symbols.append(self._symbol(name, names, solution, sizes))
                extra += self._turned(name, symbols[-1], solution)
        for parameter in names.parameters:
            if parameter in names.used or parameter in names.defined or any(symbol.name == parameter for symbol in symbols):
                continue
        trees = problem.trees(solution.chosen)
        sums = summation(solution.trees, trees.definitions, frozenset(names.indices), names.sums, self.chain)
        if sums == "einstein":
            self.notes.append("repeated indices are summed")
        elif names.sums:
            self.notes.append("sums are written out")
        indices = {letter: sizes.of(("index", letter, 0)) for letter in names.indices}
        for letter in names.indices:
            if letter in indices.values():
                self.notes.append(f"{letter}: a size and an index as well")
        wrt, order_left = self._wrt(problem, solution)
        return Case(
            lines=tuple(self.lines),
            definitions=tuple(extra) + tuple(f"{left} = {body}" for left, body in definitions),
            extents=tuple(dict.fromkeys(sizes.given)),
            indices=indices,
            symbols=tuple(symbols),
            wrt=wrt,
            sums=sums,
            product=self._product(names, solution),
            layout=layout_of(solution.trees[0], order_left, solution.numerator),
            kind="chain" if self.chain else "equations",
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _product(self, names: Names, solution: Solution) -> Product:
        """Matrix products, unless whole vectors are multiplied by entries and the lines do not fit otherwise."""
        matrices = names.matrix_signs or any(used.transposed or used.inverse for used in names.used.values())
        whole = [
            candidate.order - min(names.used[name].counts) for name, candidate in solution.chosen.items() if name in names.used
        ]
        return "matrix" if solution.perfect or matrices or max(whole, default=0) != 1 else "scalar"

    def _symbol(self, name: str, names: Names, solution: Solution, sizes: _Sizes) -> Symbol:
        candidate = solution.chosen[name]
        used = names.used[name]
        fact = self.facts.get(name)
        extents = tuple(sizes.of(axis) for axis in solution.shaper.axes_of(name))
        if candidate.twins:
            letters = used.letters[: candidate.twins]
            word = "basis vectors" if candidate.value == "basis" else "1 at its subscripts, else 0"
            self.notes.append(f"{name}: {word}")
            return Symbol(name, extents[candidate.twins :], candidate.value, letters)
        family = bool(used.most) and used.most < candidate.order and min(used.counts) == used.most
        assume = self._assumed(name, used, candidate, fact)
        self.notes.append(f"{name}: {_told(extents, candidate, used, family)}" + (f", {', '.join(assume)}" if assume else ""))
        if solution.dropped in (name, EVERY) and fact is not None and fact.shape is not None:
            self.notes.append(f"{name}: the shape said of it does not fit this definition; it is read as {_by(extents)} here")
        if family:
            return Symbol(name, extents[used.most :], candidate.value, used.letters[: used.most], assume)
        return Symbol(name, extents, candidate.value, (), assume)

    def _assumed(self, name: str, used: Used, candidate: Candidate, fact: Fact | None) -> tuple[Assumption, ...]:
        said = list(fact.assume) if fact is not None and candidate.value is None else []
        found: list[Assumption] = []
        for word in said:
            if word in MATRIX_WORDS and candidate.order != 2:
                continue
            if word in ROWWISE and candidate.order >= 2:
                word = ROWWISE[word]
            elif word in ROWWISE and not candidate.order:
                continue
            found.append(word)
        if used.logarithm and candidate.value is None and not POSITIVE & set(found):
            found.append("positive")
            self.notes.append(f"{name}: taken to be positive, since its logarithm stands there")
        return tuple(dict.fromkeys(found))

    def _turned(self, name: str, symbol: Symbol, solution: Solution) -> list[str]:
        """E_{lk} for the transpose of E_{kl}, where they have different shapes."""
        if name not in solution.shaper.swapped or symbol.shape[0] == symbol.shape[1]:
            return []
        k, l = symbol.indices
        self.notes.append(f"{name}_{{{l}{k}}}: the transpose of {name}_{{{k}{l}}}")
        return [f"{name}_{{{l}{k}}} = {name}_{{{k}{l}}}^T"]

    def _wrt(self, problem: Problem, solution: Solution) -> tuple[str | None, int]:
        """The variable as written, and its axes without subscripts."""
        if problem.wrt:
            return problem.wrt, 0
        bodies = [definition.body for definition in solution.shaper.bodies.values()]
        for tree in [*solution.trees[:1], *bodies, *solution.trees[1:]]:
            for partial in derivatives(tree):
                variable = partial.variables[0]
                return spelled_node(variable), len(solution.shaper.axes_left(variable))
        moving = differentials(solution.trees)
        free = [name for name in moving if name in solution.chosen]
        if len(free) == 1:
            return free[0], 0
        defined = [name for name in differentials(solution.trees[-1:]) if name not in solution.chosen]
        return (defined[0] if len(defined) == 1 else None), 0


def spelled_node(node: t.Node) -> str | None:
    """A variable as LaTeX: a name with its subscripts."""
    match node:
        case t.Name(name=name):
            return name
        case t.Number(value=value):
            return str(value)
        case t.Component(body=body, subscripts=subscripts, upper=upper):
            inner = "".join(spelled_node(subscript) or "" for subscript in subscripts)
            return f"{spelled_node(body)}{'^' if upper else '_'}{{{inner}}}"
    return None


def _by(extents: Sequence[Extent]) -> str:
    return " x ".join(str(size) for size in extents)


def _told(extents: Sequence[Extent], candidate: Candidate, used: Used, family: bool) -> str:
    if candidate.value in ("ones", "zeros", "identity", "copy", "label"):
        words = {"ones": "all ones", "zeros": "zeros", "identity": "the identity", "copy": "1 where all its indices agree", "label": "labels"}
        return f"{words[candidate.value]}, {_by(extents)}" if extents else words[candidate.value]
    if not extents:
        return "a number"
    if family:
        kind = "vectors" if candidate.order - used.most == 1 else "matrices"
        return f"{kind} of {_by(extents[used.most :])}, one for each of {_by(extents[: used.most])}"
    if len(extents) == 1:
        return f"a vector of {extents[0]}"
    rows = 0 in {len(extents) - count for count in used.counts} and 1 in used.counts
    return _by(extents) + (" (rows are the points)" if rows and len(extents) == 2 else "")


class _Sizes:
    """A name for every extent: what is declared, the upper limits of sums, else letters that are free."""

    def __init__(self, names: Names, problem: Problem, solution: Solution, notes: list[str]) -> None:
        self.union = solution.shaper.union
        self.given: list[Extent] = []
        self.counted: set[str] = set()
        self.taken = set(names.used) | set(names.indices) | set(names.defined) | problem.extents
        self.notes = notes
        axes = [axis for name in solution.chosen for axis in solution.shaper.axes_of(name)]
        axes += [("index", letter, 0) for letter in names.indices]
        self._count(names, solution, axes)
        for axis in axes:
            self.of(axis)

    def _count(self, names: Names, solution: Solution, axes: Sequence[Axis]) -> None:
        """1/N before a sum over j: N is the number of values of j. A lone size letter is the one extent that has no name."""
        for name, candidate in solution.chosen.items():
            used = names.used.get(name)
            if name not in SIZES or candidate.order or used is None or used.most or used.denominator or used.differential:
                continue
            if used.logarithm or candidate.value is not None:
                continue
            letters = [letter for line in self._all(solution) for letter in _divided(line, name)]
            roots = {self.union.root(("index", letter, 0)) for letter in letters}
            roots |= self._of_ones(solution, name)
            open_roots = {self.union.root(axis) for axis in axes if self.union.size(axis) is None}
            if len(roots & open_roots) == 1:
                self._give((roots & open_roots).pop(), name)
            elif not roots and len(open_roots) == 1 and name in ("n", "N", "d"):
                self._give(open_roots.pop(), name)

    def _of_ones(self, solution: Solution, name: str) -> set[Axis]:
        """The extents of ones divided by the name, or of the identity where nothing else tells."""
        kinds = {other: candidate.value for other, candidate in solution.chosen.items() if candidate.value in ("ones", "identity")}
        below = {other for line in self._all(solution) for other in _beside(line, name) if kinds.get(other) == "ones"}
        if not below and name in ("n", "N", "d"):
            below = {other for other, value in kinds.items() if value == "identity"}
        return {self.union.root(axis) for other in below for axis in solution.shaper.axes_of(other)}

    def _all(self, solution: Solution) -> list[t.Node]:
        return [*solution.trees, *(definition.body for definition in solution.shaper.bodies.values())]

    def _give(self, axis: Axis, name: str) -> None:
        self.union.give(axis, name)
        self.counted.add(name)
        self.notes.append(f"{name}: a size")

    def of(self, axis: Axis) -> Extent:
        size = self.union.size(axis)
        if size is None:
            size = next((letter for letter in INVENTED if letter not in self.taken), f"n_{len(self.taken)}")
            self.union.give(axis, size)
        self.taken.add(str(size))
        if size not in self.given:
            self.given.append(size)
        return size


def _divided(node: t.Node, name: str) -> list[str]:
    """The indices of the sums that are divided by a name."""
    found: list[str] = []
    for part in t.walk(node):
        parts: list[t.Node] = []
        below: list[t.Node] = []
        if isinstance(part, t.Product):
            parts = [factor for _, factor in part.factors]
            below = [factor.below for factor in parts if isinstance(factor, t.Ratio)]
            below += [factor for joint, factor in part.factors if joint == "over"]
        elif isinstance(part, t.Ratio):
            parts, below = [part.above], [part.below]
        if any(isinstance(inner, t.Name) and inner.name == name for lower in below for inner in t.walk(lower)):
            found += [letter for factor in parts for inner in t.walk(factor) if isinstance(inner, t.Big) for letter in inner.bound]
    return found


def _beside(node: t.Node, name: str) -> list[str]:
    """The names in the fractions that a name divides."""
    found: list[str] = []
    for part in t.walk(node):
        if isinstance(part, t.Ratio) and any(isinstance(inner, t.Name) and inner.name == name for inner in t.walk(part.below)):
            found += [inner.name for inner in t.walk(part.above) if isinstance(inner, t.Name)]
    return found


__all__ = ["Inference", "value_of"]
