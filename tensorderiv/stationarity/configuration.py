"""Where a loss is asked to be stationary: inputs given by formulas, `X_ip = v_p`, in further free inputs.

The right side is read in the names of the definition; names it does not know are free, and what is found holds for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tensorderiv.algebra.build import ZERO, number
from tensorderiv.algebra.expression import Element, Expr
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.algebra.traverse import rewrite, tensors
from tensorderiv.errors import ExtentMismatch, NameProblem, SyntaxProblem, TensorDerivError
from tensorderiv.language import read


@dataclass(frozen=True)
class Configuration:
    """Statements that give some inputs of a program, in an order in which each speaks of earlier ones; and what stays free."""

    program: Program
    given: tuple[Statement, ...]
    """Of inputs of the program, and of names that help to say them."""

    free: tuple[Input, ...]
    """The inputs that are left, and the new ones."""

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs that are given, in the order of the program."""
        known = {statement.tensor.name for statement in self.given}
        return tuple(item.tensor.name for item in self.program.inputs if item.tensor.name in known)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The configuration, then the definition."""
        return (*self.given, *self.program.statements)

    @property
    def inside(self) -> Program:
        """The definition with the configuration put in."""
        return Program(self.program.name, self.free, self.statements)


def configured(program: Program, texts: Iterable[str], params: Mapping[str, float]) -> Configuration:
    """The configuration that the texts say, each `X_ip = ...`; declarations and names may stand in lines before it.

    Raises NameProblem for what is no input, or given twice, or given by itself; ExtentMismatch where a free input has two shapes;
    and what reading a definition raises.
    """
    given: dict[str, Statement] = {}
    helpers: dict[str, Statement] = {}
    new: dict[str, Input] = {}
    for text in texts:
        target, found = _read(program, text)
        own = found.statements[-1]
        if target in given:
            raise NameProblem(f"{target} is given twice", hint="say it once")
        item = program.input(target)
        assert item is not None
        given[target] = Statement(item.tensor, own.indices, _without(own.body, own.tensor.name + AUXILIARY))
        for statement in found.statements[:-1]:
            if statement.tensor.name in program.names or helpers.setdefault(statement.tensor.name, statement) != statement:
                raise NameProblem(f"{statement.tensor.name} has a meaning already", hint="take another name")
        for other in found.inputs:
            name = other.tensor.name
            if program.input(name) is None and name != own.tensor.name + AUXILIARY:
                first = new.setdefault(name, other)
                if first.tensor != other.tensor:
                    raise ExtentMismatch(f"{name} has two shapes in the configuration", hint="take two names")
                if first.domain == Domain():
                    new[name] = other
    for name, value in params.items():
        item = program.input(name)
        if item is None or item.tensor.order or item.tensor.integer:
            scalars = ", ".join(i.tensor.name for i in program.inputs if not i.tensor.order) or "none"
            raise NameProblem(f"{program.name} has no scalar {name}", hint=f"its scalars are {scalars}")
        if name in given:
            raise NameProblem(f"{name} is given twice", hint="say it once")
        given[name] = Statement(item.tensor, (), number(Fraction(str(value))))
    ordered = _in_order([*helpers.values(), *given.values()])
    left = tuple(item for item in program.inputs if item.tensor.name not in given)
    return Configuration(program, ordered, (*left, *new.values()))


AUXILIARY = "aux"
"""X_ip = 1 is read as X_ip = (1) + Xaux_ip: that says how many values i and p take, and is taken away again."""


def _read(program: Program, text: str) -> tuple[str, Program]:
    """The name of the input that is given, and the text as a program whose last statement has the auxiliary term."""
    *before, last = [line for line in text.replace(";", "\n").splitlines() if line.strip()] or [""]
    left, equals, right = last.partition("=")
    left = left.strip()
    if not equals or not right.strip():
        raise SyntaxProblem(f"{text!r} gives no input", hint='a configuration looks like "X_ip = v_p"')
    inputs = sorted((item for item in program.inputs), key=lambda item: -len(item.tensor.name))
    item = next((i for i in inputs if left.startswith(i.tensor.name) and left[len(i.tensor.name) :][:1] in ("", "_", "[")), None)
    if item is None:
        known = ", ".join(i.tensor.name for i in program.inputs)
        raise NameProblem(f"{left} is no input of {program.name}", hint=f"its inputs are {known}")
    name = item.tensor.name
    if item.tensor.integer:
        raise NameProblem(f"{name} holds labels", hint="give real inputs")
    subscripts = left[len(name) :]
    auxiliary = replace(item, tensor=replace(item.tensor, name=name + AUXILIARY), domain=Domain(), default=None)
    known_inputs = [i for i in program.inputs if i.tensor.name != name]
    declared = [_declaration(i) for i in [auxiliary, *known_inputs]]
    lines = [*declared, *before, f"{name}{subscripts} = ({right.strip()}) + {name}{AUXILIARY}{subscripts}"]
    try:
        found = read("\n".join(lines))
    except TensorDerivError as error:
        message = error.message.replace(f"{name}{AUXILIARY}", name)
        raise type(error)(f"{text!r}: {message}", hint=error.hint) from None
    if len(found.output.indices) != item.tensor.order:
        raise ExtentMismatch(f"{text!r}: {name} has {item.tensor.order} indices")
    return name, found


def _declaration(item: Input) -> str:
    """The line that declares an input, without its domain."""
    tensor = item.tensor
    axes = f"[{','.join(map(str, tensor.extents))}]" if tensor.order else ""
    if tensor.integer:
        return f"labels {tensor.name}{axes}" + (f" in {item.label_extent}" if item.label_extent is not None else "")
    return f"{'tensor' if tensor.order else 'scalar'} {tensor.name}{axes}"


def _without(expr: Expr, name: str) -> Expr:
    """The sum without the auxiliary term."""
    return rewrite(expr, lambda node: ZERO if isinstance(node, Element) and node.tensor.name == name else node)


def _in_order(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Each behind those that it speaks of. Raises NameProblem where they go round in a circle."""
    waiting, done = list(statements), list[Statement]()
    while waiting:
        names = {statement.tensor.name for statement in waiting}
        ready = [statement for statement in waiting if not tensors(statement.body) & names]
        if not ready:
            raise NameProblem(f"{', '.join(sorted(names))} are given by one another", hint="give one of them by something free")
        done += ready
        waiting = [statement for statement in waiting if statement not in ready]
    return tuple(done)
