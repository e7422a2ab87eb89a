"""Vector functions: within 2 ULP of the true value, special values right, vectorised, untouched by the caller's fastmath."""

from __future__ import annotations

import ast
import itertools
import math
import platform
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from llvmlite.binding import get_host_cpu_features

from tensorderiv.emit import emit
from tensorderiv.emit.vector_math import VECTOR_MATH, coefficients, defined_names, vector_math, vector_texts
from tensorderiv.language import read
from tests.emit.ulp import BOUND, samples
from tests.support.vector_math import DTYPES, NAMES, OF_TWO, TRUE, apply, import_file, load, module_text, true_error


def _to_end(x: Any) -> Any:
    """Rounding beyond the end of the domain is forgiven, as the reference meaning does."""
    return np.where(abs(x) <= 1 + 1.8e-15, np.clip(x, -1, 1), x)


MEANING: dict[str, Any] = {
    "acos": lambda x: np.arccos(_to_end(x)),
    "asin": lambda x: np.arcsin(_to_end(x)),
    "atan2": np.arctan2,
    "erf": np.vectorize(math.erf),
    "pow": np.power,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0, x),
}
"""NumPy's function, where it has another name."""


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(module_text(NAMES), tmp_path_factory.mktemp("vector") / "vector_functions.py")


def worst_error(module: ModuleType, name: str, dtype: Any, points: int) -> float:
    high = 0.0
    for _, arguments in samples(name, dtype, points):
        found = apply(module, name, *arguments)
        high = max(high, *(true_error(name, dtype, row[1:], row[0]) for row in zip(found, *arguments, strict=True)))
    return high


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_on_samples_of_the_whole_domain(module: ModuleType, name: str, dtype: Any) -> None:
    assert worst_error(module, name, dtype, 1000) <= BOUND


