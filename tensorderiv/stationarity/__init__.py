"""Is a configuration stationary, and what is it there? Start at `stationary`."""

from tensorderiv.stationarity.deciding import stationary
from tensorderiv.stationarity.report import Stationarity

__all__ = ["Stationarity", "stationary"]
