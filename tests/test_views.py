from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.changes.journal import EntryState
from store.errors import QuerySyntaxError, TagNameError
from store.library import Library

if TYPE_CHECKING:
    from pathlib import Path


def labels(library: Library) -> list[str]:
    """Return the labels of the journal, the latest first."""
    return [entry.label for entry in library.history.entries()]


def test_a_library_has_no_views_at_first(library: Library) -> None:
    assert (len(library.views), dict(library.views)) == (0, {})
    assert "wool" not in library.views
    assert library.views.get("wool") is None
    with pytest.raises(KeyError):
        library.views["wool"]


def test_views_are_a_mapping_in_the_order_of_their_names(library: Library) -> None:
    for name, query in [("wool", "sheep"), ("Agents/new", "tag:rl is:unread"), ("été", "*")]:
        library.views.save(name, query)
    expected = {"Agents/new": "tag:rl is:unread", "wool": "sheep", "été": "*"}
    assert list(library.views) == list(expected)
    assert library.views == expected
    assert library.views.to_dict() == expected
    assert list(library.views.values()) == list(expected.values())
    assert len(library.views) == 3


def test_a_name_is_matched_without_case_and_kept_as_it_was_written_last(library: Library) -> None:
    library.views.save("Été", "sheep")
    assert library.views["éTÉ"] == "sheep"
    assert "ÉTÉ" in library.views
    assert "ete" not in library.views
    library.views.save("éTé", "goats")
    assert dict(library.views) == {"éTé": "goats"}
    library.views.remove("ÉTÉ")
    assert dict(library.views) == {}


@pytest.mark.parametrize("name", ["", "two words", "a,b", "-a", "a/", "a\x1bb"])
def test_a_name_that_no_tag_could_have_is_refused(library: Library, name: str) -> None:
    with pytest.raises(TagNameError):
        library.views.save(name, "sheep")
    assert (dict(library.views), labels(library)) == ({}, [])


@pytest.mark.parametrize("query", ["colour:red", "(sheep", "votes:many", "view:nowhere"])
def test_a_text_that_is_no_query_is_refused(library: Library, query: str) -> None:
    library.views.save("wool", "sheep")
    with pytest.raises(QuerySyntaxError):
        library.views.save("wool", query)
    assert dict(library.views) == {"wool": "sheep"}
    assert labels(library) == ["save the view 'wool': sheep"]


@pytest.mark.parametrize(
    ("name", "query"),
    [("a", "view:a"), ("A", "sheep OR -view:a"), ("a", "view:c"), ("b", "goats view:B")],
)
def test_a_view_that_would_contain_itself_is_refused(
    library: Library, name: str, query: str
) -> None:
    library.views.save("a", "sheep")
    library.views.save("b", "view:a goats")
    library.views.save("c", "view:b")
    before = dict(library.views)
    with pytest.raises(QuerySyntaxError, match="contains itself"):
        library.views.save(name, query)
    assert dict(library.views) == before


def test_a_view_may_name_another_as_often_as_one_likes(library: Library) -> None:
    library.views.save("a", "is:starred")
    library.views.save("b", "view:a OR (view:a is:unread)")
    assert library.search("view:b view:a").keys == ()


def test_saving_what_is_saved_already_leaves_no_entry(library: Library) -> None:
    library.views.save("wool", "sheep")
    revision = library.revision
    library.views.save("wool", "sheep")
    assert labels(library) == ["save the view 'wool': sheep"]
    assert library.revision == revision


def test_removing_what_is_not_there_is_an_error(library: Library) -> None:
    with pytest.raises(KeyError, match="wool"):
        library.views.remove("wool")
    assert labels(library) == []


def test_everything_done_to_views_is_undone_and_redone(library: Library) -> None:
    states = [dict(library.views)]
    library.views.save("wool", "sheep")
    states.append(dict(library.views))
    library.views.save("WOOL", "goats")
    states.append(dict(library.views))
    library.views.remove("wool")
    states.append(dict(library.views))
    assert states == [{}, {"wool": "sheep"}, {"WOOL": "goats"}, {}]
    assert labels(library) == [
        "remove the view 'WOOL'",
        "save the view 'WOOL': goats",
        "save the view 'wool': sheep",
    ]
    for state in reversed(states[:-1]):
        undone = library.history.undo()
        assert undone
        assert (undone.changed, undone.kept) == ((), ())
        assert dict(library.views) == state
    assert library.history.undo() is None
    for state in states[1:]:
        assert library.history.redo()
        assert dict(library.views) == state
    assert library.history.redo() is None


def test_undo_leaves_a_query_that_was_saved_anew_since(library: Library) -> None:
    library.views.save("wool", "sheep")
    library.views.save("wool", "goats")
    _, first = library.history.entries()
    undone = library.history.undo(first.key)
    assert undone
    assert (undone.kept, undone.kept_views) == ((), ("wool",))
    assert dict(library.views) == {"wool": "goats"}
    assert library.history.entries()[1].state is EntryState.STANDING


def test_undoing_a_removal_leaves_a_view_that_has_the_name_now(library: Library) -> None:
    library.views.save("wool", "sheep")
    library.views.remove("wool")
    removal, _ = library.history.entries()
    library.views.save("Wool", "goats")
    library.history.undo(removal.key)
    assert dict(library.views) == {"Wool": "goats"}


def test_views_that_came_to_contain_each_other_by_undo_are_an_error_only_when_asked(
    library: Library,
) -> None:
    library.views.save("a", "sheep")
    library.views.save("b", "goats")
    library.views.save("a", "view:b")
    library.history.undo()
    library.views.save("b", "view:a")
    _, undone, *_ = library.history.entries()
    library.history.redo(undone.key)
    assert dict(library.views) == {"a": "view:b", "b": "view:a"}
    with pytest.raises(QuerySyntaxError, match="contains itself"):
        library.parse("view:a")
    library.views.save("b", "goats")
    assert library.search("view:a").keys == ()


def test_views_are_those_of_every_program(library: Library, folder: Path, tmp_path: Path) -> None:
    with Library(folder, index_folder=tmp_path / "index", program="other") as other:
        other.views.save("wool", "sheep")
        assert library.views["wool"] == "sheep"
        assert library.history.undo() is None
        revision = library.revision
        other.views.remove("WOOL")
        assert dict(library.views) == {}
        assert library.revision == revision + 1


def test_a_view_knows_the_views_that_name_it(library: Library) -> None:
    library.views.save("best", "votes:>5")
    library.views.save("Hot", 'is:unread -view:" BEST"')
    library.views.save("all", "view:hot OR best")
    assert library.views.users_of("Best") == ("Hot",)
    assert library.views.users_of("hot") == ("all",)
    assert library.views.users_of("all") == ()
    library.views.remove("best")
    assert library.views.users_of("best") == ("Hot",)
