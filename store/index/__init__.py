"""The text index: derived from the record, disposable, and written by a process of its own.

Whoosh is imported only once words are searched or written: it costs a program's start 60 ms.
"""

from __future__ import annotations

from store.index.lookup import Lookup
from store.index.textindex import TextIndex

__all__ = ["Lookup", "TextIndex"]
