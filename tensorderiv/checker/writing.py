r"""A tree of the checker as LaTeX in the author's notation.

A node that still has its span is written as the author wrote it; a node that a repair made is written by rules, and what stood
between two of the author's pieces (a \,, a \cdot) stays there.

>>> from fractions import Fraction
>>> from tensorderiv.checker.tree import Component, Delta, Name, Number, Product
>>> x = Component(Name("X"), (Name("k"), Name("d")))
>>> write(Product((("juxtaposed", Number(Fraction(2))), ("juxtaposed", x), ("juxtaposed", Delta(Name("i"), Name("k"))))))
'2 X_{kd} \\delta_{ik}'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tensorderiv.checker.spans import region
from tensorderiv.checker.tightness import BASE, COLON, ENTRYWISE, FACTOR, TERM, tightness
from tensorderiv.checker.tree import (
    Big,
    Call,
    Cases,
    Comparison,
    Component,
    Delta,
    Differential,
    Evaluated,
    Frobenius,
    Group,
    Hadamard,
    Inner,
    Iverson,
    Matrix,
    Name,
    Negative,
    Node,
    Norm,
    Number,
    Outer,
    Partial,
    Power,
    Product,
    Ratio,
    Sum,
    Transpose,
)

SIGNS = {"juxtaposed": " ", "cdot": r" \cdot ", "times": r" \times ", "star": " * ", "over": " / "}
SPACING = re.compile(r"(?:[\s~]|\\[,;:!> ]|\\q?quad(?![A-Za-z]))*")
SPELLINGS = {"juxtaposed": ("",), "cdot": (r"\cdot",), "times": (r"\times",), "star": ("*", r"\ast"), "over": ("/", r"\div")}
"""What an author writes between two factors, spacing aside."""

_SCRIPT = r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s{}\\])"
UPPER, LOWER = (re.compile(rf"{one}{_SCRIPT}(?:{other}{_SCRIPT})?$") for one, other in ((r"\^", "_"), ("_", r"\^")))
"""Texts that end with a script above, or below: no second one can stand there."""
CALLED = re.compile(r"[)\]]$")  # the exponent of \sin(x)^2 may belong to x
COMPARISONS = {"!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}
OTHERWISE, NEXT_ROW, CLOSING = r"\text{otherwise}", r" \\ ", (")", "]")
PLAIN_COMMANDS = frozenset(
    "exp log ln sin cos tan sinh cosh tanh arcsin arccos arctan max min det sec csc cot coth lg deg dim ker sup inf".split()
)


def write(node: Node, source: str = "", spellings: Mapping[str, str] | None = None) -> str:
    """The LaTeX of the node. `source`: the text that its spans point into; `spellings`: how the author writes the names."""
    return Writer(source, spellings or {}).text(node)


class Writer:
    """Writes nodes whose spans point into one source."""

    def __init__(self, source: str, spellings: Mapping[str, str]) -> None:
        self.source, self.spellings = source, spellings

    def text(self, node: Node) -> str:
        if (written := self.as_written(node)) is not None:
            return written
        if (rule := RULES.get(type(node))) is None:
            raise TypeError(f"write: no rule for {type(node).__name__}")
        return rule(self, node)

    def as_written(self, node: Node) -> str | None:
        r"""What the author wrote for the node, if it stands by itself: not half of \underbrace{...}, not the r of \mathbf{r}."""
        place = region(node, self.source)
        return None if place is None else self.source[place[0] : place[1]]

    def within(self, node: Node, least: int) -> str:
        """The node where something at least so tight must stand: in brackets if it is looser."""
        return self.text(node) if tightness(node) >= least else self.bracketed(node)

    def bracketed(self, node: Node) -> str:
        return rf"\left({self.text(node)}\right)"

    def base(self, node: Node, taken: re.Pattern[str] = UPPER) -> str:
        """The node where a power, a transpose or a subscript is put on it; `taken`: it ends with such a script already."""
        closed = tightness(node) == BASE and not (isinstance(node, Call) and self.is_open(node)) and not isinstance(node, Ratio)
        return self.text(node) if closed and not taken.search(self.text(node)) else self.bracketed(node)

    def is_open(self, node: Node) -> bool:
        """Whether what follows the node would be read as part of it."""
        if isinstance(node, Partial):
            return self._operator(node) and not self.text(node).endswith(CLOSING)
        if isinstance(node, Call):
            return not self.text(node).endswith((*CLOSING, "}"))
        if isinstance(node, Big | Negative):
            return True
        return isinstance(node, Product) and self.is_open(node.factors[-1][1])

    def _operator(self, node: Partial) -> bool:
        """Whether the body stands behind the fraction, not in its numerator."""
        body, variable = node.body.span, node.variables[0].span
        if body is None or variable is None:
            return node.span is not None or not isinstance(node.body, Name | Component)
        return body.start > variable.start

    def between(self, left: Node, right: Node) -> str | None:
        """What the author wrote between the two, if they stood next to one another."""
        before, after = region(left, self.source), region(right, self.source)
        if before is None or after is None or before[1] > after[0]:
            return None
        gap = self.source[before[1] : after[0]]
        return None if "\n" in gap or len(gap) > 12 else gap

    # sums and products

    def number(self, node: Number) -> str:
        value = abs(node.value)
        text = str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
        return f"-{text}" if node.value < 0 else text

    def negative(self, node: Negative) -> str:
        return f"-{self.within(node.body, COLON)}"

    def sum(self, node: Sum) -> str:
        text = ""
        for place, term in enumerate(node.terms):
            written = self.within(term, TERM)
            if place == 0:
                text = written
                continue
            minus = written.startswith("-")
            gap = self.between(node.terms[place - 1], term)
            if gap is not None and gap.strip() in (("",) if minus else ("+",)):
                text += gap + written
            elif minus:
                text += f" - {written[1:].lstrip()}"
            else:
                text += f" + {written}"
        return text

    def product(self, node: Product) -> str:
        text = ""
        for place, (joint, factor) in enumerate(node.factors):
            last = place == len(node.factors) - 1
            written = self.factor(factor, last)
            if place == 0:
                text = f"1 / {written}" if joint == "over" else written
                continue
            gap = self.between(node.factors[place - 1][1], factor)
            kept = gap is not None and SPACING.sub("", gap) in SPELLINGS[joint]
            sign = gap if kept and gap is not None and not (gap == "" and self.glued(text, written)) else SIGNS[joint]
            if text[-1:].isdigit() and written[:1].isdigit():
                sign = {" ": r" \cdot ", " / ": "/"}.get(sign, sign)
            text += sign + written
        return text

    def glued(self, left: str, right: str) -> bool:
        """Whether two pieces need a space: a command before a letter, a number before a number."""
        command = left.rpartition("\\")[2]
        return (right[:1].isalpha() and command.isalpha() and "\\" in left) or (left[-1:].isdigit() and right[:1].isdigit())

    def factor(self, node: Node, last: bool) -> str:
        if tightness(node) < FACTOR or (not last and self.is_open(node)):
            return self.bracketed(node)
        return self.text(node)

    def joined(self, sign: str, least: int) -> Callable[[Any], str]:
        def rule(node: Any) -> str:
            left, right = self.within(node.left, least), self.within(node.right, least + 1)
            gap = self.between(node.left, node.right)
            return left + (gap if gap is not None and gap.strip() == sign else f" {sign} ") + right

        return rule

    # what holds together

    def name(self, node: Name) -> str:
        name = self.spellings.get(node.name, node.name)
        return name if not node.args else f"{name}({', '.join(self.text(arg) for arg in node.args)})"

    def component(self, node: Component) -> str:
        subscripts = self.subscripts(node.subscripts)
        sign, taken = ("^", UPPER) if node.upper else ("_", LOWER)
        return f"{self.base(node.body, taken)}{sign}{{{subscripts}}}"

    def subscripts(self, nodes: Sequence[Node]) -> str:
        texts = [self.text(node) for node in nodes]
        if all(isinstance(node, Name | Number) for node in nodes):
            parts = [text for text in texts[:-1] if text[:1] == "\\" and text[-1:].isalpha()]
            if all(len(text) == 1 for text in texts):
                return "".join(texts)
            return " ".join(texts) if parts and not any(text.isdigit() for text in texts) else ",".join(texts)
        return ",".join(texts)

    def delta(self, node: Delta) -> str:
        return rf"\delta_{{{self.subscripts((node.left, node.right))}}}"

    def ratio(self, node: Ratio) -> str:
        return rf"\frac{{{self.text(node.above)}}}{{{self.text(node.below)}}}"

    def power(self, node: Power) -> str:
        exponent, base = self.text(node.exponent), self.base(node.base, CALLED if isinstance(node.base, Call) else UPPER)
        return f"{base}^{exponent if len(exponent) == 1 else f'{{{exponent}}}'}"

    def transpose(self, node: Transpose) -> str:
        return f"{self.base(node.body)}^T"

    def group(self, node: Group) -> str:
        return self.bracketed(node.body)

    def call(self, node: Call) -> str:
        args = ", ".join(self.text(arg) for arg in node.args)
        if node.name.startswith("prime") and node.base is not None:
            primes = "'" * int(node.name.removeprefix("prime") or 1)
            return rf"{self.text(node.base)}{primes}\left({args}\right)"
        if node.name in ("sqrt", "root"):
            degree = "" if node.base is None else f"[{self.text(node.base)}]"
            return rf"\sqrt{degree}{{{args}}}"
        natural = node.name == "log" and node.base is None
        name = r"\ln" if natural else rf"\{node.name}" if node.name in PLAIN_COMMANDS else rf"\operatorname{{{node.name}}}"
        base = "" if node.base is None else f"_{{{self.text(node.base)}}}"
        if len(node.args) == 1 and isinstance(node.args[0], Group):
            return f"{name}{base}{args}"
        return rf"{name}{base}\left({args}\right)"

    def norm(self, node: Norm) -> str:
        bar = r"\|" if node.double else "|"
        kind = "" if node.kind is None else f"_{{{self.text(node.kind)}}}"
        return rf"\left{bar}{self.text(node.body)}\right{bar}{kind}"

    def inner(self, node: Inner) -> str:
        return rf"\langle {self.text(node.left)}, {self.text(node.right)} \rangle"

    def comparison(self, node: Comparison) -> str:
        return f"{self.text(node.left)} {COMPARISONS.get(node.op, node.op)} {self.text(node.right)}"

    def conditions(self, nodes: Sequence[Comparison]) -> str:
        return ", ".join(self.text(node) for node in nodes)

    def iverson(self, node: Iverson) -> str:
        return f"[{self.conditions(node.conditions)}]"

    def cases(self, node: Cases) -> str:
        rows = [f"{self.text(value)} & {self.conditions(where) or OTHERWISE}" for value, where in node.branches]
        return rf"\begin{{cases}} {NEXT_ROW.join(rows)} \end{{cases}}"

    def big(self, node: Big) -> str:
        lower = self.lower_limit(node)
        upper = "" if node.upper is None else f"^{{{self.text(node.upper)}}}"
        below = f"_{{{lower}}}" if lower else ""
        return rf"\{node.op}{below}{upper} {self.within(node.body, FACTOR)}"

    def lower_limit(self, node: Big) -> str:
        compared = {
            side.name for condition in node.conditions for side in (condition.left, condition.right) if isinstance(side, Name)
        }
        bound = list(node.bound)
        texts = []
        if node.lower is not None and bound:
            texts.append(f"{bound.pop()}={self.text(node.lower)}")
        texts[:0] = [name for name in bound if name not in compared or self.stands_second(name, node)]
        return ", ".join([*texts, *(self.text(condition) for condition in node.conditions)])

    def stands_second(self, name: str, node: Big) -> bool:
        r"""Whether a condition names the index only after another one: of \sum_{j, i \neq j} j must be told."""
        first = {condition.left.name for condition in node.conditions if isinstance(condition.left, Name)}
        return name not in first and len(node.bound) == 1

    def partial(self, node: Partial) -> str:
        if node.sign != "partial":
            return rf"\nabla{'^2' * (len(node.variables) == 2)}_{{{self.text(node.variables[0])}}} {self.within(node.body, BASE)}"
        order = "" if len(node.variables) == 1 else f"^{len(node.variables)}"
        below = " ".join(rf"\partial {self.text(variable)}" for variable in node.variables)
        if isinstance(node.body, Name | Component):
            return rf"\frac{{\partial{order} {self.text(node.body)}}}{{{below}}}"
        body = self.text(node.body) if isinstance(node.body, Group) else self.bracketed(node.body)
        return rf"\frac{{\partial{order}}}{{{below}}}{body}"

    def differential(self, node: Differential) -> str:
        body = node.body.body if isinstance(node.body, Transpose | Component) else node.body
        alone = isinstance(body, Name) or isinstance(node.body, Group)
        return f"d{self.text(node.body)}" if alone else f"d{self.bracketed(node.body)}"

    def evaluated(self, node: Evaluated) -> str:
        return rf"\left.{self.text(node.body)}\right|_{{{self.text(node.name)}={self.text(node.value)}}}"

    def matrix(self, node: Matrix) -> str:
        rows = NEXT_ROW.join(" & ".join(self.text(entry) for entry in row) for row in node.rows)
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


RULES: dict[type, Callable[[Writer, Any], str]] = {
    Number: Writer.number,
    Name: Writer.name,
    Component: Writer.component,
    Delta: Writer.delta,
    Negative: Writer.negative,
    Sum: Writer.sum,
    Product: Writer.product,
    Hadamard: lambda writer, node: writer.joined(r"\odot", ENTRYWISE)(node),
    Frobenius: lambda writer, node: writer.joined(":", COLON)(node),
    Outer: lambda writer, node: writer.joined(r"\otimes", ENTRYWISE)(node),
    Ratio: Writer.ratio,
    Power: Writer.power,
    Transpose: Writer.transpose,
    Group: Writer.group,
    Call: Writer.call,
    Norm: Writer.norm,
    Inner: Writer.inner,
    Comparison: Writer.comparison,
    Iverson: Writer.iverson,
    Cases: Writer.cases,
    Big: Writer.big,
    Partial: Writer.partial,
    Differential: Writer.differential,
    Evaluated: Writer.evaluated,
    Matrix: Writer.matrix,
}
