"""The words of the language: functions, reductions, LaTeX commands and their plain spellings. Data only."""

from __future__ import annotations

from tensorderiv.algebra.functions import FUNCTIONS
from tensorderiv.algebra.index import GREEK

REDUCTIONS = ("sum", "prod", "max", "min", "mean", "logsumexp", "argmax", "argmin")
"""Words that bind the indices of their subscript over the product that follows."""

ALIASES = {
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "arctan2": "atan2",
    "sgn": "sign",
    "ReLU": "relu",
    "LSE": "logsumexp",
    "gammaln": "lgamma",
    "loggamma": "lgamma",
    "fabs": "abs",
    "maximum": "max",
    "minimum": "min",
    "power": "pow",
    "Tr": "tr",
    "trace": "tr",
}
"""Other spellings of functions."""

MATRIX_FUNCTIONS = ("tr", "det", "logdet", "inv", "diag")
"""Functions of whole matrices."""

SPECIAL_FUNCTIONS = (
    *("pow", "root", "log10", "softmax", "logsumexp", "if", "diff", "sum", "prod", "mean", "norm", "dot"),
    *MATRIX_FUNCTIONS,
)
"""Functions that are read to something else than a `Function` node."""

FUNCTION_NAMES = frozenset(FUNCTIONS) | frozenset(ALIASES) | frozenset(SPECIAL_FUNCTIONS)

INVERSES = {
    "sin": "asin",
    "cos": "acos",
    "tan": "atan",
    "sinh": "asinh",
    "cosh": "acosh",
    "tanh": "atanh",
}
"""What f^{-1} means for these."""

UNREAD_MATRIX_FUNCTIONS = frozenset({"vec", "rank", "kron", "expm", "logm", "sqrtm", "pinv", "adj"})
"""Functions of matrices that are not read."""

MATRIX_OPERATORS = frozenset({"otimes", "oplus", "star", "bullet"})
"""Products of matrices that are not read."""

CAPITAL_GREEK = frozenset("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split())

FUNCTION_GREEK = frozenset({"phi", "psi", "Phi", "Psi", "Gamma", "zeta", "xi", "chi"})
"""Greek letters that name a function when a parenthesis follows; the others are then factors."""

NAMES = {name: name for name in GREEK} | {
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
    "varsigma": "sigma",
    "varkappa": "kappa",
    "ell": "ell",
    "infty": "infty",
    "hbar": "hbar",
    "top": "T",
    "intercal": "T",
}
"""LaTeX commands that are names."""

STYLES = frozenset(
    "mathcal mathrm mathsf mathit mathtt mathfrak mathscr mathbb mathnormal boldsymbol mathbf bm bf pmb vec operatorname "
    "operatorname* mathop text textrm textbf mbox textit symbf symbfit".split()
)
BOLD = frozenset({"mathbf", "boldsymbol", "bm", "bf", "pmb", "vec", "textbf", "symbf", "symbfit"})
WORDS = frozenset({"text", "textrm", "mbox", "textit", "mathrm", "operatorname", "operatorname*", "mathop"})
"""Styles whose content is a word, not a product of letters."""
ACCENTS = {
    "bar": "bar",
    "overline": "bar",
    "hat": "hat",
    "widehat": "hat",
    "tilde": "tilde",
    "widetilde": "tilde",
    "dot": "dot",
    "check": "check",
    "breve": "breve",
}

OPERATORS = {
    "cdot": "CDOT",
    "times": "STAR",
    "ast": "STAR",
    "odot": "ODOT",
    "circ": "ODOT",
    "oslash": "OSLASH",
    "div": "SLASH",
    "ne": "CMP!=",
    "neq": "CMP!=",
    "le": "CMP<=",
    "leq": "CMP<=",
    "leqslant": "CMP<=",
    "ge": "CMP>=",
    "geq": "CMP>=",
    "geqslant": "CMP>=",
    "lt": "<",
    "gt": ">",
    "land": "AND",
    "wedge": "AND",
    "lor": "OR",
    "vee": "OR",
    "lnot": "NOT",
    "neg": "NOT",
    "colon": ":",
    "mid": "MID",
    "in": "IN",
    "coloneqq": "=",
    "equiv": "=",
    "triangleq": "=",
    "lvert": "LBAR",
    "rvert": "RBAR",
    "lVert": "LNORM",
    "rVert": "RNORM",
    "vert": "BAR",
    "Vert": "NORM",
    "|": "NORM",
    "langle": "LANGLE",
    "rangle": "RANGLE",
    "lbrace": "LPAR",
    "rbrace": "RPAR",
    "{": "LPAR",
    "}": "RPAR",
    "lbrack": "[",
    "rbrack": "]",
    "lparen": "LPAR",
    "rparen": "RPAR",
    "rfloor": "RPAR",
}
"""LaTeX commands that are operators or brackets, by raw token kind."""

IGNORED = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr limits nolimits displaystyle textstyle "
    "scriptstyle quad qquad , ; ! : > nonumber notag smallskip medskip hfill enspace thinspace negthinspace allowbreak "
    "rm it mathstrut strut noindent [ ] ( )".split()
) | {" "}
"""Commands without meaning here (`\\left` and `\\right` are looked at before)."""

ENVIRONMENTS = frozenset(
    "align align* aligned equation equation* gather gather* gathered split eqnarray eqnarray* multline multline* "
    "alignat alignat* displaymath math document flalign flalign*".split()
)

UNICODE = {
    "∑": "\\sum ",
    "∏": "\\prod ",
    "√": "\\sqrt ",
    "−": "-",
    "–": "-",
    "·": "\\cdot ",
    "⋅": "\\cdot ",
    "×": "\\times ",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "∧": " and ",
    "∨": " or ",
    "‖": "\\|",
    "⟨": "\\langle ",
    "⟩": "\\rangle ",
    "∞": "\\infty ",
    "′": "'",
    "’": "'",
    "²": "^2",
    "³": "^3",
    "ᵀ": "^T",
    "∈": "\\in ",
    "⊙": "\\odot ",
    "∘": "\\circ ",
    "⊘": "\\oslash ",
    "⊤": "T",
    "\u00a0": " ",
    "ℓ": "\\ell ",
} | {
    chr(code): f"\\{name} "
    for code, name in zip(
        [*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA)],
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
            "sigma tau upsilon phi chi psi omega"
        ).split(),
        strict=True,
    )
}
"""Unicode characters and the spelling they stand for."""

DECLARING = ("tensor", "scalar", "labels")
"""Words that start a declaration."""
