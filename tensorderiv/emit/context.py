"""What the templates receive: finished text in frozen records. Every decision has been taken before one of these is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NestText:
    """One compiled loop nest."""

    name: str
    parameters: tuple[str, ...]
    parallel: bool
    summary: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class FunctionText:
    """One public function: a driver in Python, or a compiled scalar function."""

    name: str
    signature: str
    doc: str
    lines: tuple[str, ...]
    compiled: bool = False


@dataclass(frozen=True)
class KernelText:
    """What `kernels()` says of a public function: its nests, and the sizes of its temporaries as monomials, largest first."""

    name: str
    nests: str
    temporaries: str


@dataclass(frozen=True)
class CostText:
    """Operations and bytes of a nest, as tuples of (factor, extents)."""

    name: str
    operations: str
    bytes: str


@dataclass(frozen=True)
class ModuleText:
    """A whole generated module."""

    title: str
    version: str
    method: tuple[str, ...]
    """The line that names the method, where it is not the usual one."""
    definition: str
    definition_literal: str
    functions_line: str
    kind: str
    points: str
    parameters: str
    axes: tuple[tuple[str, str, str], ...]
    labels: str
    least: str
    renamed: str
    helpers: tuple[str, ...]
    nests: tuple[NestText, ...]
    passes: tuple[str, ...]
    functions: tuple[FunctionText, ...]
    kernels: tuple[KernelText, ...]
    costs: tuple[CostText, ...]
