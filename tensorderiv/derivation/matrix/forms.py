"""Which matrix forms a derivation has, and the names that they use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tensorderiv.algebra.build import mul, total
from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import tensors
from tensorderiv.contract.driver import contract
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.derive import derive
from tensorderiv.derivation.matrix.expression import Matrix, Named, Scalar, Scaled
from tensorderiv.derivation.matrix.flops import Scale, index_count, matrix_count
from tensorderiv.derivation.matrix.frame import Frame
from tensorderiv.derivation.matrix.proof import Claim
from tensorderiv.derivation.matrix.refusal import NoMatrixForm
from tensorderiv.derivation.matrix.spelling import walk
from tensorderiv.errors import TensorDerivError
from tensorderiv.simplify import finish


@dataclass(frozen=True)
class Definition:
    """A name that a form uses, by its matrix form where it has one."""

    statement: Statement
    matrix: Matrix | None


@dataclass(frozen=True)
class MatrixForm:
    """A matrix expression that equals `claim.expr`, how that is known, and what both cost.

    `kind`: "value" (the derivative has at most two axes and is the matrix), "entry" (the derivative by one entry, a matrix in the
    output's indices), "cotangent" (the gradient of the sum of G D, G of the output's shape) or "direction" (the second derivative
    applied to V, of the variable's shape). `extra` is that G or V.
    """

    kind: str
    claim: Claim
    proof: str
    index_flops: str
    matrix_flops: str
    masked: bool = False
    definitions: tuple[Definition, ...] = ()
    extra: Tensor | None = None

    @property
    def matrix(self) -> Matrix:
        """The form."""
        return self.claim.matrix


@dataclass(frozen=True)
class Refusal:
    """No matrix form, and why."""

    kind: str
    reason: str


def matrix_forms(derivation: Derivation) -> tuple[MatrixForm | Refusal, ...]:
    """All forms looked for, found or refused; none is returned that did not pass the proof."""
    result, output = derivation.result, derivation.program.output
    axes = result.axes
    if len(axes) <= 2:
        return (attempt("value", result.expr, frame_of(derivation, axes, axes)),)
    if derivation.order == 2:
        return (direction_form(derivation),)
    outer, inner = output.indices, axes[len(output.indices) :]
    if len(outer) > 2:
        return (Refusal("entry", f"{output.tensor.name} has {len(outer)} indices"),)
    if len(inner) > 2:
        return (Refusal("entry", f"{derivation.wrt.tensor.name} has {len(inner)} indices"),)
    return (attempt("entry", result.expr, frame_of(derivation, outer, axes, inner)), cotangent_form(derivation))


def frame_of(derivation: Derivation, rows: tuple[Index, ...], axes: tuple[Index, ...], fixed: tuple[Index, ...] = ()) -> Frame:
    """The frame of a derivation's result with these indices for row and column."""
    return Frame.of(derivation.program, derivation.result.names, rows, axes, fixed)


def attempt(kind: str, expr: Expr, frame: Frame, extra: Tensor | None = None) -> MatrixForm | Refusal:
    """The form of one expression."""
    try:
        found = frame.best(expr)
    except NoMatrixForm as none:
        return Refusal(kind, none.reason)
    scale = Scale(frame.program)
    loops = tuple(index for index in (frame.row, frame.column) if index is not None)
    index_flops = scale.text(index_count(expr, loops))
    matrix_flops = scale.text(matrix_count(found.claim.matrix, scale))
    return MatrixForm(kind, found.claim, found.proof, index_flops, matrix_flops, found.masked, definitions_of(found.claim), extra)


def cotangent_form(derivation: Derivation) -> MatrixForm | Refusal:
    """The gradient of sum_ij G_ij D_ij, G a new input, by the same variable."""
    program, output = derivation.program, derivation.program.output
    cotangent = Tensor(free_name(program, "GWCQAUVSTRP"), output.tensor.extents)
    loss = Tensor(next(name for name in ("L", "F", "phi", "loss", "objective") if name not in {*program.names, cotangent.name}))
    body = total(output.indices, mul(Element(cotangent, output.indices), output.element))
    statements = (*program.statements, Statement(loss, (), body))
    extended = replace(program, inputs=(*program.inputs, Input(cotangent)), statements=statements)
    try:
        gradient = derive(extended, derivation.wrt)
    except TensorDerivError as error:
        return Refusal("cotangent", error.message)
    axes = gradient.result.axes
    return attempt("cotangent", gradient.expr, frame_of(gradient, axes, axes), cotangent)


def direction_form(derivation: Derivation) -> MatrixForm | Refusal:
    """The second derivative of a number applied to a direction V: sum_mq V_mq d2L/(dX dX_mq)."""
    program, result = derivation.program, derivation.result
    first, second = (tuple(i for i in variable.subscripts if isinstance(i, Index)) for variable in derivation.variables)
    if program.output.indices or max(len(first), len(second)) > 2:
        return Refusal("direction", f"the second derivative has {len(result.axes)} indices")
    direction = Tensor(free_name(program, "VUWRGQA"), derivation.variables[1].tensor.extents)
    applied = finish(contract(total(second, mul(Element(direction, second), result.expr))), program.statements)
    extended = replace(program, inputs=(*program.inputs, Input(direction)))
    return attempt("direction", applied, Frame.of(extended, result.names, first, first), direction)


def free_name(program: Program, letters: str) -> str:
    """The first letter that names neither a quantity nor an extent."""
    taken = program.names | {str(extent) for item in program.inputs for extent in item.tensor.extents}
    return next((letter for letter in letters if letter not in taken), "cotangent")


def definitions_of(claim: Claim) -> tuple[Definition, ...]:
    """The names that a form uses, directly or through one another, in the order of the program."""
    statements = (*claim.program.statements, *claim.names)
    by_name = {statement.tensor.name: statement for statement in statements}
    made: dict[str, Definition] = {}
    wanted = names_in(claim.matrix)
    while wanted:
        name = wanted.pop()
        if name in by_name and name not in made:
            made[name] = definition_of(by_name[name], claim)
            matrix = made[name].matrix
            wanted |= names_in(matrix) if matrix is not None else tensors(by_name[name].body)
    return tuple(made[statement.tensor.name] for statement in statements if statement.tensor.name in made)


def names_in(matrix: Matrix) -> set[str]:
    """The tensors that a form speaks of."""
    found: set[str] = set()
    for part in walk(matrix):
        found |= set(_own_names(part))
    return found


def _own_names(part: Matrix) -> Iterable[str]:
    match part:
        case Named(tensor):
            return (tensor.name,)
        case Scalar(value) | Scaled(value, _, _):
            return tensors(value)
    return ()


def definition_of(statement: Statement, claim: Claim) -> Definition:
    """One name in matrix form, where that is found."""
    if len(statement.indices) > 2:
        return Definition(statement, None)
    try:
        found = Frame.of(claim.program, claim.names, statement.indices, statement.indices).best(statement.body)
    except NoMatrixForm:
        return Definition(statement, None)
    return Definition(statement, found.claim.matrix)
