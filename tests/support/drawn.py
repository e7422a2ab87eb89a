"""Random definitions over pairs of rows, as text: kernels, normalisers, conditions, several rounds of them."""

from __future__ import annotations

import random

CONDITIONS = (
    "{i} != {j}",
    "{i} < {j}",
    "c_{i} = c_{j}",
    "c_{i} != c_{j} and {i} != {j}",
    "u_{i} < u_{j}",
    "c_{j} = 1",
    "{i} <= {j} or c_{i} = 0",
)
FUNCTIONS = (
    "exp(-({})^2)", "tanh({})", "log(1 + ({})^2)", "1 / (2 + ({})^2)", "sigmoid({})", "relu({})", "abs({})", "({})^2",
    "({} + 1/3)^3", "sqrt(1 + ({})^2)", "softplus({})", "max({}, 1/4)", "sin({})", "sign({})", "min(1/2, {})")  # fmt: skip
KERNELS = (
    "sum_p (X_{i}p - Z_{j}p)^2",
    "sum_p abs(X_{i}p - Z_{j}p)",
    "sum_p X_{i}p Z_{j}p",
    "max_p abs(X_{i}p - Z_{j}p)",
    "min_p (X_{i}p + Z_{j}p)",
    "sqrt(sum_p (X_{i}p - Z_{j}p)^2)",
    "sum_{{p,q}} X_{i}p M_pq Z_{j}q",
    "sum_p w_p X_{i}p Z_{j}p",
    "sum_p X_{i}p Z_{j}p / (1 + Z_{j}p^2)",
    "sum_p exp(-(X_{i}p - Z_{j}p)^2) w_p",
    "sum_p X_{i}p Z_{j}p / sqrt(1 + sum_q X_{i}q^2)",
    "sum_p (X_{i}p - Z_{j}p)^2 / (X_{i}p^2 + 1/2 + Z_{j}p^2)",
    "sum_p tanh(X_{i}p Z_{j}p)",
    "sum_p (X_{i}p - u_{i}) (Z_{j}p - u_{j})",
    "prod_p (1 + X_{i}p Z_{j}p / 4)",
    "P_{i}{j}",
    "P_{j}{i}",
    "u_{i} u_{j}",
    "exp(-u_{j}^2)",
    "a",
)
REDUCTIONS = (
    "sum_{{{j}{c}}} {}",
    "sum_{{{j}{c}}} {}",
    "sum_{{{j}{c}}} {}",
    "mean_{j} {}",
    "max_{j} {}",
    "min_{j} {}",
    "logsumexp_{{{j}{c}}} {}",
)


