from __future__ import annotations

from datetime import date
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes.journal import EntryKind
from store.errors import TagNameError
from store.models import STATE_TAGS
from store.query.parsing import parse
from store.tagged import NEAR
from store.tagnames import LONGEST_NAME, TagEdit, read_tag_edit
from store.tags import LATEST, TagCount, Tags
from store.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import Desk, DeskOpener, RecordBuilder

    from store.library import Library

VIEWS = {
    "agents": "tag:RL/agents votes:>10",
    "all": "*",
    "begun": "tag:rl-like",
    "broken": "tag:rl view:gone",
    "by way": "view:reading -survey",
    "either": "sheep OR (tag:nlp,rl wool)",
    "none": "tag:none",
    "not": "-tag:rl sort:votes",
    "reading": "tag:rl is:unread",
    "words": '"tag:rl" rl title:rl',
}


def tags_at(desk: Desk, views: Mapping[str, str] | None = None) -> Tags:
    known = views or {}
    return Tags(
        desk.database,
        desk.history,
        known,
        partial(parse, today=date(2026, 3, 12), views=known),
    )


@pytest.fixture
def tags(desk: Desk) -> Tags:
    return tags_at(desk)


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """Three papers that have no tags."""
    records = [record(f"Paper {n}", f"2401.0000{n}") for n in (1, 2, 3)]
    return desk.bring_in(*records, into_inbox=False).papers


def tagged(desk: Desk) -> list[set[str]]:
    """Return the tags of each paper."""
    return [set(paper.tags) for paper in desk.papers()]


