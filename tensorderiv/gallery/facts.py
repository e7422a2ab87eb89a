"""What was made and measured of an entry: recorded by other commands, read here, never measured while a page is made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tensorderiv.emit import read_manifest
from tensorderiv.emit.render import templates_folder
from tensorderiv.errors import TensorDerivError

OURS = "tensorderiv"
"""What the measurements call the kernels of this package."""


@dataclass(frozen=True)
class Timed:
    """A row of docs/performance.json: our seconds, and those of the fastest other package that is as exact."""

    work: str
    sizes: tuple[tuple[str, int], ...]
    dtype: str
    seconds: float
    peer: str = ""
    peer_seconds: float = 0.0


@dataclass(frozen=True)
class Facts:
    """`ulp`: the largest error of the kernel's values in units in the last place, None where it was not measured."""

    generated: bool = False
    ulp: float | None = None
    timed: tuple[Timed, ...] = ()
    machine: str = ""


NOTHING = Facts()
"""Nothing is known: no kernel, no measurement."""


def docs_folder() -> Path:
    """docs/ of a checkout; it need not exist, for an installed package has none."""
    return templates_folder().parent / "docs"


def generated_folder() -> Path:
    return Path(str(files("tensorderiv.generated")))


def facts_of(names: Iterable[str], generated: Path | None = None, docs: Path | None = None) -> Facts:
    """What is recorded under any of the names of an entry, its own name first.

    Raises TensorDerivError for a record that cannot be read.
    """
    known = tuple(names)
    where = docs or docs_folder()
    module = module_hash(known[0], generated or generated_folder())
    performance = _read(where / "performance.json")
    accuracy = _read(where / "gallery" / "accuracy.json").get(known[0], {})
    return Facts(
        generated=bool(module),
        ulp=accuracy["ulp"] if module and accuracy.get("module") == module else None,
        timed=tuple(_timed(row) for row in performance.get("rows", ()) if row["task"] in known and _seconds(row, OURS)),
        machine=str(performance.get("machine", "")),
    )


def module_hash(name: str, generated: Path) -> str:
    """The hash of the generated module, by its manifest; "" where there is none."""
    outputs = read_manifest(generated).get(name, {}).get("outputs")
    return str(outputs[f"{name}.py"]) if isinstance(outputs, dict) else ""


@cache
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    """The content of a record; `changed` is when it was written, so that a new one is read again."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TensorDerivError(f"{path} is no JSON", hint="remove it and measure again") from error
    if not isinstance(found, dict):
        raise TensorDerivError(f"{path} holds no record of measurements", hint="remove it and measure again")
    return found


def _read(path: Path) -> dict[str, Any]:
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


def _timed(row: Mapping[str, Any]) -> Timed:
    peers = [entry["peer"] for entry in row["entries"] if entry["peer"] != OURS and entry["status"] == "timed"]
    times = [(seconds, peer) for peer in peers if (seconds := _seconds(row, peer))]
    seconds, peer = min(times, default=(0.0, ""))
    return Timed(row["group"], tuple(row["sizes"].items()), row["dtype"], _seconds(row, OURS), peer, seconds)


def _seconds(row: Mapping[str, Any], peer: str) -> float:
    """The median of a peer in a row; 0 where it was not timed."""
    timings = [entry["timing"] for entry in row["entries"] if entry["peer"] == peer and entry["timing"]]
    return float(timings[0]["median"]) if timings else 0.0
