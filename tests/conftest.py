"""Which tests run, and what property tests try.

Tests marked `rotating` compile much: one run takes a third of them (or one of as many as the mark says), others every day, and
those of kernels that were changed. `make test-all` takes all of them, as does naming a test.

One profile for property tests: the same examples in every run, so that a failure is a change of ours.
`HYPOTHESIS_PROFILE=explore make test` looks for new ones instead; what it finds becomes a test of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("repeat", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)
settings.register_profile("explore", deadline=None, max_examples=500, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

TURN = os.environ.setdefault("TENSORDERIV_TURN", str(date.today().toordinal()))
"""Whose turn it is: a number, the day, or "all". Workers inherit it."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rotating(one_of=3): so many runs take turns (TENSORDERIV_TURN)")


def pytest_report_header() -> str:
    return f"rotating tests: {'all' if TURN == 'all' else f'turn {TURN}, and changed kernels'} (TENSORDERIV_TURN)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out rotating tests whose turn it is not, unless tests were asked for by name."""
    if TURN == "all" or config.option.keyword or any("::" in argument for argument in config.args):
        return
    changed, seen, left_out = changed_kernels(), Counter[str](), []
    for item in items:
        mark = item.get_closest_marker("rotating")
        if mark is None:
            continue
        one_of = mark.kwargs.get("one_of", 3)
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        name = item.callspec.params.get("name") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        if seen[test] % one_of != int(TURN) % one_of and name not in changed:
            left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def changed_kernels() -> set[str]:
    """The kernels in generated/ that differ from the commit before the last one; none where there is no such commit."""
    root = Path(__file__).parents[1]
    command = ["git", "diff", "--name-only", "HEAD~1", "--", "generated"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return {Path(line).stem for line in found.stdout.split() if line.endswith(".py")}