def test_tags_are_counted_with_the_unread_the_most_frequent_first(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    assert tags.counts() == ()
    desk.tag("+rl +Agents", *keys[:2])
    desk.tag("+zoo +unread", keys[0])
    desk.tag("+gone", keys[0])
    desk.tag("-gone", keys[0])
    assert tags.counts() == (
        TagCount("Agents", 2, 1),
        TagCount("rl", 2, 1),
        TagCount("unread", 1, 1),
        TagCount("zoo", 1, 1),
    )


def test_the_papers_with_a_tag_are_those_with_this_very_tag(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+RL", keys[0])
    desk.tag("+rl/offline", keys[1])
    assert tags.papers_with("rl") == {keys[0]}
    assert tags.papers_with("nothing") == frozenset()


def test_the_first_paper_with_a_tag_is_found_in_any_order(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    one, two, three = keys
    desk.tag("+RL", one, three)
    desk.tag("+rl/offline", two)
    assert tags.first_with("rl", (two, three, one)) == three
    assert tags.first_with("rl", (two, 99)) is None
    assert tags.first_with("nothing", keys) is None
    assert tags.first_with("rl", ()) is None


def test_the_first_paper_with_a_tag_is_found_far_away(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    others = tuple(range(1_000, 1_000 + NEAR))
    desk.tag("+rl", *keys[1:])
    assert tags.first_with("rl", (*others, *keys)) == keys[1]
    assert tags.first_with("rl", (*others, keys[0])) is None


def test_the_tags_among_papers_are_those_of_any_of_them_however_many_they_are(
    desk: Desk, tags: Tags, record: RecordBuilder
) -> None:
    assert tags.among(()) == tags.among((1, 2)) == ()
    keys = desk.bring_in(*(record(f"Paper {n}") for n in range(60))).papers
    desk.tag("+b +C/d", *keys[10:12])
    desk.tag("+Zoo", keys[12])
    desk.tag("+a +starred", *keys[30:])
    desk.tag("+gone", keys[0])
    desk.tag("-gone", keys[0])
    for part, names in (
        (keys, ("a", "b", "C/d", "Zoo")),
        (frozenset(keys[:30]), ("b", "C/d", "Zoo")),
        (keys[:12], ("b", "C/d")),
        (keys[12:13], ("Zoo",)),
        (keys[:10], ()),
        ((keys[59], 9_999), ("a",)),
    ):
        assert tags.among(part) == names


def test_an_edit_is_one_entry_and_tells_what_changed_in_the_order_asked_for(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    one, two, three = keys
    desk.tag("+old", two)
    edit = read_tag_edit(["+new", "-old"])
    assert tags.edit([three, two, three, 99], edit, label="tag +new -old") == (three, two)
    assert tagged(desk) == [set(), {"new"}, {"new"}]
    assert tags.edit([two, three], edit) == ()
    assert tags.edit([one], TagEdit(("new",)), kind=EntryKind.AUTOMATIC) == (one,)
    assert [label for label, _ in desk.entries()[2:]] == ["tag +new -old 2 papers", "tag 'Paper 1'"]


def test_the_tags_used_last_are_offered_first_and_then_the_most_frequent(
    tags: Tags, keys: tuple[int, ...]
) -> None:
    assert tags.ranked() == ()
    tags.edit(keys, TagEdit(("often", "starred", "inbox")))
    tags.edit(keys[:2], TagEdit(("twice",)))
    names = [f"n{number}" for number in range(LATEST)]
    for name in ("once", *names):
        tags.edit(keys[:1], TagEdit((name,)))
    tags.edit(keys[:1], TagEdit(removed=("n3",)))
    later = [name for name in names[::-1] if name != "n3"]
    assert tags.ranked() == (*later, "once", "often", "twice")
    tags.edit(keys[2:], TagEdit(("twice",)))
    assert tags.ranked() == ("twice", *later, "often", "once")


def test_only_the_reader_uses_a_tag(
    desk: Desk, library: Library, record: RecordBuilder, keys: tuple[int, ...]
) -> None:
    tags, history = library.tags, library.history
    desk.tag("+other", *keys)
    tags.edit(keys, TagEdit(("Agents",)))
    tags.edit(keys, TagEdit(("later",)))
    tags.edit(keys, TagEdit(("agents",)))
    tags.edit(keys, TagEdit(("auto",)), kind=EntryKind.AUTOMATIC)
    library.decisions.restore(["+restored -- 2401.00001"], adding=True)
    used = ("later", "Agents", "auto", "other", "restored")
    assert tags.ranked() == used, "an edit that changes nothing is no use"
    for _ in range(3):
        assert history.undo()
    for _ in range(3):
        assert history.redo()
    assert tags.ranked() == used
    desk.bring_in(record("Paper 1", "2401.00001"), record("Paper 4"), tags=("other",))
    assert tags.ranked()[:2] == ("other", "later")
    desk.bring_in(record("Paper 1", "2401.00001"), tags=("restored", "agents"))
    assert tags.ranked()[:2] == ("other", "later"), "it had these already"


def test_a_tag_that_is_renamed_was_used_when_the_old_one_was(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    for name in ("a", "b/c", "d"):
        tags.edit(keys[:1], TagEdit((name,)))
    desk.tag("+e", *keys)
    tags.rename("b", "f")
    assert tags.ranked() == ("d", "f/c", "a", "e")
    desk.undo()
    assert tags.ranked() == ("d", "b/c", "a", "e")
    tags.rename("a", "D")
    assert tags.ranked() == ("d", "b/c", "e")


def test_tags_that_no_act_added_are_offered_by_their_frequency(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+a", *keys[:2])
    desk.tag("+b", *keys)
    desk.tag("+c", keys[0])
    with desk.database.atomic() as connection:
        connection.execute("UPDATE tags SET used = 0")
    assert tags.ranked() == ("b", "a", "c")


def test_renaming_takes_along_what_is_nested_and_is_undone_as_one(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    one, two, three = keys
    desk.tag("+RL +rl/Agents/new", one)
    desk.tag("+Rl/games +zoo", two)
    desk.tag("+rl-like", three)
    before = tagged(desk)
    assert tags.rename("rl", "learning/Rewards") == (one, two)
    after = [
        {"learning/Rewards", "learning/Rewards/Agents/new"},
        {"learning/Rewards/games", "zoo"},
        {"rl-like"},
    ]
    assert tagged(desk) == after
    label = "rename the tag 'RL' to 'learning/Rewards': 2 papers"
    assert desk.entries()[-1] == (label, "standing")
    assert desk.undo()
    assert tagged(desk) == before
    assert desk.redo()
    assert tagged(desk) == after
    assert desk.counts_are_right()


def test_what_is_nested_is_renamed_where_what_it_is_nested_in_is_no_tag(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+rl/games", keys[0])
    assert tags.rename("RL", "ml") == (keys[0],)
    assert tagged(desk)[0] == {"ml/games"}
    assert desk.entries()[-1][0] == "rename the tag 'RL' to 'ml': 'Paper 1'"


def test_tags_of_which_one_gets_the_name_of_the_other_become_one(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    one, two, three = keys
    desk.tag("+rl +ML", one)
    desk.tag("+rl +rl/new", two)
    desk.tag("+ML/New", three)
    before, counts = tagged(desk), tags.counts()
    assert tags.rename("rl", "ml") == (one, two)
    assert tagged(desk) == [{"ML"}, {"ML", "ML/New"}, {"ML/New"}]
    assert desk.entries()[-1][0] == "rename the tag 'rl' to 'ML': 2 papers"
    assert desk.undo()
    assert (tagged(desk), tags.counts()) == (before, counts)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("a/b", {"a/b", "a/b/b", "a/b/b/c", "ab"}),
        ("x", {"x", "x/b", "x/b/c", "ab"}),
        ("ab", {"ab", "ab/b", "ab/b/c"}),
    ],
)
def test_a_tag_may_be_nested_in_itself_or_take_any_other_place(
    desk: Desk, tags: Tags, keys: tuple[int, ...], new: str, expected: set[str]
) -> None:
    desk.tag("+a +a/b +a/b/c +ab", keys[0])
    before = tagged(desk)
    assert tags.rename("a", new) == (keys[0],)
    assert tagged(desk)[0] == expected
    assert desk.undo()
    assert tagged(desk) == before


def test_a_nested_tag_may_become_what_it_is_nested_in(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+a +a/b +a/b/c", keys[0])
    tags.rename("a/b", "a")
    assert tagged(desk)[0] == {"a", "a/c"}


def test_only_the_case_may_change(desk: Desk, tags: Tags, keys: tuple[int, ...]) -> None:
    desk.tag("+rl +rl/games", *keys[:2])
    assert tags.rename("RL", "RL") == keys[:2]
    assert tagged(desk)[:2] == [{"RL", "RL/games"}] * 2
    assert desk.entries()[-1][0] == "rename the tag 'rl' to 'RL'"
    assert tags.rename("rl", "RL") == ()
    assert desk.undo()
    assert tagged(desk)[:2] == [{"rl", "rl/games"}] * 2
    assert desk.redo()
    assert tagged(desk)[:2] == [{"RL", "RL/games"}] * 2
    tags.rename("RL", "Rl")
    assert desk.undo(2 + 1)
    assert tagged(desk)[0] == {"Rl", "Rl/games"}, "it was changed since"


def test_a_spelling_that_undo_and_redo_leave_alone_is_named(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+rl +rl/games", *keys[:2])
    tags.rename("rl", "RL")
    (entry,) = desk.column("SELECT max(key) FROM journal")
    tags.rename("RL/games", "RL/Games")
    undone = desk.undo(entry)
    assert undone
    assert (undone.kept_tags, undone.took_effect) == (("RL/Games",), True)
    redone = desk.redo(entry)
    assert redone
    assert (redone.kept_tags, redone.took_effect) == ((), True)
    tags.rename("rl", "Rl")
    undone = desk.undo(entry)
    assert undone
    assert (undone.changed, undone.kept, undone.took_effect) == ((), (), False)
    assert undone.kept_tags == ("Rl", "Rl/Games")


def test_a_paper_that_comes_back_has_the_tags_that_it_had_by_their_names_of_then(
    desk: Desk, tags: Tags, library: Library, keys: tuple[int, ...]
) -> None:
    desk.tag("+old", *keys)
    library.remove(keys[:1])
    tags.rename("old", "new")
    (entry,) = desk.column("SELECT max(key) - 1 FROM journal")
    assert desk.undo(entry)
    assert tagged(desk) == [{"old"}, {"new"}, {"new"}]
    assert tags.rename("old", "new") == keys[:1]


def test_what_is_new_in_the_view_of_a_tag_still_is_under_its_new_name(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    visits = Visits(desk.database)
    desk.tag("+rl/agents +rl/Games +nlp +rl-like", *keys)
    for newest, view in enumerate(
        ("tag:rl", "tag:RL/agents", "tag:rl/games/old", "tag:nlp", "tag:rl-like", "tag:rl,nlp"), 1
    ):
        visits.end(view, newest)
    visits.end('tag:"rl/Games"', 9)
    before = visits.to_dict()
    tags.rename("nothing", "x")
    assert visits.to_dict() == before
    tags.rename("rl", "ml/deep")
    new = {
        "tag:ml/deep": 1,
        "tag:ml/deep/agents": 2,
        "tag:ml/deep/games/old": 3,
        "tag:ml/deep/Games": 9,
    }
    assert visits.to_dict() == before | new
    visits.end("tag:ml/deep", 20)
    tags.rename("nlp", "ml/deep")
    assert visits.newest("tag:ml/deep") == 4, "what came in since may not have been seen"
    revision = desk.column("SELECT revision FROM library")
    desk.undo()
    assert visits.newest("tag:nlp") == 4
    assert revision != desk.column("SELECT revision FROM library")


def test_a_name_that_no_paper_has_any_more_takes_the_case_it_is_given(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+ml +rl", keys[0])
    desk.tag("-ml", keys[0])
    tags.rename("rl", "ML")
    assert tagged(desk)[0] == {"ML"}
    desk.undo()
    assert tagged(desk)[0] == {"rl"}
    desk.undo()
    assert tagged(desk)[0] == {"ml", "rl"}


@pytest.mark.parametrize("old", ["nothing", "r", "rl/games/old", "rl-"])
def test_what_no_paper_is_tagged_with_is_renamed_and_deleted_without_an_entry(
    desk: Desk, tags: Tags, keys: tuple[int, ...], old: str
) -> None:
    desk.tag("+rl +rl/games +rl-like +r-l", keys[0])
    entries = desk.entries()
    assert (tags.rename(old, "new"), tags.delete(old)) == ((), ())
    assert desk.entries() == entries


@pytest.mark.parametrize("state", [*STATE_TAGS, "Starred"])
def test_the_state_of_papers_is_neither_renamed_nor_deleted_nor_the_name_of_another_tag(
    desk: Desk, tags: Tags, keys: tuple[int, ...], state: str
) -> None:
    desk.tag(f"+{state} +rl", *keys)
    before, entries = tagged(desk), desk.entries()
    for act, said in [
        (partial(tags.rename, state, "new"), "renamed"),
        (partial(tags.rename, "rl", state), "the new name of a tag"),
        (partial(tags.delete, state), "deleted"),
    ]:
        with pytest.raises(TagNameError, match=f"^'{state.lower()}' can't be {said}: the program"):
            act()
    assert (tagged(desk), desk.entries()) == (before, entries)


def test_a_name_that_can_be_none_changes_nothing(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+rl/games +rl", *keys)
    before, entries = tagged(desk), desk.entries()
    for new in ("two words", "", "a,b", "x" * LONGEST_NAME):
        with pytest.raises(TagNameError):
            tags.rename("rl", new)
    assert (tagged(desk), desk.entries()) == (before, entries)


def test_undoing_a_renaming_keeps_what_was_changed_since(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    desk.tag("+rl", *keys)
    tags.rename("rl", "ml")
    desk.tag("-ml", keys[0], kind=EntryKind.AUTOMATIC)
    desk.tag("+rl", keys[1], kind=EntryKind.AUTOMATIC)
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == (keys, keys[:2])
    assert tagged(desk) == [{"rl"}, {"rl"}, {"rl"}]


def test_deleting_takes_along_what_is_nested_and_is_undone_as_one(
    desk: Desk, tags: Tags, keys: tuple[int, ...]
) -> None:
    one, two, three = keys
    desk.tag("+RL +rl/new", one)
    desk.tag("+rl/old +zoo", two)
    desk.tag("+rl-like", three)
    before = tagged(desk)
    assert tags.delete("rl") == (one, two)
    assert tagged(desk) == [set(), {"zoo"}, {"rl-like"}]
    assert desk.entries()[-1][0] == "delete the tag 'RL': 2 papers"
    assert desk.undo()
    assert tagged(desk) == before


@pytest.mark.parametrize(
    ("name", "views"),
    [
        ("rl", ["agents", "either", "not", "reading"]),
        ("RL/Agents", ["agents", "either", "not", "reading"]),
        ("rl/games", ["either", "not", "reading"]),
        ("nlp", ["either"]),
        ("rl-like", ["begun"]),
        ("none", []),
        ("r", []),
        ("wool", []),
    ],
)
def test_a_view_mentions_the_tags_that_its_query_names_and_those_around_them(
    desk: Desk, name: str, views: list[str]
) -> None:
    assert list(tags_at(desk, VIEWS).mentions(name)) == views


NAMES = ("a", "A", "a/b", "a/B/c", "a-b", "b", "b/c", "B/b")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.frozensets(st.sampled_from(NAMES)), min_size=3, max_size=3),
    st.sampled_from(list(permutations((*NAMES, "c", "C/a"), 2))),
)
def test_any_tag_may_get_any_name_and_undo_gives_all_of_them_back(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    names: list[frozenset[str]],
    pair: tuple[str, str],
) -> None:
    old, new = pair
    with desk_in(tmp_path_factory.mktemp("renamed")) as desk:
        records = [record(f"Paper {number}") for number in range(3)]
        keys = desk.bring_in(*records, into_inbox=False).papers
        for key, own in zip(keys, names, strict=True):
            desk.tag(" ".join(f"+{name}" for name in sorted(own)), key)
        before, counts = tagged(desk), tags_at(desk).counts()
        expected = [{_renamed(name, old, new) for name in own} for own in before]
        tags_at(desk).rename(old, new)
        after = tagged(desk)
        assert [{name.lower() for name in own} for own in after] == expected
        assert desk.counts_are_right()
        if after != before:
            assert desk.undo()
            assert (tagged(desk), tags_at(desk).counts()) == (before, counts)
            assert desk.redo()
            assert tagged(desk) == after


def _renamed(name: str, old: str, new: str) -> str:
    is_within = f"{name}/".lower().startswith(f"{old}/".lower())
    return (new + name[len(old) :] if is_within else name).lower()
