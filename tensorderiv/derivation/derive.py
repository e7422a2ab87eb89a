"""From a program and a variable to a derivation: the one entrance of this folder."""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.program import Program
from tensorderiv.derivation.backwards import chain_reverse
from tensorderiv.derivation.chain import chain_forward
from tensorderiv.derivation.conditions import conditions_of
from tensorderiv.derivation.derivation import Derivation


def derive(program: Program, by: Element) -> Derivation:
    """The derivative of the output by one entry, in closed form, with every step.

    Tensor outputs go forward (the deltas appear and are contracted), scalar outputs in reverse (each name gets an adjoint).
    The indices of `by` must be fresh (`language.read_variable` sees to it). Raises RuleProblem where no law covers an expression.
    """
    recorder = chain_forward(program, by) if program.output.tensor.order else chain_reverse(program, by)
    conditions = conditions_of(program, frozenset({by.tensor.name}))
    return Derivation(program, (by,), tuple(recorder.steps), conditions)
