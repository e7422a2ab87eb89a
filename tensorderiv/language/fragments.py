"""Reading in the names of a program: expressions that the tool printed, and the variable of a derivative."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Index, fresh_names
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import free_indices, substitute_expr
from tensorderiv.errors import DomainProblem, IndexProblem, NameProblem, SyntaxProblem
from tensorderiv.language import guess, infer, reader
from tensorderiv.language import surface as s
from tensorderiv.language.ahead import Known
from tensorderiv.language.elaborate import Elaborator, Symbol
from tensorderiv.language.extents import Extents
from tensorderiv.language.naming import Relabel
from tensorderiv.language.open_extents import index_uses, same_letters
from tensorderiv.language.scan import scan
from tensorderiv.language.source import Source, make_source
from tensorderiv.language.statements import Definition, Raw, arrange, definition, read_side, sides_of, split, survey
from tensorderiv.language.tokens import Token
from tensorderiv.language.values import Array, Value
from tensorderiv.language.vectors import letters
from tensorderiv.language.writing import respelled


def read_expression(text: str, program: Program, free: Sequence[Index] = ()) -> tuple[tuple[Statement, ...], Expr]:
    """An expression in the names of a program, with the statements of its `where` lines.

    Indices that nothing binds are free; those of `free` have the extents given there, the others those of the axes where
    they stand. A left-hand side (`D_ij = ...`) may be written and is left out.

    Raises: the errors of `read`; NameProblem for names the program does not know.
    """
    source = make_source(text)
    names = program.names
    raws = respelled(split(with_digits(scan(source), names), source), source, names)
    if not raws:
        raise SyntaxProblem("an expression is missing", place=source.place(0), hint="write one")
    known = survey(raws, names, frozenset(name for name in names if order(program, name)))
    notes: list[str] = []
    main = [number for number, raw in enumerate(raws) if not raw.where and len(sides_of(raw)) == 1]
    whole = (
        main[0] if main else next((number for number in range(len(raws) - 1, -1, -1) if not raws[number].where), len(raws) - 1)
    )
    if len(main) > 1:
        second = raws[main[1]].tokens
        raise source.problem(
            "two expressions are written", second[0].start, second[-1].end, "write one, and names behind `where`"
        )
    definitions = [definition(raw, source, known, notes) for number, raw in enumerate(raws) if number != whole]
    head = expression_of(raws[whole], source, known, notes)
    blocks = arrange(
        [
            Definition("", (), None, (head,), head.place, words=words_of(raws[whole])),
            *(replace_where(item) for item in definitions),
        ]
    )
    found = guess.survey(blocks, {name: order(program, name) for name in names}, frozenset())
    sizes = frozenset(extent for item in program.inputs for extent in item.tensor.extents if isinstance(extent, str))
    fixed = {name: order(program, name) for name in names} | dict.fromkeys(sizes - names, 0)
    infer.infer(infer.Text(blocks, found, fixed, sizes - names, closed=False, bound=tuple(index.name for index in free)))
    scope = Elaborator(Extents(), found, names | frozenset(item.name for item in blocks))
    scope.free = True
    enter(scope, program, frozenset(item.name for item in definitions))
    given = []
    for index in free:
        variable = scope.extents.fresh(f"the index {index.name}")
        scope.extents.fix(variable, index.extent, f"the index {index.name}", None)
        given.append(Index(index.name, variable))
    reading = reader.Reading(source, notes=notes)
    scope.notes = notes
    for item in blocks[:-1]:
        scope.own = item.name
        scope.free = False
        reader.elaborate_statement(scope, reading, item, (), last=True)
    scope.free, scope.own = True, ""
    with scope.binding(given):
        expr = indexed(scope, scope.value(head), given, head)
    reading.statements += scope.pending
    unknown = next(
        (symbol for symbol in scope.symbols.values() if symbol.role == "input" and symbol.name not in names and symbol.extents),
        None,
    )
    if unknown is not None:
        raise NameProblem(f"{unknown.name} is not known here", place=unknown.place, hint=scope.close(sorted(names), unknown.name))
    return close(scope, reading, program, expr)


def with_digits(tokens: Sequence[Token], names: frozenset[str]) -> list[Token]:
    """m_{0} is the name m0 and i_{1} the index i1, as they are printed in LaTeX, unless a tensor is called m or i."""
    made: list[Token] = []
    for token in tokens:
        made.append(token)
        if [part.kind for part in made[-4:]] != ["NAME", "SUBOPEN", "NUMBER", "SUBCLOSE"] or token.text != "}":
            continue
        name, digits = made[-4], made[-2].text
        behind_where = len(made) > 4 and made[-5].kind == "WHERE"
        if name.text not in names and not behind_where and digits.isdigit():
            made[-4:] = [replace(name, text=name.text + digits, end=token.end)]
    return made


def indexed(scope: Elaborator, value: Value, given: Sequence[Index], head: s.Node) -> Expr:
    """The expression; the axes of a matrix or a vector are the given indices that it does not use, in order.

    Raises: IndexProblem when there are not as many.
    """
    if not isinstance(value, Array):
        return value
    own = {index.name for index in free_indices(value.body)}
    rest = [index for index in given if index.name not in own]
    if not given:
        return letters(scope, value, "i")[0]
    if len(rest) != len(value.axes):
        raise scope.vector_problem(value, head.place)
    for axis, index in zip(value.axes, rest, strict=True):
        scope.extents.join(cast(str, axis.extent), cast(str, index.extent), head.place)
    return substitute_expr(value.body, dict(zip(value.axes, rest, strict=True)))


def close(scope: Elaborator, reading: reader.Reading, program: Program, expr: Expr) -> tuple[tuple[Statement, ...], Expr]:
    """Final extents; a scalar nobody knows must be the name of an extent."""
    bodies = [body for _, _, bodies, _ in reading.statements for body in bodies]
    extents_known = frozenset(extent for item in program.inputs for extent in item.tensor.extents if isinstance(extent, str))
    unnamed(scope, [*bodies, expr], program)
    for symbol in scope.symbols.values():
        if symbol.role == "input" and symbol.name not in program.names and symbol.name not in extents_known:
            hint = scope.close(sorted(program.names), symbol.name)
            raise NameProblem(f"{symbol.name} is not known here", place=symbol.place, hint=hint)
    relabel = Relabel(scope.extents, extents_known - program.names)
    statements = tuple(
        Statement(relabel.tensor(symbol.tensor), tuple(relabel.index(index) for index in indices), relabel.expr(sides[-1]))
        for symbol, indices, sides, _ in reading.statements
    )
    return statements, relabel.expr(expr)


def unnamed(scope: Elaborator, bodies: Sequence[Expr], program: Program) -> None:
    """Indices in no tensor take the extent of the same letter elsewhere, in the text or in the program."""
    letters: dict[int, list[str]] = {}
    for body in bodies:
        for letter, extent in index_uses(body):
            if isinstance(extent, str) and extent.startswith("?"):
                letters.setdefault(scope.extents.find(extent), []).append(letter)
    same_letters(scope, letters)
    elsewhere: dict[str, dict[object, None]] = {}
    for statement in program.statements:
        for index in statement.indices:
            elsewhere.setdefault(index.name, {})[index.extent] = None
        for letter, extent in index_uses(statement.body):
            elsewhere.setdefault(letter, {})[extent] = None
    for root, names in letters.items():
        if scope.extents.get(f"?{root}") is None:
            for name in names:
                known = list(elsewhere.get(name, {}))
                if len(known) == 1:
                    scope.extents.fix(f"?{root}", known[0], f"the index {name}", None)  # type: ignore[arg-type]
                    break


def replace_where(item: Definition) -> Definition:
    return Definition(item.name, item.subscripts, item.parameters, item.sides, item.place, True, item.words)


def words_of(raw: Raw) -> frozenset[str]:
    return frozenset(token.text for token in raw.tokens if token.kind == "NAME")


def expression_of(raw: Raw, source: Source, known: Known, notes: list[str]) -> s.Node:
    sides = sides_of(raw)
    return read_side(sides[-1], source, known, notes, raw.tokens[-1])


def order(program: Program, name: str) -> int:
    tensor = tensor_of(program, name)
    return tensor.order if tensor else 0


def tensor_of(program: Program, name: str) -> Tensor | None:
    item = program.input(name)
    if item is not None:
        return item.tensor
    statement = program.statement(name)
    return statement.tensor if statement else None


def enter(scope: Elaborator, program: Program, without: frozenset[str]) -> None:
    """The tensors of a program as symbols; their extents are fixed."""
    for tensor in [item.tensor for item in program.inputs] + [item.tensor for item in program.statements]:
        if tensor.name in without:
            continue
        variables = []
        for number, extent in enumerate(tensor.extents):
            what = f"axis {number + 1} of {tensor.name}"
            variables.append(scope.extents.fresh(what))
            scope.extents.fix(variables[-1], extent, what, None)
        symbol = Symbol(tensor.name, tuple(variables), tensor.integer)
        if tensor.integer:
            symbol.labels = scope.extents.fresh(f"the values of {tensor.name}")
            item = program.input(tensor.name)
            if item is not None and item.label_extent is not None:
                scope.extents.fix(symbol.labels, item.label_extent, f"the values of {tensor.name}", None)
        scope.symbols[tensor.name] = symbol


def read_variable(text: str, program: Program) -> Element:
    """The variable of a derivative, e.g. X_kl: an element of an input with fresh letters.

    Raises: NameProblem for an unknown tensor; IndexProblem for a wrong number of indices, or letters that are free in the
    output; DomainProblem for labels.
    """
    source = make_source(text)
    raws = split(scan(source), source)
    if len(raws) != 1 or len(sides_of(raws[0])) != 1:
        raise SyntaxProblem(
            "a variable is one element of a tensor", place=source.place(0, max(1, len(text))), hint="write e.g. X_kl"
        )
    known = survey(raws, program.names)
    node = read_side(list(raws[0].tokens), source, known, [], raws[0].tokens[0])
    if not isinstance(node, s.Ref):
        raise SyntaxProblem("a variable is one element of a tensor", place=node.place, hint="write e.g. X_kl")
    item = program.input(node.name)
    inputs = [one.tensor.name for one in program.inputs]
    if item is None:
        if program.statement(node.name) is not None:
            message = f"{node.name} is defined by the program; derivatives are taken by its inputs"
            raise NameProblem(message, place=node.place, hint=f"take one of {', '.join(inputs)}")
        near = difflib.get_close_matches(node.name, inputs, 1) or [name for name in inputs if name == node.name.upper()]
        hint = f"did you mean {near[0]}?" if near else f"the inputs are {', '.join(inputs) or 'none'}"
        raise NameProblem(f"the definition has no tensor {node.name}", place=node.place, hint=hint)
    tensor = item.tensor
    example = suggestion(program, tensor)
    if tensor.integer:
        raise DomainProblem(
            f"{tensor.name} holds integer labels: no derivative is taken by it", place=node.place, hint="take a real tensor"
        )
    subscripts = node.subscripts or ()
    if len(subscripts) != tensor.order:
        count = f"{tensor.order} {'index' if tensor.order == 1 else 'indices'}"
        raise IndexProblem(f"{tensor.name} has {count}, {len(subscripts)} are written", place=node.place, hint=f"write {example}")
    taken = {index.name for index in program.output.indices}
    indices: list[Index] = []
    for sub, extent in zip(subscripts, tensor.extents, strict=True):
        if not (isinstance(sub, s.Ref) and sub.subscripts is None):
            raise IndexProblem("the variable of a derivative has letters as indices", place=sub.place, hint=f"write {example}")
        if sub.name in taken:
            raise IndexProblem(
                f"the index {sub.name} is free in {program.output.tensor.name}",
                place=sub.place,
                hint=f"take fresh letters, e.g. {example}",
            )
        if any(index.name == sub.name for index in indices):
            raise IndexProblem(f"the index {sub.name} stands twice", place=sub.place, hint=f"take fresh letters, e.g. {example}")
        if program.input(sub.name) is not None or program.statement(sub.name) is not None:
            raise IndexProblem(
                f"{sub.name} is a tensor and stands as an index", place=sub.place, hint=f"take fresh letters, e.g. {example}"
            )
        indices.append(Index(sub.name, extent))
    return Element(tensor, tuple(indices))


def suggestion(program: Program, tensor: Tensor) -> str:
    """The tensor with letters that are free to take."""
    taken = {index.name for index in program.output.indices} | set(program.names)
    letters = []
    for _ in tensor.extents:
        letters.append(next(fresh_names("k", taken)))
        taken.add(letters[-1])
    if not letters:
        return tensor.name
    joined = "".join(letters) if all(len(letter) == 1 for letter in letters) else "{" + ",".join(letters) + "}"
    return f"{tensor.name}_{joined}"


__all__ = ["read_expression", "read_variable"]
