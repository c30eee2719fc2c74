"""A short run of `tests/attacks/powerloss.py`, and of its model of a disk."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import disks
import powerloss
import pytest
from children import Nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")


NAMES = ("decide", "dump", "leave", "begin", "bring back")
"""The acts in which something was found, and the one that counts most."""


def test_wherever_the_power_fails_every_decision_is_there(tmp_path: Path) -> None:
    if powerloss.STRACE is None:
        pytest.skip("strace is not there: it tells what a process does to the disk")
    with Nursery() as nursery:
        tally = powerloss.attack(tmp_path, nursery, 1, 2, names=NAMES)
    assert tally.found == []
    assert set(tally.states) == set(NAMES)


TRACE = r"""
1 openat(AT_FDCWD<ROOT>, "one", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3<ROOT/one>
1 write(3<ROOT/one>, "first", 5) = 5
1 fsync(3<ROOT/one>) = 0
1 write(3<ROOT/one>, "second", 6) = 6
1 rename("one", "two") = 0
1 openat(AT_FDCWD<ROOT>, ".", O_RDONLY) = 4<ROOT>
1 fsync(4<ROOT>) = 0
1 write(1<ROOT/told>, "done", 4) = 4
1 unlink("missing") = -1 ENOENT (No such file or directory)
"""


def as_strace_has_it(text: str, root: Path) -> str:
    """Return a trace with all names in hexadecimal digits, relative ones in the folder."""

    def digits(word: str) -> str:
        return "".join(f"\\x{byte:02x}" for byte in word.encode())

    text = text.replace("ROOT", str(root))
    text = re.sub(r"<([^>]+)>", lambda found: f"<{digits(found[1])}>", text)
    names = re.compile(r'"(one|two|missing|\.)"')
    text = names.sub(lambda found: f'"{digits(str(root / found[1]))}"', text)
    return re.sub(r'"(first|second|done)"', lambda found: f'"{digits(found[1])}"', text).strip()


def test_what_was_not_synced_may_be_lost_and_what_was_is_not(tmp_path: Path) -> None:
    root, trace = tmp_path / "root", tmp_path / "trace"
    root.mkdir()
    trace.write_text(as_strace_has_it(TRACE, root))
    disk = disks.Disk.of(root)
    left = [(disk.left(None, 0.0), disk.left(None, 1.0)) for _ in disk.replay(trace, {"told"})]
    one, two = root / "one", root / "two"
    assert left == [
        ({}, {one: b""}),
        ({}, {one: b"first"}),
        ({}, {one: b"first"}),
        ({}, {one: b"firstsecond"}),
        ({}, {two: b"firstsecond"}),
        ({two: b"first"}, {two: b"firstsecond"}),
        ({two: b"first"}, {two: b"firstsecond"}),
    ]
    assert disk.said == {"told": b"done"}
