"""The public object: a definition that can be derived, evaluated, compiled and generated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import numpy.typing as npt

from tensorderiv import pipeline
from tensorderiv.algebra.evaluate import FLOAT, evaluate_program
from tensorderiv.algebra.expression import Element, Tensor
from tensorderiv.algebra.numbers import NumberSystem
from tensorderiv.algebra.program import Domain, Program
from tensorderiv.algebra.program_text import program_text
from tensorderiv.algebra.traverse import index_names
from tensorderiv.derivation import Derivation
from tensorderiv.errors import IndexProblem, NameProblem
from tensorderiv.language import read, read_variable
from tensorderiv.language.latex import statement_latex
from tensorderiv.naming import name_from_text
from tensorderiv.progress import Watcher
from tensorderiv.timing import Dtype, Timing

if TYPE_CHECKING:
    from tensorderiv.verify import Report


Several: TypeAlias = list[str] | tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Definition:
    """A distance, a loss or any other tensor, given by index notation: a program of named quantities.

    >>> import tensorderiv as td
    >>> D = td.define("D_ij = sum_p (X_ip - X_jp)^2")
    >>> D.inputs[0].name, D.inputs[0].extents, D.output.name
    ('X', ('n', 'd'), 'D')
    >>> print(D.derive("X_kl").result)
    2 (X_il - X_jl)(delta_ik - delta_jk)
    """

    program: Program
    name: str
    _modules: dict[str, ModuleType] = field(default_factory=dict, repr=False, compare=False)

    @property
    def source(self) -> str:
        """The text it was read from."""
        return self.program.source

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors and scalars that a user supplies, in order."""
        return tuple(item.tensor for item in self.program.inputs)

    @property
    def output(self) -> Tensor:
        """What is defined: its name and extents."""
        return self.program.output.tensor

    @property
    def domain(self) -> dict[str, Domain]:
        """The domain of each input."""
        return {item.tensor.name: item.domain for item in self.program.inputs}

    @property
    def notes(self) -> tuple[str, ...]:
        """The readings chosen where the text left a choice."""
        return self.program.notes

    @overload
    def derive(self, wrt: str | None = None, *, order: int = 1) -> Derivation: ...

    @overload
    def derive(self, wrt: Several, *, order: Literal[1] = 1) -> tuple[Derivation, ...]: ...

    @overload
    def derive(self, wrt: Several, *, order: Literal[2]) -> Derivation: ...

    def derive(self, wrt: str | Several | None = None, *, order: int = 1) -> Derivation | tuple[Derivation, ...]:
        """The derivative by one entry of an input, `wrt="X_kl"` with fresh letters; default: the first real input.

        Several variables give a derivation each. With `order=2` the second derivative: by one variable twice (the second time
        with letters of its own), or by two variables. Raises NameProblem for an unknown input, IndexProblem where a letter is
        taken, RuleProblem where no law applies.

        >>> print(define("D_ij = sum_p (X_ip - X_jp)^2").derive("X_kl", order=2).result)
        2 (delta_ik - delta_jk)(delta_im - delta_jm) delta_lq
        """
        one = wrt is None or isinstance(wrt, str)
        variables = [self.variable(name) for name in ((wrt,) if wrt is None or isinstance(wrt, str) else wrt)]
        if order == 1:
            made = tuple(pipeline.derive(self.program, by) for by in variables)
            return made[0] if one else made
        if order != 2 or not 1 <= len(variables) <= 2:
            given = f"{len(variables)} variable{'s' if len(variables) != 1 else ''}"
            raise NameProblem(
                f"no derivative of order {order} by {given}", hint="order is 1 or 2; order 2 takes one variable or two"
            )
        first, *rest = variables
        then = rest[0] if rest else pipeline.second_variable(self.program, first)
        shared = index_names(first) & index_names(then)
        if shared:
            raise IndexProblem(f"{first} and {then} share {', '.join(sorted(shared))}", hint="take fresh letters for each")
        return pipeline.derive(self.program, first, then)

    def variable(self, wrt: str | None = None) -> Element:
        """The variable of differentiation as an element with fresh indices."""
        return read_variable(wrt, self.program) if wrt is not None else pipeline.default_variable(self.program)

    def evaluate(self, number: NumberSystem = FLOAT, **arrays: Any) -> npt.NDArray[Any]:
        """The value by the reference meaning (plain loops, slow and sure): axes are the output's indices.

        Raises NameProblem for a missing input, ExtentMismatch where sizes disagree, DomainProblem for labels out of range.
        """
        return evaluate_program(self.program, arrays, number)

    def compile(self, *, verified: bool = False, method: str = "exact") -> ModuleType:
        """The generated module, loaded. The second call returns the same module.

        With `verified` the oracles judge it first, which compiles every kernel in it and takes seconds to minutes; `generate`
        always does. With method="gram" sums of squared differences are taken by products of matrices, and are off by up to
        the bound that the functions' docstrings state. Raises VerificationFailed when a kernel disagrees with an oracle,
        NameProblem for an unknown method.
        """
        kind, plain = f"{method} {'verified' if verified else 'module'}", f"{method} module"
        if kind not in self._modules:
            self._modules[kind] = pipeline.compile_module(self.program, self.name, verified=verified, method=method)
            self._modules[plain] = self._modules[kind]
        return self._modules[kind]

    def to_latex(self) -> str:
        """The statements as LaTeX, one a line."""
        return " \\\\\n".join(statement_latex(statement) for statement in self.program.statements)

    def _repr_latex_(self) -> str:
        return rf"$\begin{{aligned}}{self.to_latex()}\end{{aligned}}$"

    def __str__(self) -> str:
        return program_text(self.program)

    def __repr__(self) -> str:
        return f"<Definition {self.name}: {self.program.output.element} by {', '.join(t.name for t in self.inputs) or 'nothing'}>"


