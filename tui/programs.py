"""Asking another program for something small: apart from our terminal, and not for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ENDING_SECONDS = 0.1
"""So long is waited for a program that was killed; it is taken from the process table later."""


class Ran(NamedTuple):
    """What a program came to."""

    failure: str = ""
    """Why it failed, to go on from its name; empty where it did not."""
    output: str = ""
    """What it wrote to its standard output, if that was asked for."""


def run(
    command: Sequence[str],
    environ: Mapping[str, str],
    seconds: float,
    data: bytes = b"",
    *,
    wants_output: bool = False,
) -> Ran:
    """Give `data` to a program and wait so long for its end.

    It has a session of its own, so that it reaches our terminal neither by its streams nor by the
    terminal's name. One that takes longer is killed, with all that it started. What a program
    leaves behind may go on, as the one that holds a clipboard does; so its output is waited for
    only where it is wanted.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if wants_output else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=with_absolute_path(environ),
            start_new_session=True,
        )
    except FileNotFoundError:
        return Ran("was not found")
    except (OSError, ValueError):
        return Ran("can't be run")
    try:
        output, _ = process.communicate(data, timeout=max(0.0, seconds))
    except subprocess.TimeoutExpired:
        _end(process)
        return Ran("did not end in time")
    if process.returncode:
        return Ran(f"failed with status {process.returncode}")
    return Ran(output=(output or b"").decode(errors="replace"))


def with_absolute_path(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no program is found in the folder that one happens to be in.

    An empty or relative name in PATH stands for that, and may be anybody's.
    """
    path = environ.get("PATH", os.defpath).split(os.pathsep)
    return {**environ, "PATH": os.pathsep.join(filter(os.path.isabs, path))}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that hangs, and what it started: nothing may wait for it."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):
                stream.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_ENDING_SECONDS)
