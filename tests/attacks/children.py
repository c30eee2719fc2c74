"""Children of a process that has loaded the whole program: each performs an act, and may be killed.

To start Python takes a hundred times as long as most acts, and nothing of the library is touched
meanwhile. A child is a process as any other from its first moment on: it opens the library by
itself, and shares nothing with the one that it comes from.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent)]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from acts import Place

_PAUSE_SECONDS = 0.0001
PATIENCE = 120.0
STREAMS = ("output.txt", "errors.txt")
"""Where a child's output and errors go."""


@dataclass(frozen=True)
class End:
    """How a child ended."""

    is_killed: bool
    """In the middle of its act."""
    status: int
    seconds: float
    output: str
    errors: str

    @property
    def done(self) -> int:
        """How many decisions it has acknowledged."""
        return self.output.splitlines().count("done")


class Nursery:
    """Starts children, one at a time."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="paperdeck-children-")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=PATIENCE)
        self._folder.cleanup()

    def perform(
        self,
        place: Place,
        act: str,
        seconds: float | None = None,
        *,
        trace: tuple[str, ...] = (),
        **told: Any,
    ) -> End:
        """Have a child perform an act, and kill it after so many seconds if it is at it still.

        `trace` is the command that is at work on it from its first moment on, such as strace's:
        the child's number is added to it.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {
            "folder": str(place.folder),
            "network": place.is_on_network,
            "act": act,
            "seconds": seconds,
            "told": told,
            "trace": trace,
            "streams": self._folder.name,
        }
        self._process.stdin.write(f"{json.dumps(wanted)}\n")
        self._process.stdin.flush()
        killed, status, taken = json.loads(self._process.stdout.readline())
        output, errors = (_heard(Path(self._folder.name, name)) for name in STREAMS)
        return End(killed, status, taken, output, errors)


def _heard(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _serve() -> None:
    import acts

    for line in sys.stdin:
        wanted = json.loads(line)
        place = acts.Place(Path(wanted["folder"]), wanted["network"])
        for name in STREAMS:
            Path(wanted["streams"], name).write_bytes(b"")
        awaited, told = os.pipe()
        child = os.fork()
        if not child:
            os.close(told)
            os.read(awaited, 1)  # its end: whoever traces is there
            _perform(acts, place, wanted)
        os.close(awaited)
        tracer = _traced(child, wanted["trace"])
        os.close(told)
        end = _awaited(child, time.monotonic(), wanted["seconds"])
        if tracer:
            tracer.communicate(timeout=PATIENCE)
        print(json.dumps(end), flush=True)


def _traced(child: int, trace: Sequence[str]) -> subprocess.Popen[str] | None:
    """Start what traces a child, and wait until it does."""
    if not trace:
        return None
    command = [*trace, "-p", str(child)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert "attached" in said, said
    return tracer


def _perform(acts: Any, place: Place, wanted: dict[str, Any]) -> None:
    """Be the child; never returns."""
    status = 1
    try:
        for stream, name in enumerate(STREAMS, 1):
            os.dup2(os.open(Path(wanted["streams"], name), os.O_WRONLY | os.O_APPEND), stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        environ = place.environ
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(place.folder)
        status = acts.ACTS[wanted["act"]](place, wanted["told"])
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 the process ends here, and its status tells
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        status = 99
    os._exit(status)


def _awaited(child: int, began: float, seconds: float | None) -> tuple[bool, int, float]:
    """Wait for a child's end, or kill it: whether it was, its status, how long it lived."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        lived = time.monotonic() - began
        if ended:
            return False, os.waitstatus_to_exitcode(status), lived
        if seconds is not None and lived >= seconds:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            status = os.waitstatus_to_exitcode(status)
            return status == -signal.SIGKILL, status, lived
        time.sleep(_PAUSE_SECONDS if seconds is not None else 10 * _PAUSE_SECONDS)


if __name__ == "__main__":
    _serve()
