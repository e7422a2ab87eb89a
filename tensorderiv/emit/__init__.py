"""From loop nests to the text of a module, and its files. Start at `module.emit`."""

from tensorderiv.emit.module import emit
from tensorderiv.emit.write import Generated, read_manifest, write

__all__ = ["Generated", "emit", "read_manifest", "write"]
