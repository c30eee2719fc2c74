"""The records of one export of a library: each is of a paper of its own, whatever its words say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.changes.change import Change
from store.keyset import KeySet

if TYPE_CHECKING:
    from store.models import Record


class OwnRecords:
    """What the records of one export have become, as far as they have come in."""

    def __init__(self) -> None:
        self.papers = KeySet()
        """The papers that they are of."""
        self._named: dict[str, int] = {}
        """Those that are kept apart from others, by what the library that exported calls them."""

    def note(self, record: Record, paper: int) -> list[Change]:
        """Note what a record became, and return what keeps it apart from earlier ones."""
        if not record.own_id:
            return []
        self.papers.add(paper)
        if not record.apart:
            return []
        self._named[record.own_id] = paper
        known = (self._named.get(name) for name in record.apart)
        return [
            Change(one, "apart", None, str(other))
            for found in known
            if found not in {None, paper}
            for one, other in ((paper, found), (found, paper))
        ]
