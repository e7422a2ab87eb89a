"""Reading: LaTeX of one line of a hand derivation -> the tree of what was written."""

from tensorderiv.checker.reading.lines import read_definition, read_definitions, read_equation, read_line, split
from tensorderiv.checker.reading.spelling import normal
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.reading.vocabulary import Vocabulary

__all__ = ["Unreadable", "Vocabulary", "normal", "read_definition", "read_definitions", "read_equation", "read_line", "split"]
