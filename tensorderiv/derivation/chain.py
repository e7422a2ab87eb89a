"""Forward: the derivative of a tensor output, the whole expression in one chain of equalities."""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.program import Program
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.differentiate.laws import Context


def chain_forward(program: Program, by: Element) -> Recorder:
    """diff(D_ij, X_kl) through definition, laws, contraction, collection."""
    context = Context.of(program, frozenset({by.tensor.name}))
    recorder = Recorder.start(program, by)
    recorder.differentiate(context)
    recorder.contract()
    recorder.collect(program.statements)
    return recorder
