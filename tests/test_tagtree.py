from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from store.tagtree import TagNode, tree, unread_since

if TYPE_CHECKING:
    import pytest
    from conftest import Desk, DeskOpener, RecordBuilder

WORDS = ("a", "a/b", "A/b/c", "a/d", "a-b", "b", "b/c/d", "starred", "starred/now", "unread")
PAPERS = 8


def test_a_tag_that_nothing_is_nested_in_counts_its_papers(
    desk: Desk, record: RecordBuilder
) -> None:
    one, two, three = desk.bring_in(*map(record, ("One", "Two", "Three"))).papers
    desk.tag("+zoo", one, two, three)
    desk.tag("+Agents +gone -unread", one)
    desk.tag("-gone", one)
    assert tree(desk.connection) == (TagNode("Agents", 0, 1, 0), TagNode("zoo", 0, 3, 2))


def test_what_tags_are_nested_in_counts_each_paper_once_whether_it_is_a_tag_itself_or_not(
    desk: Desk, record: RecordBuilder
) -> None:
    one, two, three = desk.bring_in(*map(record, ("One", "Two", "Three"))).papers
    desk.tag("+rl/agents/old +rl/games +nlp", one)
    desk.tag("+rl/games +nlp/parsing", two)
    desk.tag("+rl-like -unread", three)
    assert tree(desk.connection) == (
        TagNode("nlp", 0, 2, 2),
        TagNode("nlp/parsing", 1, 1, 1),
        TagNode("rl", 0, 2, 2),
        TagNode("rl/agents", 1, 1, 1),
        TagNode("rl/agents/old", 2, 1, 1),
        TagNode("rl/games", 1, 2, 2),
        TagNode("rl-like", 0, 1, 0),
    )


def test_state_is_in_the_tree_only_where_own_tags_are_nested_in_it(
    desk: Desk, record: RecordBuilder
) -> None:
    one, two = desk.bring_in(*map(record, ("One", "Two"))).papers
    desk.tag("+starred +queued", one)
    assert tree(desk.connection) == ()
    desk.tag("+starred/twice", two)
    assert tree(desk.connection) == (
        TagNode("starred", 0, 2, 2),
        TagNode("starred/twice", 1, 1, 1),
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.frozensets(st.sampled_from(WORDS)), min_size=PAPERS, max_size=PAPERS))
def test_every_branch_is_counted_as_if_by_hand(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    tagged: list[frozenset[str]],
) -> None:
    with desk_in(tmp_path_factory.mktemp("tree")) as desk:
        records = [record(f"Paper {number}") for number in range(PAPERS)]
        keys = desk.bring_in(*records, into_inbox=False).papers
        for key, names in zip(keys, tagged, strict=True):
            desk.tag(" ".join(f"+{name}" for name in sorted(names)), key)
        assert {(n.name.lower(), n.papers, n.unread) for n in tree(desk.connection)} == {
            (branch, len(papers), sum("unread" in names for names in papers))
            for branch in {above for names in tagged for name in names for above in _above(name)}
            if any(_is_own(name) and _is_in(name, branch) for names in tagged for name in names)
            for papers in [[names for names in tagged if any(_is_in(n, branch) for n in names)]]
        }
        assert desk.counts_are_right()


def _above(name: str) -> list[str]:
    return list(accumulate(name.lower().split("/"), "{}/{}".format))


def _is_in(name: str, branch: str) -> bool:
    return branch in _above(name)


def _is_own(name: str) -> bool:
    return name not in {"starred", "unread"}


def test_unread_papers_that_came_after_another_are_counted_once_with_nested_tags(
    desk: Desk, record: RecordBuilder
) -> None:
    one, two, three, four = desk.bring_in(*map(record, ("One", "Two", "Three", "Four"))).papers
    desk.tag("+rl +rl/agents +rl-like", one, two, three)
    desk.tag("-unread", two)
    desk.tag("+RL/games", four)
    found = [unread_since(desk.connection, "rl", newest) for newest in (0, one, three, four, 99)]
    assert found == [3, 2, 1, 0, 0]
    assert unread_since(desk.connection, "Inbox", 0) == 3
    assert unread_since(desk.connection, "rl-like", one) == 1
    assert unread_since(desk.connection, "gone", 0) == 0


def test_by_whichever_way_unread_papers_are_counted_they_are_as_many(
    desk: Desk, record: RecordBuilder
) -> None:
    papers = desk.bring_in(*(record(f"Paper {number}") for number in range(9))).papers
    desk.tag("+few", *papers[2:4])
    desk.tag("+many", *papers)
    # Of two with the tag, and of the four that came after the fifth.
    assert unread_since(desk.connection, "few", papers[0]) == 2
    assert unread_since(desk.connection, "many", papers[4]) == 4


def test_an_empty_library_has_nothing_new(desk: Desk) -> None:
    assert unread_since(desk.connection, "inbox", 0) == 0
