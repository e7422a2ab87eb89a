r"""Plain text as LaTeX: D_ij = sum_p (X_ip - X_jp)^2 and dD_ij/dX_kl, as people type them where there is no LaTeX."""

from __future__ import annotations

import re

from tensorderiv.checker.document.mapped import Mapped

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi varphi chi"
    " psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split()
)
FUNCTIONS = frozenset("exp log ln sin cos tan arcsin arccos arctan sinh cosh tanh det max min".split())
OPERATORS = frozenset(
    "tr Tr trace diag sign sgn sigmoid softmax softplus relu erf abs rank vec Tr log1p expm1 atanh asinh acosh".split()
)
REDUCTIONS = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min"}
INVERSES = {"acos": r"\arccos", "asin": r"\arcsin", "atan": r"\arctan"}
SIGNS = {
    "**": "^", "<=": r"\le ", ">=": r"\ge ", "!=": r"\neq ", "==": "=", "||": r"\|", "->": r"\to ", "=>": r"\implies ",
    "~=": r"\approx ",
}  # fmt: skip
UNICODE = {
    "∂": r"\partial ", "∑": r"\sum ", "Σ": r"\sum ", "∏": r"\prod ", "∇": r"\nabla ", "√": r"\sqrt ", "·": r"\cdot ",
    "⋅": r"\cdot ",
    "×": r"\times ", "−": "-", "–": "-", "≠": r"\neq ", "≤": r"\le ", "≥": r"\ge ", "∈": r"\in ", "≈": r"\approx ",
    "⊙": r"\odot ", "∘": r"\circ ", "⊗": r"\otimes ", "‖": r"\|", "∥": r"\|", "ᵀ": "^T", "⊤": r"\top ", "²": "^2", "³": "^3",
    "⁻¹": "^{-1}", "½": r"\frac{1}{2}", "∞": r"\infty ", "ℝ": r"\mathbb{R}", "⟦": "[", "⟧": "]",
    "⟨": r"\langle ", "⟩": r"\rangle ", "′": "'",
    "⇒": r"\implies ", "⟹": r"\implies ", "⇔": r"\iff ", "≡": r"\equiv ", "∝": r"\propto ", "…": r"\dots ", "\u00a0": " ",
    "\u2009": " ", "\u200b": "", "𝟙": r"\mathbf{1}", "Δ": r"\Delta ", "Λ": r"\Lambda ", "Φ": r"\Phi ",
    "Ω": r"\Omega ",
} | {
    chr(code): "\\" + word + " "
    for code, word in zip(
        range(0x3B1, 0x3CA),
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon phi chi psi"
        " omega".split(),
        strict=True,
    )
}  # fmt: skip
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚₛₜ", "0123456789ijklmnpst", strict=True))

_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(UNICODE, key=len, reverse=True)))
_LOWERED = re.compile(f"[{''.join(SUBSCRIPTS)}]+")

_INDEXED = r"(?:_\{[^{}]*\}|_[A-Za-z0-9]+|\[[A-Za-z0-9, ]+\])?"
DERIVATIVE = re.compile(
    rf"(?P<d>d ?|\\partial\s*)(?:(?P<above>\\?[A-Za-z]+)(?P<indexed>{_INDEXED}))?"
    rf"\s*/\s*(?:d ?|\\partial\s*)(?P<below>\\?[A-Za-z]+)(?P<below_indexed>{_INDEXED})(?![A-Za-z])"
)
PIECE = re.compile(
    r"""(?P<command>\\[A-Za-z]+)
    |(?P<word>[A-Za-z][A-Za-z0-9]*)
    |(?P<subscript>_(?:\{[^{}]*\}|[A-Za-z0-9']+|\([^()]*\)))
    |(?P<power>(?:\^|\*\*)\s*(?P<exponent>-?\d+(?:\.\d+)?|-?[A-Za-z]|\((?:[^()]|\([^()]*\))*\)|\{[^{}]*\}))
    |(?P<element>\[[A-Za-z0-9]+(?:\s*,\s*[A-Za-z0-9]+)*\])
    |(?P<sign>\*\*|<=|>=|!=|==|\|\||->|=>|~=)""",
    re.VERBOSE,
)


def without_unicode(document: Mapped) -> Mapped:
    r"""Signs of mathematics beyond ASCII as LaTeX: they mean the same everywhere.

    >>> without_unicode(Mapped.of("∂Dᵢⱼ ≠ 2")).text
    '\\partial D_{ij} \\neq  2'
    """
    changes = [(match.start(), match.end(), UNICODE[match.group()]) for match in _SIGN.finditer(document.text)]
    lowered = [
        (match.start(), match.end(), "_{" + "".join(SUBSCRIPTS[sign] for sign in match.group()) + "}")
        for match in _LOWERED.finditer(document.text)
    ]
    return document.replaced(sorted(changes + lowered))


