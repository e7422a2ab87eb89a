"""`python -m benchmarks [--quick] [--only TEXT] [--peers NAME,NAME] [--threads N] [--minutes M] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from benchmarks.session import Session


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Compare the kernels with other libraries.")
    parser.add_argument("--quick", action="store_true", help="a few rows, without peers that compile for long, under 3 minutes")
    parser.add_argument("--only", default="", metavar="TEXT", help="tasks whose key has this text, as in 'values cityblock'")
    parser.add_argument("--peers", default="", metavar="NAMES", help="these peers alone, with commas between them")
    parser.add_argument("--threads", type=int, default=cores(), metavar="N", help="for every peer alike")
    parser.add_argument("--minutes", type=float, metavar="M", help="after which nothing new begins")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the report goes (full run: docs; quick run: nowhere)")
    parser.add_argument("--shrink", type=int, default=1, metavar="N", help="divide the sizes: to try the benchmark itself")
    parser.add_argument("--without-extras", action="store_true", help="no start, memory and scaling figures")
    return parser.parse_args()


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is ended writes what it has, as after Ctrl-C
    Session(options()).run()


if __name__ == "__main__":
    main()
