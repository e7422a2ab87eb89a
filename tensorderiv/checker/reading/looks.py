"""LaTeX commands by what they do to the look of a line: styles, signs, symbols, fractions, environments, frames. Data only."""

from __future__ import annotations

from tensorderiv.language.lexicon import CAPITAL_GREEK, NAMES

STYLES = (
    dict.fromkeys("mathbf boldsymbol bm bf pmb textbf symbf bfseries vec boldmath mathbfit symbfit".split(), "mathbf")
    | dict.fromkeys("mathcal cal mathscr scr EuScript".split(), "mathcal")
    | dict.fromkeys("mathbb Bbb mathbbm mathds".split(), "mathbb")
    | dict.fromkeys("mathtt tt texttt".split(), "mathtt")
    | dict.fromkeys("mathfrak frak".split(), "mathfrak")
    | dict.fromkeys("mathsf sf textsf".split(), "mathsf")
    | dict.fromkeys("mathrm rm textrm text mbox operatorname hbox textnormal textup".split(), "mathrm")
    | dict.fromkeys("mathit it mathnormal textit mathop mathbin mathrel mathord mathopen mathclose ensuremath".split(), "")
)
"""Style commands by their one spelling."""

SWITCHES = frozenset("bf cal rm tt it sf frak scr bfseries".split())
"""Styles that hold to the end of the group."""
PROSE = frozenset("text mbox textrm hbox textit textbf textnormal".split())
WORDS = frozenset("if for when otherwise else where with and".split())
SIGN_COMMANDS = {
    "\\{": "{", "\\}": "}", "\\lbrace": "{", "\\rbrace": "}", "\\|": "‖", "\\Vert": "‖", "\\lVert": "‖(", "\\rVert": "‖)",
    "\\vert": "|", "\\lvert": "|(", "\\rvert": "|)", "\\lbrack": "[", "\\rbrack": "]", "\\lparen": "(", "\\rparen": ")",
    "\\langle": "<(", "\\rangle": ">)", "\\\\": "\\\\", "\\cr": "\\\\", "\\atop": "\\\\", "\\&": "&",
    "\\ast": "*", "\\colon": ":",
    "\\lt": "<", "\\gt": ">", "\\_": "_sign", "\\lfloor": "floor(", "\\rfloor": "floor)",
}  # fmt: skip
SYMBOLS = frozenset(f"\\{name}" for name in (set(NAMES) - {"top", "intercal"}) | CAPITAL_GREEK | {"imath", "jmath", "varpi"})
FRACTIONS = frozenset("\\frac \\tfrac \\dfrac \\cfrac \\nicefrac \\sfrac".split())
MATRICES = frozenset(
    "matrix bmatrix pmatrix Bmatrix vmatrix Vmatrix smallmatrix bsmallmatrix psmallmatrix array cases dcases rcases".split()
)
LAYOUT = frozenset("align aligned split gathered gather equation eqnarray alignat alignedat multline".split())
SHOWN = {"underbrace": "_", "overbrace": "^", "underbracket": "_", "overbracket": "^"}
FRAMES = frozenset("boxed cancel bcancel xcancel fbox mathstrut mathclap smash hcancel uline underline substack".split())
LIMITED = frozenset("\\sum \\prod \\max \\min".split())
SECOND = frozenset("overset stackrel textcolor colorbox".split())
WITHOUT = frozenset(
    "label tag color hspace vspace phantom hphantom vphantom kern mspace cite eqref ref href require class style".split()
)
