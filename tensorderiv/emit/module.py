"""From a program to the text of its module: read this first.

1. `signature` says what the definition is: a pair function, a scalar, or another tensor;
2. the functions of that kind are planned (`lower`) over the program, its adjoint and its tangent, and their nests placed;
3. the frozen context is laid out by the template.
"""

from __future__ import annotations

from tensorderiv.algebra.build import TWO
from tensorderiv.algebra.expression import Node, Pow, Reduction
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.text import statement_text
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.arguments import label_extents, least_extents, scalar_inputs
from tensorderiv.emit.assembly import Assembly, doc_text
from tensorderiv.emit.context import ModuleText
from tensorderiv.emit.driver import PUBLIC
from tensorderiv.emit.loss import LossModule
from tensorderiv.emit.names import Names, identifier
from tensorderiv.emit.pair import PairModule
from tensorderiv.emit.render import render_module
from tensorderiv.emit.sphere import LINE, SphereModule, sphere_inputs, value_and_riemannian_grad
from tensorderiv.emit.vector_math import vector_math
from tensorderiv.lower.key import same_up_to_free
from tensorderiv.lower.lift import two_tensor
from tensorderiv.lower.setting import checked_method
from tensorderiv.lower.signature import kind_of, pair_form
from tensorderiv.lower.stable import stabilise
from tensorderiv.naming import checked_name
from tensorderiv.version import __version__


def emit(program: Program, name: str, definition: str | None = None, *, passes: bool = True, method: str = "exact") -> str:
    """The source of the generated module of a program; `definition` is the text that is quoted (default: the program's).

    Without `passes` every stored name has a plain loop nest of its own: slow, and what the passes are tested against.

    By the method "gram" passes take sums of squared differences by products of matrices (`lower/passes/gram.py` has the error).

    Raises NameProblem for a name no module can have and for an unknown method, RuleProblem where no law covers an expression.
    """
    checked_name(name)
    chosen = checked_method(method)
    text = definition if definition is not None else program.source or definition_text(program)
    with vector_math():
        stable = stabilise(program)
        assembly = Assembly(passes, chosen, brought_in(program, stable))
        return render_module(module_text(stable, name, text, assembly))


def brought_in(program: Program, stable: Program) -> frozenset[str]:
    """The names of the stable form that hold sums of squares which the definition has not: they are there for their digits."""

    def squares(program: Program, names: frozenset[str]) -> dict[str, set[Node]]:
        return {
            s.tensor.name: {
                same_up_to_free(node)[0]
                for node in walk(s.body)
                if isinstance(node, Reduction) and isinstance(node.body, Pow) and node.body.exponent == TWO
            }
            for s in program.statements
            if s.tensor.name in names
        }

    known = set().union(*squares(program, program.names).values())
    return frozenset(name for name, found in squares(stable, stable.names - program.names).items() if found - known)


def definition_text(program: Program) -> str:
    """The statements as text, one a line."""
    return "\n".join(statement_text(statement) for statement in program.statements)


def module_text(program: Program, name: str, definition: str, assembly: Assembly) -> ModuleText:
    """Everything the template needs."""
    form = pair_form(program)
    kind = kind_of(program)
    read = program
    if form is not None:
        pair = PairModule(form, assembly)
        functions = pair.functions()
        points, line = pair.constants()
        read = two_tensor(form)
    else:
        loss = LossModule(program, assembly)
        functions = loss.functions()
        if sphere_inputs(program) and loss.output.order == 0:
            functions.append(value_and_riemannian_grad(loss))
        points = "()"
        line = ", ".join(function.name for function in functions) + "."
    if sphere_inputs(program):
        functions += SphereModule(read, assembly).functions()
        line += f"\n{LINE}"
    parameters = {
        identifier(item.tensor.name): None if item.default is None else float(item.default) for item in scalar_inputs(program)
    }
    quoted = "\n".join(doc_text(row) for row in definition.strip().splitlines())
    return ModuleText(
        title=f"{name}: compiled kernels of a definition in index notation.",
        version=__version__,
        method=() if assembly.method == "exact" else (f'__method__ = "{assembly.method}"',),
        definition=quoted,
        definition_literal=_literal(definition.strip()),
        functions_line=line,
        kind=kind,
        points=points,
        parameters=repr(parameters),
        axes=tuple((shown, kind_, repr(extents)) for shown, (kind_, extents) in assembly.axes.items()),
        labels=repr(label_extents(read)),
        least=repr(least_extents(read)),
        renamed=repr({i.tensor.name: shown for i in read.inputs if (shown := shown_name(i.tensor.name)) != i.tensor.name}),
        helpers=assembly.helper_texts(),
        nests=tuple(assembly.nests),
        passes=tuple(assembly.passes),
        functions=tuple(functions),
        kernels=tuple(assembly.kernels),
        costs=tuple(assembly.costs),
    )


def shown_name(name: str) -> str:
    """The identifier of an input among the parameters of the public functions."""
    return Names(PUBLIC).of("tensor", name)


def _literal(text: str) -> str:
    """A string literal, one line of source a line of text."""
    lines = text.splitlines()
    if len(lines) <= 1:
        return repr(text)
    return "(\n" + "\n".join(f"    {line + chr(10)!r}" for line in lines[:-1]) + f"\n    {lines[-1]!r}\n)"
