r"""A derivation to be checked, with its declarations: what a document says, or the machine-readable form.

>>> case = Case.from_json(
...     {
...         "extents": ["n"],
...         "indices": {"k": "n"},
...         "symbols": [{"name": "x", "shape": ["n"]}],
...         "definitions": [r"s = x^T x"],
...         "lines": [r"\frac{\partial s}{\partial x_k}", "2 x_k"],
...     }
... )
>>> case.symbol("x").shape, case.sums
(('n',), 'explicit')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, cast, get_args

from tensorderiv.algebra.index import Extent
from tensorderiv.errors import SyntaxProblem, TensorDerivError

Value: TypeAlias = Literal["ones", "zeros", "identity", "single_entry", "basis", "copy", "label", "function"]
"""What a symbol is, where it is not a free real array."""

Assumption: TypeAlias = Literal[
    "positive", "nonnegative", "unit_interval", "nonzero", "integer", "symmetric", "antisymmetric", "positive_definite",
    "orthogonal", "invertible", "unit_norm", "unit_rows", "unit_columns", "simplex", "simplex_rows", "one_hot", "one_hot_rows",
    "on_diagonal_zero",
]  # fmt: skip
Sums: TypeAlias = Literal["explicit", "einstein"]
Product: TypeAlias = Literal["matrix", "scalar"]
Layout: TypeAlias = Literal["variable", "numerator", "denominator", "open", "differential", "components"]
"""The shape of a gradient written without indices. Of a vector y by a vector x, `numerator` has dy_i/dx_j at the place ij,
`denominator` and `variable` have it at ji; `open` is either of them, the same in all lines, and a gradient by a matrix has the
shape of the matrix. None leaves that open as well.
"""
Kind: TypeAlias = Literal["chain", "equations"]


@dataclass(frozen=True)
class Symbol:
    r"""A name of the derivation, in its LaTeX spelling.

    `shape`: the extents of one member; `indices`: the index symbols that name a member of a family, as k, l in \widehat{E}_{kl};
    `arity`: of an unspecified smooth function; `calls`: the arguments that it is called with, as written: where there is one such
    call, f without arguments is f with these.
    """

    name: str
    shape: tuple[Extent, ...] = ()
    value: Value | None = None
    indices: tuple[str, ...] = ()
    assume: tuple[Assumption, ...] = ()
    arity: int = 0
    calls: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Case:
    """The derivation: declarations, definitions in order, and the lines; line 0 is the start.

    `sums`: are repeated indices summed; `product`: what A B means for arrays without indices; `layout`: the shape of a gradient
    written without indices; `kind`: does every line equal the one before, or hold an equation of its own. `notes` are the
    readings chosen where the text left a choice.

    Of a case that was found in a document: `places` are the stretches of the text (start, end) that its lines stand on; `aside`
    marks a remark in passing (a definition written in two ways), about which nothing need be known; `problem` says why the case
    cannot be judged, where that is known already.
    """

    lines: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    extents: tuple[Extent, ...] = ()
    indices: Mapping[str, Extent] = field(default_factory=dict)
    symbols: tuple[Symbol, ...] = ()
    wrt: str | None = None
    sums: Sums = "explicit"
    product: Product = "matrix"
    layout: Layout | None = None
    kind: Kind = "chain"
    name: str = ""
    notes: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    aside: bool = False
    problem: TensorDerivError | None = None

    def symbol(self, name: str) -> Symbol | None:
        """The declared symbol of that spelling, or None."""
        return next((symbol for symbol in self.symbols if symbol.name == name), None)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Case:
        """The case of a JSON object. Raises SyntaxProblem that names the field where something is not of the form."""
        reader = _Reader(given)
        case = cls(
            lines=reader.texts("lines"),
            definitions=reader.texts("definitions"),
            extents=tuple(reader.extent("extents", item) for item in reader.items("extents")),
            indices=MappingProxyType({str(k): reader.extent("indices", v) for k, v in reader.mapping("indices").items()}),
            symbols=tuple(reader.symbol(item) for item in reader.items("symbols")),
            wrt=None if given.get("wrt") is None else reader.text("wrt", given["wrt"]),
            sums=cast(Sums, reader.choice("sums", get_args(Sums), "explicit")),
            product=cast(Product, reader.choice("product", get_args(Product), "matrix")),
            layout=cast("Layout | None", reader.choice("layout", get_args(Layout), None)),
            kind=cast(Kind, reader.choice("kind", get_args(Kind), "chain")),
            name=str(given.get("id") or ""),
        )
        if not case.lines:
            raise SyntaxProblem("the case has no lines", hint='give "lines": [start, next, ...]')
        return case


class _Reader:
    """The fields of a JSON object, each checked."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        if not isinstance(given, Mapping):
            raise SyntaxProblem(f"a case is an object with lines, not {type(given).__name__}")
        self.given = given

    def items(self, field: str) -> list[Any]:
        found = self.given.get(field) or []
        if not isinstance(found, list | tuple):
            raise SyntaxProblem(f'"{field}" is a list, not {type(found).__name__}')
        return list(found)

    def mapping(self, field: str) -> Mapping[str, Any]:
        found = self.given.get(field) or {}
        if not isinstance(found, Mapping):
            raise SyntaxProblem(f'"{field}" is an object, not {type(found).__name__}')
        return found

    def texts(self, field: str) -> tuple[str, ...]:
        return tuple(self.text(field, item) for item in self.items(field))

    def text(self, field: str, item: Any) -> str:
        if not isinstance(item, str):
            raise SyntaxProblem(f'"{field}" holds texts, not {type(item).__name__}')
        return item

    def extent(self, field: str, item: Any) -> Extent:
        if isinstance(item, bool) or not isinstance(item, str | int) or (isinstance(item, int) and item < 1):
            raise SyntaxProblem(f'"{field}": an extent is a name or a number from 1 on, not {item!r}')
        return item

    def choice(self, field: str, among: tuple[str, ...], otherwise: str | None) -> str | None:
        found = self.given.get(field)
        if found is None:
            return otherwise
        if found not in among:
            raise SyntaxProblem(f'"{field}" is one of {", ".join(among)}, not {found!r}')
        return cast(str, found)

    def symbol(self, item: Any) -> Symbol:
        inner = _Reader(item)
        name = inner.text("name", item.get("name"))
        assumed = inner.texts("assume")
        unknown = [word for word in assumed if word not in get_args(Assumption)]
        if unknown:
            raise SyntaxProblem(f"{name}: unknown assumption {unknown[0]}", hint=f"one of {', '.join(get_args(Assumption))}")
        return Symbol(
            name=name,
            shape=tuple(inner.extent("shape", part) for part in inner.items("shape")),
            value=cast("Value | None", inner.choice("value", get_args(Value), None)),
            indices=inner.texts("indices"),
            assume=cast("tuple[Assumption, ...]", assumed),
            arity=int(item.get("arity") or 0),
        )
