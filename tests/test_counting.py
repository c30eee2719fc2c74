from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from store.importers import sources
from store.tagnames import TagEdit
from tui.background.counting import PAUSE_SECONDS, Counting
from tui.facts import CountsFound
from tui.shelf import NOT_COUNTED, ShelfRow, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from store.library import Library
    from tui.facts import Fact

PATIENCE = 10.0


@dataclass
class Teller:
    """What was told so far."""

    facts: list[Fact] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[ShelfRow, ...]]:
        """The rows as they were told one after the other."""
        found = [fact.counts for fact in self.facts if isinstance(fact, CountsFound)]
        assert len(found) == len(self.facts), self.facts
        return found

    @property
    def rows(self) -> tuple[ShelfRow, ...]:
        """The rows as they were counted last."""
        return self.counts[-1]

    @property
    def unread(self) -> dict[str, Unread]:
        return {row.query: row.unread for row in self.rows if row.query}

    @property
    def numbers(self) -> dict[str, int | None]:
        """How many papers are unread in what has unread ones."""
        return {query: one.papers for query, one in self.unread.items() if one.papers != 0}

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.facts
            time.sleep(0.005)

    def whole(self) -> None:
        """Wait for a count that leaves nothing out."""
        self.until(lambda: self.facts and all(one.is_fresh for one in self.unread.values()))


@contextmanager
def counting(library: Library) -> Iterator[tuple[Counting, Teller]]:
    teller = Teller()
    one = Counting(library, teller.facts.append)
    try:
        yield one, teller
    finally:
        one.close()


def counted(library: Library) -> Teller:
    """Count everything once."""
    with counting(library) as (one, teller):
        one.count()
        teller.whole()
        return teller


def bring_in(library: Library, folder: Path, *papers: str) -> tuple[int, ...]:
    """Import papers, each given as `day title`, as the feed lists them; return their keys."""
    before = library.newest
    for number, paper in enumerate(papers):
        day, _, title = paper.partition(" ")
        file = folder / f"{before}-{number}.json"
        file.write_text(
            f'[{{"paper": {{"id": "2603.{before:03}{number:02}", "title": "{title}",'
            f' "summary": "On {title}.", "publishedAt": "2026-01-05T00:00:00.000Z",'
            f' "submittedOnDailyAt": "{day}T08:00:00.000Z", "authors": []}}}}]'
        )
        library.imports.bring_in(sources([file]))
    return tuple(range(before + 1, library.newest + 1))


def test_an_empty_library_has_nothing_unread(library: Library) -> None:
    assert counted(library).unread == dict.fromkeys(
        ("is:inbox", "is:starred", "is:queued"), Unread()
    )


def test_every_kind_of_view_has_its_unread_papers_counted(library: Library, tmp_path: Path) -> None:
    one, two, three = bring_in(
        library, tmp_path, "2026-03-11 One", "2026-03-11 Two", "2026-03-10 Three"
    )
    library.tags.edit([one, two, three], TagEdit(("rl/agents",)))
    library.tags.edit([three], TagEdit(("rl", "queued"), ("unread", "inbox")))
    library.tags.edit([one], TagEdit(("starred",)))
    library.views.save("agents", "tag:rl/agents")
    library.views.save("words", "title:two OR title:three")
    assert library.index.wait(60)
    teller = counted(library)
    assert teller.numbers == {
        "is:inbox": 2,
        "on:2026-03-11": 2,
        "is:starred": 1,
        "view:agents": 2,
        "view:words": 1,
        "tag:rl": 2,
        "tag:rl/agents": 2,
    }
    assert [row.label for row in teller.rows] == [
        *("Inbox", "2026-03-11 Wed", "2026-03-10 Tue", "Starred", "Queued"),
        *("Views", "agents", "words", "Tags", "rl", "agents"),
    ]


def test_each_count_is_that_of_unread_papers_which_the_query_finds(
    library: Library, tmp_path: Path
) -> None:
    keys = bring_in(library, tmp_path, *(f"2026-03-{day:02} Paper {day}" for day in range(1, 11)))
    library.tags.edit(keys[2:6], TagEdit(("a/b", "starred"), ("unread",)))
    library.tags.edit(keys[4:9], TagEdit(("a",), ("inbox",)))
    library.views.save("all", "*")
    library.views.save("other", "-view:all OR tag:a")
    teller = counted(library)
    assert {query: one.papers for query, one in teller.unread.items()} == {
        query: len(library.search(f"({query}) is:unread").keys) for query in teller.unread
    }
    assert len([query for query in teller.unread if query.startswith("on:")]) == 7


