"""Second derivatives in closed form: the first derivative, differentiated once more."""

from __future__ import annotations

from tensorderiv.algebra.expression import Derivative, Element
from tensorderiv.algebra.program import Program
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.differentiate.laws import Context


def chain_second(program: Program, first: Recorder, variables: tuple[Element, Element]) -> Recorder:
    """diff(diff(D_ij, X_kl), X_mq): `first` holds the first derivative, which is differentiated forward."""
    recorder = Recorder.start(program, *variables)
    recorder.names = first.names
    recorder.record("first derivative", f"insert the derivative by {variables[0]}", Derivative(first.expr, variables[1]))
    whole = program.with_statements(*program.statements, *first.names)
    recorder.differentiate(Context.of(whole, frozenset({variables[1].tensor.name})))
    recorder.contract()
    recorder.collect(program.statements)
    return recorder
