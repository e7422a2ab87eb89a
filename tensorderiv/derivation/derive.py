"""From a program and its variables to a derivation: the one entrance of this folder."""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.program import Program
from tensorderiv.derivation.backwards import chain_reverse
from tensorderiv.derivation.chain import chain_forward
from tensorderiv.derivation.condense import condense
from tensorderiv.derivation.conditions import conditions_of
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.derivation.second import chain_second


def derive(program: Program, by: Element, then: Element | None = None) -> Derivation:
    """The derivative of the output by one entry, in closed form, with every step; with `then` the second derivative.

    Tensor outputs go forward (the deltas appear and are contracted), scalar outputs in reverse (each name gets an adjoint).
    The indices of `by` and `then` must be fresh (`language.read_variable` sees to it). Raises RuleProblem where no law covers an
    expression.
    """
    recorder = _first(program, by)
    variables = (by,) if then is None else (by, then)
    if then is not None:
        recorder = chain_second(program, recorder, (by, then))
    recorder.put_in_known_sums()
    recorder.name_repeats()
    conditions = conditions_of(program, frozenset(variable.tensor.name for variable in variables))
    return Derivation(program, variables, condense(recorder.steps), conditions)


def _first(program: Program, by: Element) -> Recorder:
    return chain_forward(program, by) if program.output.tensor.order else chain_reverse(program, by)
