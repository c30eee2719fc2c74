"""What searches ask of all papers, kept in memory and brought up to date as the library changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from store.query.nodes import Everything, Sort

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from store.query.nodes import Node
    from store.record.database import Database
    from store.searching.moments import Moment
    from store.searching.stock import Stock


class Masks:
    """Which papers a condition finds, and the orders of papers; for any number of threads.

    What was asked for once is kept as an array of all papers, by key. A search takes what it
    needs as a `Moment`, in which everything is of one revision; no other search changes it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._making = threading.Lock()
        self._stock: Stock | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether anything is kept, so that the next moment takes less time than the first one."""
        return self._stock is not None and len(self._stock) > 0

    def load(self) -> None:
        """Load what nearly every search needs."""
        self.moment(Everything(), Sort.DATE, None)

    def moment(self, node: Node, sort: Sort, zone: tzinfo | None) -> Moment:
        """Return what it takes to find `node`, which has no views, and to put papers in order.

        `zone` is the reader's.
        """
        # Imported here, as all that needs numpy: a first list is on the screen without it.
        from store.searching.stock import Stock, Wanted

        connection = self._database.connection
        # What is not committed yet is no other search's business.
        stock = Stock() if connection.in_transaction else self._shared(Stock)
        return stock.latest(connection, Wanted(node, sort, zone))

    def day_starts(self, keys: Sequence[int]) -> tuple[int, ...]:
        """Return the indices into `keys`, which has papers, at which another day begins."""
        # As above.
        import numpy as np

        from store.searching.ranked import Ranked

        array = keys.array() if isinstance(keys, Ranked) else np.array(keys, np.int64)
        return self.moment(Everything(), Sort.DATE, None).day_starts(array)

    def _shared(self, make: type[Stock]) -> Stock:
        with self._making:
            if self._stock is None:
                self._stock = make()
            return self._stock