@lru_cache(maxsize=2)
def special_numbers(dtype: Any) -> tuple[Any, ...]:
    info = np.finfo(dtype)
    one, top = dtype(1), info.max
    sizes = [0, info.smallest_subnormal, info.tiny / 2, info.tiny, 1e-20, 0.25, 0.5, np.nextafter(one, dtype(0)), 1, 1 + info.eps]
    sizes += [
        1.5,
        2,
        2.5,
        3,
        4,
        7,
        np.pi / 2,
        np.pi,
        22,
        40,
        87.5,
        88.72,
        89,
        103.9,
        104,
        105,
        709.78,
        709.79,
        744.5,
        745.2,
        746,
        1e4,
    ]
    sizes += [
        2.0**23,
        2.0**24 - 1,
        2.0**24,
        2.0**40,
        1e13,
        2.0**52 + 1,
        2.0**53 - 1,
        2.0**53,
        2.0**54,
        1e30,
        top / 2,
        top,
        np.inf,
    ]
    return (dtype(np.nan), *(dtype(sign * size) for size in sizes for sign in (1, -1)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_special_numbers(module: ModuleType, name: str, dtype: Any) -> None:
    """nan, infinities and zeros with their signs as in NumPy; all else within the bound."""
    numbers = special_numbers(dtype)
    rows = list(itertools.product(numbers, numbers) if name in OF_TWO else ((v,) for v in numbers))
    arguments = tuple(np.array(column, dtype) for column in zip(*rows, strict=True))
    with np.errstate(all="ignore"):
        wanted = MEANING.get(name, getattr(np, name, None))(*(a.astype(np.longdouble) for a in arguments)).astype(dtype)
    found = apply(module, name, *arguments)
    assert found.dtype == dtype
    for row, f, w in zip(rows, found, wanted, strict=True):
        shown = f"{name}{row} is {f}, wanted {w}"
        if np.isnan(w):
            assert np.isnan(f), shown
        elif w == 0 or np.isinf(w) or any(not np.isfinite(v) for v in row) or not any(row):
            assert abs(f - w) <= 2 * np.spacing(abs(w)) if np.isfinite(w) else f == w, shown
            assert np.signbit(f) == np.signbit(w), shown
        else:
            assert true_error(name, dtype, row, f) <= BOUND, shown


EXACT: list[tuple[str, tuple[float, ...], float]] = [
    *((name, (0.0,), 0.0) for name in ("expm1", "log1p", "tanh", "sin", "asin", "erf")),
    *((name, (-0.0,), -0.0) for name in ("expm1", "log1p", "tanh", "sin", "asin", "erf")),
    *((name, (5e-324,), 5e-324) for name in ("expm1", "log1p", "tanh", "sin", "asin")),
    *((name, (v,), 1.0) for name in ("exp", "cos") for v in (0.0, -0.0)),
    ("exp", (-np.inf,), 0.0),
    ("exp", (709.782712893385,), np.inf),
    ("exp", (-745.1332191019411,), 5e-324),
    ("exp", (-745.1332191019412,), 0.0),
    ("log", (1.0,), 0.0),
    ("log", (0.0,), -np.inf),
    ("log", (-0.0,), -np.inf),
    ("log", (5e-324,), -744.4400719213812),
    ("log1p", (-1.0,), -np.inf),
    ("tanh", (np.inf,), 1.0),
    ("sigmoid", (0.0,), 0.5),
    ("sigmoid", (-np.inf,), 0.0),
    ("acos", (1.0,), 0.0),
    ("acos", (1.0 + 4e-16,), 0.0),
    ("acos", (-1.0 - 4e-16,), math.pi),
    ("acos", (-1.0,), math.pi),
    ("asin", (1.0,), math.pi / 2),
    ("asin", (-1.0 - 4e-16,), -math.pi / 2),
    ("sin", (6381956970095103.0 * 2.0**797,), 1.0),
    ("cos", (6381956970095103.0 * 2.0**797,), -4.6871659242546277e-19),
    ("sin", (math.pi,), 1.2246467991473532e-16),
    ("atan2", (0.0, 1.0), 0.0),
    ("atan2", (-0.0, 1.0), -0.0),
    ("atan2", (0.0, -1.0), math.pi),
    ("atan2", (-0.0, -0.0), -math.pi),
    ("atan2", (1.0, 1.0), math.pi / 4),
    ("atan2", (1.0, -1.0), 3 * math.pi / 4),
    ("atan2", (-1.0, 0.0), -math.pi / 2),
    ("atan2", (np.inf, -np.inf), 3 * math.pi / 4),
    ("pow", (3.0, 4.0), 81.0),
    ("pow", (-2.0, 3.0), -8.0),
    ("pow", (-2.0, -2.0), 0.25),
    ("pow", (10.0, 22.0), 1e22),
    ("pow", (-1.0, 2.0**53 - 1), -1.0),
    ("pow", (-1.0, np.inf), 1.0),
    ("pow", (np.nan, 0.0), 1.0),
    ("pow", (1.0, np.nan), 1.0),
    ("pow", (-0.0, -3.0), -np.inf),
    ("pow", (-0.0, 0.5), 0.0),
    ("erf", (np.inf,), 1.0),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), EXACT)
def test_exact_results(module: ModuleType, name: str, arguments: tuple[float, ...], wanted: float) -> None:
    found = float(apply(module, name, *(np.array([v]) for v in arguments))[0])
    assert found == wanted
    assert math.copysign(1.0, found) == math.copysign(1.0, wanted)


MULTIPLIES_AND_ADDS = get_host_cpu_features().get("fma", False) or platform.machine() in ("arm64", "aarch64")


@pytest.mark.skipif(
    not MULTIPLIES_AND_ADDS, reason="without a fused multiply-add of the machine, loops call that of the C library"
)
@pytest.mark.parametrize("name", NAMES)
def test_a_loop_is_vectorised(module: ModuleType, name: str) -> None:
    """The multiply-adds are of vectors, and nothing outside is called."""
    loop = getattr(module, f"loop_{name}")
    for dtype in DTYPES:
        apply(module, name, *[np.ones(3, dtype)] * (2 if name in OF_TWO else 1))
    for signature in loop.signatures:
        text = loop.inspect_llvm(signature)
        assert re.search(r"call .*<\d+ x double> @llvm\.fma\.", text)
        assert not re.search(rf"call [^\n]*@(numba_|np_)?{name}f?\(", text)


def test_the_same_in_any_place(module: ModuleType) -> None:
    """Vector lanes and the tail agree, so that results do not depend on how a loop is cut."""
    x = np.linspace(-3, 3, 67)
    for name in NAMES:
        arguments = (abs(x), x[::-1].copy()) if name in OF_TWO else (x,)
        whole = apply(module, name, *arguments)
        single = np.array([apply(module, name, *(a[i : i + 1] for a in arguments))[0] for i in range(x.size)])
        assert whole.tobytes() == single.tobytes(), name


def test_without_compiling_they_mean_what_numpy_means(module: ModuleType) -> None:
    for name in NAMES:
        arguments = (0.3, 0.7)[: 2 if name in OF_TWO else 1]
        with np.errstate(all="ignore"):
            wanted = MEANING.get(name, getattr(np, name, None))(*arguments)
        assert math.isclose(getattr(module, f"_{name}")(*arguments), wanted, rel_tol=1e-15)


def test_a_changed_digit_is_seen(tmp_path: Path) -> None:
    """The fifth coefficient of exp, wrong in its twelfth digit."""
    text = module_text(["exp"])
    digits = repr(coefficients.EXP64[4])
    wrong = digits[:13] + str((int(digits[13]) + 5) % 10) + digits[14:]
    assert text.count(digits) == 1
    faulty = load(text.replace(digits, wrong), tmp_path / "faulty.py")
    assert worst_error(faulty, "exp", np.float64, 1500) > BOUND


def test_coefficients_are_what_the_tool_computes() -> None:
    tool = import_file(Path(__file__).parents[2] / "tools" / "vector_math_coefficients.py")
    assert list(tool.POLYNOMIALS) == [name for name in vars(coefficients) if name.isupper()]
    for name in ("EXP32", "SIN64", "ATAN32"):
        with mp.workdps(60):
            found, _ = tool.minimax(tool.POLYNOMIALS[name])
        assert tuple(float(c) for c in found) == getattr(coefficients, name)


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_near_functions_are_the_same_on_their_part(module: ModuleType, name: str, tmp_path: Path) -> None:
    near = load(module_text([f"{name}_near"]), tmp_path / f"{name}_near.py")
    for dtype in DTYPES:
        x = np.array([0.0, -0.0, 1e-300, 0.5, -3.0, 1e6, -1e12, 1e13, -1e30, np.inf, np.nan], np.float64).astype(dtype)
        found, wanted = apply(near, f"{name}_near", x), apply(module, name, x)
        assert found[:7].tobytes() == wanted[:7].tobytes()
        assert np.isnan(found[7:]).all()


TEXT = "tensor X[n,d], Y[m,d]\nscalar g default 1.5\nK_ij = exp(-(sum_p |X_ip - Y_jp|)^g) + tanh(sum_p X_ip Y_jp)"


def test_modules_carry_the_functions_they_call() -> None:
    source = emit(read(TEXT), "kernel")
    assert "math.exp" not in source and "math.tanh" not in source and " ** g" not in source
    assert "def _exp(" in source and "def _pow(" in source and "def _sin(" not in source


def test_a_module_computes_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(7, 3)), rng.normal(size=(9, 3))
    found = load(emit(read(TEXT), "kernel"), tmp_path / "kernel_vectors.py").pairwise(X, Y)
    distance = abs(X[:, None] - Y[None]).sum(-1)
    np.testing.assert_allclose(found, np.exp(-(distance**1.5)) + np.tanh(X @ Y.T), rtol=1e-12, atol=1e-15)


def test_pieces() -> None:
    assert set(TRUE) == VECTOR_MATH
    text = "\n\n".join(vector_texts(VECTOR_MATH))
    tops = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert tops <= defined_names()
    for name in NAMES:
        alone = ast.parse("\n\n".join(vector_texts([name])))
        used = {node.id for node in ast.walk(alone) if isinstance(node, ast.Name) and node.id in defined_names()}
        defined = {n.name for n in ast.walk(alone) if isinstance(n, ast.FunctionDef)}
        defined |= {n.id for n in ast.walk(alone) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        assert used <= defined, f"{name} needs {sorted(used - defined)}"


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(KeyError, match="gamma"), vector_math(["gamma"]):
        pass
