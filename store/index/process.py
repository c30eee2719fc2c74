"""Starting the writer: a process of its own, which goes on when its starter ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from store.errors import IndexUnavailableError

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from store.index.state import Signature

NETWORK = "--network"
"""The option that has the writer know where the library's disk is."""


def start_writer(
    library: Path,
    index: Path,
    *,
    rebuild: bool = False,
    condemned: Signature | None = None,
    on_network: bool = False,
) -> subprocess.Popen[bytes]:
    """Start to bring the index in a folder up to date.

    To `rebuild`, it is made anew, and where its state is still the one that is `condemned`;
    `on_network` tells where the library is, as its `Database` has it. Raises
    `IndexUnavailableError` where no process can be started.
    """
    # Costs a start 3 ms, and most find the index up to date.
    import subprocess

    command = [sys.executable, "-P", "-m", "store.index"]
    options = [NETWORK] * on_network + ["--rebuild"] * rebuild
    if condemned is not None:
        options += ["--instead-of", *map(str, condemned)]
    try:
        command += [str(library.absolute()), str(index.absolute())]
        return subprocess.Popen(  # noqa: S603 our own program, no shell
            command + options,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise IndexUnavailableError(
            index,
            f"can't be written: no process can be started ({error.strerror})",
            "close some programs, then try again",
        ) from error
