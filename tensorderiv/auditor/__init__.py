"""Hand-written gradients in Python judged against a definition. Start at `audit`."""

from tensorderiv.auditor.auditing import audit
from tensorderiv.auditor.loading import load_function
from tensorderiv.auditor.report import Audit, Finding

__all__ = ["Audit", "Finding", "audit", "load_function"]
