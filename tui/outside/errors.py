"""What can go wrong outside of the program, as one tree.

OutsideError
├── EditorError
├── FileError
└── PipeError

Each error's text is one line that says what happened and what helps.
"""

from __future__ import annotations


class OutsideError(Exception):
    """Base of every error that `tui.outside` raises on purpose."""


class EditorError(OutsideError):
    """A text could not be edited."""


class FileError(OutsideError):
    """A file can't be what it was named for."""


class PipeError(OutsideError):
    """A command can't be run."""
