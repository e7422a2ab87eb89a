"""Statements over pairs in which features meet features, taken apart into sums of single rows and products of matrices.

    T_ip = sum_j w_ij sum_q M_pq g_ijq                ->  R_iq = sum_j w_ij g_ijq;   T_ip = sum_q M_pq R_iq
    T_pq = sum_{i,j} w_ij (a_ip - b_jp) g_ijq         ->  R_iq = sum_j w_ij g_ijq,   Q_jq = sum_i w_ij g_ijq;
                                                          T_pq = sum_i (a_ip - c_p) R_iq + sum_j (c_p - b_jp) Q_jq
    T_p  = sum_{i,j} w_ij g_ijp                       ->  R_ip = sum_j w_ij g_ijp;   T_p = sum_i R_ip

n m d + (n + m) d d operations instead of n m d d. The sums R and Q are spreads of a pass, exact differences and all, and several
gradients share them: all three of (x - y)^T M (x - y) come from the same two.

The two parts of T_pq nearly cancel where the points lie far from the origin. A shift c of all points at once changes nothing, so
the mean of a is taken away first: what is left is of the size of the differences. The error is that of the sums over j and i,
at most (m + n) eps sum_ij |w_ij g_ijq| (|a_ip - c_p| + |b_jp - c_p|); summing the pairs one by one has n m eps and |a_ip - b_jp|.

A weight that is infinite may meet a zero in the statement and none in its parts: where the result is not finite, the statement
is computed once more as it was written (`instead`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.build import ZERO, add, factors_of, mul, neg, number, power, terms_of
from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Node, Number, Reduction, Size
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, rebuild, substitute_expr
from tensorderiv.lower.collect import RowSum, collect
from tensorderiv.lower.passes.split import Naming
from tensorderiv.lower.passes.views import loops_over_rows
from tensorderiv.lower.setting import Setting, features_of, rows_of


class TakingApart:
    """Takes the stored statements of a program apart, in order."""

    def __init__(self, setting: Setting, naming: Naming) -> None:
        self.setting = setting
        self.naming = naming
        self.done: list[Statement] = []
        self.instead: dict[str, Statement] = {}
        """The statements that were taken apart although a weight in them may not be finite."""

    def run(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        for statement in statements:
            self.finish(statement)
        return tuple(self.done)

    def finish(self, statement: Statement) -> None:
        """Put the statement, or what it is now, behind the names it uses."""
        rows, features = rows_of(statement.indices, self.setting), features_of(statement.indices, self.setting)
        body = statement.body
        whole = isinstance(body, MatrixFunction) or statement.tensor.integer
        if not whole and features and len(rows) < 2 and len(features) + len(rows) < 3:
            named = cast(Expr, self.sums_named(body, False))
            apart = self.taken(Statement(statement.tensor, statement.indices, named))
            if apart is not None and not self.setting.facts.finite(body):
                self.instead[statement.tensor.name] = statement
            body = named if apart is None else apart
        self.done.append(Statement(statement.tensor, statement.indices, body))

    def named(self, node: Expr, indices: tuple[Index, ...]) -> Expr:
        element, made = self.naming.element(node, indices)
        if made is not None:
            self.setting.facts.learn(made)
            self.finish(made)
        return element

    def is_row(self, index: Index) -> bool:
        return index.extent in self.setting.rows

    def sums_named(self, node: Node, inside: bool) -> Node:
        """Sums over rows that stand in another loop and have one row and one feature: a table each."""
        if not isinstance(node, Reduction):
            return rebuild(node, lambda part: self.sums_named(part, inside))
        free = free_indices(node)
        rows = [i for i in free if self.is_row(i)]
        if inside and node.op == "sum" and all(map(self.is_row, node.indices)) and len(rows) == 1 and len(free) == 2:
            return self.named(node, (rows[0], *(i for i in free if i not in rows)))
        return rebuild(node, lambda part: self.sums_named(part, True))

    def taken(self, statement: Statement) -> Expr | None:
        """The body in parts; None where no law takes it apart."""
        collected = collect(statement, self.setting.rows, self.setting.facts)
        of_row = bool(rows_of(statement.indices, self.setting))
        if of_row and not self.is_row(statement.indices[0]):
            return None
        law = self.maps_out if of_row else self.single if len(statement.indices) == 1 else self.double
        kept: list[Expr] = list(collected.rest)
        before: list[Expr] = []
        after: list[Part] = []
        for found in collected.sums:
            for term in terms_of(found.body):
                made = law(term, found, statement.indices)
                written = Reduction("sum", found.indices, term, found.condition)
                if made is None:
                    kept.append(written)
                else:
                    before.append(written)
                    after += made
        if not after:
            return None
        whole = self.added(after, statement.indices)
        if not kept:
            return whole
        element = cast(Element, self.named(whole, statement.indices))
        if not self.setting.facts.finite(add(*before)):
            self.instead[element.tensor.name] = Statement(element.tensor, statement.indices, add(*before))
        return add(*kept, element)

    def added(self, parts: Iterable[Part], indices: tuple[Index, ...]) -> Expr:
        """The parts, those with the same sums over rows as one product of matrices."""
        together: dict[Expr, list[Part]] = {}
        for part in parts:
            together.setdefault(part.sums, []).append(part)
        terms: list[Expr] = []
        for sums, group in together.items():
            entry = add(*(part.entry for part in group))
            if not isinstance(entry, Number) and not self.is_entry(entry):
                entry = self.named(entry, tuple(i for i in (*indices, group[0].over) if i in free_indices(entry)))
            terms.append(Reduction("sum", (group[0].over,), mul(entry, sums), None))
        return add(*terms)

    def is_entry(self, expr: Expr) -> bool:
        """Whether it is an entry of a stored table as it stands."""
        if not isinstance(expr, Element) or expr.tensor.name in self.setting.virtual or expr.tensor.integer:
            return False
        return all(isinstance(s, Index) for s in expr.subscripts)

    # ---- T_ip = sum_j w_ij sum_q M_pq g_ijq ------------------------------------------------------------------------------------

    def maps_out(self, term: Expr, found: RowSum, indices: tuple[Index, ...]) -> list[Part] | None:
        """A linear map of features behind the sum over rows: M_pq and R_iq."""
        row, feature = indices
        loops = [f for f in factors_of(term) if feature in free_indices(f)]
        if len(loops) != 1 or not isinstance(loops[0], Reduction):
            return None
        loop = loops[0]
        if loop.op != "sum" or len(loop.indices) != 1 or loop.condition is not None or self.is_row(loop.indices[0]):
            return None
        (inner,) = loop.indices
        numbers = [f for f in factors_of(term) if isinstance(f, Number)]
        weight = [f for f in factors_of(term) if f is not loop and f not in numbers]
        maps = [f for f in factors_of(loop.body) if feature in free_indices(f)]
        entry = mul(*numbers, *maps)
        if set(free_indices(entry)) != {feature, inner} or not self.setting.facts.finite(entry):
            return None
        inside = mul(*weight, *(f for f in factors_of(loop.body) if f not in maps))
        if any(inner in free_indices(f) for f in weight) or set(free_indices(inside)) - set(found.indices) != {row, inner}:
            return None
        over = next(Index(letter, inner.extent) for letter in "qrstuv" if letter not in (row.name, feature.name))
        sums = self.named(Reduction("sum", found.indices, inside, found.condition), (row, inner))
        return [Part(over, substitute_expr(entry, {inner: over}), substitute_expr(sums, {inner: over}))]

    # ---- T_pq = sum_{i,j} w_ij f_ijp g_ijq -------------------------------------------------------------------------------------

    def single(self, term: Expr, found: RowSum, indices: tuple[Index, ...]) -> list[Part] | None:
        """T_p = sum_i R_ip."""
        if len(found.indices) != 2:
            return None
        first, second = found.indices
        numbers = [f for f in factors_of(term) if isinstance(f, Number)]
        rest = mul(*(f for f in factors_of(term) if f not in numbers))
        inside = Reduction("sum", (second,), rest, found.condition)
        if set(free_indices(inside)) != {first, *indices}:
            return None
        return [Part(first, mul(*numbers), self.named(inside, (first, *indices)))]

    def double(self, term: Expr, found: RowSum, indices: tuple[Index, ...]) -> list[Part] | None:
        """T_pq = sum_i (a_ip - c_p) R_iq + sum_j (b_jp + c_p) Q_jq, or the same with p and q in each other's place."""
        if len(found.indices) != 2:
            return None
        sides = [[f for f in factors_of(term) if index in free_indices(f)] for index in indices]
        if not all(sides) or any(f in sides[1] for f in sides[0]):
            return None
        numbers = [f for f in factors_of(term) if isinstance(f, Number)]
        weight = [f for f in factors_of(term) if f not in (*sides[0], *sides[1], *numbers)]
        last = any(isinstance(f, Reduction) for f in sides[0])
        for own in (1, 0) if last else (0, 1):
            feature, far = indices[own], indices[1 - own]
            parts = self.of_rows(mul(*numbers, *sides[own]), found.indices, feature)
            if parts is not None:
                break
        else:
            return None
        made = []
        for entry, row, column in zip(parts, found.indices, found.indices[::-1], strict=True):
            inside = Reduction("sum", (column,), mul(*weight, *sides[1 - own]), found.condition)
            if entry != ZERO:
                if set(free_indices(inside)) != {row, far}:
                    return None
                made.append(Part(row, entry, self.named(inside, (row, far))))
        return made

    def of_rows(self, expr: Expr, rows: tuple[Index, ...], feature: Index) -> list[Expr] | None:
        """a_ip + b_jp as a_ip - c_p and b_jp + c_p, c the mean of a; one of the two may be 0. None for anything else."""
        scale = [f for f in factors_of(expr) if not set(rows) & set(free_indices(f))]
        terms = terms_of(mul(*(f for f in factors_of(expr) if f not in scale)))
        if any(len(set(rows) & set(free_indices(t))) != 1 or loops_over_rows(t, self.setting) for t in terms):
            return None
        parts = [add(*(t for t in terms if row in free_indices(t))) for row in rows]
        if ZERO not in parts:
            extent = rows[0].extent
            size = Size(extent) if isinstance(extent, str) else number(extent)
            mean = mul(power(size, -1), Reduction("sum", rows[:1], parts[0], None))
            centre = self.named(mean, (feature,))
            parts = [add(parts[0], neg(centre)), add(parts[1], centre)]
        return [part if part == ZERO else mul(*scale, part) for part in parts]


@dataclass(frozen=True)
class Part:
    """sum_over entry sums: an entry of a table, and sums over rows that stand in another."""

    over: Index
    entry: Expr
    sums: Expr