def is_plain(text: str) -> bool:
    """Whether a bare line is plain text: no LaTeX command but those that stand for a sign, no braces after a sign."""
    return "\\" not in _without_signs(text)


def _without_signs(text: str) -> str:
    for latex in set(UNICODE.values()):
        if latex.startswith("\\"):
            text = text.replace(latex, "")
    return text


def to_latex(line: Mapped, names: frozenset[str] = frozenset()) -> Mapped:
    r"""A line of plain text as LaTeX. `names`: words that are names, of two letters and more.

    >>> to_latex(Mapped.of("dD_ij/dX_kl = 2*sum_p (X_ip - X_jp)^2 * delta_ik")).text
    '\\frac{\\partial D_{ij}}{\\partial X_{kl}} = 2*\\sum_{p} (X_{ip} - X_{jp})^{2} * \\delta_{ik}'
    >>> to_latex(Mapped.of("sqrt(x_i^2)/exp(-t) + A[i,j]")).text
    '\\sqrt{x_{i}^{2}}/\\exp(-t) + A_{i,j}'
    """
    text = line.text
    changes: list[tuple[int, int, str]] = []
    roots: list[int] = []
    at = 0
    while at < len(text):
        derivative = DERIVATIVE.match(text, at)
        if derivative is not None and not (at and text[at - 1].isalnum()) and _is_derivative(derivative, names):
            changes.append((at, derivative.end(), _fraction(derivative, names)))
            at = derivative.end()
            continue
        match = PIECE.match(text, at)
        if match is None:
            at += 1
            continue
        new = _piece(match, text, names)
        if match["word"] == "sqrt" and text[match.end() : match.end() + 1] == "(":
            roots.append(match.end())
        if new != match.group():
            changes.append((at, match.end(), new))
        at = match.end()
    partners = _partners(text) if roots else {}
    for opening in roots:
        if opening in partners:
            changes += [(opening, opening + 1, "{"), (partners[opening], partners[opening] + 1, "}")]
    return line.replaced(_apart(changes))


def _apart(changes: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """In order, without those that overlap an earlier one."""
    kept: list[tuple[int, int, str]] = []
    for change in sorted(changes):
        if not kept or change[0] >= kept[-1][1]:
            kept.append(change)
    return kept


def _partners(text: str) -> dict[int, int]:
    """Opening round bracket -> its closing one."""
    found: dict[int, int] = {}
    begun: list[int] = []
    for at, sign in enumerate(text):
        if sign == "(":
            begun.append(at)
        elif sign == ")" and begun:
            found[begun.pop()] = at
    return found


def _is_derivative(match: re.Match[str], names: frozenset[str]) -> bool:
    """Whether what is differentiated and by what are letters, Greek or known names."""
    words = [word for word in (match["above"], match["below"]) if word]
    return all(len(word) == 1 or word in GREEK or word in names or word.startswith("\\") for word in words)


def _fraction(match: re.Match[str], names: frozenset[str]) -> str:
    below = _word(match["below"], names) + _subscript(match["below_indexed"])
    above = (_word(match["above"], names) + _subscript(match["indexed"])) if match["above"] else ""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}".replace(r"\partial }", r"\partial}")


def _piece(match: re.Match[str], text: str, names: frozenset[str]) -> str:
    if match["command"] or match["sign"]:
        return SIGNS.get(match.group(), match.group())
    if match["subscript"]:
        return _subscript(match["subscript"])
    if match["element"]:
        before = text[match.start() - 1 : match.start()]
        return _subscript(match["element"]) if before.isalnum() else match.group()
    if match["power"]:
        exponent = match["exponent"]
        inner = exponent[1:-1] if exponent[0] in "({" else exponent
        return f"^{{{to_latex(Mapped.of(inner), names).text}}}"
    after = text[match.end() : match.end() + 1]
    if match["word"] in REDUCTIONS and after == "_":
        return REDUCTIONS[match["word"]]
    return _word(match["word"], names)


def _subscript(text: str) -> str:
    if not text:
        return ""
    inner = text[1:]
    if text[0] == "[":
        return f"_{{{inner[:-1].replace(' ', '')}}}"
    if inner[:1] in "({":
        inner = inner[1:-1]
    if inner in GREEK:
        inner = "\\" + inner
    return f"_{{{inner.replace('!=', chr(92) + 'neq ').replace('<=', chr(92) + 'le ')}}}"


def _word(word: str, names: frozenset[str]) -> str:
    if word in names and len(word) > 1 and word not in GREEK:
        return rf"\mathrm{{{word}}}"
    if word in GREEK or word in FUNCTIONS or word == "sqrt":
        return f"\\{word}" + (" " if word in GREEK else "")[:0]
    if word in INVERSES:
        return INVERSES[word]
    if word in OPERATORS:
        return rf"\operatorname{{{word}}}"
    return word
