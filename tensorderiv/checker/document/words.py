"""The words by which people say what a name is, in the order in which they are looked for."""

from __future__ import annotations

from tensorderiv.checker.case import Assumption, Value

UNIT = r"(?:unit|norm|normali[sz]ed|length)"
HAVING = r"(?:of|with|have|has|are|being)"

ASSUMPTIONS: tuple[tuple[str, Assumption], ...] = (
    (r"skew|anti-?\s?symmetric", "antisymmetric"),
    (r"(?<!anti)(?<!anti-)(?<!skew-)(?<!skew )\bsymmetric", "symmetric"),
    (r"positive[- ](?:semi-?)?definite|\bspd\b|\bpsd\b|covariance matrix", "positive_definite"),
    (r"\borthogonal\b(?! to)|orthonormal matrix|rotation matrix", "orthogonal"),
    (r"invertible|non-?singular|full[- ]rank square", "invertible"),
    (r"one-?hot rows", "one_hot_rows"),
    (r"one-?hot", "one_hot"),
    (rf"unit[- ]?(?:norm|length)? rows|rows {HAVING} {UNIT}|row-?normali[sz]ed", "unit_rows"),
    (rf"unit[- ]?(?:norm|length)? columns|columns {HAVING} {UNIT}", "unit_columns"),
    (
        r"(?<!standard )(?<!basis )(?<!th )(?<!canonical )unit vectors?\b|unit[- ](?:norm|length)(?! (?:rows|columns))",
        "unit_norm",
    ),
    (r"(?<!rows are )(?<!columns are )(?<!row )(?<!row-)(?<!un)normali[sz]ed", "unit_norm"),
    (r"norm (?:is |equal to )?(?:one|1)\b|on the (?:unit )?(?:hyper)?-?sphere", "unit_norm"),
    (r"rows? (?:are|is|lie|lies|sums?|being|that sum)[^.]*(?:simplex|probabilit|distribution|to (?:one|1))", "simplex_rows"),
    (r"row-?stochastic", "simplex_rows"),
    (r"probabilit|(?<!normal )(?<!gaussian )(?<!gauss )distributions?\b|simplex|histogram", "simplex"),
    (r"sums? (?:up )?to (?:one|1|unity)", "simplex"),
    (r"non-?negative", "nonnegative"),
    (r"\bpositive\b(?![- ](?:semi-?)?definite)", "positive"),
    (r"non-?zero|nonvanishing", "nonzero"),
    (r"zero diagonal|diagonal (?:is|entries are|elements are|of zeros)(?: all)?(?: zeros?)?", "on_diagonal_zero"),
)
NARROWER: tuple[tuple[tuple[Assumption, ...], Assumption], ...] = (
    (("simplex_rows",), "simplex"),
    (("unit_rows", "unit_columns"), "unit_norm"),
    (("one_hot_rows",), "one_hot"),
)
"""Where one of the first is said, the second is not meant."""
VALUES: tuple[tuple[str, Value], ...] = (
    (r"all[- ]ones|(?:vector|matrix) (?:of|with) (?:all )?ones|\bones (?:vector|matrix)", "ones"),
    (r"identity", "identity"),
    (r"zero (?:vector|matrix)|(?:vector|matrix) of zeros", "zeros"),
    (r"(?:basis|unit) vector.{0,40}(?:standard|canonical|cartesian)", "basis"),
    (r"(?:standard|canonical|cartesian|natural|coordinate)(?: basis| unit)|basis vector|-?th\W+unit vector", "basis"),
    (r"single[- ]entry|matrix unit|\bone\b[^.]* zeros? (?:everywhere|elsewhere)", "single_entry"),
    (r"zeros?\b,?\s*(?:everywhere\s*)?,?\s*(?:except|but|save)[^.]*\b(?:one|1|unity)\b", "single_entry"),
    (r"\b(?:smooth|differentiable|arbitrary|unspecified|elementwise|activation|nonlinear) function|\ba function\b", "function"),
    (r"\blabels?\b", "label"),
)
RULES: tuple[tuple[str, str], ...] = (
    (r"sigmoid|logistic function", r"{name}(z) = \frac{{1}}{{1+\exp(-z)}}"),
    (r"softplus", r"{name}(z) = \log(1+\exp(z))"),
    (r"hyperbolic tangent", r"{name}(z) = \tanh(z)"),
)
"""Functions that have a name of their own, and what they are."""
KINDS: tuple[tuple[str, str], ...] = (
    (r"\bmatri(?:x|ces)\b", "matrix"),
    (r"\bvectors?\b|\bpoints?\b", "vector"),
    (r"\bscalars?\b|\bnumbers?\b|\bconstants?\b|temperature|bandwidth|\bparameter\b", "number"),
)
ADJECTIVES = r"symmetric|orthogonal|invertible|positive|non-?negative"
VERB = (
    r"\s*[)]?,?\s*\(?\s*(?:both |all |each )?(?:is|are|be|denotes?|denoting|being|has|have|stands? for|represents?|"
    r"(?:assumed|which|whose|where it) (?:is|are)|whose|with(?= (?:the same|unit|rows|columns|norm|positive|zero))|"
    rf"{ADJECTIVES}|in the|on the|lies?|:|an?\s|the\s|vectors?\b|matri(?:x|ces)\b|scalars?\b|numbers?\b)"
)
"""What stands between a name and what is said of it."""
LINK = (
    r"\b(?:is|are|be|being|using|by|over|where|from|then|that|with|between|if|has|have|we|of|and|or|denotes?|for|which|equals?|to|in|"
    r"on|via|while|whereas|but|when|let|given|such|since|because|although|satisfying|write)\b"
)
"""Words that end what is said before a name."""
