"""What an empty library says: how papers come in, and that there is a sample to try."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

WELCOME = """\
Your library is empty.

Papers come in by the command line, from any shell:

    paperdeck import FILE
        a page of Daily Papers copied into a text file,
        the feed's JSON, or a folder of such files

    curl -s https://huggingface.co/api/daily_papers | paperdeck import -
        today's papers, on a machine with a network

They appear here at once. Press Enter to look around in the built-in
sample library first.
"""
WELCOME_KEYS = (("Enter", "sample library"), ("?", "help"), ("q", "quit"))
"""The keys that mean something now."""


class Welcome(Static):
    """The welcome text, shown in place of list and abstract."""

    def __init__(self) -> None:
        super().__init__(Text(WELCOME), id="welcome")
