"""From a program to loop nests: signature, stages, schedule, nest. Start at `plan.lower`."""

from tensorderiv.lower.plan import Plan, Stage, lower
from tensorderiv.lower.signature import PairForm, kind_of, pair_form

__all__ = ["PairForm", "Plan", "Stage", "kind_of", "lower", "pair_form"]
