"""Counting what is unread in the views of the sidebar, while nothing else is to be done."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from store.errors import QuerySyntaxError, SearchAbandonedError, StoreError
from store.query import nodes as q
from store.query.forms import all_of
from tui.background.worker import LEAVING_SECONDS, Worker
from tui.facts import CountsFound
from tui.shelf import (
    NOT_COUNTED,
    STATES,
    ShelfContents,
    Unread,
    is_whole_day,
    state_query,
    tag_query,
    view_query,
    with_unread,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from store.library import Library
    from tui.facts import Tell
    from tui.shelf import ShelfRow

PAUSE_SECONDS = 0.2
"""From the beginning of one count to that of the next there is at least so much time."""
SETTLING_SECONDS = 0.05
"""What led to a count is painted first, and the end of a visit written."""
DAYS = 7
"""So many days are shown."""
_UNREAD = q.InState("unread")
_RISING = q.InState("rising")
_NEVER = -1
"""No library's revision."""


class _Moment(NamedTuple):
    """The library as it is when a count begins."""

    revision: int
    views: tuple[str, ...]
    nodes: Mapping[str, q.Node]
    """What the saved views ask for, as far as they can be read."""
    visits: Mapping[str, int]

    def since(self, name: str) -> int | None:
        """Return the newest paper that a saved view could show at the last visit."""
        return self.visits.get(view_query(name))


class _Counted(NamedTuple):
    """What is known of a saved view."""

    node: q.Node
    """What it asked for then: its days may be counted from another one now."""
    since: int | None
    revision: int
    unread: Unread


