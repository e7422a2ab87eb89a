"""The derivative as a table: its value by which of its indices coincide, and how many entries there are of each kind."""

from tensorderiv.derivation.cases.check import disagreement
from tensorderiv.derivation.cases.section import case_section
from tensorderiv.derivation.cases.table import Case, CaseTable, case_table

__all__ = ["Case", "CaseTable", "case_section", "case_table", "disagreement"]
