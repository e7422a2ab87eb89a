"""docs/gallery/accuracy.json: how exact each generated kernel is, under the hash of the module that was measured.

A figure depends on the machine in its last digit, so that it is recorded once and kept until the module changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from tensorderiv.catalog import catalog
from tensorderiv.errors import TensorDerivError
from tensorderiv.gallery.facts import generated_folder, module_hash
from tensorderiv.gallery.files import gallery_folder
from tensorderiv.run import load
from tensorderiv.verify import verify_module


def renewed(generated: Path | None = None, record: Path | None = None) -> Iterator[tuple[str, float]]:
    """The kernels that were measured anew, each with its figure; the record is written after each.

    Raises TensorDerivError where the values of a kernel cannot be compared: it would not have been verified.
    """
    modules, file = generated or generated_folder(), record or gallery_folder() / "accuracy.json"
    hashes = {name: made for name in catalog if (made := module_hash(name, modules))}
    old = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    known = {name: old[name] for name in hashes if old.get(name, {}).get("module") == hashes[name]}
    for name in sorted(hashes.keys() - known.keys()):
        ulp = measured(name, modules)
        if not math.isfinite(ulp):
            raise TensorDerivError(f"{name}: its values could not be compared", hint=f"run `tensorderiv verify {name}`")
        known[name] = {"module": hashes[name], "ulp": round(ulp, 1)}
        _write(file, known)
        yield name, ulp
    if known != old:
        _write(file, known)


def measured(name: str, generated: Path) -> float:
    """The largest error of the values of a module, in units in the last place, at the general points of `verify`."""
    return verify_module(catalog[name].program, load(generated / f"{name}.py"), judges=()).ulp


def _write(file: Path, known: dict[str, dict[str, object]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")
