"""`python -m tests.checker.fuzz [COUNT] [SEED]`: mutated derivations, as data and as documents.

No traceback, none over ten seconds: what is no TensorDerivError counts as a traceback. Every failure is printed, as soon as it
is found, with the seed that reproduces it; exit 1 if there is any. What takes over half a minute is broken off where it stands.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tensorderiv.checker.checking import check_all
from tensorderiv.errors import TensorDerivError

CORPUS = Path(__file__).parent / "corpus" / "dev.json"
DOCUMENTS = Path(__file__).parent / "document" / "documents"
PIECES = (
    *"{}[]()|^_&=+-*/:,.'\\$#%~\n",
    *(r"\sum \frac \partial \delta_{ij} \left( \right) \begin{align} \end{align} ^T ^{-1} \\ \def\a{\a\a} \odot".split()),
    *"i j X d 0 1 2 dX tr \u2202 \u2211".split(),
)
SLOWEST = 10.0
BROKEN_OFF = 30


def mutated(text: str, random: Random) -> str:
    """The text with a few pieces dropped, doubled, moved, cut off or put in."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted(random.randint(0, len(text)) for _ in range(2))
        to = min(to, at + random.randint(0, 12))
        piece = text[at:to]
        match random.randrange(6):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:to] + piece * random.randint(1, 3) + text[to:]
            case 2:
                place = random.randint(0, len(text))
                text = text[:at] + text[to:]
                text = text[:place] + piece + text[place:]
            case 3:
                text = text[:at] if random.random() < 0.3 else text[at:] if random.random() < 0.3 else text
            case _:
                text = text[:at] + random.choice(PIECES) * random.choice((1, 1, 1, 30)) + text[at:]
    return text


def mutated_case(given: dict[str, Any], random: Random) -> dict[str, Any]:
    """A case with one of its texts, or of its declarations, mutated."""
    made: dict[str, Any] = json.loads(json.dumps({key: value for key, value in given.items() if key != "expect"}))
    field = random.choice(("lines", "lines", "lines", "definitions", "symbols", "indices", "wrt"))
    if field in ("lines", "definitions") and made[field]:
        place = random.randrange(len(made[field]))
        made[field][place] = mutated(made[field][place], random)
    elif field == "symbols" and made["symbols"]:
        made["symbols"].pop(random.randrange(len(made["symbols"])))
    elif field == "indices" and made["indices"]:
        made["indices"].pop(random.choice(list(made["indices"])))
    elif field == "wrt" and made.get("wrt"):
        made["wrt"] = mutated(made["wrt"], random)
    return made


def tried(seed: str) -> tuple[str, float, str]:
    """One mutated input: its seed, the seconds it took, and the traceback, if any."""
    os.environ["TENSORDERIV_TRACEBACK"] = "1"  # a fault is raised, not told
    random = Random(seed)
    documents = sorted(DOCUMENTS.glob("*")) if DOCUMENTS.is_dir() else []
    begun = perf_counter()
    signal.signal(signal.SIGALRM, broken_off)
    signal.alarm(BROKEN_OFF)
    try:
        if documents and random.random() < 0.4:
            check_all(mutated(random.choice(documents).read_text(), random))
        else:
            check_all(mutated_case(random.choice(json.loads(CORPUS.read_text())), random))
    except TensorDerivError:
        pass
    except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
        return seed, perf_counter() - begun, traceback.format_exc(limit=-3)
    finally:
        signal.alarm(0)
    return seed, perf_counter() - begun, ""


def broken_off(*_: object) -> None:
    raise TimeoutError(f"over {BROKEN_OFF} s")


def main(count: int, seed: str) -> int:
    seeds = [f"{seed} {number}" for number in range(count)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        found = []
        for done in as_completed([pool.submit(tried, seed) for seed in seeds]):
            one = done.result()
            found.append(one)
            if one[2] or one[1] > SLOWEST:
                print(f"seed {one[0]!r}: {one[1]:.1f} s\n{one[2]}", flush=True)
            if len(found) % 500 == 0:
                print(f"{len(found)} of {count}", flush=True)
    failures = [one for one in found if one[2]]
    late = [one for one in found if one[1] > SLOWEST]
    slowest = max(one[1] for one in found)
    print(f"{count} inputs, {len(failures)} tracebacks, {len(late)} over {SLOWEST:.0f} s, slowest {slowest:.1f} s")
    return 1 if failures or late else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else "0"))
