"""Which tests run, and what property tests try.

Tests marked `rotating` compile much: one run takes a third of them, another one every day, and those of kernels that were
changed. `make test-all` takes all of them, as does naming a test.

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

THIRD = os.environ.setdefault("TENSORDERIV_THIRD", str(date.today().toordinal() % 3))
"""Which third: "0", "1", "2", or "all". Workers inherit it."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rotating: a third of these tests runs in one run of all tests (TENSORDERIV_THIRD)")


def pytest_report_header() -> str:
    return f"rotating tests: {'all' if THIRD == 'all' else f'third {THIRD}, and changed kernels'} (TENSORDERIV_THIRD)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out two thirds of each rotating test, unless tests were asked for by name."""
    if THIRD == "all" or config.option.keyword or any("::" in argument for argument in config.args):
        return
    changed, seen, left_out = changed_kernels(), Counter[str](), []
    for item in items:
        if item.get_closest_marker("rotating") is None:
            continue
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        name = item.callspec.params.get("name") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        if str(seen[test] % 3) != THIRD and name not in changed:
            left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def changed_kernels() -> set[str]:
    """The kernels in generated/ that differ from the commit before the last one; none where there is no such commit."""
    root = Path(__file__).parents[1]
    command = ["git", "diff", "--name-only", "HEAD~1", "--", "generated"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return {Path(line).stem for line in found.stdout.split() if line.endswith(".py")}
