"""The workers of a run: one process a peer, started at its first request, asked in turns, ended when it takes too long."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.peers import Peer
from benchmarks.timing import Stopped

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
CACHES = {
    "TENSORDERIV_CACHE": "tensorderiv",
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "TRITON_CACHE_DIR": "triton",
    "KEOPS_CACHE_FOLDER": "keops",
    "NUMBA_CACHE_DIR": "numba",
    "JAX_COMPILATION_CACHE_DIR": "jax",
}
"""Where each library keeps what it compiled: a folder of the run's own, so that cold is cold."""


def environment(threads: int, caches: Path) -> dict[str, str]:
    """What a library reads when it is loaded: the same number of threads for all, which sleep while they have nothing to do."""
    return {
        **os.environ,
        **dict.fromkeys(THREADS, str(threads)),
        "OMP_WAIT_POLICY": "passive",
        "JAX_ENABLE_X64": "1",
        "JAX_PLATFORMS": "cpu",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        **{variable: str(caches / name) for variable, name in CACHES.items()},
    }


class Process:
    """A worker: `ask` sends a request and waits for the answer."""

    def __init__(self, home: str, threads: int, caches: Path) -> None:
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        for name in CACHES.values():
            (caches / name).mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", home, str(threads)],
            cwd=ROOT,
            env=environment(threads, caches),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,  # a library may start compilers: they end with the worker
        )

    def ask(self, limit: float, **request: Any) -> dict[str, Any]:
        """The answer. Raises Stopped, with the reason, for an error, for an end, and when `limit` seconds have passed."""
        line = self._exchanged(json.dumps(request) + "\n", limit)
        if not line.endswith(b"\n"):
            raise Stopped(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Stopped(answer["error"])
        return answer

    def _exchanged(self, request: str, limit: float) -> bytes:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(request.encode())
            stdin.flush()
        except BrokenPipeError:
            return b""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            if not selector.select(limit):
                self.end()
                raise Stopped(f"not ready after {limit:.0f} s")
        return stdout.readline()

    def _last_words(self) -> str:
        """Why a process ended by itself: the last line that it wrote, or its signal."""
        code = self.process.wait()
        self.log.seek(0)
        said = [line for line in self.log.read().splitlines() if line.strip()] if code >= 0 else []
        self.end()
        reason = said[-1].strip()[:160] if said else signal.Signals(-code).name if code < 0 else f"code {code}"
        return f"its process ended: {reason}".replace("|", "/")

    @property
    def ended(self) -> bool:
        return self.log.closed or self.process.poll() is not None

    def end(self) -> None:
        """End the process and all that it started."""
        if self.log.closed:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.log):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


class Crew:
    """All workers with one number of threads; a context manager that ends them."""

    def __init__(self, threads: int, caches: Path) -> None:
        self.threads, self.caches = threads, caches
        self._processes: dict[str, Process] = {}

    def of(self, peer: Peer) -> Process:
        """The worker of a peer, started when it has none or its last one ended."""
        process = self._processes.get(peer.home)
        if process is None or process.ended:
            process = self._processes[peer.home] = Process(peer.home, self.threads, self.caches)
        return process

    @property
    def running(self) -> list[int]:
        """The processes of the workers."""
        return [process.process.pid for process in self._processes.values() if not process.ended]

    def drop(self) -> None:
        """Let all forget their arrays."""
        for process in self._processes.values():
            if not process.ended:
                try:
                    process.ask(60, do="drop")
                except Stopped:
                    process.end()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes.values():
            process.end()
