"""The words of a line: functions, signs and what is not read. Data only."""

from __future__ import annotations

from tensorderiv.language.lexicon import ALIASES, FUNCTION_NAMES, UNREAD_MATRIX_FUNCTIONS

BIG = {"\\sum": "sum", "\\prod": "prod", "\\max": "max", "\\min": "min", "\\bigsum": "sum"}
BIG_WORDS = {"sum": "sum", "prod": "prod", "max": "max", "min": "min"}
MATRIX = frozenset({"tr", "det", "adj", "logdet", "inv", "diag", "vec", "sum"})
"""Functions that reach past brackets: tr A(B + C)."""

OTHER_SPELLINGS = {"Trace": "tr", "Det": "det", "Diag": "diag", "TR": "tr", "Log": "log", "Exp": "exp", "lg": "log10",
                   "arcch": "acosh", "arcsh": "asinh",
                   "arcth": "atanh", "tg": "tan", "ch": "cosh", "sh": "sinh", "th": "tanh",
                   "argcosh": "acosh", "argsinh": "asinh", "argtanh": "atanh",
                   "sgn": "sign", "sec": "sec", "csc": "csc", "cot": "cot", "sech": "sech", "csch": "csch", "coth": "coth",
                   "cosec": "csc", "ctg": "cot", "sym": "sym", "skew": "skew",
                   "adj": "adj", "adjugate": "adj", "Sigmoid": "sigmoid"}  # fmt: skip
FUNCTIONS = {name: ALIASES.get(name, name) for name in FUNCTION_NAMES} | OTHER_SPELLINGS
NOT_FUNCTIONS = frozenset({"if", "diff", "dot", "norm", "pow", "mean", "prod", "sum", "ch", "sh", "th", "tg", "lg"})
WORDS = {name: plain for name, plain in FUNCTIONS.items() if name not in NOT_FUNCTIONS and len(name) > 1}
"""Functions as plain words, by their one name."""
COMMANDS = {f"\\{name}": plain for name, plain in FUNCTIONS.items() if name not in NOT_FUNCTIONS - {"ch", "sh", "th", "tg", "lg"}}
UNREAD_FUNCTIONS = frozenset({f"\\{name}" for name in UNREAD_MATRIX_FUNCTIONS})

JOINS = {
    "\\cdot": "cdot", "\\times": "times", "\\star": "star", "\\div": "over", "\\odot": "odot", "\\circ": "odot",
    "\\otimes": "otimes", "\\oslash": "oslash", "\\bullet": "cdot", "\\slash": "over", "*": "star", "/": "over", ":": "colon",
}  # fmt: skip
COMPARED = {
    "\\ne": "!=", "\\neq": "!=", "\\le": "<=", "\\leq": "<=", "\\leqslant": "<=", "\\ge": ">=", "\\geq": ">=", "\\geqslant": ">=",
    "\\equiv": "=", "\\triangleq": "=", "\\coloneqq": "=", "\\coloneq": "=", "\\eqqcolon": "=", "=": "=", "<": "<", ">": ">",
}  # fmt: skip
CLOSING = {"(": ")", "[": "]", "{": "}"}
CONSTANTS = frozenset({"\\pi", "\\infty"})
SEPARATORS = frozenset({",", ";", "\\parallel", "\\mid", "‖", "|"})
"""Between the arguments of a function: D(p \\parallel q)."""

UNREAD = {
    "\\int": "an integral", "\\iint": "an integral", "\\oint": "an integral", "\\lim": "a limit", "\\sup": "a supremum",
    "\\inf": "an infimum", "\\dots": "an ellipsis", "\\ldots": "an ellipsis", "\\cdots": "an ellipsis", "\\vdots": "an ellipsis",
    "\\ddots": "an ellipsis", "\\pm": "a double sign", "\\mp": "a double sign", "\\approx": "an approximation", "\\sim": "~",
    "\\propto": "a proportionality", "\\implies": "an implication", "\\Rightarrow": "an implication", "\\to": "an arrow",
    "\\rightarrow": "an arrow", "\\iff": "an equivalence", "\\binom": "a binomial", "\\in": "membership in a set",
    "\\cup": "a union",
    "\\cap": "an intersection", "\\forall": "a quantifier", "\\arg": "an argmax or argmin", "\\argmax": "an argmax",
    "\\argmin": "an argmin", "\\Pr": "a probability", "\\otimes": "a Kronecker product", "\\oplus": "a direct sum",
    "\\wedge": "a wedge product", "\\cancelto": "a cancelled term", "\\therefore": "a conclusion", "\\simeq": "an approximation",
    "\\bigotimes": "a big product", "\\bigoplus": "a big sum",
}  # fmt: skip
"""Commands without a reading here, by what they are."""
