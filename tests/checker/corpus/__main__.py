"""`python -m tests.checker.corpus [FILE] [ID...]`: runs the checker over a corpus and prints how well it did."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.checker.corpus.score import DEV, answers, load, table


def main(arguments: list[str]) -> int:
    """Prints the table and the cases that fail; 1 if a right derivation was called wrong."""
    files = [Path(argument) for argument in arguments if argument.endswith(".json")]
    names = {argument for argument in arguments if not argument.endswith(".json")}
    cases = [case for case in load(files[0] if files else DEV) if not names or case["id"] in names]
    found = []
    for answer in answers(cases):
        found.append(answer)
        if not answer.line_right:
            print(answer, flush=True)
    print()
    for answer in found:
        if answer.line_right and answer.wrong and not answer.named:
            print(f"slip    {answer}")
    print("\n" + table(found))
    return int(any(answer.slandered for answer in found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
