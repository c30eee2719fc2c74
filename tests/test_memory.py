from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tui.background.memory import give_back, share_heaps

PROGRAM = """
import threading
from tui.background.memory import give_back, share_heaps

def own():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))

def work():
    held = [bytes(3_000) for _ in range(3_000)]
    turn.wait()
    del held[::2]
    turn.wait()

before = own()
share_heaps()
for _ in range(4):
    turn = threading.Barrier(6)
    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads: one.start()
    for one in threads: one.join()
held = own()
give_back()
print(held - before, own() - before)
"""


def taken() -> tuple[int, int]:
    """Return the kilobytes that threads leave, before and after what is free was given back."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    held, left = map(int, done.stdout.split())
    return held, left


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    held, left = taken()
    assert left < held / 4


def test_both_may_be_asked_for_at_any_time() -> None:
    for _ in range(2):
        share_heaps()
        give_back()
