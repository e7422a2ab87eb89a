"""Documents: a .tex or .md file, a pasted post or bare lines -> the derivations in it. Start at `read_document`."""

from tensorderiv.checker.document.read import read_document

__all__ = ["read_document"]
