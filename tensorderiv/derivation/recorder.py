"""Writing down a derivation while it is made: every change of the expression is a step with its rule and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tensorderiv.algebra.expression import Derivative, Element, Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import tensors
from tensorderiv.contract.driver import contraction_steps
from tensorderiv.derivation.derivation import Step
from tensorderiv.derivation.formula import Formula
from tensorderiv.derivation.repeats import name_repeats
from tensorderiv.differentiate.driver import sweeps
from tensorderiv.differentiate.laws import Context
from tensorderiv.simplify import finish
from tensorderiv.simplify.alike import key
from tensorderiv.simplify.fold import fold_names
from tensorderiv.simplify.known_sums import Known
from tensorderiv.simplify.nest import nest_sums
from tensorderiv.simplify.tidy import tidy


@dataclass
class Recorder:
    """The chain so far. `expr` is the latest expression, `names` the adjoints it may speak of."""

    program: Program
    axes: tuple[Index, ...]
    expr: Expr
    names: tuple[Statement, ...] = ()
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def start(cls, program: Program, *variables: Element) -> Recorder:
        """The derivative that is asked for, not yet carried out."""
        expr: Expr = program.output.element
        for variable in variables:
            expr = Derivative(expr, variable)
        axes = program.output.indices + tuple(s for by in variables for s in by.subscripts if isinstance(s, Index))
        recorder = cls(program, axes, expr)
        recorder.record("start", "the derivative that is asked for, by an entry with fresh indices", expr)
        return recorder

    def record(self, rule: str, why: str, expr: Expr) -> None:
        """Add a step, unless nothing changed; another order of terms and factors alone takes the place of the last step."""
        if self.steps and expr == self.expr:
            return
        formula = Formula(expr, self.program, self._spoken_of(expr), self.axes)
        if self.steps and self.is_shuffled(expr):
            self.steps[-1] = replace(self.steps[-1], formula=formula)
        else:
            self.steps.append(Step(rule, why, formula))
        self.expr = expr

    def is_shuffled(self, expr: Expr) -> bool:
        """Whether it differs from the latest expression by the order of terms, factors and sums alone."""
        return key(nest_sums(expr)) == key(nest_sums(self.expr))

    def _spoken_of(self, expr: Expr) -> tuple[Statement, ...]:
        """The adjoint names that the expression uses, directly or through one another, in the order they were made."""
        wanted = set(tensors(expr))
        for statement in reversed(self.names):
            if statement.tensor.name in wanted:
                wanted |= tensors(statement.body)
        return tuple(statement for statement in self.names if statement.tensor.name in wanted)

    def differentiate(self, context: Context, stop_at: frozenset[str] = frozenset()) -> None:
        """Law by law, with quantities that have a name written by it as soon as they appear."""
        for sweep in sweeps(self.expr, context, stop_at=stop_at, polish=self._by_name):
            self.record(sweep.name, sweep.why, sweep.after)

    def _by_name(self, expr: Expr) -> Expr:
        return tidy(fold_names(expr, self.program.statements))

    def contract(self) -> None:
        """Law by law until no bound index is left in a delta. What only moves factors about is told with the law it prepares."""
        for sweep in contraction_steps(self.expr):
            if not sweep.law.prepares:
                self.record(sweep.law.name, sweep.law.why, tidy(sweep.after))

    def collect(self, statements: Sequence[Statement]) -> None:
        """Names put back, like terms and common factors collected: the form a person would write."""
        self.record("collect", "like terms and common factors are collected", finish(self.expr, statements))

    def put_in_known_sums(self) -> None:
        """The last step: sums whose value follows from a domain or a definition are written by it."""
        known = Known(self.program)
        after = known.put_in(self.expr)
        if after == self.expr:
            return
        told = ", ".join(f"{to_text(node)} = {to_text(value)}" for node, value in known.found.items() if node != value)
        self.record("known sums", f"on the domain and by the definitions, {told}", finish(after, self.program.statements))

    def name_repeats(self) -> None:
        """What a long result repeats gets a name."""
        taken = self.program.names | {name.tensor.name for name in self.names}
        made = name_repeats(self.expr, taken, (*self.program.statements, *self.names))
        if made.names:
            self.names += made.names
            told = ", ".join(name.tensor.name for name in made.names)
            self.record("name what is repeated", f"{told} stand for sums that occur several times", made.expr)
