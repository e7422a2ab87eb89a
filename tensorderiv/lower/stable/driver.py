"""All stable forms, applied to a program from its first statement to its last."""

from __future__ import annotations

from dataclasses import replace

from tensorderiv.algebra.build import MINUS_ONE, ONE, add, both, call, mul, neg
from tensorderiv.algebra.expression import Add, Element, Expr, Function, Mul, Number, Pow, Reduction, Tensor
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import free_indices, index_names, rewrite
from tensorderiv.lower.stable.angles import Angles
from tensorderiv.lower.stable.logarithms import Logarithms
from tensorderiv.lower.values import factors_under, split_conditions


def stabilise(program: Program) -> Program:
    r"""The same function in stable form; the output keeps its name and indices.

    >>> from tensorderiv.algebra.text import to_text
    >>> from tensorderiv.language import read
    >>> text = "Z_i = sum_j exp(x_j y_i)\nL = sum_i log(exp(y_i) / Z_i)"
    >>> print(*(to_text(s.body) for s in stabilise(read(text)).statements), sep="\n")
    sum_j exp(x_j y_i)
    logsumexp_j x_j y_i
    sum_i (y_i - logZ_i)
    """
    return _Stabiliser(program).run()


class _Stabiliser:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.taken = set(program.names)
        self.done: dict[str, Statement] = {}
        self.logarithms = Logarithms(self.done, self.fresh)
        self.angles = Angles(self.done, self.named)
        self.ordered: list[Statement] = []

    def fresh(self, wish: str) -> str:
        name, number_ = wish, 2
        while name in self.taken:
            name, number_ = f"{wish}{number_}", number_ + 1
        self.taken.add(name)
        return name

    def named(self, wish: str, body: Expr) -> Element:
        """A new name for an expression, in front of the statement that is being rewritten."""
        indices = free_indices(body)
        tensor = Tensor(self.fresh(wish), tuple(index.extent for index in indices))
        self.ordered.append(Statement(tensor, indices, body))
        return Element(tensor, indices)

    def run(self) -> Program:
        placed: set[str] = set()
        for statement in self.program.statements:
            body = rewrite(statement.body, self.stable)
            for name, extra in self.logarithms.made.items():
                if name not in placed:
                    placed.add(name)
                    self.ordered.append(extra)
            made = Statement(statement.tensor, statement.indices, body)
            self.done[statement.tensor.name] = made
            self.ordered.append(made)
        return replace(self.program, statements=tuple(self.ordered))

    def stable(self, node: Expr) -> Expr:
        """One node, its parts being stable already."""
        match node:
            case Function("log", (arg,)):
                return self.log(arg)
            case Function("acos", (arg,)):
                return self.angles.acos(arg) or node
            case Function("acosh", (arg,)):
                return self.angles.acosh(arg) or node
            case Mul(factors):
                return self.quotient(factors)
            case Pow() if _is_divisor(node):
                return self.quotient((node,))
            case Add(terms):
                return self.exp_minus_one(terms)
        return node

    def log(self, arg: Expr) -> Expr:
        """Logarithms of exponentials; else log1p of x for 1 + x."""
        whole = None if isinstance(arg, Number) else self.logarithms.of(arg)
        if whole is not None:
            return whole
        if isinstance(arg, Mul):
            logs = [(factor, self.logarithms.of(factor)) for factor in arg.factors]
            rest = [factor for factor, log in logs if log is None]
            known = [log for _, log in logs if log is not None]
            if known:
                return add(*known, call("log", mul(*rest)))
        if isinstance(arg, Add) and ONE in arg.terms:
            others = list(arg.terms)
            others.remove(ONE)
            return call("log1p", add(*others))
        return call("log", arg)

    def quotient(self, factors: tuple[Expr, ...]) -> Expr:
        """exp(u) / sum_j exp(u_j) -> exp(u - logsumexp_j u_j); 1 / (1 + exp(x)) -> sigmoid(-x)."""
        factors = _mirrored(factors)
        above: list[tuple[Expr, Expr]] = []
        below: list[tuple[Expr, Expr]] = []
        for factor in factors:
            log = None if isinstance(factor, Number) else self.logarithms.of(factor)
            if log is None:
                continue
            if _is_divisor(factor):
                assert isinstance(factor, Pow)
                if not isinstance(factor.base, Function):
                    below.append((factor, log))
            else:
                above.append((factor, log))
        if not below:
            return mul(*factors)
        used = [factor for factor, _ in (*above, *below)]
        rest = [factor for factor in factors if factor not in used]
        if len(below) == 1:
            sigmoid = self.sigmoid(below[0][0], above)
            if sigmoid is not None:
                return mul(*rest, sigmoid)
        if not above:
            return mul(*factors)
        sums = [factor for factor, _ in above if isinstance(self.angles.unfolded(factor), Reduction)]
        if not sums:
            return mul(*rest, call("exp", add(*(log for _, log in (*above, *below)))))
        # sum_j exp(u_j) / Z -> sum_j exp(u_j - log Z): over nothing it is 0, as 0 / 0 is, where exp(-inf - log 0) is not
        first = self.angles.unfolded(sums[0])
        assert isinstance(first, Reduction)
        kept, brackets = split_conditions(factors_under(first.body))
        inner = self.logarithms.of(mul(*kept))
        assert inner is not None
        others = [log for factor, log in (*above, *below) if factor is not sums[0]]
        clashes = {name for log in others for name in index_names(log)}
        body = call("exp", add(inner, *others))
        condition = both(first.condition, brackets)
        if clashes & {index.name for index in first.indices}:
            return mul(*factors)
        return mul(*rest, Reduction("sum", first.indices, body, condition))

    @staticmethod
    def sigmoid(divisor: Expr, above: list[tuple[Expr, Expr]]) -> Expr | None:
        """The quotients of 1 and of exp(x) by 1 + exp(x), without overflow."""
        if not isinstance(divisor, Pow) or divisor.exponent != MINUS_ONE or not isinstance(divisor.base, Add):
            return None
        terms = list(divisor.base.terms)
        if len(terms) != 2 or ONE not in terms:
            return None
        terms.remove(ONE)
        (other,) = terms
        if not isinstance(other, Function) or other.name != "exp":
            return None
        if not above:
            return call("sigmoid", neg(other.args[0]))
        return call("sigmoid", other.args[0]) if [factor for factor, _ in above] == [other] else None

    @staticmethod
    def exp_minus_one(terms: tuple[Expr, ...]) -> Expr:
        """exp(x) - 1 -> expm1(x)."""
        exponentials = [term for term in terms if isinstance(term, Function) and term.name == "exp"]
        if len(exponentials) == 1 and MINUS_ONE in terms:
            rest = [term for term in terms if term is not exponentials[0] and term != MINUS_ONE]
            return add(call("expm1", exponentials[0].args[0]), *rest)
        return add(*terms)


def _mirrored(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """exp(x) sigmoid(-x) -> sigmoid(x)."""
    for sigmoid in factors:
        if isinstance(sigmoid, Function) and sigmoid.name == "sigmoid":
            other = call("exp", neg(sigmoid.args[0]))
            if other in factors:
                rest = list(factors)
                rest.remove(sigmoid)
                rest.remove(other)
                return (*rest, call("sigmoid", neg(sigmoid.args[0])))
    return factors


def _is_divisor(node: Expr) -> bool:
    return isinstance(node, Pow) and isinstance(node.exponent, Number) and node.exponent.value < 0
