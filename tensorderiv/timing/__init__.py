"""How long the functions of a kernel module take, in milliseconds and in GEMMs; results are checked before they are timed."""

from tensorderiv.timing.result import Spread, Timed, Timing
from tensorderiv.timing.timing import Dtype, time_module

__all__ = ["Dtype", "Spread", "Timed", "Timing", "time_module"]
