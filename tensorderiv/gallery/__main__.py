"""`python -m tensorderiv.gallery` writes docs/gallery/; with `accuracy` it measures the kernels that have no record there."""

from __future__ import annotations

import sys

from tensorderiv.catalog import catalog
from tensorderiv.gallery.files import build, gallery_folder, write
from tensorderiv.gallery.measuring import renewed


def main(arguments: list[str]) -> int:
    """0, or 2 for an argument that is none."""
    if arguments not in ([], ["accuracy"]):
        print("python -m tensorderiv.gallery [accuracy]", file=sys.stderr)
        return 2
    if arguments:
        for name, ulp in renewed():
            print(f"{name}: values within {ulp:.1f} ulp", flush=True)
        return 0
    for name in write(gallery_folder(), dict(build(catalog))):
        print(f"renewed docs/gallery/{name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
