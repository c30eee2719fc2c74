"""A disk that loses power: what a process did to files, as strace saw it, and what may be left.

The model is the strictest that POSIX allows: what was written is on the disk once its file was
synced, and a name once its folder was; before that, any part of it may be, in sectors of 512 bytes
and in any order. Names of one folder change in their order, as every journal of a file system has
them. A size may have arrived without what was written; then there are zeros.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

CALLS = (
    "openat,open,creat,read,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,"
    "fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,"
    "symlink,symlinkat,sendfile,copy_file_range,lseek"
)
"""What strace is to see: all that changes files, and what moves the place where they change."""
SECTOR = 512
_OF_NAMES = ("open", "creat", "mkdir", "unlink", "rmdir", "rename")
_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (\d+)(?:<.*>)?(?: .*)?$")
_ARGUMENT = re.compile(r'(?P<number>\w+)<(?P<path>[^>]*)>|"(?P<text>[^"]*)"|(?P<plain>[^, ]+)')


@dataclass
class File:
    """What a file holds, and what of it is on the disk."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """What was written since, and where; None cuts the file off there."""

    def write(self, offset: int, data: bytes | None) -> None:
        self.pending.append((offset, data))
        _apply(self.now, offset, data)

    def sync(self) -> None:
        self.synced = bytes(self.now)
        self.pending.clear()

    def left(self, chance: random.Random | None, share: float) -> bytes:
        """Return what may be left of it: of what is not synced, a `share` by chance."""
        left = bytearray(self.synced)
        for offset, data in self.pending:
            if chance is None or data is None:
                if share and (chance is None or chance.random() < share):
                    _apply(left, offset, data)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < share:
                    _apply(left, offset + start, data[start : start + SECTOR])
            if chance.random() < share and len(left) < offset + len(data):
                left.extend(bytes(offset + len(data) - len(left)))
        return bytes(left)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        content.extend(bytes(max(0, offset - len(content))))
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


Names: TypeAlias = "dict[Path, File | None]"
"""What has a name: None is a folder."""
Change: TypeAlias = "tuple[tuple[Path, File | None, bool], ...]"
"""Names that come (True) or go at once."""


@dataclass(frozen=True)
class Open:
    """A descriptor as strace shows it; -1 stands for the folder that the process is in."""

    number: int
    path: Path


Argument: TypeAlias = "Open | str"


@dataclass
class Disk:
    """All that is in a folder, and what of it is on the disk."""

    root: Path
    now: Names = field(default_factory=dict)
    synced: Names = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)
    places: dict[int, tuple[File, int]] = field(default_factory=dict)
    """The file of each descriptor, and where it is written next."""
    said: dict[str, bytes] = field(default_factory=dict)
    """What the process has told, by the name of the file."""

    @classmethod
    def of(cls, root: Path) -> Disk:
        """Return a disk on which all is that a folder holds now."""
        disk = cls(root)
        for path in sorted(root.rglob("*")):
            file = None if path.is_dir() else File(bytearray(path.read_bytes()))
            if file:
                file.sync()
            disk.now[path] = file
        disk.synced = dict(disk.now)
        return disk

    def replay(self, trace: Path, told: set[str]) -> Iterator[str]:
        """Do what a trace says, and stop after each change; files of names `told` are no part."""
        for line in trace.read_text(encoding="ascii").splitlines():
            assert "<unfinished" not in line, line
            match = _LINE.match(line)
            if match and self._do(match[1], _arguments(match[2]), int(match[3]), told):
                yield match[1]

    def left(self, chance: random.Random | None, share: float) -> dict[Path, bytes | None]:
        """Return what a power loss may leave now: all, nothing, or by chance some, of the rest."""
        names = dict(self.synced)
        stopped: set[Path] = set()
        for change in self.pending:
            folders = _folders(change)
            goes = share if chance is None else chance.random() < share**0.5
            if not goes or folders & stopped:
                stopped |= folders
                continue
            _rename(names, change)
        contents = {id(file): file.left(chance, share) for file in names.values() if file}
        return {
            path: contents[id(file)] if file else None
            for path, file in sorted(names.items())
            if all(one in names for one in path.parents if self.root in one.parents)
        }

    def _do(self, call: str, given: list[Argument], result: int, told: set[str]) -> bool:
        """Do one call, and tell whether it changed anything."""
        if call.startswith(_OF_NAMES):
            return self._do_to_names(call, given, result)
        one = given[0]
        assert isinstance(one, Open), (call, given)
        if call in {"fsync", "fdatasync"}:
            return self._sync(one)
        if call == "write" and one.path.name in told:
            said = self.said.get(one.path.name, b"")
            self.said[one.path.name] = said + str(given[1]).encode("latin-1")
            return True
        return self._write(call, one.number, given[1:], result)

    def _do_to_names(self, call: str, given: list[Argument], result: int) -> bool:
        names = 2 if call.endswith(("at", "at2")) else 1
        path = _path(given[:names])
        if call.startswith("rename"):
            return self._move(path, _path(given[names : 2 * names]))
        if call.startswith("mkdir"):
            return self._change((path, None, True))
        if call.startswith(("unlink", "rmdir")):
            return self._remove(path)
        return self._open(path, str(given[names:]), result)

    def _open(self, path: Path, flags: str, result: int) -> bool:
        is_new = self.root in path.parents and path not in self.now and "O_CREAT" in flags
        if is_new:
            self._change((path, File(), True))
        file = self.now.get(path)
        self.places.pop(result, None)
        if file is None:
            return is_new
        self.places[result] = file, len(file.now) if "O_APPEND" in flags else 0
        if "O_TRUNC" in flags and file.now:
            file.write(0, None)
            return True
        return is_new

    def _write(self, call: str, descriptor: int, given: list[Argument], result: int) -> bool:
        if descriptor not in self.places:
            return False
        file, offset = self.places[descriptor]
        if call in {"lseek", "read"}:
            self.places[descriptor] = file, result + (offset if call == "read" else 0)
            return False
        if call == "write":
            file.write(offset, str(given[0]).encode("latin-1")[:result])
            self.places[descriptor] = file, offset + result
        elif call == "pwrite64":
            file.write(int(str(given[2])), str(given[0]).encode("latin-1")[:result])
        elif call == "ftruncate":
            file.write(int(str(given[0])), None)
        else:
            raise AssertionError(call)
        return True

    def _change(self, *names: tuple[Path, File | None, bool]) -> bool:
        if not any(self.root in path.parents for path, _, _ in names):
            return False
        self.pending.append(names)
        _rename(self.now, names)
        return True

    def _remove(self, path: Path) -> bool:
        return path in self.now and self._change((path, self.now[path], False))

    def _move(self, source: Path, target: Path) -> bool:
        if source not in self.now:
            return False
        file = self.now[source]
        return self._change((source, file, False), (target, file, True))

    def _sync(self, one: Open) -> bool:
        if one.number in self.places:
            self.places[one.number][0].sync()
            return True
        if one.path != self.root and one.path not in self.now:
            return False
        for change in [each for each in self.pending if one.path in _folders(each)]:
            self.pending.remove(change)
            _rename(self.synced, change)
        return True


def _folders(change: Change) -> set[Path]:
    return {path.parent for path, _, _ in change}


def _rename(names: Names, change: Change) -> None:
    for path, file, comes in change:
        if comes:
            names[path] = file
        else:
            names.pop(path, None)


def put(root: Path, left: dict[Path, bytes | None]) -> None:
    """Make a folder hold this and nothing else."""
    for path in root.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for path, data in left.items():
        if data is None:
            path.mkdir(mode=0o700, exist_ok=True)
        else:
            path.write_bytes(data)
            path.chmod(0o600)


def _arguments(text: str) -> list[Argument]:
    """Return what a call was given."""
    found: list[Argument] = []
    for match in _ARGUMENT.finditer(text):
        if match["path"] is not None:
            number = int(match["number"]) if match["number"].isdecimal() else -1
            found.append(Open(number, Path(_decoded(match["path"]).encode("latin-1").decode())))
        elif match["text"] is not None:
            found.append(_decoded(match["text"]))
        else:
            found.append(match["plain"])
    return found


def _path(given: list[Argument]) -> Path:
    """Return a path that is given by a name, and the folder where that is looked for."""
    return Path(*[one.path if isinstance(one, Open) else _named(one) for one in given])


def _named(text: str) -> str:
    return text.encode("latin-1").decode()


def _decoded(text: str) -> str:
    """Return a text of strace's, each byte as the letter of its number."""
    return bytes.fromhex(text.replace("\\x", "")).decode("latin-1")
