"""Stable forms in place of unstable ones, by rule."""

from __future__ import annotations

from tensorderiv.algebra.program import Program


def stabilise(program: Program) -> Program:
    """The program itself, for now."""
    return program
