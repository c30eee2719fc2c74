"""The characters that entities name: HTML's, and the Greek letters of ISO 8879, as in `&mgr;`."""

from __future__ import annotations

import html
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# In the order of the letters from alpha and Alpha on; the final sigma has no capital.
_NAMES = """agr bgr ggr dgr egr zgr eegr thgr igr kgr lgr mgr ngr xgr ogr pgr rgr sfgr sgr tgr ugr
phgr khgr psgr ohgr"""
_CAPITALS = """Agr Bgr Ggr Dgr Egr Zgr EEgr THgr Igr Kgr Lgr Mgr Ngr Xgr Ogr Pgr Rgr - Sgr Tgr Ugr
PHgr KHgr PSgr OHgr"""
_GREEK: Mapping[str, str] = MappingProxyType(
    {
        f"&{name};": chr(first + place)
        for first, names in ((0x3B1, _NAMES), (0x391, _CAPITALS))
        for place, name in enumerate(names.split())
        if name != "-"
    }
)


def character_of(entity: str) -> str:
    """Return what `&mgr;` or `&#956;` stands for; itself where nobody knows."""
    return _GREEK.get(entity) or html.unescape(entity)
