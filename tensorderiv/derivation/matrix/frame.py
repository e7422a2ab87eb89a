"""The search with its judge: candidates, the cheapest of them first, and only what is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.derivation.matrix.build import upright
from tensorderiv.derivation.matrix.expression import AllOnes, Basis, Identity, Matrix, SingleEntry
from tensorderiv.derivation.matrix.facts import simplex_names, symmetric_names, with_facts
from tensorderiv.derivation.matrix.flops import Scale, matrix_count
from tensorderiv.derivation.matrix.masks import masked
from tensorderiv.derivation.matrix.proof import Claim, prove
from tensorderiv.derivation.matrix.refusal import NoMatrixForm
from tensorderiv.derivation.matrix.search import Search
from tensorderiv.derivation.matrix.spelling import to_text, walk

LETTERS: dict[type[Matrix], str] = {AllOnes: "J", Identity: "I", SingleEntry: "E", Basis: "e"}
"""What the matrix notation writes by a letter; a definition may use that letter otherwise."""


@dataclass(frozen=True)
class Found:
    """A form that passed the proof. `masked`: it leaves out a diagonal on which the index form is 0 times something."""

    claim: Claim
    proof: str
    masked: bool


@dataclass(frozen=True)
class Frame:
    """What a form is looked for in: the program, the row and column, all axes, and those that stay fixed."""

    program: Program
    names: tuple[Statement, ...]
    row: Index | None
    column: Index | None
    axes: tuple[Index, ...]
    fixed: tuple[Index, ...] = ()

    @classmethod
    def of(
        cls,
        program: Program,
        names: tuple[Statement, ...],
        rows: Sequence[Index],
        axes: tuple[Index, ...],
        fixed: tuple[Index, ...] = (),
    ) -> Frame:
        """`rows` are up to two indices: the row, then the column."""
        row, column = (*rows, None, None)[:2]
        return cls(program, names, row, column, axes, fixed)

    def best(self, expr: Expr) -> Found:
        """The cheapest candidate that passes the proof. Raises NoMatrixForm, with the reason, where there is none."""
        candidates, reasons = self.candidates(expr)
        scale = Scale(self.program)

        def cost(matrix: Matrix) -> tuple[int, int, str]:
            return scale.value(matrix_count(matrix, scale)), sum(1 for _ in walk(matrix)), to_text(matrix)

        for matrix in sorted(candidates, key=cost):
            used = (LETTERS[type(part)] for part in walk(matrix) if type(part) in LETTERS)
            clash = next((letter for letter in used if letter in self.program.names), None)
            if clash is not None:
                reasons.append(f"{clash} is a letter of the matrix notation and names a quantity of the definition")
                continue
            claim = Claim(expr, matrix, self.row, self.column, self.axes, self.program, self.names)
            verdict = prove(claim)
            if verdict.proof:
                return Found(claim, verdict.proof, candidates[matrix])
            reasons.append(verdict.refused)
        raise NoMatrixForm(reasons[0])

    def candidates(self, expr: Expr) -> tuple[dict[Matrix, bool], list[str]]:
        """What the search finds in the expression as it stands and multiplied out; and why not, where it does not.

        Only where the expression needs one, a form that leaves out a diagonal is looked for as well (True).
        """
        found: dict[Matrix, bool] = {}
        reasons: list[str] = []
        with_mask = masked(expr)
        for written in dict.fromkeys((expr, with_mask)):
            for wide in (False, True):
                try:
                    found.setdefault(self.search(written, wide), written != expr)
                except NoMatrixForm as none:
                    reasons.append(none.reason)
        return found, reasons

    def search(self, expr: Expr, wide: bool) -> Matrix:
        """One candidate, with products of sums multiplied out or not."""
        symmetric = symmetric_names(self.program, self.names)
        known = with_facts(expr, symmetric, simplex_names(self.program))
        return upright(Search(self.fixed, symmetric, wide).matrix(known, self.row, self.column))
