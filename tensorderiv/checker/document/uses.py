r"""How names are used: which letters stand below each, which are bound by sums, what is called, transposed, differentiated.

Nothing is known of the names yet, so this looks at the pieces of the LaTeX and not at a tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tensorderiv.checker.document.marks import flat, is_derivative, is_over_mark, unmarked
from tensorderiv.checker.document.plain import FUNCTIONS, OPERATORS
from tensorderiv.checker.document.scripts import (
    ALPHABET,
    Alphabet,
    arguments_at,
    closes,
    index_letters,
    is_factor,
    is_label,
    is_norm_kind,
    is_transpose,
)
from tensorderiv.checker.reading.pieces import Piece, pieces
from tensorderiv.checker.reading.spelling import letters_at, scripts_end, spelled
from tensorderiv.checker.reading.unreadable import Unreadable

WORDS = FUNCTIONS | OPERATORS | frozenset(
    "sqrt artanh arsinh arcosh arctanh arcsinh arccosh sech csch coth sec csc cot lg Var Cov E softmax logsumexp LSE mean pf"
    " sinc erfc Diag cov var TR Det rank sup inf arg argmin argmax ReLU logdet Vec mat blkdiag".split()
) - {"E"}  # fmt: skip
BIG = frozenset({r"\sum", r"\prod", r"\max", r"\min", r"\bigcup", r"\int", r"\sup", r"\inf", r"\argmax", r"\argmin"})


@dataclass(frozen=True)
class Use:
    r"""One place where a name stands.

    `subscripts`: index letters and numbers below it, `above`: letters above; `label`: a sub- or superscript that is part of the
    name (D_{\rm KL}, A^{(1)}). `differential`: a d stands before it; `denominator`: it is what is differentiated by; `numerator`:
    it alone is what a derivative is taken of; `logarithm`: a logarithm is taken of it; `exponent`: it stands in an exponent;
    `power`: an exponent of it that is an expression; `beside`: a factor stands next to it.
    """

    name: str
    subscripts: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    label: str = ""
    primes: int = 0
    transposed: bool = False
    inverse: bool = False
    called: bool = False
    arguments: tuple[tuple[Piece, ...], ...] = ()
    differential: bool = False
    denominator: bool = False
    numerator: bool = False
    logarithm: bool = False
    exponent: bool = False
    beside: bool = False
    power: str = ""


@dataclass
class Uses:
    """All that a text uses. `bound`: index letter -> the upper limits of its sums (as spelled, "" where none)."""

    uses: list[Use] = field(default_factory=list)
    bound: dict[str, list[str]] = field(default_factory=dict)
    deltas: list[tuple[str, ...]] = field(default_factory=list)
    components: list[tuple[str, ...]] = field(default_factory=list)
    lone: list[str] = field(default_factory=list)
    sums: int = 0
    differentials: list[str] = field(default_factory=list)
    matrix_signs: int = 0

    def named(self, name: str) -> list[Use]:
        return [use for use in self.uses if use.name == name]


def uses_of(text: str, words: frozenset[str] = frozenset()) -> Uses:
    r"""What a text uses; `words` are names of two letters (dL). Raises: Unreadable.

    >>> found = uses_of(r"\sum_{p=1}^d (X_{ip} - \mu)^2 \delta_{ik} + x^T\hat y_1")
    >>> [(use.name, use.subscripts) for use in found.uses], found.bound, found.deltas
    ([('X', ('i', 'p')), ('\\mu', ()), ('x', ()), ('\\hat{y}', ('1',))], {'p': ['d']}, [('i', 'k')])
    """
    walker = _Walker(text, words)
    walker.run(pieces(text), below=False)
    return walker.found


class _Walker:
    def __init__(self, text: str, words: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.words = words
        self.found = Uses()

    def run(self, line: Sequence[Piece], below: bool, logarithm: bool = False) -> None:
        at = 0
        while at < len(line):
            piece = line[at]
            if piece.kind == "symbol":
                at = self.symbol(line, at, below, logarithm)
            elif piece.kind == "command" and piece.text in BIG:
                at = self.big(line, at)
            elif piece.kind == "fraction":
                self.fraction(piece)
                at += 1
            elif piece.text in (r"\nabla", r"\partial") and at + 1 < len(line) and line[at + 1].kind == "sub":
                at = self.operator(line, at)
            elif piece.kind == "number" and piece.style:
                at = self.ones(line, at)
            elif piece.kind == "command" and piece.text in (r"\ln", r"\log", r"\lg"):
                at = self.log(line, at)
            else:
                if piece.text in (r"\odot", r"\circ", r"\otimes", ":"):
                    self.found.matrix_signs += 1
                self.other(piece, below)
                at += 1

    def fraction(self, piece: Piece) -> None:
        above, below = unmarked(piece) or piece.parts
        count = len(self.found.uses)
        self.run(above, below=False)
        if is_derivative(piece) and len(self.found.uses) == count + 1:
            alone = self.found.uses[count]
            self.found.uses[count] = replace(alone, numerator=not alone.called)
        self.run(below, below=is_derivative(piece))

    def operator(self, line: Sequence[Piece], at: int) -> int:
        r"""\nabla_w, \partial_i: a variable, or the index of one, stands below."""
        content = line[at + 1].parts[0]
        letters = index_letters(content)
        if line[at].text == r"\partial" and letters and (len(letters) == 1 or ALPHABET.get().operator):
            self.found.lone += letters
        else:
            self.run(content, below=True)
        return at + 2

    def other(self, piece: Piece, below: bool) -> None:
        """A bracket, a root, a table; scripts of a bracket: a transpose, components of what stands in it, the kind of a norm."""
        if piece.kind in ("sub", "sup"):
            if is_norm_kind(piece) or is_transpose(piece.parts[0]):
                return
            letters = index_letters(piece.parts[0])
            if piece.kind == "sub" and letters:
                self.found.components.append(tuple(letters))
                return
        for part in piece.parts:
            self.run(part, below)

    def log(self, line: Sequence[Piece], at: int) -> int:
        after = scripts_end(line, at + 1)
        if after < len(line) and line[after].kind == "symbol":
            return self.symbol(line, after, below=False, logarithm=True)
        if after < len(line) and line[after].kind in ("fraction", "fence"):
            for part in line[after].parts:
                if sum(piece.kind in ("symbol", "number", "sign", "command", "fraction") for piece in part) == 1:
                    self.run(part, below=False, logarithm=True)
                else:
                    self.run(part, below=False)
            return after + 1
        if after + 2 < len(line) and line[after].text == "(" and line[after + 1].kind == "symbol":
            close = scripts_end(line, after + 2)
            if close < len(line) and line[close].text == ")":
                return self.symbol(line, after + 1, below=False, logarithm=True)
        return after

    def ones(self, line: Sequence[Piece], at: int) -> int:
        return self.name(line, at, at + 1, False, False)

    def symbol(self, line: Sequence[Piece], at: int, below: bool, logarithm: bool) -> int:
        word = letters_at(line, at)
        named = next((word[:size] for size in range(len(word), 1, -1) if word[:size] in self.words), None)
        if named:
            return self.name(line, at, at + len(named), below, logarithm)
        if not line[at].style or line[at].style == "mathrm":
            known = next((word[:size] for size in range(len(word), 1, -1) if word[:size] in WORDS), None)
            if known and not (known in ("Cov", "cov") and line[at].style):
                return at + len(known)
        if line[at].style == "mathrm":
            if word == "d":
                return self._differential(line, at + 1, below)
            return self.name(line, at, at + max(1, len(word)), below, logarithm)
        if line[at].text == r"\delta" and at + 1 < len(line) and line[at + 1].kind in ("sub", "sup"):
            end = scripts_end(line, at + 1)
            letters = tuple(
                letter for piece in line[at + 1 : end] if piece.parts for letter in index_letters(piece.parts[0]) or ()
            )
            if len(letters) == 1 and letters[0].isdigit() and len(letters[0]) == 2:
                letters = tuple(letters[0])
            if len(letters) == 2:
                self.found.deltas.append(letters)
                return end
        after = line[at + 1] if at + 1 < len(line) else None
        if is_over_mark(line, at):
            return at + 1
        if line[at].text == "d" and not line[at].style and after is not None:
            if after.kind == "symbol" and (after.glued or after.text.startswith("\\")):
                return self._differential(line, at + 1, below)
            if (after.kind == "sign" and after.text in ("|", "‖")) or (
                after.kind == "command" and after.text not in BIG and after.text[1:] in WORDS
            ):
                self.found.differentials.append("")
                return at + 1
        return self.name(line, at, at + 1, below, logarithm)

    def _differential(self, line: Sequence[Piece], at: int, below: bool) -> int:
        if at >= len(line) or line[at].kind != "symbol" or letters_at(line, at) in WORDS:
            self.found.differentials.append("")
            return at
        count = len(self.found.uses)
        after = self.name(line, at, at + 1, below, False)
        if len(self.found.uses) > count:
            use = self.found.uses[count]
            self.found.differentials.append(use.name)
            self.found.uses[count] = replace(use, differential=True)
        return after

    def name(self, line: Sequence[Piece], at: int, end: int, below: bool, logarithm: bool) -> int:
        """A name that stands from `at` to `end`, with the scripts after it."""
        stop = scripts_end(line, end)
        subscripts: list[str] = []
        above: list[str] = []
        label = power = ""
        primes = 0
        transposed = inverse = False
        for script in line[end:stop]:
            if script.kind == "prime":
                primes += 1
                continue
            content = script.parts[0]
            letters = index_letters(content)
            written = spelled(content)
            if script.kind == "sub":
                if letters is None:
                    label += f"_{{{written}}}"
                else:
                    subscripts += letters
            elif is_transpose(content):
                transposed = True
            elif written in ("-1", "-") or written.startswith("-1"):
                inverse = True
                transposed = transposed or is_transpose(content[2:])
            elif is_label(content, written):
                label += f"^{{{written}}}"
            else:
                if letters is None and len(content) == 2 and content[1].kind == "sup":  # \\partial x^{j^2}
                    letters = index_letters(content[:1])
                power = "" if letters is not None else written
                above += [letter for letter in letters or () if not letter.isdigit()]
                count = len(self.found.uses)
                self.run(content, below=False)
                self.found.uses[count:] = [replace(use, exponent=True) for use in self.found.uses[count:]]
        called, arguments = arguments_at(line, stop)
        self.found.uses.append(
            Use(
                name=spelled(line[at:end]),
                subscripts=tuple(subscripts),
                above=tuple(above),
                label=label,
                primes=primes,
                transposed=transposed,
                inverse=inverse,
                called=called,
                arguments=arguments,
                denominator=below,
                logarithm=logarithm,
                power=power,
                beside=is_factor(line[stop : stop + 1], "([") or (at > 0 and is_factor(line[at - 1 : at], ")]")),
            )
        )
        return stop

    def big(self, line: Sequence[Piece], at: int) -> int:
        self.found.sums += line[at].text == r"\sum"
        stop = scripts_end(line, at + 1)
        below = next((piece.parts[0] for piece in line[at + 1 : stop] if piece.kind == "sub"), ())
        upper = next((spelled(piece.parts[0]) for piece in line[at + 1 : stop] if piece.kind == "sup"), "")
        if line[at].text in BIG - {r"\int"}:
            letters = [piece for piece in flat(below) if piece.kind == "symbol" or piece.text == ":"]
            stop_at = next((k for k, piece in enumerate(letters) if piece.text == ":"), len(letters))
            first = True
            for piece in letters[:stop_at]:
                if piece.text in (r"\in", r"\mathcal"):
                    break
                self.found.bound.setdefault(piece.text, []).append(upper if first else "")
                first = False
        return stop


def whole_name(text: str, words: frozenset[str] = frozenset()) -> Use | None:
    r"""The name that a text is, with its subscripts or arguments; None where it is anything else.

    >>> use = whole_name(r"D_{ij}")
    >>> (use.name, use.subscripts), whole_name("2x"), whole_name(r"\frac{a}{b}")
    (('D', ('i', 'j')), None, None)
    """
    line = pieces(text)
    if not line or line[0].kind not in ("symbol", "number") or (line[0].kind == "number" and not line[0].style):
        return None
    walker = _Walker(text)
    at = 0
    if line[0].style == "mathrm":
        at = max(1, len(letters_at(line, 0))) - 1
    else:
        word = letters_at(line, 0)
        at = next((size - 1 for size in range(len(word), 1, -1) if word[:size] in words), 0)
    end = walker.name(line, 0, at + 1, False, False)
    use = walker.found.uses[-1]  # those before stand in its exponent
    if use.power:
        use = replace(use, label=f"{use.label}^{{{use.power}}}")
    if end < len(line) and not (use.called and closes(line, end)):
        return None
    return use


def names_in(text: str, words: frozenset[str] = frozenset()) -> tuple[Use, ...]:
    """All names of a text, those that stand as factors; empty where the text cannot be read."""
    return _names_in(text, words, ALPHABET.get())


@lru_cache(maxsize=4096)
def _names_in(text: str, words: frozenset[str], alphabet: Alphabet) -> tuple[Use, ...]:
    assert alphabet == ALPHABET.get()
    try:
        return tuple(uses_of(text, words).uses)
    except Unreadable:
        return ()
