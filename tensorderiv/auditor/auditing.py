"""The audit, step by step: bind, call at random points, judge what is returned, say what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.expression import Derivative, Element
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.program_text import program_text
from tensorderiv.algebra.traverse import index_names
from tensorderiv.auditor.binding import Binding, bind_parameters
from tensorderiv.auditor.calling import Called, Layout, gradient_in, layout_of, value_in
from tensorderiv.auditor.diagnose import explain
from tensorderiv.auditor.epsilons import added_constant, vanishes
from tensorderiv.auditor.example import Example, smallest_example
from tensorderiv.auditor.fit import Fit, fits
from tensorderiv.auditor.points import Domain, Sizes, domains_of, points, sizes_of
from tensorderiv.auditor.report import Audit, Finding
from tensorderiv.auditor.singular import conventions
from tensorderiv.auditor.trials import Bench, Trial, precision, share
from tensorderiv.auditor.values import judge_value, own_gradient
from tensorderiv.definition import Definition, define
from tensorderiv.derivation import derive
from tensorderiv.derivation.formula import Formula
from tensorderiv.errors import DomainProblem, ExtentMismatch, NameProblem, RuleProblem, TensorDerivError
from tensorderiv.verify.running_error import Judged

Array = npt.NDArray[Any]

DIAGNOSED = 8
"""Trials at which slips are looked for, of all sizes."""

POSITIVE = "entries in (0.1, 1)"
"""A domain in which functions are right that forget about signs."""

FEWEST = 3
"""Trials that a judgement needs."""


def audit(
    function: Callable[..., Any],
    against: Definition | str,
    *,
    wrt: str | None = None,
    params: Mapping[str, float] | None = None,
) -> Audit:
    """Judge a hand-written gradient against a definition.

    `function` takes one or two vectors (or the whole inputs of the definition) and further parameters, and returns the value, a
    gradient, or both: (value, gradient), (value, gradient by x, gradient by y). It is called on copies. `wrt` names the
    parameter that the gradient is by; default: the first. `params` fixes parameters to numbers.

    Raises NameProblem where parameters and inputs do not fit, IndexProblem where the definition is of no single vectors,
    DomainProblem where the function raised, ExtentMismatch where what it returns is neither a value nor a gradient.

    >>> print(audit(lambda x, y: x - y, "D(x, y) = sum_i (x_i - y_i)^2"))
    <lambda>: wrong
      tensor x[d]
      tensor y[d]
      D = sum_i (x_i - y_i)^2
    <BLANKLINE>
    returns         gradient
    gradient by x   wrong: the factor 2 is missing: it is 1/2 times what is due
    judged          at 24 random points (x, y: any real numbers)
    counterexample  d=1  x = [0]  y = [1]
      returned      [-1]
      due           [-2]
    """
    definition = against if isinstance(against, Definition) else define(against)
    binding = bind_parameters(function, definition.program, dict(params or {}))
    if wrt is not None and wrt not in binding.vectors:
        same = [name for name in binding.vectors if name.lower() == wrt.lower()]
        if len(same) != 1:
            raise NameProblem(f"there is no input {wrt}", hint=f"the inputs are {', '.join(binding.vectors)}")
        wrt = same[0]
    name = getattr(function, "__name__", type(function).__name__)
    return Auditor(Called(function, binding), name, wrt).audit()


@dataclass(frozen=True)
class Auditor:
    """One function bound to one definition."""

    called: Called
    name: str
    wrt: str | None

    @property
    def binding(self) -> Binding:
        return self.called.binding

    @cached_property
    def main(self) -> tuple[str, ...]:
        """The inputs that the gradients are by, in order: the points, or first the one that was named."""
        if self.wrt is None:
            return self.binding.main
        extents = self.tensor_extents(self.wrt)
        return (self.wrt, *(name for name in self.binding.main if name != self.wrt and self.tensor_extents(name) == extents))

    def tensor_extents(self, name: str) -> tuple[Any, ...]:
        item = self.binding.program.input(name)
        assert item is not None, f"{name} is an input"
        return item.tensor.extents

    def audit(self) -> Audit:
        """Raises TensorDerivError where nothing can be judged."""
        if not self.binding.vectors:
            raise NameProblem("the definition has no real input to differentiate by")
        domain, layout = self.callable_domain()
        trials, raised = self.trials(domain, layout, "audit")
        findings: list[Finding] = []
        examples: list[Example] = []
        remarks = [*self.remarks(trials, layout), *raised]
        if layout.value is not None:
            finding = judge_value(trials)
            findings.append(finding)
            if finding.verdict == "wrong":
                examples += self.example(domain, layout, lambda t: (_value(t), t.due_value(precision(_value(t)))), "value")
        for number in range(len(layout.gradients)):
            finding = self.judge_gradient(trials, number, layout, any(f.verdict == "wrong" for f in findings))
            findings.append(finding)
            if finding.verdict == "wrong":
                name = self.main[number]
                found = self.example(domain, layout, lambda t, n=number, by=name: _gradient(t, n, by), finding.what)  # type: ignore[misc]
                examples += found
        if any(finding.verdict == "wrong" for finding in findings):
            remarks += self.elsewhere(domain, layout)
        elif layout.gradients:
            attempt, by = self.attempt(layout), self.main[0]
            remarks += conventions(trials[0], self.main, by, attempt, lambda t: t.gradients[0].astype(float))
        text = program_text(self.binding.program)
        return Audit(
            self.name,
            text,
            layout.words,
            self.main[0],
            domain.words,
            len(trials),
            tuple(findings),
            tuple(examples),
            tuple(remarks),
        )

    def callable_domain(self) -> tuple[Domain, Layout]:
        """The widest domain in which the definition is defined and the function does not raise."""
        problem: TensorDerivError | None = None
        for domain in domains_of(self.binding.program, self.main):
            for sizes in sizes_of(self.binding.program):
                arrays = next(a for s, a in points(self.binding.program, domain, self.binding.fixed, "layout") if s == sizes)
                try:
                    outcome = self.called(arrays)
                except DomainProblem as error:
                    problem = problem or error
                    continue
                return domain, layout_of(outcome, {name: np.shape(arrays[name]) for name in self.main})
        if problem is not None:
            raise problem
        raise DomainProblem(
            "the definition has no finite value and derivative on any input tried", hint="declare the domain of its inputs"
        )

    def attempt(self, layout: Layout) -> Callable[[Sizes, Mapping[str, Array]], Trial]:
        """A call at a point, taken apart."""

        def attempt(sizes: Sizes, arrays: Mapping[str, Array]) -> Trial:
            outcome = self.called(arrays)
            if len(outcome.returned) <= max((layout.value or 0), *layout.gradients, 0):
                raise ExtentMismatch("the function returns now more, now less")
            shapes = [np.shape(arrays[name]) for name in self.main]
            gradients = tuple(gradient_in(outcome, layout, n, shapes[n]) for n in range(len(layout.gradients)))
            return Trial(self.binding.program, sizes, arrays, value_in(outcome, layout), gradients, outcome.changed)

        return attempt

    def trials(self, domain: Domain, layout: Layout, seed: str) -> tuple[list[Trial], list[str]]:
        """Calls at random points, and what was raised at some of them. Raises DomainProblem where there are too few."""
        attempt = self.attempt(layout)
        found: list[Trial] = []
        raised: dict[str, str] = {}
        for sizes, arrays in points(self.binding.program, domain, self.binding.fixed, seed):
            try:
                found.append(attempt(sizes, arrays))
            except DomainProblem as error:
                told = ", ".join(f"{name}={size}" for name, size in sizes.items())
                raised.setdefault(error.message, told)
        if len(found) < FEWEST:
            raise DomainProblem(next(iter(raised), "too few points"))
        return found, [f"at {where}: {message}" for message, where in raised.items()]

    def judge_gradient(self, trials: list[Trial], number: int, layout: Layout, other_value: bool) -> Finding:
        name = self.main[number]
        what = f"gradient by {name}"
        bench = self.bench(trials, number)
        if not bench.due.determined.any():
            return Finding(what, "unclear", "rounding leaves nothing determined at the points tried", "undetermined")
        if not np.isfinite(bench.found[bench.due.determined]).all():
            return Finding(what, "wrong", "it is not finite at ordinary points", "not finite")
        if (share(bench.found, bench.due) <= 1).all():
            return Finding(what, "right", "agrees within rounding", "within rounding")
        formula, exact = self.derivative(name), Fit(bench, bench.due.tolerance)
        others = [other for other in self.binding.vectors if other != name]
        few = self.bench(trials[:: max(1, len(trials) // DIAGNOSED)], number)
        within_single = bool((share(bench.found, bench.due_single) <= 1).all())
        found = None if within_single else explain(fits(few)[:1], others, formula)
        if found is None:
            if (added := added_constant(exact, formula)) is not None:
                return Finding(what, "right", f"up to {added}", "added constant")
            if within_single:
                worst = f"largest difference {_relative(bench):.1g}"
                return Finding(what, "right", f"agrees within the rounding of single precision ({worst})", "single precision")
            if (added := added_constant(replace(exact, tolerance=bench.due_single.tolerance), formula)) is not None:
                return Finding(what, "right", f"up to about {added}, as far as single precision tells", "added constant")
            if vanishes(self.attempt(layout), trials, number, name):
                worst = f"{_relative(bench):.1g} of its size"
                text = f"up to a small constant somewhere: the difference, {worst}, falls as the inputs grow"
                return Finding(what, "right", text, "added constant")
            found = explain(fits(few)[1:], others, formula)
        own = own_gradient(self.attempt(layout), trials, number, name) if other_value else ""
        if found is None:
            text = f"differs by up to {_relative(bench):.1g} of its size; no slip that was tried explains it"
            return Finding(what, "wrong", "; ".join(part for part in (text, own) if part), "unexplained")
        return Finding(what, "wrong", "; ".join(part for part in (found.words, own) if part), found.kind)

    def bench(self, trials: list[Trial], number: int) -> Bench:
        name = self.main[number]
        variable = self.variable(name)
        return Bench(trials, variable, number)

    def variable(self, name: str) -> Element:
        """An entry of an input, with letters that occur nowhere in the definition."""
        program = self.binding.program
        item = program.input(name)
        assert item is not None, f"{name} is an input"
        taken = {n for s in program.statements for n in index_names(s.body) | index_names(s.element)}
        own: list[Index] = []
        for letter, extent in zip("klmopq", item.tensor.extents, strict=False):
            own.append(Index(next(fresh_names(letter, taken)), extent))
            taken.add(own[-1].name)
        return Element(item.tensor, tuple(own))

    def derivative(self, name: str) -> Formula:
        """The derivative that is due, derived; where no law applies, not yet carried out."""
        variable, program = self.variable(name), self.binding.program
        try:
            return derive(program, variable).result
        except RuleProblem:
            own = tuple(sub for sub in variable.subscripts if isinstance(sub, Index))
            return Formula(Derivative(program.output.element, variable), program, (), own)

    def example(
        self, domain: Domain, layout: Layout, compare: Callable[[Trial], tuple[Array, Judged]], what: str
    ) -> list[Example]:
        found = smallest_example(self.binding.program, domain, self.binding.fixed, self.attempt(layout), compare, what)
        return [found] if found is not None else []

    def elsewhere(self, domain: Domain, layout: Layout) -> Iterator[str]:
        """Whether everything is right where all entries are positive."""
        positive = Domain(tuple((name, POSITIVE) for name, _ in domain.assumed))
        if positive in (domain, Domain()):
            return
        try:
            trials, _ = self.trials(positive, layout, "elsewhere")
        except TensorDerivError:
            return
        benches = [self.bench(trials, number) for number in range(len(layout.gradients))]
        right = all((share(bench.found, bench.due_single) <= 1).all() and bench.due.determined.any() for bench in benches)
        if right and (layout.value is None or judge_value(trials).verdict == "right"):
            yield f"it is right for {positive.words}: declare the domain if only such inputs occur"

    def remarks(self, trials: list[Trial], layout: Layout) -> Iterator[str]:
        changed = [name for name in self.main if any(name in trial.changed for trial in trials)]
        changed += sorted({name for trial in trials for name in trial.changed} - set(changed))
        if changed:
            yield f"the function changes its argument{'s' if len(changed) > 1 else ''} {' and '.join(changed)} in place"
        for name, default in self.binding.unused:
            yield f"the parameter {name} stands for no input of the definition and keeps its default {default!r}"
        if layout.padded:
            yield "the gradient returned has more entries than its vector; those past it are left out of account"
        if layout.reshaped:
            yield "the gradient returned has not the shape of its vector, but as many entries"


def _relative(bench: Bench) -> float:
    """The largest difference, in units of the largest entry of the gradient due at the same points."""
    known = bench.due.determined
    return float(np.abs(bench.found - bench.due.value)[known].max() / max(np.abs(bench.due.value[known]).max(), 1e-300))


def _value(trial: Trial) -> Array:
    assert trial.value is not None
    return trial.value


def _gradient(trial: Trial, number: int, name: str) -> tuple[Array, Judged]:
    found = trial.gradients[number]
    return found, trial.due(name, precision(found))
