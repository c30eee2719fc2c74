"""Where the program keeps its things: the library, the configuration, the cache, the state."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = "paperdeck"


@dataclass(frozen=True, slots=True)
class Locations:
    """The four folders of one reader. None of them need exist."""

    library: Path
    config: Path
    cache: Path
    """What can be made again."""
    state: Path
    """How the program was left."""


def find_locations(environ: Mapping[str, str], library: Path | None = None) -> Locations:
    """Return the folders: `library` if given, else PAPERDECK_LIBRARY, else the platform's.

    Raises `RuntimeError` where there is no home folder.
    """
    # Imported here: it takes 10 ms, and `--help` needs no folders.
    from platformdirs import PlatformDirs

    folders = PlatformDirs(_NAME, appauthor=False)
    named = environ.get("PAPERDECK_LIBRARY")
    if library is None and named:
        # Cron and service files leave a leading `~` as it is.
        library = Path(named).expanduser()
    library = library or folders.user_data_path
    return Locations(
        library.absolute(),
        folders.user_config_path,
        folders.user_cache_path,
        folders.user_state_path,
    )


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
