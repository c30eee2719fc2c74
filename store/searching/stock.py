"""The arrays that are kept of the papers, and how they follow the library."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from store.query.nodes import Sort
from store.record.database import one_commit
from store.record.touches import touched_since
from store.searching.columns import ALL_PRESENT, NUMBERS, PRESENT, columns_of
from store.searching.moments import Moment
from store.searching.orders import SORTED_BY, TitleOrder, order_by

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping
    from datetime import tzinfo

    from store.query.nodes import Node
    from store.searching.columns import Array
    from store.searching.orders import Order

KEPT_MASKS = 64
"""So many conditions that were asked for are remembered, those asked for last."""
_FEW = 1_000
_FEW_PART = 50
"""If more papers have changed than these, and than one in so many, all are read anew."""
_MOST_TRIES = 5
"""Who is behind so often has another library."""


class Source(Protocol):
    """Where something that is kept comes from."""

    @property
    def name(self) -> object:
        """What it is called; equal names are of the same."""

    @property
    def is_mask(self) -> bool:
        """Whether it tells which papers fulfil a condition."""

    def load(self, connection: sqlite3.Connection, size: int) -> Any:
        """Return it for all papers; their keys lie below `size`."""

    def patched(
        self, connection: sqlite3.Connection, old: Any, some: Collection[int], size: int
    ) -> Any:
        """Return what it has become where some papers have changed; None if all must be read."""


class Wanted(NamedTuple):
    """What a search needs to know of papers."""

    node: Node
    sort: Sort
    zone: tzinfo | None

    def sources(self) -> dict[object, Source]:
        """Return where what is needed comes from, by its name."""
        sources: list[Source] = [ALL_PRESENT, *columns_of(self.node)]
        sources += (NUMBERS[name] for name in SORTED_BY[self.sort])
        if self.sort is Sort.TITLE:
            sources.append(TitleOrder())
        return {one.name: one for one in sources}


class _Version(NamedTuple):
    """Which state of which library something is known of."""

    library: str
    token: str | None
    """Of the latest commit that changed texts: a library that went another way has another."""
    revision: int
    size: int
    """Every key lies below."""


_NO_VERSION = _Version("", None, 0, 0)


@dataclass(slots=True)
class _Kept:
    """Something as it was, and the papers that have changed since."""

    value: Any
    is_mask: bool
    changed: set[int] = field(default_factory=set)


class Stock:
    """What is kept of one library, brought to its latest revision by each search.

    Any number of threads may ask. None waits for another that looks at all papers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = _NO_VERSION
        self._kept: OrderedDict[object, _Kept] = OrderedDict()
        self._orders: dict[Sort, tuple[tuple[Array, ...], Order]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def latest(self, connection: sqlite3.Connection, wanted: Wanted) -> Moment:
        """Return what is wanted as of the latest commit, or of the open transaction's changes."""
        moment, tries = None, 0
        while moment is None:
            tries += 1
            with one_commit(connection):
                moment = self.moment(connection, wanted, is_sure=tries >= _MOST_TRIES)
        return moment

    def moment(
        self, connection: sqlite3.Connection, wanted: Wanted, *, is_sure: bool
    ) -> Moment | None:
        """Return what is wanted as of the transaction that the connection is in.

        None where what is kept is of a later revision: another thread knows of a commit that came
        since. Where that is no explanation, which `is_sure` says, it is of another library.
        """
        sources = wanted.sources()
        with self._lock:
            if not self._follow(connection, is_sure=is_sure):
                return None
            version = self._version
            found = {name: self._ready(connection, one) for name, one in sources.items()}
        for name, source in sources.items():
            if found[name] is None:
                found[name] = source.load(connection, version.size)
        values = tuple(found[name] for name in SORTED_BY[wanted.sort])
        order = found.get(Sort.TITLE) or self._order(wanted.sort, values)
        with self._lock:
            if self._version is version:
                self._keep(sources, found)
                self._orders[wanted.sort] = (values, order)
        return Moment(found, order, wanted.zone)

    def _follow(self, connection: sqlite3.Connection, *, is_sure: bool) -> bool:
        """Note what has changed up to the connection's revision; tell whether it is no older."""
        old = self._version
        now = _version(connection, old.revision)
        if now.revision < old.revision and not is_sure:
            return False
        changed = None
        if now[:2] == old[:2] and now.revision >= old.revision and now.size >= old.size:
            changed = touched_since(connection, old.revision, now.revision)
        if changed is None or self._are_many(changed):
            self._kept.clear()
        elif changed:
            for kept in self._kept.values():
                kept.changed |= changed
        if now.revision != old.revision or changed is None:
            self._version = now._replace(token=_version(connection, now.revision).token)
        return True

    def _ready(self, connection: sqlite3.Connection, source: Source) -> Any:
        """Return what is kept as it is now; None where nothing is, or all has to be read anew."""
        kept = self._kept.get(source.name)
        if kept is None:
            return None
        self._kept.move_to_end(source.name)
        if kept.changed:
            if self._are_many(kept.changed):
                return None
            value = source.patched(connection, kept.value, kept.changed, self._version.size)
            if value is None:
                return None
            kept.value, kept.changed = value, set()
        return kept.value

    def _are_many(self, papers: set[int]) -> bool:
        return len(papers) > max(_FEW, self._version.size // _FEW_PART)

    def _keep(self, sources: Mapping[object, Source], found: Mapping[object, Any]) -> None:
        for name, source in sources.items():
            self._kept[name] = _Kept(found[name], source.is_mask)
        masks = [name for name, kept in self._kept.items() if kept.is_mask and name != PRESENT]
        for name in masks[: max(0, len(masks) - KEPT_MASKS)]:
            del self._kept[name]

    def _order(self, sort: Sort, values: tuple[Array, ...]) -> Order:
        """Return the order by these values: the one that is kept, if they are the same still."""
        former, order = self._orders.get(sort, ((), None))
        if order is None or any(
            one is not other for one, other in zip(values, former, strict=True)
        ):
            order = order_by(sort, values)
        return order


def _version(connection: sqlite3.Connection, revision: int) -> _Version:
    """Return the connection's version, with the token of the commits up to a revision."""
    return _Version(
        *connection.execute(
            "SELECT id, (SELECT token FROM text_commits WHERE revision <= ?"
            " ORDER BY revision DESC LIMIT 1), revision,"
            " (SELECT coalesce(max(key), 0) + 1 FROM papers) FROM library",
            (revision,),
        ).fetchone()
    )
