"""What an empty library says: how papers come in, and that there is a sample to try."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

_TEXT = """\
Your library is empty.

{here}    paperdeck import FILE
        a bibliography (BibTeX, RIS, EndNote, Zotero), the replies of
        arXiv, OpenAlex and others, a table, a list of ids, a page of
        Daily Papers copied as text, or a folder of all that

    curl -s https://huggingface.co/api/daily_papers | paperdeck import -
        today's papers, on a machine with a network

They appear here at once. Press Enter to look around in the built-in
sample library first.
"""
_ANY_SHELL = "Papers come in by the command line, from any shell:\n\n"


class Welcome(Static):
    """The welcome text, shown in place of list and abstract."""

    def __init__(self, import_key: str) -> None:
        """Name the key that imports a file; empty where no key does."""
        here = (
            f"{import_key} brings papers in. So does, from any shell:\n\n"
            if import_key
            else _ANY_SHELL
        )
        super().__init__(Text(_TEXT.format(here=here)), id="welcome")
