"""What a citation key may be."""

from __future__ import annotations

import re

LONGEST_KEY = 100
_READABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*", re.ASCII)
"""What BibTeX, biber and LaTeX all take, in files and in `\\cite`."""


def is_citation_key(text: str) -> bool:
    """Tell whether every program that reads bibliographies takes this for a key."""
    return len(text) <= LONGEST_KEY and _READABLE.fullmatch(text) is not None
