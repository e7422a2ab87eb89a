r"""How names are written in LaTeX: sigma is \sigma, Sbar is \bar{S}, loss is \mathrm{loss}."""

from __future__ import annotations

from tensorderiv.language.names import Name, dissect


def name_latex(name: str, subscripted: bool = False) -> str:
    r"""The name of a tensor, a scalar or an extent.

    Digits become a subscript where the name takes no other: sigma11 is \sigma_{11}, but sigma11_ij is \mathrm{sigma11}_{ij},
    since \sigma_{11ij} would be an element of another tensor.

    >>> [name_latex(name) for name in ("X", "sigma", "Sbar", "sigmadot", "loss", "m0", "y'")]
    ['X', '\\sigma', '\\bar{S}', '\\dot{\\sigma}', '\\mathrm{loss}', 'm_{0}', "{y'}"]
    """
    parts = dissect(name)
    if subscripted and (parts.inner or parts.digits):
        return _word(name)
    shown = _stem(parts) + _number(parts.inner)
    if parts.accent:
        shown = f"\\{parts.accent}{{{shown}}}{_number(parts.digits)}"
    return f"{{{shown}{parts.primes}}}" if parts.primes else shown


def index_latex(name: str) -> str:
    r"""The name of an index: i, j', \alpha, i_{1}.

    >>> [index_latex(name) for name in ("i", "alpha", "j'", "i1")]
    ['i', '\\alpha', "j'", 'i_{1}']
    """
    parts = dissect(name)
    return _stem(parts) + _number(parts.inner) + parts.primes if not parts.accent else name_latex(name)


def escape(text: str) -> str:
    r"""Prose as LaTeX: the ten special characters, and what pdflatex cannot set.

    >>> print(escape("sum_p is 100% & more"))
    sum\_p is 100\% \& more
    """
    return "".join(_SPECIAL.get(char, char if ord(char) < 256 else "?") for char in text)


def _stem(parts: Name) -> str:
    if parts.is_greek:
        return f"\\{parts.stem}"
    return parts.stem if parts.is_letter else _word(parts.stem)


def _number(digits: str) -> str:
    return f"_{{{digits}}}" if digits else ""


def _word(name: str) -> str:
    return rf"\mathrm{{{escape(name)}}}"


_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "≤": r"\(\le\)",
    "≥": r"\(\ge\)",
    "≠": r"\(\ne\)",
    "→": r"\(\to\)",
    "∂": r"\(\partial\)",
    "δ": r"\(\delta\)",
    "Σ": r"\(\Sigma\)",
    "−": "--",
    "–": "--",
    "—": "---",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
}
