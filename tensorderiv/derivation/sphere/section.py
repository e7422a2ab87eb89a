"""The gradient on the sphere as a section of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorderiv.algebra.build import mul, total
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.text import statement_text
from tensorderiv.derivation.derivation import Derivation, Step
from tensorderiv.derivation.section import EQUALS, Row, Section, Shown, shown, words
from tensorderiv.derivation.sphere.gradient import SphereGradient, sphere_gradient
from tensorderiv.derivation.sphere.lemmas import Lemma, agreement, tangency
from tensorderiv.language.latex import statement_latex
from tensorderiv.language.mathml import content, equals


def sphere_section(derivation: Derivation) -> Section | None:
    """For a first derivative by an input in sphere: the Riemannian gradient, its steps and lemmas. None otherwise."""
    item = derivation.program.input(derivation.wrt.tensor.name)
    if item is None or item.domain.kind != "sphere" or not item.tensor.order or derivation.order != 1:
        return None
    gradient = sphere_gradient(derivation)
    return tell(gradient, [lemma for lemma in (tangency(gradient), agreement(gradient)) if lemma is not None])


def tell(gradient: SphereGradient, lemmas: Sequence[Lemma]) -> Section:
    """The gradient and its lemmas as rows and data."""
    teller = _Teller(gradient)
    name = gradient.derivation.wrt.tensor.name
    remark = (
        f"the rows of {name} have length 1, so they move along the sphere only: the part of the gradient that is tangent counts"
    )
    rows = (*teller.chain(), *(row for lemma in lemmas for row in teller.lemma(lemma)))
    return Section("sphere", "gradient on the sphere", rows, teller.data(lemmas), remark)


class _Teller:
    """Rows and data of one gradient."""

    def __init__(self, gradient: SphereGradient) -> None:
        self.gradient = gradient
        self.taken = gradient.derivation.program.names | {name.tensor.name for name in gradient.names} | {gradient.name.name}

    def chain(self) -> list[Row]:
        """rgrad_kl = ..., = ..., = ...; the names it speaks of behind it."""
        rows = []
        for number, step in enumerate(self.gradient.steps):
            before = shown(self.gradient.element) + EQUALS if number == 0 else EQUALS
            rows.append(Row(before + self.formula(step), f"{step.rule}: {step.why}"))
        return rows + [Row(words("where") + self.statement(name)) for name in self.gradient.names]

    def lemma(self, lemma: Lemma) -> list[Row]:
        """The statement, then its equalities."""
        gradient = self.gradient
        rows = [Row(None, f"{lemma.name}: {lemma.says} ({lemma.how})")]
        for number, step in enumerate(lemma.steps):
            first = shown(gradient.element) if lemma.name == "agreement" else self.inner()
            rows.append(Row((first + EQUALS if number == 0 else EQUALS) + self.formula(step), f"{step.rule}: {step.why}"))
        return rows + [Row(words("where") + self.statement(name)) for name in lemma.steps[-1].names]

    def inner(self) -> Shown:
        """sum_l X_kl rgrad_kl."""
        return shown(total((self.gradient.component,), mul(self.gradient.derivation.wrt, self.gradient.element)))

    def formula(self, step: Step) -> Shown:
        return shown(step.expr, step.formula.axes, self.taken)

    def statement(self, statement: Statement) -> Shown:
        text, latex = statement_text(statement, self.taken), statement_latex(statement, self.taken)
        return Shown(text, latex, equals(statement.element) + content(statement.body, statement.indices, self.taken))

    def told(self, step: Step) -> dict[str, Any]:
        """Rule, reason and the formula, with the names it speaks of."""
        formula = self.formula(step)
        text = "\n".join([formula.text, *(f"where {statement_text(name, self.taken)}" for name in step.names)])
        return {"rule": step.rule, "why": step.why, "text": text, "latex": formula.latex}

    def data(self, lemmas: Sequence[Lemma]) -> dict[str, Any]:
        last = self.told(self.gradient.steps[-1])
        return {
            "gradient": {"text": last["text"], "latex": last["latex"]},
            "steps": [self.told(step) for step in self.gradient.steps],
            "lemmas": [
                {"name": lemma.name, "says": lemma.says, "how": lemma.how, "steps": [self.told(step) for step in lemma.steps]}
                for lemma in lemmas
            ],
        }
