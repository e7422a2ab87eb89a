"""The stages in order: start reading here.

    text -> language.read -> Program -> derivation.derive -> Derivation -> documents
                                     -> emit.emit (lower inside) -> source -> run.load -> verify -> emit.write
                                                                                       -> timing

Nothing is decided in this file; each line is one stage, and each stage's package says what it needs and what it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from tensorderiv.algebra.expression import Element, Tensor
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.traverse import index_names
from tensorderiv.derivation import Derivation
from tensorderiv.derivation import derive as derivation_of
from tensorderiv.emit import Generated, emit, read_manifest, write
from tensorderiv.errors import NameProblem, VerificationFailed
from tensorderiv.language import read
from tensorderiv.naming import checked_name
from tensorderiv.progress import Watcher, reporter, unheard
from tensorderiv.run import load, load_source
from tensorderiv.timing import Dtype, Timing, time_module
from tensorderiv.verify import Report, verify_module

Doing = Callable[[str], None]
"""Hears, in a few words, what is under way."""


def default_variable(program: Program) -> Element:
    """The input that is differentiated by when none is named, with letters that occur nowhere in the definition.

    It is the first real tensor that has an index of the output (the points, rather than a matrix between them), else the first
    real tensor, else the first scalar.
    """
    real = [item.tensor for item in program.inputs if not item.tensor.integer]
    if not real:
        raise NameProblem(f"{program.output.tensor.name} has no real input to differentiate by")
    rows = set(program.output.tensor.extents)
    return variable_of(program, next((t for t in real if rows & set(t.extents)), next((t for t in real if t.order), real[0])))


def variable_of(program: Program, tensor: Tensor) -> Element:
    """An element of an input, with letters that name nothing in the definition: neither an index nor a tensor."""
    taken = {name for statement in program.statements for name in index_names(statement.body) | index_names(statement.element)}
    taken |= program.names
    chosen: list[Index] = []
    for letter, extent in zip("klmopq" * tensor.order, tensor.extents, strict=False):
        index = Index(letter, extent)
        chosen.append(fresh(index, taken) if letter in taken else index)
        taken.add(chosen[-1].name)
    return Element(tensor, tuple(chosen))


def second_variable(program: Program, by: Element) -> Element:
    """The same input once more, with letters that are neither the first variable's nor any of the definition."""
    taken = {name for statement in program.statements for name in index_names(statement.body) | index_names(statement.element)}
    taken |= index_names(by)
    chosen: list[Index] = []
    for letter, extent in zip("mqrstu" * by.tensor.order, by.tensor.extents, strict=False):
        chosen.append(fresh(Index(letter, extent), taken))
        taken.add(chosen[-1].name)
    return Element(by.tensor, tuple(chosen))


def derive(program: Program, by: Element, then: Element | None = None) -> Derivation:
    """Program -> Derivation; by two variables: the second derivative."""
    return derivation_of(program, by, then)


def make(program: Program, name: str, doing: Doing = unheard, method: str = "exact") -> Generated:
    """Program -> the texts that are written for it: module, derivation as LaTeX, definition."""
    doing("deriving")
    tex = derive(program, default_variable(program)).document("latex")
    doing("emitting")
    return Generated(checked_name(name), program.source, emit(program, name, method=method), tex, method)


def check(program: Program, name: str, module: ModuleType, doing: Doing = unheard) -> Report:
    """Program, module -> Report. Raises VerificationFailed where any oracle disagrees."""
    report = verify_module(replace(program, name=name), module, doing=doing)
    if not report.ok:
        first = report.failures[0]
        raise VerificationFailed(f"{name} was not written: {len(report.failures)} checks failed, the first: {first}")
    return report


def compile_module(program: Program, name: str, *, verified: bool = False, method: str = "exact") -> ModuleType:
    """Program -> the loaded module, judged by the oracles first where `verified` is asked for."""
    module = load_source(emit(program, checked_name(name), method=method), name)
    if verified:
        check(program, name, module)
    return module


def generate(
    wanted: Sequence[tuple[str, Program]],
    out: Path,
    *,
    complete: bool = False,
    method: str = "exact",
    told: Callable[[Report], None] | None = None,
    progress: Watcher | None = None,
) -> list[Path]:
    """Programs -> files in a folder. All are made and judged before any is written; `told` hears each verdict as it comes."""
    if out.exists() and not out.is_dir():
        raise NameProblem(f"{out} is a file", hint="give a folder to write into")
    hears = [reporter(progress, name, number, len(wanted)) for number, (name, _) in enumerate(wanted, start=1)]
    made = [make(program, name, doing, method) for (name, program), doing in zip(wanted, hears, strict=True)]
    for item, (name, program), doing in zip(made, wanted, hears, strict=True):
        report = check(program, name, load_source(item.source, name), doing)
        if told is not None:
            told(report)
    return list(write(made, out, complete=complete))


def held(folder: Path) -> tuple[str, ...]:
    """The names of the kernels that a folder holds, by its manifest."""
    return tuple(sorted(read_manifest(folder)))


def verify(kernels: Sequence[str | Path], progress: Watcher | None = None) -> Iterator[Report]:
    """Names in tensorderiv.generated, or paths of modules or folders -> one Report each."""
    folder = Path(str(files("tensorderiv.generated")))
    wanted = [found for kernel in kernels for found in _modules(kernel, folder)] or _in_folder(folder)
    for number, file in enumerate(wanted, start=1):
        module = load(file)
        doing = reporter(progress, file.stem, number, len(wanted))
        yield verify_module(read(module.__definition__, file.stem), module, doing=doing)


def bench(
    wanted: Sequence[tuple[str, Program]], n: int, d: int, dtype: Dtype = "float64", progress: Watcher | None = None
) -> Iterator[Timing]:
    """Programs -> one Timing each. Each is emitted into a folder of its own, where a first call finds no machine code."""
    for number, (name, program) in enumerate(wanted, start=1):
        doing = reporter(progress, name, number, len(wanted))
        doing("emitting")
        with TemporaryDirectory(prefix="tensorderiv-bench-") as folder:
            file = Path(folder) / f"{checked_name(name)}.py"
            file.write_text(emit(program, name), encoding="utf-8")
            yield time_module(replace(program, name=name), load(file), n=n, d=d, dtype=dtype, doing=doing)


def _modules(kernel: str | Path, generated: Path) -> list[Path]:
    """The module files that one argument of `verify` stands for."""
    path = Path(kernel)
    if path.is_dir():
        return _in_folder(path)
    named = generated / f"{kernel}.py"
    return [path if path.suffix == ".py" or not named.is_file() else named]


def _in_folder(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.py") if file.stem != "__init__")
