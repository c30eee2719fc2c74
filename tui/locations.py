"""Where the program keeps its things: the library, the configuration, the cache, the state."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.privatefiles import is_another_s, is_open_to_others, make_private
from store.record.disks import is_on_network

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = "PAPERDECK_LIBRARY"
DISK = "PAPERDECK_DISK"
"""The variable that says where the disk of library and cache is: `network` or `local`."""
_NAME = "paperdeck"
_LOCAL = "/var/tmp"  # noqa: S108 what is there is looked at before it is used


@dataclass(frozen=True, slots=True)
class Locations:
    """The folders of one reader. None of them need exist."""

    library: Path
    config: Path
    cache: Path
    """What can be made again."""
    state: Path
    """How the program was left."""
    frames: Path
    """Where the last frames are: the platform's cache, which the first paint has to find alone."""


def find_locations(environ: Mapping[str, str], library: Path | None = None) -> Locations:
    """Return the folders: `library` if given, else PAPERDECK_LIBRARY, else the platform's.

    Raises `RuntimeError` where there is no home folder.
    """
    # Imported here: it takes 10 ms, and `--help` needs no folders.
    from platformdirs import PlatformDirs

    folders = PlatformDirs(_NAME, appauthor=False)
    named = environ.get(LIBRARY)
    if library is None and named:
        # Cron and service files leave a leading `~` as it is.
        library = Path(named).expanduser()
    library = library or folders.user_data_path
    cache = folders.user_cache_path
    if is_told_on_network(environ) or (
        is_told_on_network(environ) is None and is_on_network(cache)
    ):
        cache = _local_cache() or cache
    return Locations(
        library.absolute(),
        folders.user_config_path,
        cache,
        folders.user_state_path,
        folders.user_cache_path,
    )


def is_told_on_network(environ: Mapping[str, str]) -> bool | None:
    """Tell whether the reader says that library and cache are on another machine's disk.

    None where nothing, or nothing known, is said.
    """
    return {"network": True, "local": False}.get(environ.get(DISK, "").strip().lower())


def _local_cache() -> Path | None:
    """Return a cache folder of this machine's own that outlives a restart; None if there is none.

    Its name can be known to anybody: what is there already has to be a folder of ours alone.
    """
    if sys.platform == "win32":
        return None
    folder = Path(_LOCAL, f"{_NAME}-{os.getuid()}")
    try:
        make_private(folder)
        found = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and not is_another_s(found)
    return folder if is_ours and not is_open_to_others(found) else None


def index_folder(cache: Path, library: Path) -> Path:
    """Return the folder for the search index of one library, however its path was written."""
    return cache / "index" / _library_name(library)


def session_file(state: Path, library: Path) -> Path:
    """Return the file that keeps how the browser of one library was left."""
    return state / "sessions" / f"{_library_name(library)}.json"


def copied_text_path(cache: Path) -> Path:
    """Return the file that holds the text copied last."""
    return cache / "copied.txt"


def shown_path(path: Path) -> str:
    """Return `path` as messages show it: `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def _library_name(library: Path) -> str:
    """Return a name that no other library has, the same however the path is written."""
    # Costs 4 ms of start-up, and help needs no library.
    import hashlib

    return hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:16]
