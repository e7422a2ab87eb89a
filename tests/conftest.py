"""One profile for property tests: the same examples in every run, so that a failure is a change of ours.

`HYPOTHESIS_PROFILE=explore make test` looks for new ones instead; what it finds becomes a test of its own.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("repeat", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)
settings.register_profile("explore", deadline=None, max_examples=500, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))
