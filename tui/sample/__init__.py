"""The built-in sample library: papers of sixteen days of a public feed, one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sample_path() -> Path:
    """Return the file of the sample papers, in the form that `search --jsonl` writes.

    Raises `FileNotFoundError` where the package is not in a folder, as inside a zip archive:
    the import reads plain files only.
    """
    # Here, because only the demonstration needs them and they would slow every other start.
    from importlib import resources
    from pathlib import Path

    papers = resources.files(__name__).joinpath("papers.jsonl")
    if not isinstance(papers, Path) or not papers.is_file():
        raise FileNotFoundError(f"The sample papers are not a file: {papers}")
    return papers
