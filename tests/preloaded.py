"""The program as another process that has loaded already what it would load each time.

Most of a command's time goes into importing, and the tests begin thousands of commands. So a
server imports once what they need, and forks: what begins is a process of its own with the
environment, the folder and the streams that it is given, as the installed program is. Tests of
how that one begins start it themselves.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOADED = (
    *("textual.app", "textual.pilot", "textual.widgets", "rich.segment", "numpy", "sqlite3"),
    *("store.library", "store.index.searching", "store.imports.bringing", "store.importers"),
    *("tui.start", "tui.cli.browse", "tui.cli.importing", "tui.cli.searching", "tui.cli.doctor"),
)
"""What is imported before anything begins."""
_ASKED_EARLY = ("LC_", "PYTHON", "TEXTUAL", "TZ", "_ARGCOMPLETE")
_LONGEST = 1 << 18
"""Bytes of a request: words, folder and environment."""
_POLL_SECONDS = 0.004


class Process:
    """A process that was begun; `pid` tells which."""

    def __init__(self, server: socket.socket, pid: int) -> None:
        self._server = server
        self.pid = pid

    def poll(self, options: int = 0) -> tuple[int, int]:
        """Return what `os.waitpid` would at once: number and status, or zeros."""
        answer = _ask(self._server, {"wait": self.pid, "options": options | os.WNOHANG})
        return answer[0], answer[1]

    def ended(self, seconds: float) -> int | None:
        """Wait so long at most, and return the exit status, negative for a signal."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pid, status = self.poll()
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(_POLL_SECONDS)
        return None


def can_begin(environ: Mapping[str, str]) -> bool:
    """Tell whether an environment asks for nothing that Python or a library reads as it loads."""
    return environ.get("LANG") == "C.UTF-8" and not any(
        name.startswith(_ASKED_EARLY) for name in environ
    )


def begin(
    words: Sequence[str],
    environ: Mapping[str, str],
    streams: tuple[int, int, int],
    *,
    folder: Path | None = None,
    umask: int = -1,
) -> Process:
    """Begin the program with these words, streams and no other files, as leader of a session.

    A terminal that is its standard input becomes its own.
    """
    server = _server()
    asked = {
        "words": list(map(str, words)),
        "environ": dict(environ),
        "folder": str(folder or Path.cwd()),
        "umask": umask,
    }
    socket.send_fds(server, [json.dumps(asked).encode()], list(streams))
    return Process(server, json.loads(server.recv(_LONGEST)))


def run(
    words: Sequence[str],
    environ: Mapping[str, str],
    *,
    folder: Path,
    stdin: bytes = b"",
    umask: int = -1,
    seconds: float = 30.0,
    is_loaded_anew: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Carry out a command and return what it wrote; raise `TimeoutExpired` if it hangs.

    Where it `is_loaded_anew`, it begins as the system begins it, and may be any.
    """
    if is_loaded_anew or not can_begin(environ):
        return subprocess.run(
            words,
            input=stdin,
            capture_output=True,
            env=environ,
            cwd=folder,
            check=False,
            timeout=seconds,
            umask=umask,
        )
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as told,
    ):
        asked.write(stdin)
        asked.seek(0)
        streams = (asked.fileno(), out.fileno(), told.fileno())
        process = begin(words, environ, streams, folder=folder, umask=umask)
        status = process.ended(seconds)
        if status is None:
            os.kill(process.pid, signal.SIGKILL)
            process.ended(seconds)
            raise subprocess.TimeoutExpired(list(words), seconds)
        written = []
        for stream in (out, told):
            stream.seek(0)
            written.append(stream.read())
    return subprocess.CompletedProcess(list(words), status, *written)


@cache
def _server() -> socket.socket:
    """Return the way to this process's server, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        theirs.set_inheritable(True)
        os.posix_spawn(
            sys.executable,
            [sys.executable, __file__, str(theirs.fileno())],
            {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        )
    return ours


def _ask(server: socket.socket, asked: dict[str, Any]) -> Any:
    server.send(json.dumps(asked).encode())
    return json.loads(server.recv(_LONGEST))


def serve(server: socket.socket) -> list[str] | None:
    """Answer until nobody asks any longer; return the words in each process that begins."""
    while True:
        request, streams, _, _ = socket.recv_fds(server, _LONGEST, 3)
        if not request:
            return None
        asked = json.loads(request)
        if "wait" in asked:
            server.send(json.dumps(os.waitpid(asked["wait"], asked["options"])).encode())
            continue
        pid = os.fork()
        if pid == 0:
            server.close()
            _settle(asked, streams)
            return [str(word) for word in asked["words"]]
        for stream in streams:
            os.close(stream)
        server.send(json.dumps(pid).encode())


def _settle(asked: dict[str, Any], streams: list[int]) -> None:
    """Be a process of its own, as a shell would begin it."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if os.isatty(0):
        # The first terminal that the leader of a session opens is its own.
        os.close(os.open(os.ttyname(0), os.O_RDWR))
    if asked["umask"] >= 0:
        os.umask(asked["umask"])
    os.environ.clear()
    os.environ.update(asked["environ"])
    os.chdir(asked["folder"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        raw = io.FileIO(number, "w" if number else "r", closefd=False)
        opened = io.TextIOWrapper(
            io.BufferedWriter(raw) if number else io.BufferedReader(raw),
            "utf-8",
            "backslashreplace" if name == "stderr" else "surrogateescape",
            line_buffering=name == "stderr" or os.isatty(number),
        )
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    gc.enable()


def main() -> None:
    """Load, serve, and be the program where it begins."""
    sys.path.pop(0)
    for name in LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    words = serve(socket.socket(fileno=int(sys.argv[1])))
    if words is not None:
        sys.argv = words
        sys.exit(importlib.import_module("tui.start").main())


if __name__ == "__main__":
    main()
