"""Where the derivative is not what the formula says: kinks, singular points, and what is done there.

Every sqrt, division, logarithm, modulus, maximum, arccos, ... of the definition that depends on the variable is looked at. The
kinds: "kink" (continuous, a subgradient is chosen), "singular" (no derivative there), "removable" (a limit exists and is used),
"domain" (the expression is undefined beyond), "jump" (piecewise constant: derivative 0 between the jumps).
"""

from __future__ import annotations

from collections.abc import Iterator

from tensorderiv.algebra.expression import (
    Derivative,
    Element,
    Expr,
    Function,
    MatrixFunction,
    Number,
    Pow,
    Reduction,
    Select,
)
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.sign import Signs
from tensorderiv.algebra.traverse import walk
from tensorderiv.derivation.derivation import Condition
from tensorderiv.differentiate.laws import Context

SUBGRADIENT_ZERO = "the subgradient 0 is taken: the numerator is exactly 0 there, and 0/0 is read as 0"
UNDEFINED = "not differentiable there; what the formula may give is no derivative (a factor that is exactly 0 gives 0)"
VARIABLE_EXPONENT = "a power with a variable exponent; 0 times anything is read as 0"
INDEPENDENT = "its entries are differentiated as if they were independent; a symmetric change moves two of them, so add both"
SINGULAR = "the matrix is singular: every entry of its inverse is nan, the logarithm of its determinant is -inf"
ADJUGATE = (
    "the matrix is singular: its determinant has a derivative there, the matrix of cofactors, but det times the inverse does "
    "not give it; 0 times an entry that is nan is read as 0"
)

ANGLE = (
    "the slope is infinite there; of a cosine <u, v> / (|u| |v|) the kernels compute the angle as 2 atan2(|u' - v'|, |u' + v'|) "
    "with unit u' and v', and take the subgradient 0"
)


def conditions_of(program: Program, wrt: frozenset[str]) -> tuple[Condition, ...]:
    """The conditions of the derivative by the inputs in `wrt`, each once, in the order of the definition."""
    context = Context.of(program, wrt)
    signs, bare = Signs(program), Signs(program, use_domains=False)
    found: dict[Condition, None] = {}
    for statement in program.statements:
        for node in walk(statement.body):
            if not isinstance(node, Expr) or isinstance(node, Derivative):
                continue
            if context.depends(node):
                at = _at(node, statement, signs, bare)
            else:
                at = _divisor(node, signs) if statement.tensor.name in context.active else iter(())
            for condition in at:
                found[condition] = None
    for variable in wrt:
        for condition in _symmetric(variable, program):
            found[condition] = None
    singular = {condition.where for condition in found if condition.kind == "singular"}
    return tuple(c for c in found if c.kind != "kink" or c.where not in singular)


def _at(node: Expr, statement: Statement, signs: Signs, bare: Signs) -> Iterator[Condition]:
    """The conditions one node brings."""
    match node:
        case Function("sqrt", (u,)) if not signs.positive(u):
            yield from _root(_named(node, statement, u), u, signs, bare)
        case Pow(base, Number(value)) if value < 0 and not signs.positive(base):
            yield Condition(f"{_generic(_same_zero(base), signs)} = 0", "singular", UNDEFINED)
        case Pow(base, Number(value)) if 0 < value < 1 and not signs.positive(base):
            yield from _root(f"{base} = 0", base, signs, bare)
        case Pow(base, Number(value)) if value.denominator > 1 and not signs.nonnegative(base):
            yield Condition(f"{base} < 0", "domain", "undefined: a negative base has no real power")
        case Pow(base, exponent) if not isinstance(exponent, Number) and not signs.positive(base):
            yield Condition(f"{_same_zero(base)} = 0", "singular", VARIABLE_EXPONENT)
            if not signs.nonnegative(base):
                yield Condition(f"{base} < 0", "domain", "undefined: a negative base has no real power")
        case MatrixFunction(name, matrix):
            yield from _whole_matrix(name, matrix.name, signs)
        case Function(name, args):
            yield from _function(node, name, args, signs)
        case Reduction("max" | "min", _, _, _):
            yield Condition(f"a tie in {node}", "kink", "the subgradient of the first element that attains the extremum is taken")
        case Select(condition, _, _):
            yield Condition(
                f"the boundary of {condition}", "kink", "on the boundary the derivative of the case that holds counts"
            )


