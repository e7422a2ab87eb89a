"""Reading and writing definitions: index notation in ASCII and LaTeX.

>>> from tensorderiv.language import read
>>> program = read("D_ij = sum_p (X_ip - X_jp)^2")
>>> [item.tensor for item in program.inputs]
[Tensor(name='X', extents=('n', 'd'), integer=False)]
>>> program.output.indices
(Index(name='i', extent='n'), Index(name='j', extent='n'))
"""

from __future__ import annotations

from tensorderiv.algebra.program import Program
from tensorderiv.language import chains
from tensorderiv.language.fragments import read_expression, read_variable
from tensorderiv.language.reader import read_program


def read(text: str, name: str | None = None) -> Program:
    """The program of a text; its name is that of the last statement unless one is given.

    Raises: SyntaxProblem, NameProblem, IndexProblem, ExtentMismatch, DomainProblem, ChainProblem, each with its place.
    """
    found = read_program(text, name)
    for sides, places in found.chains:
        chains.check(found.program, sides, places)
    return found.program


__all__ = ["read", "read_expression", "read_variable"]