def define(definition: str | Any, *, name: str | None = None) -> Definition:
    r"""A definition from text (ASCII or LaTeX, one statement a line) or from a SymPy equation.

    Raises SyntaxProblem, IndexProblem, ExtentMismatch or NameProblem with line, column and remedy.

    >>> define(r"L = \frac{1}{n} \sum_i x_i^2").evaluate(x=[1.0, 3.0]).item()
    5.0
    """
    if isinstance(definition, str):
        program = read(definition, name)
    else:
        from tensorderiv.language.sympy_in import from_sympy  # SymPy takes half a second to import, and text needs none

        program = from_sympy(definition, name)
    chosen = name or name_from_text(program.source, program.output.tensor.name)
    return Definition(replace(program, name=chosen), chosen)


def generate(
    definitions: Iterable[Definition] | Definition,
    out: str | Path = "generated",
    *,
    complete: bool = False,
    method: str = "exact",
    told: Callable[[Report], None] | None = None,
    progress: Watcher | None = None,
) -> list[Path]:
    """Write NAME.py, NAME.tex and MANIFEST.json for each definition into a folder; all are verified before any is written.

    `complete` says that these definitions are all there is to be: files of former ones are removed. `told` is called with each
    verification's report as soon as it is there, `progress` with what is being done whenever that changes. `method` is that of
    `Definition.compile`. Returns the paths that changed. Raises VerificationFailed (then nothing is written), and NameProblem for
    a name that is no Python identifier and for an unknown method.
    """
    wanted = [definitions] if isinstance(definitions, Definition) else list(definitions)
    return pipeline.generate(
        [(item.name, item.program) for item in wanted],
        Path(out),
        complete=complete,
        method=method,
        told=told,
        progress=progress,
    )


def verify(*kernels: str | Path, progress: Watcher | None = None) -> Iterator[Report]:
    """Verify generated modules again: names in tensorderiv.generated, or paths of files or folders; without any, all of them."""
    yield from pipeline.verify(kernels, progress)


def bench(
    definitions: Iterable[Definition] | Definition,
    *,
    n: int = 2000,
    d: int = 64,
    dtype: Dtype = "float64",
    progress: Watcher | None = None,
) -> Iterator[Timing]:
    """Time the kernels of each definition at n points of d coordinates, after the oracles have agreed with them.

    Times are in seconds and, by `Timing.in_gemms`, in units of a bare X @ Y.T. Raises VerificationFailed for a kernel that
    disagrees, DomainProblem where the arrays do not fit into memory.
    """
    wanted = [definitions] if isinstance(definitions, Definition) else list(definitions)
    yield from pipeline.bench([(item.name, item.program) for item in wanted], n, d, dtype, progress)