class Counting:
    """The counts of one browser: a newer request abandons the older."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell
        self._worker = Worker("counting", tell, library.rest)
        self._request = 0
        self._is_closed = Event()
        self._begun = self._resting_from = time.monotonic() - PAUSE_SECONDS
        self._known: dict[str, _Counted] = {}

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """Abandon what is under way."""
        self.abandon()
        self._is_closed.set()
        self._worker.drop(seconds)

    def count(self) -> None:
        """Count anew: days, states and tags at once, then the saved views one after the other."""
        self._request += 1
        request = self._request
        self._worker.submit(lambda: self._count(lambda: request != self._request))

    def hold(self) -> None:
        """Begin with no other saved view while the reader is at the keys."""
        self._resting_from = time.monotonic() + PAUSE_SECONDS

    def abandon(self) -> None:
        """Leave what is under way: something else is to be quick."""
        self._request += 1

    def now(self, cancelled: Callable[[], bool]) -> tuple[ShelfRow, ...] | None:
        """Return the rows, counted anew in this thread, and leave all else that is under way.

        None where that was cancelled, or something could not be counted to its end.
        """
        self.abandon()
        moment = self._moment()
        rows = self._contents(moment).rows()
        for name in self._waiting(moment):
            rows = with_unread(rows, view_query(name), self._count_view(name, moment, cancelled))
            if cancelled():
                return None
        return rows if all(row.unread.is_fresh for row in rows) else None

    def _count(self, is_outdated: Callable[[], bool]) -> None:
        if is_outdated():
            return
        # Of many requests in a row, all but the last are outdated when this is over.
        pause = self._begun + PAUSE_SECONDS - time.monotonic()
        self._is_closed.wait(max(SETTLING_SECONDS, pause))
        if is_outdated():
            return
        self._begun = time.monotonic()
        moment = self._moment()
        rows = self._contents(moment).rows()
        self._tell(CountsFound(rows))
        for name in self._waiting(moment):
            self._let_keys_pass()
            unread = self._count_view(name, moment, is_outdated)
            if is_outdated():
                return
            rows = with_unread(rows, view_query(name), unread)
            self._tell(CountsFound(rows))

    def _waiting(self, moment: _Moment) -> list[str]:
        """Return the saved views to count, in the order to do so."""
        waiting = [name for name in moment.nodes if not self._known_unread(name, moment).is_fresh]
        # What was not counted for the longest time first: counts are abandoned before the end.
        return sorted(waiting, key=self._revision_of)

    def _let_keys_pass(self) -> None:
        """Wait while the reader presses keys: what one view takes, they would wait for."""
        while (left := self._resting_from - time.monotonic()) > 0 and not self._is_closed.wait(
            left
        ):
            pass

    def _moment(self) -> _Moment:
        library = self._library
        # Read first: a change that is made meanwhile is a reason to count again.
        revision = library.revision
        nodes: dict[str, q.Node] = {}
        views = library.views.to_dict()
        for name, text in views.items():
            try:
                nodes[name] = library.parse(text).node
            except QuerySyntaxError:
                continue  # whoever opens it is told what is wrong
        # A copy: `now` may be called while the thread still counts.
        known = self._known.copy()
        self._known = {name: one for name, one in known.items() if name in nodes}
        return _Moment(revision, tuple(views), nodes, library.visits.to_dict())

    def _contents(self, moment: _Moment) -> ShelfContents:
        """Return all there is to show, with the counts that can be had at once."""
        library, visits = self._library, moment.visits
        recent = (day.day for day in library.days.recent(DAYS))
        days = tuple(self._day(day) for day in recent if is_whole_day(day))
        tags = library.tags.tree()
        states = [tag for tag in library.tags.counts() if tag.name in {"inbox", *STATES}]
        unread = {view_query(name): self._known_unread(name, moment) for name in moment.nodes}
        unread |= {str(day): self._unread(day, visits.get(str(day))) for day in days}
        unread |= self._tag_counts(((tag.name, tag.unread) for tag in tags), tag_query, visits)
        unread |= self._tag_counts(((tag.name, tag.unread) for tag in states), state_query, visits)
        unread[str(_RISING)] = self._unread(_RISING, None)
        has_rising = library.search(q.Query(_RISING), limit=0).beyond > 0
        return ShelfContents(days, has_rising, moment.views, tags, unread)

    def _day(self, day: str) -> q.DayIn:
        """Return the query for a day of papers: when they were listed, else published."""
        listed = q.DayIn("on", day, day)
        is_listed = self._library.search(q.Query(listed), limit=0).beyond > 0
        return listed if is_listed else q.DayIn("date", day, day)

    def _tag_counts(
        self,
        tags: Iterator[tuple[str, int]],
        query_of: Callable[[str], str],
        visits: Mapping[str, int],
    ) -> Iterator[tuple[str, Unread]]:
        """Yield query and count of each tag, given with how many of its papers are unread."""
        unread_since = self._library.tags.unread_since
        for name, papers in tags:
            query = query_of(name)
            since = visits.get(query)
            new = unread_since(name, since) if papers and since is not None else 0
            yield query, Unread(papers, new)

    def _unread(
        self, node: q.Node, since: int | None, cancelled: Callable[[], bool] | None = None
    ) -> Unread:
        """Count what is unread of the papers that `node` finds, and of it what came after one."""
        # In the order that asks for no scores. Only keys say what has come.
        query = q.Query(all_of((node, _UNREAD)) or _UNREAD, q.Sort.DATE)
        limit = 0 if since is None or since >= self._library.newest else None
        found = self._library.search(query, limit=limit, cancelled=cancelled)
        new = 0 if since is None else sum(key > since for key in found.keys)
        return Unread(len(found.keys) + found.beyond, new, found.is_complete)

    def _count_view(self, name: str, moment: _Moment, is_outdated: Callable[[], bool]) -> Unread:
        node, since = moment.nodes[name], moment.since(name)
        try:
            unread = self._unread(node, since, is_outdated)
        except (SearchAbandonedError, StoreError):
            # Outdated itself, or whoever opens it is told what is wrong.
            return self._known_unread(name, moment)
        self._known[name] = _Counted(node, since, moment.revision, unread)
        return unread

    def _known_unread(self, name: str, moment: _Moment) -> Unread:
        """Return what is known of a saved view: fresh, if nothing it depends on has changed."""
        known = self._known.get(name)
        if known is None:
            return NOT_COUNTED
        now = (moment.nodes[name], moment.since(name), moment.revision)
        is_fresh = (known.node, known.since, known.revision) == now
        return known.unread._replace(is_fresh=is_fresh and known.unread.is_fresh)

    def _revision_of(self, name: str) -> int:
        known = self._known.get(name)
        return known.revision if known else _NEVER
