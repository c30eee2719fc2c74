from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change, apply
from store.changes.fields import (
    FACT_COLUMNS,
    TEXT_COLUMNS,
    sighting_as_text,
)
from store.changes.tags import tags_as_text, tags_of
from store.models import Sighting
from store.tagnames import TagEdit

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

    from store.library import Library

SEEN = sighting_as_text(Sighting("feed", "2026-03-01", rank=3, votes=5))
SEEN_AGAIN = sighting_as_text(Sighting("feed", "2026-03-01", rank=3, votes=9))


@pytest.fixture
def key(desk: Desk, record: RecordBuilder) -> int:
    """A paper to change: tagged `inbox`, `unread` and `RL`, seen on one day."""
    new = record("Counting sheep", "2401.00001", day="2026-02-01", votes=2)
    return desk.bring_in(new, tags=("RL",)).papers[0]


def applied(desk: Desk, *changes: Change) -> list[Change]:
    with desk.database.atomic() as connection:
        return apply(connection, changes)


def revisions(desk: Desk, key: int) -> tuple[int, int, int]:
    """Return the revision of the library, of a paper, and of the latest text commit."""
    (library,) = desk.column("SELECT revision FROM library")
    (paper,) = desk.column("SELECT revision FROM papers WHERE key = ?", key)
    (text,) = desk.column("SELECT max(revision) FROM text_commits")
    return library, paper, text


CHANGES = [
    ("tag", None, "planning"),
    ("tag", "inbox", None),
    ("note", "", "Ask Ana.\nSoon."),
    ("identifier", None, "doi:10.1000/xyz"),
    ("identifier", "arxiv:2401.00001", None),
    ("sighting", None, SEEN),
    ("title", "Counting sheep", "Counting goats"),
    ("abstract", "", "They jump."),
    ("authors", "[]", '["Ana"]'),
    ("published", None, "2026-01-05"),
    ("paper", '["RL", "inbox", "unread"]', None),
    ("links", "[]", '[["code","https://example.org/sheep"]]'),
    ("other abstract", None, '["page","2026-03-01","They stand."]'),
    ("provenance.title", "feed 2026-02-01", "feed 2026-03-01"),
    ("provenance.venue", None, "feed 2026-03-01"),
    ("provenance", '{"title":"feed 2026-02-01"}', '{"title":"feed 2026-03-01"}'),
]


@pytest.mark.parametrize(("field", "before", "after"), CHANGES)
def test_a_change_takes_effect_and_its_reverse_takes_it_back(
    desk: Desk, key: int, field: str, before: str | None, after: str | None
) -> None:
    change = Change(key, field, before, after)
    original = desk.paper(key)
    assert applied(desk, change) == [change]
    assert desk.paper(key) != original or desk.keys() == []
    assert applied(desk, change) == []
    assert applied(desk, change.reversed()) == [change.reversed()]
    assert desk.paper(key) == original
    assert desk.keys() == [key]
    assert desk.counts_are_right()


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("tag", None, "inbox"),
        ("tag", "planning", None),
        ("note", "Ask Ben.", "Ask Ana."),
        ("identifier", None, "arxiv:2401.00001"),
        ("identifier", "doi:10.1000/xyz", None),
        ("sighting", SEEN, SEEN_AGAIN),
        ("sighting", SEEN, None),
        ("title", "Counting goats", "Counting cows"),
        ("abstract", "They stand.", ""),
        ("published", "2026-01-05", None),
        ("paper", '["inbox", "unread"]', None),
        ("paper", None, "[]"),
        ("other abstract", '["page","2026-03-01","They stand."]', None),
        ("provenance.title", "feed 2026-03-01", None),
        ("provenance.title", None, "feed 2026-03-01"),
        ("provenance", '{"title":"feed 2026-03-01"}', "{}"),
        ("view", '["wool","sheep"]', '["wool","goats"]'),
    ],
)
def test_a_change_of_what_is_not_there_has_no_effect(
    desk: Desk, key: int, field: str, before: str | None, after: str | None
) -> None:
    original = desk.paper(key)
    earlier = revisions(desk, key)
    assert applied(desk, Change(key, field, before, after)) == []
    assert desk.paper(key) == original
    assert revisions(desk, key) == earlier


def test_every_column_of_facts_can_be_changed(desk: Desk, key: int) -> None:
    for column in FACT_COLUMNS:
        (before,) = desk.column(f"SELECT {column} FROM papers WHERE key = ?", key)  # noqa: S608 - our names
        after = '[["code", "https://example.org"]]' if column == "links" else '["new"]'
        assert applied(desk, Change(key, column, before, after))
        stamp = Change(key, f"provenance.{column}", desk.stamp(key, column), "feed 2030-01-01")
        assert applied(desk, stamp) == [stamp]
        assert desk.stamp(key, column) == "feed 2030-01-01"


