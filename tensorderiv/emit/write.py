"""Files of generated modules: NAME.py, NAME.tex, MANIFEST.json; all of them or none.

The manifest says of every module what it was made from and what came out: hash of inputs -> hash of outputs. Files of entries
that are no longer wanted are removed, but only files the manifest names.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tensorderiv.errors import NameProblem, TensorDerivError
from tensorderiv.naming import checked_name
from tensorderiv.version import __version__

MANIFEST = "MANIFEST.json"


@dataclass(frozen=True)
class Generated:
    """What is written for one definition: its name, its text, the module's source, the derivation as LaTeX ("" for none), the
    method of its kernels.
    """

    name: str
    definition: str
    source: str
    tex: str = ""
    method: str = "exact"

    def files(self) -> dict[str, str]:
        """File name -> content."""
        made = {f"{self.name}.py": self.source}
        if self.tex:
            made[f"{self.name}.tex"] = self.tex
        return made


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def replace_file(file: Path, content: str) -> None:
    """Write a file at once: readers see the old content or the new, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_manifest(folder: Path) -> dict[str, dict[str, object]]:
    """The entries of a folder's manifest by name; empty when there is none. Raises TensorDerivError when it cannot be read."""
    file = folder / MANIFEST
    if not file.is_file():
        return {}
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["entries"]
        return {str(entry["name"]): dict(entry) for entry in entries}
    except (ValueError, KeyError, TypeError) as error:
        raise TensorDerivError(f"{file} is no manifest of generated kernels", hint="remove it and generate again") from error


def manifest_entry(item: Generated) -> dict[str, object]:
    """Hash of inputs -> hash of outputs."""
    usual = item.method == "exact"
    return {
        "name": item.name,
        **({} if usual else {"method": item.method}),
        "inputs": digest(f"{__version__}\n{item.definition}" + ("" if usual else f"\nmethod {item.method}")),
        "outputs": {name: digest(content) for name, content in sorted(item.files().items())},
    }


def write(items: Sequence[Generated], folder: str | os.PathLike[str], *, complete: bool = False) -> tuple[Path, ...]:
    """Write the modules into the folder and bring the manifest up to date; returns the files that changed.

    With `complete` the items are all there is to be: entries of the manifest that are not among them go, with their files.
    Everything is written to temporary files first, so a failure leaves the folder as it was. Raises NameProblem for a name that
    is no module name, for two items of one name, and where the output would replace a file the manifest does not name.
    """
    names = [checked_name(item.name) for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NameProblem(f"two definitions are called {twice[0]}", hint="give each its own name")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    before = read_manifest(target)
    entries = {} if complete else dict(before)
    wanted: dict[str, str] = {}
    for item in items:
        entries[item.name] = manifest_entry(item)
        wanted.update(item.files())
    stale = sorted(_files_of(before) - _files_of(entries))
    _refuse_strangers(target, wanted, before)
    shown = {"tool": f"tensorderiv {__version__}", "entries": [entries[name] for name in sorted(entries)]}
    wanted[MANIFEST] = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
    return _replace_all(target, wanted, stale)


def _files_of(entries: Mapping[str, Mapping[str, object]]) -> set[str]:
    """The files an entry may own: by its name, never by what the manifest says of paths."""
    found = set()
    for name, entry in entries.items():
        outputs = entry.get("outputs")
        listed = set(outputs) if isinstance(outputs, dict) else set()
        found |= {f"{name}{suffix}" for suffix in (".py", ".tex") if f"{name}{suffix}" in listed and "/" not in name}
    return found


def _refuse_strangers(target: Path, wanted: Mapping[str, str], before: Mapping[str, Mapping[str, object]]) -> None:
    """A file that stands there and is not ours is not overwritten."""
    ours = _files_of(before)
    for name in wanted:
        file = target / name
        if name in ours or not file.exists():
            continue
        if file.is_dir() or "Generated by tensorderiv" not in file.read_text(encoding="utf-8", errors="replace")[:2000]:
            raise NameProblem(f"{file} exists and was not generated", hint="choose another name or folder")


def _replace_all(target: Path, wanted: Mapping[str, str], stale: Sequence[str]) -> tuple[Path, ...]:
    """Write temporaries for everything that changes, then move them into place, the manifest last."""
    changed = [name for name, content in wanted.items() if not _same(target / name, content)]
    changed.sort(key=lambda name: (name == MANIFEST, name))
    with tempfile.TemporaryDirectory(dir=target, prefix=".writing-") as scratch:
        for name in changed:
            with (Path(scratch) / name).open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(wanted[name])
        with _uninterrupted():
            for name in changed:
                (Path(scratch) / name).replace(target / name)
            for name in stale:
                (target / name).unlink(missing_ok=True)
    return tuple(target / name for name in [*changed, *stale])


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until all files stand in their places: some of them moved would be neither the old state nor the new."""
    if threading.current_thread() is not threading.main_thread():  # which Ctrl-C never reaches
        yield
        return
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
        if caught:
            signal.raise_signal(signal.SIGINT)


def _same(file: Path, content: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == content
