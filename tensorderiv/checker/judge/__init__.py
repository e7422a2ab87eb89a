"""Which line of a derivation is the first wrong one, and where it differs from the line before. Start at `judge`."""

from tensorderiv.checker.judge.judging import MOST_EXPLAINING, SECONDS, Explain, judge
from tensorderiv.checker.judge.step import Explanation, WrongStep
from tensorderiv.checker.judge.verdict import Answer, LineReport, Problem, Report, Slip
from tensorderiv.checker.meaning import Jacobian

__all__ = [
    "MOST_EXPLAINING",
    "SECONDS",
    "Answer",
    "Explain",
    "Explanation",
    "Jacobian",
    "LineReport",
    "Problem",
    "Report",
    "Slip",
    "WrongStep",
    "judge",
]
