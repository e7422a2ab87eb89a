"""The judges: brute force, autodiff and finite differences against kernels that they know nothing about."""

from tensorderiv.verify.report import Record, Report
from tensorderiv.verify.verify import verify_module

__all__ = ["Record", "Report", "verify_module"]
