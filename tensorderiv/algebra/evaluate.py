"""The reference meaning: what an expression denotes, by plain loops over index tuples. Slow and obvious on purpose.

Every stage is tested against this module, so it shares nothing with them: no rewriting, no vectorisation, one small method a
node type. The conventions are those of the language:

* strong zero: a factor that is exactly 0 makes a product 0, whatever the others are; deltas and brackets are looked at first;
* a sum over nothing is 0, a product 1, a maximum -inf, a minimum inf, a logsumexp -inf;
* asin, acos and acosh of an argument that rounding alone put past the end of the domain are those of the end;
* a singular matrix has determinant 0, its logarithm is -inf and every entry of the inverse nan; a negative determinant has no
  logarithm (nan);
* max(a, b) takes the literal number at a tie, else the first argument; max_j the first maximiser;
* `Derivative(body, X_kl)` is computed by dual numbers, through named quantities too (the variable may itself be one).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorderiv.algebra.evaluator import Evaluator
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.numbers import FLOAT, FRACTION, NumberSystem, mp
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sizes import bind, sizes_of
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.errors import IndexProblem

__all__ = ["FLOAT", "FRACTION", "Evaluator", "evaluate", "evaluate_program", "mp", "sizes_of"]


def evaluate(
    expr: Expr,
    *,
    axes: Sequence[Index],
    arrays: Mapping[str, Any],
    sizes: Mapping[str, int],
    statements: Sequence[Statement] = (),
    number: NumberSystem = FLOAT,
) -> npt.NDArray[Any]:
    """The array of the expression over the given axes, in that order; 0-dimensional for no axes.

    `statements` define the named quantities. float64 for FLOAT, dtype object otherwise. Raises IndexProblem where a free index
    of the expression is no axis.

    >>> from tensorderiv.algebra.expression import KroneckerDelta
    >>> i, j = Index("i", "n"), Index("j", "n")
    >>> evaluate(KroneckerDelta(i, j), axes=(i, j), arrays={}, sizes={"n": 2})
    array([[1., 0.],
           [0., 1.]])
    """
    loose = [index.name for index in free_indices(expr) if index not in axes]
    if loose:
        raise IndexProblem(f"the free indices {', '.join(loose)} are not among the axes {', '.join(map(str, axes)) or '(none)'}")
    judge = Evaluator(arrays, sizes, statements, number)
    shape = tuple(judge.extent(index.extent) for index in axes)
    result: npt.NDArray[Any] = np.empty(shape, dtype=number.dtype)
    for place in itertools.product(*(range(size) for size in shape)):
        result[place] = judge.at(expr, dict(zip(axes, place, strict=True)))
    return result


def evaluate_program(program: Program, arrays: Mapping[str, Any], number: NumberSystem = FLOAT) -> npt.NDArray[Any]:
    """The array of the program's output over its indices, in the order of the left-hand side."""
    bound, sizes = bind(program, arrays)
    output = program.output
    return evaluate(output.element, axes=output.indices, arrays=bound, sizes=sizes, statements=program.statements, number=number)
