"""Every schedule agrees with the plain loop nest: a module with passes against one without, made of the same definition.

Most run as plain Python (nothing is compiled) and in blocks of two rows; some are compiled, with sizes beyond the borders of
blocks. TENSORDERIV_DRAWN=500 takes that many random definitions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.over_pairs import DEFINITIONS

HEAD = """
import sys
import warnings
import numpy as np
from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source
from tests.support.drawn import drawn
from tests.support.over_pairs import DEFINITIONS
from tests.support.schedules import (
    NOT_FINITE, SIZES, SPECIAL, complaints, disagreement, in_blocks, inputs_of, read_drawn, undefined_complaints
)
from tests.support.uncompiled import loaded


def both(program, load):
    return [load(emit(program, "f", passes=passes), "f") for passes in (True, False)]


np.seterr(all="ignore")
warnings.simplefilter("ignore")  # in other threads
count, found = 0, []
"""
TAIL = """
print(count)
sys.exit("\\n".join(found) or 0)
"""

AGREE = """
for name in {names}:
    program = read(DEFINITIONS[name], "f")
    with_passes, plain = both(program, loaded)
    in_blocks(with_passes)
    for number, sizes in enumerate(SIZES):
        found += complaints(name, with_passes, plain, program, sizes, number)
    for number, kind in enumerate(SPECIAL):
        found += complaints(name, with_passes, plain, program, SIZES[number % 2], number, kind)
    count += len(SIZES) + len(SPECIAL)
    for seed, kind in enumerate(NOT_FINITE):
        compared, wrong = undefined_complaints(name, with_passes, plain, program, (4, 3, 2, 2, 2), seed, kind)
        count += compared
        found += wrong
"""

DRAWN = """
for seed in range({first}, {last}):
    program = read_drawn(drawn(seed))
    if program is None:
        continue
    count += 1
    with_passes, plain = both(program, loaded)
    in_blocks(with_passes)
    for sizes in ((5, 5, 3, 2, 4), (4, 4, 9, 2, 2), (1, 1, 1, 1, 1), (0, 0, 2, 2, 2)):
        found += complaints(str(seed), with_passes, plain, program, sizes, seed)
"""

COMPILED = """
import numba

for name in {names}:
    program = read(DEFINITIONS[name], "f")
    with_passes, plain = both(program, load_source)
    wrt = [item.tensor.name for item in program.inputs if item.tensor.order and not item.tensor.integer]
    for dtype, tolerance in ((np.float64, 1e-12), (np.float32, 1e-4)):
        for sizes in ((301, 290, 5, 3, 2), (130, 37, 9, 2, 2)):
            given = inputs_of(program, sizes, 0)
            given = {{k: v.astype(dtype) if getattr(v, "dtype", None) == np.float64 else v for k, v in given.items()}}
            arrays = [given[i.tensor.name] for i in program.inputs if i.tensor.order]
            scalars = {{i.tensor.name: given[i.tensor.name] for i in program.inputs if not i.tensor.order}}
            results = []
            for threads in (1, 2, 8, 8):
                numba.set_num_threads(threads)
                value, gradients = with_passes.value_and_grad(*arrays, wrt=wrt, **scalars)
                results.append(b"".join([np.float64(value).tobytes(), *(g.tobytes() for g in gradients)]))
            if len(set(results)) > 1:
                found.append(f"{{name}} {{dtype.__name__}} {{sizes}}: other bits with other threads or from run to run")
            value, gradients = with_passes.value_and_grad(*arrays, wrt=wrt, **scalars)
            expected = plain.value_and_grad(*arrays, wrt=wrt, **scalars)
            wrong = disagreement((value, *gradients), (expected[0], *expected[1]), tolerance)
            if wrong:
                found.append(f"{{name}} {{dtype.__name__}} {{sizes}}: {{wrong}}")
            count += 1
"""

TO_COMPILE = ("both", "two tables of products, unnamed", "hinge")
COUNT = int(os.environ.get("TENSORDERIV_DRAWN", "9"))


def run(program: str, cache: Path, **environment: str) -> int:
    """How many cases a program of this file went through; what it found is a failure."""
    root = Path(__file__).parents[2]
    given = {**os.environ, "TENSORDERIV_CACHE": str(cache), "PYTHONPATH": str(root), **environment}
    done = subprocess.run([sys.executable, "-c", HEAD + program + TAIL], capture_output=True, text=True, env=given, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.mark.parametrize("part", range(3))
def test_passes_agree_with_plain_loops(part: int, tmp_path: Path) -> None:
    names = list(DEFINITIONS)[part::3]
    assert run(AGREE.format(names=names), tmp_path, NUMBA_DISABLE_JIT="1") >= 17 * len(names)


@pytest.mark.rotating
@pytest.mark.parametrize("part", range(3))
def test_passes_of_random_definitions_agree(part: int, tmp_path: Path) -> None:
    first, last = part * COUNT // 3, (part + 1) * COUNT // 3
    assert run(DRAWN.format(first=first, last=last), tmp_path, NUMBA_DISABLE_JIT="1") >= (last - first) // 2


@pytest.mark.rotating
@pytest.mark.parametrize("name", TO_COMPILE)
def test_compiled_passes(name: str, tmp_path: Path) -> None:
    assert run(COMPILED.format(names=[name]), tmp_path, NUMBA_NUM_THREADS="8") == 4
