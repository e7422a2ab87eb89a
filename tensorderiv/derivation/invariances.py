"""Lemmas about the gradient that follow from what the definition does not see: moving, stretching and turning the points.

Each is proved on the definition, name by name, and then holds wherever the derivative exists; nothing is sampled here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from tensorderiv.algebra.build import ZERO, add, call, mul, power, sub, total
from tensorderiv.algebra.expression import Derivative, Element, Expr, Subscript, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import index_names, rewrite, tensors
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.motion import STILL, Motion, Moved, rate
from tensorderiv.derivation.section import EQUALS, Row, Section, shown
from tensorderiv.derivation.turning import Turning
from tensorderiv.equality import Claim, Side, refuted
from tensorderiv.equality.proof import MOST_WRITTEN, matrices, written_out, written_size
from tensorderiv.simplify.tidy import tidy

T = TypeVar("T")

MOST_EFFORT = 1500
"""Proofs that would multiply out more than this are given up: all of them together stay under a second."""


@dataclass(frozen=True)
class Lemma:
    """left = right for all values of the free indices, and why."""

    name: str
    left: Expr
    right: Expr
    proof: str


def invariances(derivation: Derivation) -> Section | None:
    """The lemmas that hold for a first derivative; None where none was proved."""
    lemmas = tuple(lemmas_of(derivation.program, derivation.wrt)) if derivation.order == 1 else ()
    if not lemmas:
        return None
    taken = derivation.program.names
    rows = tuple(
        Row(shown(lemma.left, None, taken) + EQUALS + shown(lemma.right, None, taken), f"{lemma.name}: {lemma.proof}")
        for lemma in lemmas
    )
    data = [
        {"name": lemma.name, "text": row.formula.text, "latex": row.formula.latex, "proof": lemma.proof}
        for lemma, row in zip(lemmas, rows, strict=True)
        if row.formula is not None
    ]
    return Section("invariances", "invariances", rows, data, "proved on the definition; they hold wherever the derivative exists")


def lemmas_of(program: Program, by: Element) -> Iterator[Lemma]:
    """Translation along each axis, scale, scale of each row, rotation: those that are proved."""
    problem = Problem(program, by)
    for axis in range(by.tensor.order):
        yield from problem.translation(axis)
    yield from problem.scale()
    if by.tensor.order > 1:
        for axis in range(by.tensor.order):
            yield from problem.scale_of_each(axis)
        for axis in (by.tensor.order - 1, 0):
            yield from problem.rotation(axis)


@dataclass(frozen=True)
class Problem:
    """The output of a program, and the element it is differentiated by."""

    program: Program
    by: Element

    @property
    def output(self) -> Element:
        return self.program.output.element

    @property
    def gradient(self) -> Expr:
        return Derivative(self.output, self.by)

    @property
    def indices(self) -> tuple[Index, ...]:
        """The fresh indices of the variable."""
        return tuple(index for index in self.by.subscripts if isinstance(index, Index))

    def _letter(self, preferred: str) -> str:
        """A name for the amount of a motion, in proofs."""
        taken = {*self.program.names, *(index.name for index in (*self.indices, *self.program.output.indices))}
        letters: list[str] = [preferred, *"abcuvwrst", preferred * 2]
        return next(letter for letter in letters if letter not in taken)

    def translation(self, axis: int) -> Iterator[Lemma]:
        """X_kl -> X_kl + c_l keeps the output, so the derivatives by a column add up to 0."""
        extents = _without(self.by.tensor.extents, axis)
        amount = Tensor(self._letter("c"), extents)
        motion = Motion(self.by.tensor.name, lambda subs: Moved(shift=Element(amount, _without(subs, axis))))
        if self._follow(motion) == STILL:
            index = self.indices[axis]
            moved = add(self.by, Element(amount, _without(self.by.subscripts, axis)))
            yield Lemma("translation", total((index,), self.gradient), ZERO, self._unchanged(moved))

    def scale(self) -> Iterator[Lemma]:
        """X -> s X makes the output s^h times as large (or adds h log s), so sum X g = h times the output (or h)."""
        amount = Element(Tensor("·a"))
        motion = self._follow(Motion(self.by.tensor.name, lambda _: Moved(growth=amount)))
        if motion is None:
            return
        degree, step = rate(motion.growth, amount), rate(motion.shift, amount)
        if degree is None or step is None or tensors(add(degree, step)) & self._moving:
            return
        factor = Element(Tensor(self._letter("s")))
        moved = mul(factor, self.by)
        left = total(self.indices, mul(self.by, self.gradient))
        if degree == ZERO and step == ZERO:
            yield Lemma("scale", left, ZERO, f"{self._unchanged(moved)}, for {factor} > 0")
        elif step == ZERO:
            grown = mul(power(factor, degree), self.output)
            yield Lemma("scale (Euler)", left, mul(degree, self.output), f"{self._put(moved)} gives {grown}, for {factor} > 0")
        elif degree == ZERO:
            more = mul(step, call("log", factor))
            yield Lemma("scale", left, step, f"{self._put(moved)} adds {more} to {self.output}, for {factor} > 0")

    def _put(self, moved: Expr) -> str:
        return f"{moved} in the place of {self.by}"

    def _unchanged(self, moved: Expr) -> str:
        return f"{self._put(moved)} leaves {self.output} as it is"

    def scale_of_each(self, axis: int) -> Iterator[Lemma]:
        """X_kl -> s_k X_kl keeps the output, so each row of the gradient is orthogonal to the row of X."""
        amount = Tensor(self._letter("s"), (self.by.tensor.extents[axis],))

        def grown(subscripts: tuple[Subscript, ...]) -> Moved:
            return Moved(growth=Element(amount, (subscripts[axis],)))

        if self._follow(Motion(self.by.tensor.name, grown)) == STILL:
            factor = Element(amount, (self.by.subscripts[axis],))
            proof = f"{self._unchanged(mul(factor, self.by))}, for {factor} > 0"
            left = total(_without(self.indices, axis), mul(self.by, self.gradient))
            yield Lemma("radial", left, ZERO, proof)

    def rotation(self, axis: int) -> Iterator[Lemma]:
        """X -> X Q with Q orthogonal keeps the output, so sum_k (X_kl g_km - X_km g_kl) = 0."""
        turning = Turning(self.by.tensor.name, axis, MOST_EFFORT)
        unknown: list[Statement] = []
        for statement in self.program.statements:
            if written_size(statement.body, unknown) > MOST_WRITTEN:
                return
            body = written_out(statement.body, unknown)
            unseen = matrices(body) & {turning.tensor, *(item.tensor.name for item in unknown)}
            if unseen or not turning.leaves(body):
                unknown.append(statement)
        if self.program.output in unknown:
            return
        index = self.indices[axis]
        other = fresh(index, index_names(self.gradient) | self.program.names)
        turned = Element(self.by.tensor, tuple(other if sub == index else sub for sub in self.by.subscripts))
        body = sub(mul(self.by, Derivative(self.output, turned)), mul(turned, self.gradient))
        name = self.by.tensor.name
        proof = f"{self.output} depends on {name} through its inner products over {index} alone, which a rotation keeps"
        yield Lemma("rotation", total(_without(self.indices, axis), body), ZERO, proof)

    @property
    def _moving(self) -> frozenset[str]:
        """The tensor and every name that depends on it."""
        found = {self.by.tensor.name}
        for statement in self.program.statements:
            if tensors(statement.body) & found:
                found.add(statement.tensor.name)
        return frozenset(found)

    def _follow(self, motion: Motion) -> Moved | None:
        """How the output moves, followed through the named quantities in order."""
        for statement in self.program.statements:
            moved = motion.of(statement.body)
            if moved != STILL and self._stays(motion, statement):
                moved = STILL
            motion.learn(statement, moved)
        return motion.of(self.output)

    def _stays(self, motion: Motion, statement: Statement) -> bool:
        """Whether canonical form shows that a quantity keeps its value, where the motion only shifts."""
        known = [known for known, moved in motion.names.values() if moved != STILL]
        if written_size(statement.body, known) > MOST_WRITTEN:
            return False
        body = written_out(statement.body, known)
        if matrices(body) & {motion.tensor, *(item.tensor.name for item in known)}:
            return False

        def move(node: Expr) -> Expr:
            if isinstance(node, Element) and node.tensor.name == motion.tensor:
                return add(node, motion.entry(node.subscripts).shift)
            return node

        if motion.entry(self.by.subscripts).growth != ZERO:
            return False
        moved = tidy(rewrite(body, move))
        shift = cast(Element, motion.entry(self.by.subscripts).shift)
        difference = sub(moved, body)
        if effort(difference) > MOST_EFFORT:
            return False
        left, right = (Side(side, self.program.statements) for side in (moved, body))
        if refuted(Claim(left, right, statement.indices, (*self.program.inputs, Input(shift.tensor)))):
            return False
        return canonical(difference) == ZERO


def _without(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    return items[:place] + items[place + 1 :]
