r"""What is not declared is inferred: indices, extents, shapes, what is the identity, whether repeated indices are summed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.checker import tree as t
from tensorderiv.checker.case import Case, Layout, Product, Symbol
from tensorderiv.checker.document.conventions import derivatives, differentials, layout_of, summation
from tensorderiv.checker.document.facts import OPERATOR, Fact, may_be
from tensorderiv.checker.document.names import Names, Used, names_of_case
from tensorderiv.checker.document.orders import SIGMOIDS, Candidate, candidates, is_function
from tensorderiv.checker.document.rules import rules_for
from tensorderiv.checker.document.sizes import Sizes
from tensorderiv.checker.document.solve import Problem, Solution, solved
from tensorderiv.checker.document.symbols import Symbols
from tensorderiv.checker.document.uses import whole_name
from tensorderiv.errors import SyntaxProblem

LONE = re.compile(r"\\partial\s*_\s*(?:\{(?=(?P<letters>[^{}]*)\}))?\s*([a-z]|\\[a-z]+)\s*\}?")
COPY = re.compile(
    r"^\\begin\{cases\}\s*(?:1|\{\\tt\s*1\}|\\mathtt\{1\})\s*,?\s*(?:&|\\q?quad)\s*(?:\\text\{[^{}]*\}|\{\\rm\s*[a-z]+\}|\\mathrm\{[a-z]+\}|\s)*"
    r"(?:\\[,;: ])*\s*(?P<condition>[a-z](?:\s*=\s*[a-z])+)\s*,?\s*\\\\\s*0"
)


@dataclass
class Inference:
    """What one derivation declares. `definitions`: pairs of left side and body; `stated`: the layout that the text states."""

    lines: Sequence[str]
    definitions: Sequence[tuple[str, str]]
    facts: Mapping[str, Fact]
    chain: bool = True
    stated: Layout | None = "open"
    notes: list[str] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)

    def case(self) -> Case:
        """Raises SyntaxProblem (Unreadable) where a line cannot be read, or where what must be known is not."""
        definitions = [pair for pair in self.definitions if not self._is_copy(*pair)]
        names = names_of_case(self.lines, definitions, self.facts)
        for rule in self._rules(names):
            definitions.insert(0, rule)
        for name, base in names.new.items():
            definitions.append(_derivative(name, base, names))
            self.notes.append(f"{name}: {definitions[-1][1]}")
        if len(definitions) > len(self.definitions) - len(self.copies):
            names = names_of_case(self.lines, definitions, self.facts)
        self.facts = {**self.facts, **names.sized}
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
        """Definitions that a word of the document stands for: the sigmoid, the rows of a matrix."""
        for name, fact in self.facts.items():
            used = names.used.get(name)
            if fact.rule and used is not None and name not in names.defined:
                for rule in rules_for(fact, used, names):
                    left, _, body = rule.partition("=")
                    self.notes.append(f"{name}: {rule}")
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
        return Problem(
            self.lines,
            texts,
            names,
            choices,
            functions,
            self.facts,
            extents,
            self.chain,
            self.stated == "numerator",
            wrt,
            layout,
            self.stated in ("numerator", "denominator"),
        )

    def _lone_index(self, names: Names) -> str | None:
        r"""What \partial_i differentiates by: the one vector with components."""
        match = next((found for line in self.lines if (found := LONE.search(line))), None)
        operator = self.facts.get(OPERATOR)
        if match is not None and operator is not None:
            return f"{operator.rule}_{{{(match['letters'] or match[2]).strip()}}}"
        if match is None or match[2] not in names.indices or match[2] in names.used:
            return None
        vectors = [
            name for name, used in names.used.items() if used.most == 1 and name not in names.defined and not name.endswith("'")
        ]
        if len(vectors) != 1:
            raise SyntaxProblem(
                rf"\partial_{match[2]} does not say by which variable",
                hint=rf"write \frac{{\partial}}{{\partial x_{match[2]}}} for it",
            )
        return f"{vectors[0]}_{{{match[2]}}}"

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
        left = frozenset(count for count in used.counts if count not in (0, own, *names.covered.get(used.name, ())))
        if not own or not left:
            return None
        return replace(used, counts=left)

    def _check(self, used: Used, fact: Fact | None, names: Names) -> None:
        """Names that conventions are not enough for."""
        impossible = next((word for word in fact.assume if not may_be(word, fact)), None) if fact is not None else None
        if fact is not None and fact.shape is not None and impossible:
            word, shape = impossible.replace("_", " "), " x ".join(map(str, fact.shape))
            raise SyntaxProblem(f"{used.name} is said to be {word} and {shape}", hint=f"{word} means square: give it one size")
        known = fact is not None and (fact.shape is not None or fact.value or fact.kind)
        if used.name == "J" and not used.most and not known and not used.denominator and not used.differential:
            raise SyntaxProblem("J is not declared", hint="add a line: J is the all-ones matrix, or given J in R^{n x n}")
        if used.name in SIGMOIDS and used.called and not known:
            raise SyntaxProblem(
                rf"{used.name} is called but not defined", hint=r"add its definition, e.g. \sigma(z) = \frac{1}{1+\exp(-z)}"
            )

    def _case(self, names: Names, definitions: Sequence[tuple[str, str]], problem: Problem, solution: Solution) -> Case:
        sizes = Sizes(names, problem, solution, self.notes)
        symbols: list[Symbol] = []
        extra: list[str] = []
        made = Symbols(names, solution, sizes, self.facts, self.notes)
        for name in names.used:
            if name in problem.functions:
                symbols.append(problem.function(name))
                self.notes.append(f"{name}: any smooth function")
            elif name in solution.chosen and name not in sizes.counted:
                symbols.append(made.of(name))
                extra += self._turned(name, symbols[-1], solution)
        trees = problem.trees(solution.chosen)
        self._check_traces(solution, sizes)
        sums = summation(solution.trees, trees.definitions, frozenset(names.indices), names.sums, self.chain)
        if sums == "einstein":
            self.notes.append("repeated indices are summed")
        elif names.sums:
            self.notes.append("sums are written out")
        indices = {letter: sizes.of(("index", letter, 0)) for letter in names.indices}
        for letter in names.indices:
            if letter in indices.values():
                self.notes.append(f"{letter}: a size and an index as well")
        layout = layout_of(
            solution.trees, lambda variable: len(solution.shaper.axes_left(variable)), self.stated, solution.numerator
        )
        return Case(
            lines=tuple(self.lines),
            definitions=tuple(extra) + tuple(f"{left} = {body}" for left, body in definitions),
            extents=tuple(dict.fromkeys(sizes.given)),
            indices=indices,
            symbols=tuple(symbols),
            wrt=self._wrt(problem, solution),
            sums=sums,
            product=self._product(names, solution),
            layout=layout,
            kind="chain" if self.chain else "equations",
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _check_traces(self, solution: Solution, sizes: Sizes) -> None:
        r"""\delta_{ss} is the number of values of s: that has to be said."""
        for line in solution.trees:
            for node in t.walk(line):
                if isinstance(node, t.Delta) and isinstance(node.left, t.Name) and node.left == node.right:
                    letter = node.left.name
                    if sizes.of(("index", letter, 0)) in sizes.invented:
                        raise SyntaxProblem(
                            rf"\delta_{{{letter}{letter}}} depends on how many values {letter} takes",
                            hint=f"add a line: given {letter} = 1, ..., n",
                        )

    def _product(self, names: Names, solution: Solution) -> Product:
        """Matrix products, unless whole vectors are multiplied by entries and the lines do not fit otherwise."""
        matrices = names.matrix_signs or any(used.transposed or used.inverse for used in names.used.values())
        whole = [
            candidate.order - min(names.used[name].counts) for name, candidate in solution.chosen.items() if name in names.used
        ]
        return "matrix" if solution.perfect or matrices or max(whole, default=0) != 1 else "scalar"

    def _turned(self, name: str, symbol: Symbol, solution: Solution) -> list[str]:
        """E_{lk} for the transpose of E_{kl}, where they have different shapes."""
        if name not in solution.shaper.swapped or symbol.shape[0] == symbol.shape[1]:
            return []
        k, l = symbol.indices
        self.notes.append(f"{name}_{{{l}{k}}}: the transpose of {name}_{{{k}{l}}}")
        return [f"{name}_{{{l}{k}}} = {name}_{{{k}{l}}}^T"]

    def _wrt(self, problem: Problem, solution: Solution) -> str | None:
        """The variable as written."""
        if problem.wrt:
            return problem.wrt
        bodies = [definition.body for definition in solution.shaper.bodies.values()]
        for tree in [*solution.trees[:1], *bodies, *solution.trees[1:]]:
            for partial in derivatives(tree):
                return spelled_node(partial.variables[0])
        moving = differentials(solution.trees)
        free = [name for name in moving if name in solution.chosen]
        if len(free) == 1:
            return free[0]
        defined = [name for name in differentials(solution.trees[-1:]) if name not in solution.chosen]
        return defined[0] if len(defined) == 1 else None


def _derivative(name: str, base: str, names: Names) -> tuple[str, str]:
    """The definition of y' by that of y. Raises SyntaxProblem where it may be something else."""
    variables = [one for one, used in names.used.items() if used.denominator]
    if base not in names.defined or names.defined[base].arguments or len(variables) != 1 or names.used[variables[0]].most:
        raise SyntaxProblem(
            f"{name} is not declared", hint=f"say what {name} is, or write the derivative of {base} as a fraction"
        )
    times = len(name) - len(base)
    order = f"^{times}" if times > 1 else ""
    return name, rf"\frac{{\partial{order} {base}}}{{\partial {variables[0]}{order}}}"


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
