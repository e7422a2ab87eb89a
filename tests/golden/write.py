"""Write the golden derivations and pages: `make golden`, or `python -m tests.golden.write` from the root of the repository.

One text document each, for every entry of the catalogue and every definition of `tests/derivation/definitions.py`, by its first
variable; and a few pages of the gallery. Read the difference before you commit it: each changed line is a change of what
users read.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.derivations import ALL, derivation_of
from tests.support.pages import pages

FOLDER = Path(__file__).parent / "derivations"
PAGES = Path(__file__).parent / "gallery"


def documents() -> dict[str, str]:
    """File name -> the derivation as text."""
    first: dict[str, str] = {}
    for name, target in ALL:
        first.setdefault(name, target)
    return {f"{name}.txt": str(derivation_of(name, target)) for name, target in first.items()}


def stale(folder: Path, wanted: dict[str, str]) -> list[str]:
    """The files of the folder that are missing, different, or of no derivation any more."""
    here = {path.name for path in folder.iterdir()}
    changed = [name for name, text in wanted.items() if name not in here or (folder / name).read_bytes() != text.encode()]
    return changed + sorted(here - wanted.keys())


def write(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Bring the folder up to date; what changed is returned."""
    changed = stale(folder, wanted)
    for name in changed:
        if name in wanted:
            (folder / name).write_bytes(wanted[name].encode())
        else:
            (folder / name).unlink()
    return changed


if __name__ == "__main__":
    for folder, wanted in ((FOLDER, documents()), (PAGES, pages())):
        for changed in write(folder, wanted):
            print(f"wrote {folder.name}/{changed}")