@pytest.mark.parametrize("field", ["colour", "provenance.colour", "votes", "provenance.key"])
def test_an_unknown_field_is_a_mistake_of_the_program(desk: Desk, key: int, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        applied(desk, Change(key, field, None, "red"))


def test_a_paper_that_never_was_can_not_be_tagged(desk: Desk, key: int) -> None:
    assert applied(desk, Change(key + 1, "tag", None, "planning")) == []


def test_tags_keep_the_case_they_were_first_written_in(desk: Desk, key: int) -> None:
    other = desk.act(Change(key, "tag", None, "rl"))
    assert other == []
    assert "RL" in desk.tags(key)
    assert applied(desk, Change(key, "tag", "rL", None))
    assert desk.tags(key) == {"inbox", "unread"}


def test_a_paper_is_removed_whatever_case_its_tags_are_written_in(desk: Desk, key: int) -> None:
    assert applied(desk, Change(key, "paper", '["INBOX","rl","Unread"]', None))
    assert desk.keys() == []


def test_a_removed_paper_has_no_tags_and_gets_none(desk: Desk, key: int) -> None:
    applied(desk, Change(key, "paper", tags_as_text(desk.tags(key)), None))
    assert desk.paper(key).tags == ()
    assert applied(desk, Change(key, "tag", None, "planning")) == []
    assert desk.column("SELECT name FROM tags WHERE papers > 0") == []


def test_a_removed_paper_keeps_its_note(desk: Desk, key: int) -> None:
    assert applied(desk, Change(key, "note", "", "Ask Ana."))
    removal = Change(key, "paper", tags_as_text(desk.tags(key)), None)
    applied(desk, removal)
    assert applied(desk, Change(key, "note", "Ask Ana.", "")) == []
    applied(desk, removal.reversed())
    assert desk.paper(key).note == "Ask Ana."


def test_a_tag_notes_when_papers_were_tagged_with_it_last(
    desk: Desk, library: Library, record: RecordBuilder
) -> None:
    def used(name: str) -> int:
        (revision,) = desk.column("SELECT used FROM tags WHERE fold = ?", name)
        return int(revision)

    def now() -> int:
        return revisions(desk, 1)[0]

    first, second = desk.bring_in(record("One"), record("Two"), tags=("RL",)).papers
    assert used("rl") == now()
    assert used("inbox") == 0, "no reader gave it"
    tags = library.tags
    tags.edit((first, second), TagEdit(("agents",)))
    assert used("agents") == now() > used("rl")
    earlier = used("agents")
    tags.edit((first,), TagEdit(("Agents", "rL")))
    tags.edit((second,), TagEdit(("vision",), ("agents",)))
    assert (used("agents"), used("vision")) == (earlier, now())


def test_tags_are_noted_in_one_order_as_json(desk: Desk, key: int) -> None:
    applied(desk, Change(key, "tag", None, "été"))
    assert tags_as_text(tags_of(desk.connection, key)) == '["RL", "inbox", "unread", "été"]'


def test_a_sighting_is_noted_as_json_that_reads_back() -> None:
    seen = Sighting("page", "2026-03-01", rank=3, votes=None, comments=1, day_is_guess=True)
    for one in (seen, replace(seen, seen="2026-03-12T08:00:00Z")):
        assert Sighting.of_row(json.loads(sighting_as_text(one))) == one
    assert Sighting.of_row(["page", "2026-03-01", 3, None, 1, 1]) == seen, "as 0.1 noted it"


def test_the_days_and_votes_of_a_paper_follow_its_sightings(desk: Desk, key: int) -> None:
    def facts() -> tuple[str | None, int | None, int | None]:
        paper = desk.paper(key)
        return paper.listed, paper.votes, paper.comments

    assert facts() == ("2026-02-01", 2, None)
    later = sighting_as_text(Sighting("feed", "2026-03-01", votes=7, comments=4))
    earlier = sighting_as_text(Sighting("page", "2026-01-01", votes=90))
    latest_but_silent = sighting_as_text(Sighting("feed", "2026-03-09"))
    applied(desk, *(Change(key, "sighting", None, s) for s in (later, earlier, latest_but_silent)))
    assert facts() == ("2026-01-01", 7, 4)
    applied(desk, Change(key, "sighting", later, None))
    assert facts() == ("2026-01-01", 2, None)
    first = sighting_as_text(Sighting("feed", "2026-02-01", votes=2, seen=desk.now))
    applied(desk, *(Change(key, "sighting", s, None) for s in (first, earlier, latest_but_silent)))
    assert facts() == (None, None, None)


def test_the_folded_title_follows_the_title(desk: Desk, key: int) -> None:
    applied(desk, Change(key, "title", "Counting sheep", "Über-Sheep: the Séquel"))
    assert desk.column("SELECT title_fold FROM papers") == ["uber sheep the sequel"]


@pytest.mark.parametrize(("field", "before", "after"), CHANGES)
def test_only_what_can_be_searched_gives_a_paper_a_new_revision(
    desk: Desk, key: int, field: str, before: str | None, after: str | None
) -> None:
    old_library, old_paper, old_text = revisions(desk, key)
    applied(desk, Change(key, field, before, after))
    library, paper, text = revisions(desk, key)
    assert library == old_library + 1
    is_searchable = field in {"paper", "note", *TEXT_COLUMNS}
    assert (paper, text) == ((library, library) if is_searchable else (old_paper, old_text))


def test_all_changes_at_once_are_one_revision_in_their_order(desk: Desk, key: int) -> None:
    (earlier, *_) = revisions(desk, key)
    made = applied(
        desk,
        Change(key, "title", "Counting sheep", "Counting goats"),
        Change(key, "title", "Counting goats", "Counting cows"),
        Change(key, "venue", "Another", "A third"),
    )
    assert [change.after for change in made] == ["Counting goats", "Counting cows"]
    assert desk.paper(key).title == "Counting cows"
    assert revisions(desk, key)[0] == earlier + 1