def test_a_day_on_which_nothing_was_listed_is_that_of_what_was_published_then(
    library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "papers.jsonl"
    days = ("2026-02-03", "2027-01")
    file.write_text(
        "".join(f'{{"title": "On {day}", "abstract": "", "published": "{day}"}}\n' for day in days)
    )
    library.imports.bring_in(sources([file]))
    assert counted(library).numbers == {"is:inbox": 2, "date:2026-02-03": 1}


def test_papers_whose_votes_have_doubled_have_a_row(library: Library, tmp_path: Path) -> None:
    (key,) = bring_in(library, tmp_path, "2026-03-11 One")
    library.tags.edit([key], TagEdit((), ("inbox", "unread")))
    assert "is:rising" not in counted(library).unread
    with library._database.atomic() as connection:  # noqa: SLF001 as the feed would a week later
        connection.execute("UPDATE papers SET votes = 30")
    assert counted(library).unread["is:rising"] == Unread()


def test_what_came_in_since_the_last_visit_is_new_while_it_is_unread(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    library.views.save("all", "*")
    for view in ("is:inbox", "on:2026-03-11", "tag:x", "view:all"):
        library.visits.end(view, library.newest)
    assert {one.new for one in counted(library).unread.values()} == {0}
    two, three, four = bring_in(
        library, tmp_path, "2026-03-11 Two", "2026-03-11 Three", "2026-03-10 Four"
    )
    library.tags.edit([two, three], TagEdit(("x/y",)))
    library.tags.edit([three], TagEdit((), ("unread",)))
    new = {query: one.new for query, one in counted(library).unread.items() if one.new}
    assert new == {"is:inbox": 2, "on:2026-03-11": 1, "view:all": 2, "tag:x": 1}
    assert four == library.newest


def test_saved_views_follow_one_by_one_dim_until_they_are_counted_again(
    library: Library, tmp_path: Path
) -> None:
    keys = bring_in(library, tmp_path, "2026-03-11 One", "2026-03-11 Two")
    library.views.save("a", "*")
    library.views.save("b", "is:inbox")
    with counting(library) as (one, teller):
        one.count()
        teller.whole()
        steps = [[row.unread for row in rows if row.key] for rows in teller.counts]
        assert steps == [
            [NOT_COUNTED, NOT_COUNTED],
            [Unread(2), NOT_COUNTED],
            [Unread(2), Unread(2)],
        ]
        library.tags.edit(keys[:1], TagEdit((), ("unread",)))
        teller.facts.clear()
        one.count()
        teller.whole()
        steps = [[row.unread for row in rows if row.key] for rows in teller.counts]
        assert steps == [
            [Unread(2, is_fresh=False), Unread(2, is_fresh=False)],
            [Unread(1), Unread(2, is_fresh=False)],
            [Unread(1), Unread(1)],
        ]
        # The states and tags are exact at once.
        assert [rows[0].unread for rows in teller.counts] == [Unread(1)] * 3


def test_a_saved_view_is_not_counted_again_while_nothing_changes(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    library.views.save("a", "*")
    with counting(library) as (one, teller):
        one.count()
        teller.whole()
        assert len(teller.facts) == 2
        one.count()
        teller.until(lambda: len(teller.facts) == 3)
        teller.whole()
        library.views.save("a", "is:starred")
        one.count()
        teller.until(lambda: len(teller.facts) > 3)
        teller.whole()
        assert teller.unread["view:a"] == Unread(0)


def test_many_requests_in_a_row_are_one(library: Library, tmp_path: Path) -> None:
    keys = bring_in(library, tmp_path, "2026-03-11 One", "2026-03-11 Two")
    with counting(library) as (one, teller):
        began = time.monotonic()
        for _ in range(40):
            one.count()
            time.sleep(PAUSE_SECONDS / 40)
        library.tags.edit(keys[:1], TagEdit((), ("unread",)))
        one.count()
        teller.until(lambda: teller.facts and teller.unread["is:inbox"] == Unread(1))
        assert len(teller.facts) <= 1 + (time.monotonic() - began) / PAUSE_SECONDS


def test_what_is_abandoned_is_not_told_and_can_be_taken_up(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    with counting(library) as (one, teller):
        one.count()
        one.abandon()
        time.sleep(2 * PAUSE_SECONDS)
        assert teller.facts == []
        one.count()
        teller.whole()
        assert teller.unread["is:inbox"] == Unread(1)


def test_saved_views_wait_for_the_reader_to_rest_and_all_else_does_not(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    library.views.save("a", "*")
    with counting(library) as (one, teller):
        one.count()
        for _ in range(10):
            one.hold()
            time.sleep(PAUSE_SECONDS / 4)
        assert [rows[0].unread for rows in teller.counts] == [Unread(1)]
        assert teller.unread["view:a"] == NOT_COUNTED
        teller.whole()


def test_a_view_that_can_t_be_read_has_a_row_without_a_count(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    library.views.save("b", "*")
    library.views.save("a", "view:b")
    library.views.remove("b")
    assert counted(library).unread["view:a"] == Unread()


def test_words_are_counted_again_where_not_every_paper_could_be_searched(
    library: Library, tmp_path: Path
) -> None:
    bring_in(library, tmp_path, "2026-03-11 One")
    library.views.save("a", "one")
    with counting(library) as (one, teller):
        one.count()
        teller.until(lambda: len(teller.facts) == 2)
        assert not teller.unread["view:a"].is_fresh
        library.index.catch_up()
        teller.until(library.index.is_current)
        one.count()
        teller.whole()
        assert teller.unread["view:a"] == Unread(1)


@pytest.mark.parametrize("requests", [0, 1, 5])
def test_closing_waits_for_no_pause(library: Library, requests: int) -> None:
    with counting(library) as (one, _):
        for _ in range(requests):
            one.count()
        began = time.monotonic()
    assert time.monotonic() - began < PAUSE_SECONDS