class Drawing:
    """Draws one definition."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tables: list[str] = []
        self.rows: list[str] = []
        self.lines: list[str] = []
        self.other = self.random.choice("XY")
        self.letters = 0

    def choose(self, items: tuple[str, ...]) -> str:
        return self.random.choice(items)

    def condition(self, i: str, j: str) -> str:
        return self.choose(CONDITIONS).format(i=i, j=j)

    def letter(self) -> str:
        """A letter for a bound row index."""
        self.letters += 1
        return "kltbh"[self.letters % 5]

    def pair(self, i: str, j: str, depth: int) -> str:
        """A value of the pair (i, j)."""
        at_random = self.random.random()
        if depth == 0 or at_random < 0.15:
            if self.tables and at_random < 0.1:
                name = self.random.choice(self.tables)
                return f"{name}_{i}{j}" if self.random.random() < 0.7 else f"{name}_{j}{i}"
            if self.rows and self.random.random() < 0.3:
                return f"{self.random.choice(self.rows)}_{self.random.choice((i, i, j))}"
            return f"({self.choose(KERNELS).replace('Z', self.other).format(i=i, j=j)})"
        if at_random < 0.45:
            return self.choose(FUNCTIONS).format(self.pair(i, j, depth - 1))
        if at_random < 0.65:
            return f"{self.pair(i, j, depth - 1)} {self.factor(i, j, depth - 1)}"
        if at_random < 0.8:
            return f"({self.pair(i, j, depth - 1)} {self.choose(('+', '-'))} {self.pair(i, j, depth - 1)})"
        if at_random < 0.88:
            return f"[{self.condition(i, j)}] {self.factor(i, j, depth - 1)}"
        if at_random < 0.94:
            return f"if({self.condition(i, j)}, {self.pair(i, j, depth - 1)}, {self.pair(i, j, 0)})"
        return f"({self.pair(i, j, depth - 1)}) / (1 + ({self.pair(i, j, 0)})^2)"

    def factor(self, i: str, j: str, depth: int) -> str:
        return f"({self.pair(i, j, depth)})"

    def reduction(self, i: str, depth: int) -> str:
        """A value of the row i."""
        j = self.letter()
        while j == i:
            j = self.letter()
        c = f": {self.condition(i, j)}" if self.random.random() < 0.4 else ""
        body = self.pair(i, j, depth) if self.random.random() < 0.7 else self.pair(j, i, depth)
        op = self.choose(REDUCTIONS)
        return "(" + op.format(f"({body})", j=j, c=c) + ")"

    def row(self, i: str) -> str:
        """An expression of reductions of the row i."""
        found = self.reduction(i, 2)
        if self.random.random() < 0.4:
            found = self.choose(("{} / (1 + {}^2)", "{} {}", "{} - {}", "{} + tanh({})")).format(found, self.reduction(i, 1))
        return found if self.random.random() < 0.5 else self.choose(FUNCTIONS).format(found)

    def text(self) -> str:
        """The statements."""
        for number in range(self.random.randint(0, 3)):
            if self.random.random() < 0.5:
                name = "EFGH"[number]
                self.lines.append(f"{name}_ij = {self.pair('i', 'j', 2)}")
                self.tables.append(name)
            else:
                name = "RQTV"[number]
                self.lines.append(f"{name}_i = {self.row('i')}")
                self.rows.append(name)
        kind = self.random.random()
        if kind < 0.6:
            terms = [self.scalar() for _ in range(self.random.choice((1, 1, 2, 3)))]
            self.lines.append("L = " + " + ".join(terms))
        elif kind < 0.72:
            self.lines.append(f"L_i = {self.row('i')}")
        elif kind < 0.86:
            self.lines.append(f"L_ij = {self.pair('i', 'j', 2)} {self.factor('i', 'j', 1)}")
        else:
            c = f": {self.condition('i', 'j')}" if self.random.random() < 0.5 else ""
            spread = self.choose(("(X_ip - X_jp)", "X_jp", "sign(X_ip - X_jp)", "(X_ip + w_p X_jp^2)"))
            front = self.choose(("", "X_ip - ", "u_i "))
            self.lines.append(f"L_ip = {front}(sum_{{j{c}}} {self.factor('i', 'j', 2)} {spread})")
        return "\n".join(self.lines)

    def scalar(self) -> str:
        at_random = self.random.random()
        if at_random < 0.35:
            c = f": {self.condition('i', 'j')}" if self.random.random() < 0.5 else ""
            return f"sum_{{i,j{c}}} {self.factor('i', 'j', 2)}"
        if at_random < 0.5:
            return f"log(1 + (sum_{{i,j}} {self.factor('i', 'j', 2)})^2)"
        if at_random < 0.6:
            return f"max_i ({self.row('i')})"
        return f"sum_i ({self.row('i')})"


def drawn(seed: int) -> str:
    """The definition of a seed. Only what stands in it is declared."""
    body = Drawing(seed).text()
    declared = [name for name in ("X[n,d]", "Y[n,d]", "P[n,n]", "M[d,d]", "w[d]", "u[n]") if f"{name[0]}_" in body]
    lines = [f"tensor {', '.join(declared)}"] if declared else []
    if "c_" in body:
        lines.insert(0, "labels c[n]")
    lines.append("scalar a default 0.7")
    return "\n".join([*lines, body])
