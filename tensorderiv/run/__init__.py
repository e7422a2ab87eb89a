"""Generated modules, loaded."""

from tensorderiv.run.load import compile_program, load, load_source

__all__ = ["compile_program", "load", "load_source"]
