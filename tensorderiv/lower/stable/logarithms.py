"""Values that are exponentials, by their logarithms:

    log exp(a)                      ->  a
    log sum_j exp(u_j)              ->  logsumexp_j u_j
    log (exp(a) exp(b) / Z^k)       ->  a + b - k log Z
    log (1 + exp(x))                ->  softplus(x)
    log (exp(a) + sum_j exp(u_j))   ->  a + softplus(logsumexp_j u_j - a)

Names are looked through: with Z_i = sum_j exp(S_ij), log Z_i is a new name for logsumexp_j S_ij.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tensorderiv.algebra.build import ONE, ZERO, add, both, call, mul, neg, sub
from tensorderiv.algebra.expression import Add, Condition, Element, Expr, Function, Mul, Pow, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import contains, free_indices, walk
from tensorderiv.lower.values import body_of, factors_under, split_conditions


class Logarithms:
    """Logarithms of the exponentials of one program; `made` holds the names that were introduced, by the name they belong to."""

    def __init__(self, statements: Mapping[str, Statement], fresh: Callable[[str], str]) -> None:
        self.statements = statements
        self.fresh = fresh
        self.made: dict[str, Statement] = {}

    def of(self, expr: Expr) -> Expr | None:
        """log(expr) where expr is an exponential by its form, else None."""
        match expr:
            case _ if expr == ONE:
                return ZERO
            case Function("exp", (arg,)):
                return arg
            case Function("sigmoid", (arg,)):
                return neg(call("softplus", neg(arg)))
            case Element(tensor) if tensor.name in self.statements:
                return self.of_name(expr)
            case Reduction("sum", indices, body, condition):
                kept, brackets = split_conditions(factors_under(body))
                inner = self.of(mul(*kept))
                if inner is None or inner == ZERO:
                    return None
                return self.of_reduction(indices, inner, both(condition, brackets))
            case Mul(factors):
                logs = [self.of(factor) for factor in factors]
                return None if any(log is None for log in logs) else add(*(log for log in logs if log is not None))
            case Pow(base, exponent):
                log = self.of(base)
                return None if log is None else mul(exponent, log)
            case Add(terms):
                return self.of_sum(terms)
        return None

    def of_reduction(self, indices: tuple[Index, ...], log: Expr, condition: Condition | None) -> Expr:
        """logsumexp_j (c + u_j) = c + logsumexp_j u_j for what does not depend on j and is never infinite."""
        terms = log.terms if isinstance(log, Add) else (log,)
        out = [t for t in terms if not set(indices) & set(free_indices(t)) and not self.may_be_empty(t)]
        inside = [t for t in terms if t not in out]
        if not inside or not out:
            return Reduction("logsumexp", indices, log, condition)
        return add(*out, Reduction("logsumexp", indices, add(*inside), condition))

    def of_name(self, element: Element) -> Expr | None:
        """The logarithm of a named exponential; one that is a reduction gets a name of its own."""
        statement = self.statements[element.tensor.name]
        log = self.of(statement.body)
        if log is None:
            return None
        if not contains(log, Reduction):
            return self.of(body_of(statement, element.subscripts))
        name = statement.tensor.name
        if name not in self.made:
            tensor = Tensor(self.fresh(f"log{name}"), statement.tensor.extents)
            self.made[name] = Statement(tensor, statement.indices, log)
        return Element(self.made[name].tensor, element.subscripts)

    def of_sum(self, terms: tuple[Expr, ...]) -> Expr | None:
        """log(e^a + e^b + ...) = a + softplus(log(e^b + ...) - a), from a term a that is never exp(-inf)."""
        logs = [self.of(term) for term in terms]
        if any(log is None for log in logs):
            return None
        known = [log for log in logs if log is not None]
        anchor = next((log for log in known if not self.may_be_empty(log)), None)
        if anchor is None:
            return None
        rest = list(known)
        rest.remove(anchor)
        total = anchor
        for log in rest:
            total = add(total, call("softplus", sub(log, total)))
        return total

    def may_be_empty(self, log: Expr) -> bool:
        """Whether the logarithm may be -inf: a logsumexp under a condition, also behind a name."""
        for node in walk(log):
            if isinstance(node, Reduction) and node.op == "logsumexp" and node.condition is not None:
                return True
            if isinstance(node, Element):
                made = next((s for s in self.made.values() if s.tensor == node.tensor), None)
                if made is not None and self.may_be_empty(made.body):
                    return True
        return False
