"""Whether what was written to the output has come to whom it was for."""

from __future__ import annotations

import array
import os
import select
import stat
import sys
import time
from io import UnsupportedOperation

from tui.cli.output import say

READ_SECONDS = 10.0
"""So long a program at the other end of a pipe may take to read what is in there."""
_PAUSE_SECONDS = 0.01


def was_taken() -> bool:
    """Tell whether all output was taken, and say so where it was not.

    A pipe takes what it has room for though nobody may ever read it: so it is waited until it is
    empty. Raises `BrokenPipeError` where its reader is gone.
    """
    sys.stdout.flush()
    try:
        output = sys.stdout.fileno()
    except UnsupportedOperation:  # a text in memory, of whoever called us from Python
        return True
    if not stat.S_ISFIFO(os.fstat(output).st_mode):
        return True
    until = time.monotonic() + READ_SECONDS
    poll = select.poll()
    poll.register(output, 0)
    while _is_unread(output):
        if any(events & select.POLLERR for _, events in poll.poll(0)):
            raise BrokenPipeError
        if time.monotonic() > until:
            say("nobody has read the letter: it does not count, and comes again next time")
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def _is_unread(output: int) -> bool:
    """Tell whether there is something in a pipe still; False where the system can't say."""
    # Needed for pipes alone; there is none of it on Windows.
    import fcntl
    import termios

    left = array.array("i", [0])
    try:
        fcntl.ioctl(output, termios.FIONREAD, left)
    except OSError:
        return False
    return left[0] > 0
