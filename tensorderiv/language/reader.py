"""From text to program: the stages of reading in order.

text -> source -> raw tokens -> statements -> surface trees -> survey of uses -> elaboration -> names of extents -> Program
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.errors import IndexProblem, NameProblem, Place, SyntaxProblem
from tensorderiv.language import guess, infer, lift, matrices, signs, vectors
from tensorderiv.language import surface as s
from tensorderiv.language.domains import Declaration, declarations, is_membership, membership
from tensorderiv.language.elaborate import Elaborator, Symbol
from tensorderiv.language.extents import Extents
from tensorderiv.language.naming import Relabel
from tensorderiv.language.open_extents import name_extents, ordered_inputs
from tensorderiv.language.scan import scan
from tensorderiv.language.scope import Elaborated
from tensorderiv.language.source import Source, make_source
from tensorderiv.language.statements import Definition, Raw, arrange, definition, is_declaration, split, survey
from tensorderiv.language.values import Array
from tensorderiv.language.writing import respelled


@dataclass
class Reading:
    """One text on its way to a program."""

    source: Source
    declared: list[Declaration] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    statements: list[Elaborated] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Read:
    """A program and, for each chain, the statement by each of its sides."""

    program: Program
    chains: tuple[tuple[tuple[Statement, ...], tuple[Place, ...]], ...]


def raw_statements(text: str) -> tuple[Source, list[Raw]]:
    source = make_source(text)
    return source, respelled(split(scan(source), source), source)


def read_program(text: str, name: str | None = None) -> Read:
    """The program of a text, with the sides of its chains.

    Raises: SyntaxProblem, NameProblem, IndexProblem, ExtentMismatch, DomainProblem, each with its place.
    """
    source, raws = raw_statements(text)
    reading = Reading(source)
    for raw in raws:
        if is_declaration(raw.tokens):
            reading.declared += declarations(raw.tokens, source)
        elif is_membership(raw.tokens):
            reading.declared += membership(raw.tokens, source)
    raws = [raw for raw in raws if not is_membership(raw.tokens)]
    names = {item.name: bool(item.extents) for item in reading.declared}
    known = survey(raws, frozenset(names), frozenset(name for name in names if names[name]))
    found = [definition(raw, source, known, reading.notes) for raw in raws if not is_declaration(raw.tokens)]
    if not found:
        raise SyntaxProblem("the text defines nothing", place=source.place(0), hint="write e.g. D_ij = sum_p (X_ip - X_jp)^2")
    reading.definitions = arrange(found)
    return build_program(reading, name)


def build_program(reading: Reading, name: str | None) -> Read:
    """The program of parsed statements."""
    check_names(reading)
    drop_arguments(reading)
    scope = make_scope(reading)
    lifting = lift.plan(reading.definitions, scope, {item.name: item for item in reading.declared})
    for number, item in enumerate(reading.definitions):
        scope.later = frozenset(other.name for other in reading.definitions[number + 1 :]) - {item.name}
        scope.own = item.name
        if item.parameters is not None:
            scope.functions[item.name] = item
            if item.name not in lifting.lifted:
                continue
        elaborate_statement(scope, reading, item, lifting.prefix(item), last=number == len(reading.definitions) - 1)
    lift.join_untouched(scope, lifting)
    return finish(scope, reading, name)


def check_names(reading: Reading) -> None:
    """Each name is declared once and defined once."""
    seen: dict[str, str] = {}
    for item in reading.declared:
        if item.name in seen:
            raise NameProblem(f"{item.name} is declared twice", place=item.place, hint="declare it once")
        seen[item.name] = "declared"
    for statement in reading.definitions:
        if statement.name in seen:
            how = "declared already" if seen[statement.name] == "declared" else "defined twice"
            raise NameProblem(f"{statement.name} is {how}", place=statement.place, hint="give one of them another name")
        seen[statement.name] = "defined"


def drop_arguments(reading: Reading) -> None:
    """L(X) = ... and L(w, b) = ..., which nobody calls, are statements: their arguments are inputs."""
    for item in reading.definitions:
        called = any(item.name in other.words for other in reading.definitions if other is not item)
        if item.parameters is None or called or guess.is_pair_function(item):
            continue
        names = ", ".join(name for name, _ in item.parameters)
        reading.notes.append(f"{item.name}({names}) is read as {item.name}, which depends on {names}")
        item.parameters = None


def make_scope(reading: Reading) -> Elaborator:
    """The elaborator with the declared tensors in it."""
    parameters = frozenset(name for item in reading.definitions for name, _ in item.parameters or ())
    fixed = {item.name: len(item.extents) for item in reading.declared}
    found = guess.survey(reading.definitions, fixed, parameters - set(fixed))
    sizes = frozenset(extent for item in reading.declared for extent in item.extents if isinstance(extent, str))
    infer.infer(infer.Text(reading.definitions, found, fixed, sizes))
    taken = frozenset(found.uses) | frozenset(fixed) | frozenset(item.name for item in reading.definitions)
    scope = Elaborator(Extents(), found, taken - found.subscript_names | frozenset(item.name for item in reading.definitions))
    scope.notes = reading.notes
    scope.zero_based = any(counts_from_zero(side) for item in reading.definitions for side in item.sides)
    for item in reading.declared:
        if item.name in parameters:
            continue  # the vector of a pair function: `lift` makes it a row
        declare(scope, item)
    return scope


def declare(scope: Elaborator, item: Declaration) -> None:
    variables = []
    for number, extent in enumerate(item.extents):
        what = f"axis {number + 1} of {item.name}"
        variable = scope.extents.fresh(what)
        scope.extents.fix(variable, extent, what, item.place)
        variables.append(variable)
    symbol = Symbol(item.name, tuple(variables), item.integer, place=item.place)
    if item.integer:
        symbol.labels = scope.extents.fresh(f"the values of {item.name}")
        if item.label_extent is not None:
            scope.extents.fix(symbol.labels, item.label_extent, f"the values of {item.name}", item.place)
            symbol.indexes = True
    scope.symbols[item.name] = symbol


def counts_from_zero(node: s.Node) -> bool:
    """Whether some sum starts at 0."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, s.Reduce) and part.bounds.upper is not None:
            for item in part.bounds.items:
                match item:
                    case s.Comparison(_, s.Ref(), (("=", s.Num(_, value)),)) if value == 0:
                        return True
        todo.extend(s.children(part))
    return False


