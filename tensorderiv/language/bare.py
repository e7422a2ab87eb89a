"""A definition without its left-hand side: the letters that nothing binds are its indices."""

from __future__ import annotations

from collections.abc import Sequence

from tensorderiv.algebra.program import Program
from tensorderiv.language import chains, lift, reader
from tensorderiv.language import surface as s
from tensorderiv.language.domains import declarations, is_membership, membership
from tensorderiv.language.source import Source
from tensorderiv.language.statements import Definition, Raw, arrange, definition, is_declaration, read_side, sides_of, survey


def is_bare(text: str) -> bool:
    """Whether the text ends in an expression without a left-hand side."""
    _, raws = reader.raw_statements(text)
    return _bare(raws) is not None


def read_bare(text: str, name: str = "value") -> Program:
    """The program of a text whose last statement has no left-hand side; the output's indices are those that nothing binds.

    A text with a left-hand side is read as `read` does. Raises the errors of `read`.

    >>> program = read_bare("sum_p (X_ip - X_jp)^2")
    >>> [index.name for index in program.output.indices], program.inputs[0].tensor.extents
    (['i', 'j'], ('n', 'd'))
    """
    source, raws = reader.raw_statements(text)
    bare = _bare(raws)
    if bare is None:
        found = reader.read_program(text)
        for sides, places in found.chains:
            chains.check(found.program, sides, places)
        return found.program
    words = {token.text for raw in raws for token in raw.tokens}
    while name in words:
        name += "1"
    letters = _letters(_reading(source, raws, bare, name, ()))
    return reader.build_program(_reading(source, raws, bare, name, letters), name).program


def _bare(raws: Sequence[Raw]) -> Raw | None:
    """The last statement that explains no other, where it has no left-hand side."""
    main = [raw for raw in raws if not (raw.where or is_declaration(raw.tokens) or is_membership(raw.tokens))]
    return main[-1] if main and len(sides_of(main[-1])) == 1 else None


def _reading(source: Source, raws: Sequence[Raw], bare: Raw, name: str, letters: Sequence[str]) -> reader.Reading:
    """The parsed statements; the bare one has the name and the letters as its left-hand side."""
    reading = reader.Reading(source)
    for raw in raws:
        if is_declaration(raw.tokens):
            reading.declared += declarations(raw.tokens, source)
        elif is_membership(raw.tokens):
            reading.declared += membership(raw.tokens, source)
    kept = [raw for raw in raws if not is_membership(raw.tokens)]
    known = survey(kept, frozenset(item.name for item in reading.declared))
    found = []
    for raw in kept:
        if raw is bare:
            head = read_side(list(raw.tokens), source, known, reading.notes, raw.tokens[-1])
            subscripts = tuple(s.Ref(head.place, letter, None) for letter in letters)
            used = frozenset(token.text for token in raw.tokens if token.kind == "NAME")
            found.append(Definition(name, subscripts, None, (head,), head.place, words=used))
        elif not is_declaration(raw.tokens):
            found.append(definition(raw, source, known, reading.notes))
    reading.definitions = arrange(found)
    return reading


def _letters(reading: reader.Reading) -> tuple[str, ...]:
    """The letters that nothing binds in the last statement, in order of appearance."""
    reader.check_names(reading)
    reader.drop_arguments(reading)
    scope = reader.make_scope(reading)
    lifting = lift.plan(reading.definitions, scope, {item.name: item for item in reading.declared})
    for item in reading.definitions[:-1]:
        scope.own = item.name
        if item.parameters is not None:
            scope.functions[item.name] = item
            if item.name not in lifting.lifted:
                continue
        reader.elaborate_statement(scope, reading, item, lifting.prefix(item), last=False)
    last = reading.definitions[-1]
    scope.own, scope.free = last.name, True
    scope.value(last.sides[0])
    return tuple(scope.scope)
