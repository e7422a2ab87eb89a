"""Generated modules with functions of a matrix pass every judge; with a fault in their linear algebra they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numba
import pytest

from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source
from tensorderiv.verify import verify_module
from tests.support.matrices import DEFINITIONS


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The module of a text as plain Python, with a change of its source."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    monkeypatch.setenv("TENSORDERIV_CACHE", str(tmp_path))

    def made(text: str, old: str = "", new: str = "") -> Any:
        source = emit(read(text, "plain"), "plain")
        assert old in source
        return load_source(source.replace(old, new) if old else source, "plain")

    return made


@pytest.mark.parametrize("name", DEFINITIONS)
def test_generated_modules_are_right(name: str, plain: Any) -> None:
    report = verify_module(read(DEFINITIONS[name], "plain"), plain(DEFINITIONS[name]))
    assert report.ok, report.failures[0]
    assert all(record.compared == record.entries for record in report.records if record.sample == "general")


FAULTS = {
    "a sign": ("quadratic form", "work[i, j] /= lu[i, i]", "work[i, j] /= -lu[i, i]"),
    "rows not put back": ("entries", "work[i, order[i]] = 1.0", "work[i, i] = 1.0"),
    "parity": ("determinant", "sign = -sign\n        for", "sign = sign\n        for"),
    "half the logarithm": ("volume", "value += math.log(", "value += 0.5 * math.log("),
    "an entry of elimination": ("marginal likelihood", "for j in range(k + 1, n):", "for j in range(k + 2, n):"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_found(fault: str, plain: Any) -> None:
    name, old, new = FAULTS[fault]
    assert not verify_module(read(DEFINITIONS[name], "plain"), plain(DEFINITIONS[name], old, new)).ok