def left_indices(scope: Elaborator, item: Definition) -> tuple[Index, ...]:
    """The indices of the left-hand side.

    Raises: IndexProblem when one is no letter, stands twice, or is a tensor.
    """
    found: list[Index] = []
    for sub in item.subscripts:
        if not (isinstance(sub, s.Ref) and sub.subscripts is None):
            raise IndexProblem("the left-hand side has letters as indices", place=sub.place, hint=f"write {item.name}_ij = ...")
        if any(index.name == sub.name for index in found):
            raise IndexProblem(
                f"the index {sub.name} stands twice on the left-hand side", place=sub.place, hint="use two letters"
            )
        if sub.name in scope.symbols or sub.name in scope.rows:
            raise IndexProblem(
                f"{sub.name} is a tensor and stands as an index", place=sub.place, hint="take another letter for the index"
            )
        found.append(Index(sub.name, scope.extents.fresh(f"the index {sub.name}")))
    return tuple(found)


def elaborate_statement(scope: Elaborator, reading: Reading, item: Definition, prefix: tuple[Index, ...], *, last: bool) -> None:
    """Elaborate all sides of a statement and enter its name."""
    indices = left_indices(scope, item)
    scope.left = frozenset(index.name for index in indices)
    bodies: list[Expr] = []
    axes: tuple[Index, ...] = ()
    for side in item.sides:
        scope.used = set()
        with scope.binding(indices):
            value = scope.value(side)
        reading.statements += scope.pending
        scope.pending = []
        if isinstance(value, Array) and last and (indices or prefix):
            raise scope.vector_problem(value, side.place)
        unused = next((index for index in indices if index.name not in scope.used), None)
        if unused is not None:
            place = next(sub.place for sub in item.subscripts if isinstance(sub, s.Ref) and sub.name == unused.name)
            raise IndexProblem(
                f"the index {unused.name} stands on the left only",
                place=place,
                hint=f"leave it out, or write 1_{unused.name} on the right",
            )
        if isinstance(value, Array):
            with scope.binding(indices):
                body, chosen = vectors.letters(scope, value, "p" if prefix or signs.indexed(side) else "i")
            if axes:
                for one, two in zip(chosen, axes, strict=True):
                    scope.extents.join(cast(str, one.extent), cast(str, two.extent), side.place)
                body = substitute_expr(body, dict(zip(chosen, axes, strict=True)))
            axes = axes or chosen
            bodies.append(body)
            letters = "".join(index.name for index in indices + axes)
            what = {1: "a vector", 2: "a matrix"}.get(len(axes), "an array")
            scope.note(f"{item.name} is {what}: {item.name}_{letters}")
        else:
            bodies.append(value)
    everything = prefix + indices + axes
    symbol = Symbol(
        item.name, tuple(cast(str, index.extent) for index in everything), role="statement", prefix=prefix, place=item.place
    )
    scope.symbols[item.name] = symbol
    reading.statements.append((symbol, everything, tuple(bodies), item.sides))


def finish(scope: Elaborator, reading: Reading, name: str | None) -> Read:
    """Name the extents and write the program."""
    declared = {item.name: item for item in reading.declared}
    name_extents(scope, [body for _, _, bodies, _ in reading.statements for body in bodies], frozenset(declared))
    names = frozenset(scope.extents.names())
    sizes = frozenset(
        item.name for item in ordered_inputs(scope) if not item.extents and item.name not in declared and item.name in names
    )
    relabel = Relabel(scope.extents, sizes)
    matrices.note_inputs(scope, ordered_inputs(scope), declared, relabel.tensor)
    chains = []
    statements = []
    for symbol, indices, bodies, sides in reading.statements:
        try:
            done = [
                Statement(relabel.tensor(symbol.tensor), tuple(relabel.index(i) for i in indices), relabel.expr(body))
                for body in bodies
            ]
        except IndexProblem as error:
            raise IndexProblem(error.message, place=error.place or sides[-1].place, hint=error.hint) from None
        statements.append(done[-1])
        if len(done) > 1:
            chains.append((tuple(done), tuple(side.place for side in sides)))
    inputs = []
    parameters = {row.name: key for key, row in scope.rows.items()}
    for symbol in ordered_inputs(scope):
        if symbol.name in sizes:
            continue
        item = declared.get(symbol.name) or declared.get(parameters.get(symbol.name, ""))
        label = scope.extents.get(symbol.labels) if symbol.labels and symbol.indexes else None
        domain = item.domain if item else Domain("labels") if symbol.integer else Domain()
        inputs.append(Input(relabel.tensor(symbol.tensor), domain, item.default if item else None, label))
    program = Program(
        name or reading.definitions[-1].name, tuple(inputs), tuple(statements), reading.source.original, tuple(scope.notes)
    )
    return Read(program, tuple(chains))


__all__ = ["Read", "Reading", "raw_statements", "read_program"]