def _whole_matrix(name: str, matrix: str, signs: Signs) -> Iterator[Condition]:
    """An inverse, and a derivative that is written with one, needs a matrix that is not singular."""
    if signs.definite(matrix):
        return
    yield Condition(f"det({matrix}) = 0", "singular", ADJUGATE if name == "det" else SINGULAR)
    if name == "logdet":
        yield Condition(f"det({matrix}) < 0", "domain", "undefined: the result is nan")


def _generic(expr: Expr, signs: Signs) -> Expr:
    """A named quantity by its own indices: what holds for N_j is said once, of N_i."""
    if isinstance(expr, Element) and expr.tensor.name in signs.bodies:
        return signs.bodies[expr.tensor.name].element
    return expr


def _divisor(node: Expr, signs: Signs) -> Iterator[Condition]:
    """What is divided by stays a divisor of the derivative, also where it does not move with the variable."""
    match node:
        case Pow(base, Number(value)) if value < 0 and not isinstance(base, Number) and not signs.positive(base):
            yield Condition(f"{_generic(_same_zero(base), signs)} = 0", "singular", UNDEFINED)


def _symmetric(name: str, program: Program) -> Iterator[Condition]:
    """A derivative by an entry of a symmetric matrix is taken as if the entries were independent."""
    item = program.input(name)
    if item is not None and item.domain.kind in ("symmetric", "spd"):
        yield Condition(f"{name} symmetric", "domain", INDEPENDENT)


def _same_zero(expr: Expr) -> Expr:
    """|u| and sqrt(u) are 0 where u is: the place is told once."""
    while isinstance(expr, Function) and expr.name in ("abs", "sqrt"):
        expr = expr.args[0]
    return expr


def _root(where: str, radicand: Expr, signs: Signs, bare: Signs) -> Iterator[Condition]:
    if bare.nonnegative(radicand) and not isinstance(radicand, Element):
        yield Condition(where, "kink", SUBGRADIENT_ZERO)
    else:
        yield Condition(where, "singular", "the slope of the root is infinite there; " + UNDEFINED)
        if not signs.nonnegative(radicand):
            yield Condition(f"{radicand} < 0", "domain", "undefined: the result is nan")


def _named(node: Expr, statement: Statement, radicand: Expr) -> str:
    """The place by the name of the quantity, where the root is a named quantity."""
    return f"{statement.element} = 0" if statement.body == node and statement.indices else f"{radicand} = 0"


def _function(node: Function, name: str, args: tuple[Expr, ...], signs: Signs) -> Iterator[Condition]:
    u = args[0]
    if name in {"log", "log2"} and not signs.positive(u):
        yield Condition(f"{u} = 0", "singular", UNDEFINED)
        if not signs.nonnegative(u):
            yield Condition(f"{u} < 0", "domain", "undefined: the result is nan")
    elif name == "log1p" and not signs.nonnegative(u):
        yield Condition(f"{u} <= -1", "domain", "undefined: the result is -inf or nan")
    elif name == "abs" and not signs.positive(u):
        yield Condition(f"{u} = 0", "kink", "the subgradient sign(0) = 0 is taken")
    elif name == "relu":
        yield Condition(f"{u} = 0", "kink", "the value is 0 and the subgradient 0 is taken")
    elif name in {"max", "min"}:
        yield _tie(name, args)
    elif name == "acos":
        yield Condition(f"{u} = 1 or {u} = -1", "singular", ANGLE)
    elif name in {"asin", "atanh"}:
        yield Condition(f"{u} = 1 or {u} = -1", "singular", "the slope is infinite there; " + UNDEFINED)
    elif name == "acosh":
        yield Condition(f"{u} = 1", "singular", "the slope is infinite there; a numerator that is exactly 0 gives 0")
    elif name in {"sign", "floor"}:
        yield Condition(f"a jump of {node}", "jump", "the derivative is 0 between the jumps, and 0 is taken at them")
    elif name == "atan2":
        yield Condition(f"{args[0]} = 0 and {args[1]} = 0", "singular", UNDEFINED)


def _tie(name: str, args: tuple[Expr, ...]) -> Condition:
    """At a tie the constant argument wins, so a hinge max(0, u) has value 0 and subgradient 0 at u = 0."""
    numbers = [arg for arg in args if isinstance(arg, Number)]
    if len(args) == 2 and len(numbers) == 1:
        (u,) = [arg for arg in args if not isinstance(arg, Number)]
        at = f"{u} = {numbers[0]}"
        return Condition(at, "kink", f"the hinge has value {numbers[0]} there, and the subgradient 0 is taken")
    shown = ", ".join(str(arg) for arg in args)
    return Condition(f"a tie of {shown}", "kink", "the first argument that attains it counts (a constant before others)")
