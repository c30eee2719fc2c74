"""Deciding on the command line, and taking it back: through the program itself."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import preloaded
import pytest

from store.decisions.lines import DUMP_END, EDITS_END, EDITS_HEADER, HEADER
from store.importers import sources
from store.library import Library
from store.tagnames import read_tag_edit
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

    from terminal import Home

    from store.imports.report import ImportProgress

pytest_plugins = ["tests.terminal"]

LONG = "x" * 1_000


def own_record(number: int, title: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": f"arxiv:2401.{number:05}",
        "title": title,
        "abstract": f"What is known about {title.lower()}.",
        "sightings": [{"source": "feed", "day": f"2024-01-{number % 28 + 1:02}", "votes": number}],
        "tags": ["inbox", "unread"],
        **facts,
    }


RECORDS = (
    own_record(10, "Counting sheep", tags=["inbox", "rl"]),
    own_record(20, "Diffusion of sheep: a survey"),
    own_record(30, "Diffusion without end", tags=["inbox", "zoo/wolves"]),
    own_record(40, "Red alert for wolves"),
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Deck:
    """A library of its own in a folder, and the command line to work with it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def main(self, *words: str) -> Done:
        """Run a command in this process."""
        status = main(["--library", str(self.folder / "library"), *words])
        return Done(status, *self.capsys.readouterr())

    def run(
        self, *words: str, stdin: str = "", command: tuple[str, ...] = (), check: int | None = None
    ) -> Done:
        """Run a command in a process of its own."""
        done = preloaded.run(
            [*(command or (str(Path(sys.executable).with_name("paperdeck")),)), *words],
            self.environ,
            folder=self.folder,
            stdin=stdin.encode(errors="surrogateescape"),
            is_loaded_anew=bool(command),
        )
        assert check is None or done.returncode == check, done
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def environ(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "PAPERDECK_LIBRARY": str(self.folder / "library"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }

    def opened(self, program: str = "command line") -> Library:
        """Open the library as another program does."""
        return Library(self.folder / "library", index_folder=self.folder / "index", program=program)

    def bring_in(self, *records: dict[str, Any]) -> None:
        papers = self.folder / "papers.jsonl"
        papers.write_text("".join(json.dumps(record) + "\n" for record in records))
        with self.opened() as library:
            library.imports.bring_in(sources([papers]), label="import papers")

    def history(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = json.loads(self.main("history", "--json").out)
        return entries

    def count(self, query: str = "*") -> int:
        return int(self.main("count", query).out)


@pytest.fixture
def empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Deck:
    deck = Deck(tmp_path, capsys)
    monkeypatch.setenv("XDG_CACHE_HOME", deck.environ["XDG_CACHE_HOME"])
    return deck


@pytest.fixture
def deck(empty: Deck) -> Deck:
    empty.bring_in(*RECORDS)
    return empty


# The history


def test_the_history_lists_what_was_done_the_latest_first(deck: Deck) -> None:
    deck.main("tag", "+later", "--", "votes:>=30")
    deck.main("undo")
    lines = [line.split("\t") for line in deck.main("history").out.splitlines()]
    assert [(line[0], *line[2:]) for line in lines] == [
        ("2", "tag +later 2 papers", "2", "undone"),
        ("1", "import papers: 4 added, 0 updated", "4", ""),
    ]
    assert all(len(line[1]) == len("2026-03-12 09:30") for line in lines)


def test_the_history_is_given_to_programs_as_an_array(deck: Deck) -> None:
    deck.main("tag", "+later", "--", "votes:30")
    first, second = deck.history()
    assert first.pop("at").endswith("Z")
    assert first == {
        "entry": 2,
        "label": "tag +later 'Diffusion without end'",
        "kind": "act",
        "program": "command line",
        "papers": 1,
        "state": "standing",
        "finished": True,
    }
    assert second["kind"] == "import"
    assert deck.main("history", "--json", "--limit", "1").out.count("entry") == 1


def test_an_empty_history_says_so(empty: Deck) -> None:
    empty.opened().close()
    assert empty.main("history") == Done(0, "", "nothing was done here yet\n")
    assert empty.main("history", "--json").out == "[]\n"


def test_a_person_gets_the_latest_20_aligned(deck: Deck, home: Home) -> None:
    for number in range(21):
        deck.main("tag", f"+t{number}", "--", "votes:10" if number else "*")
    with home.browse(
        "--library", str(deck.folder / "library"), "history", size=(120, 40)
    ) as terminal:
        assert terminal.ended() == 0
        shown = terminal.lines
    assert shown[0].startswith("22  ")
    assert shown[0].endswith("  1 paper  tag +t20 'Counting sheep'")
    assert shown[19].startswith(" 3  ")
    assert shown[20] == "there are older ones: 'paperdeck history --limit 100' shows more"
    assert deck.main("history").out.count("\n") == 22


def test_acts_of_other_programs_are_marked_and_undone_by_their_number_only(deck: Deck) -> None:
    with deck.opened("browser 12 host abc") as other:
        other.tags.edit(other.search("votes:40").keys, read_tag_edit(["+seen"]))
    deck.main("tag", "+later", "--", "votes:40")
    assert deck.main("history").out.splitlines()[1].endswith("\t1\tbrowser")
    assert deck.main("undo").out == "undone: tag +later 'Red alert for wolves' (entry 3)\n"
    assert deck.main("undo", "2").out == "undone: tag 'Red alert for wolves' (entry 2)\n"
    assert deck.count("tag:seen") == 0
    assert deck.main("redo", "2").status == 0
    assert deck.count("tag:seen") == 1


def test_an_act_that_passed_is_made_again_by_its_number(deck: Deck) -> None:
    deck.main("tag", "+one", "--", "votes:10")
    deck.main("undo")
    deck.main("tag", "+two", "--", "votes:10")
    nothing = deck.main("redo")
    assert (nothing.status, nothing.out) == (1, "")
    assert "'paperdeck redo ENTRY' names one of it" in nothing.err
    assert deck.main("redo", "2").out == "done again: tag +one 'Counting sheep' (entry 2)\n"
    assert deck.count("tag:one tag:two") == 1


def test_undo_names_what_was_changed_since(deck: Deck) -> None:
    deck.main("tag", "+later", "--", "*")
    with deck.opened("other") as other:
        other.tags.edit(other.search("votes:10").keys, read_tag_edit(["-later"]))
    done = deck.main("undo")
    assert done.out == (
        "undone: tag +later 4 papers (entry 2); 1 changed since and kept: 'Counting sheep'\n"
    )


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["undo", "x"], 2, "'undo' takes the number of an entry, and 'x' is none"),
        (["undo", "-1"], 2, "and '-1' is none"),
        (["undo", "0"], 2, "and '0' is none"),
        (["undo", "1", "2"], 2, "one entry at a time: leave '2' out"),
        (["undo", "99999"], 1, "entry 99999 is not in the history"),
        (["undo", "9" * 5_000], 1, f"entry {'9' * 18} is not in the history"),
        (["redo", "1"], 1, "entry 1 stands"),
        (["redo", LONG], 2, "is none"),
        (["history", "--limit", "0"], 2, "'0' is no whole number from 1 on"),
        (["history", "--limit", "-3"], 2, "'-3' is no whole number from 1 on"),
        (["history", "2"], 2, "does not know what '2' is for"),
        (["tag"], 2, "needs '--' between the tags and the query"),
        (["tag", "+a,b", "--", "*"], 2, "'a,b' can't be a tag"),
        (["tag", "+a b", "--", "*"], 2, "'a b' can't be a tag"),
        (["tag", "+a\x1b[31m", "--", "*"], 2, "has a control or format character"),
        (["tag", f"+{LONG}", "--", "*"], 2, "longer than 100 characters"),
        (["tag", "+", "--", "*"], 2, "it is empty"),
        (["remove"], 2, "'remove' needs a query"),
        (["remove", " "], 2, "'remove' needs a query"),
        (["remove", "sort:votes"], 2, "'sort:votes' finds every paper: write '*'"),
        (["remove", "is:starred"], 1, "nothing found"),
        (["remove", "--yes", "titel:x"], 2, "there is no field 'titel:'"),
        (["view", "x y", "votes:1"], 2, "'x y' can't name a view: it has a blank"),
        (["view", LONG, "votes:1"], 2, "can't name a view: it is longer"),
        (["view", "x", "titel:y"], 2, "column 1: there is no field 'titel:'"),
        (["view", "x", ""], 2, "needs a query"),
        (["view", "nope"], 2, "there is no view 'nope'"),
        (["view", "--remove", "nope"], 2, "there is no view 'nope'"),
        (["view", "--remove", "x", "y"], 2, "leave 'y' out"),
        (["dump", "a", "b"], 2, "leave 'b' out"),
        (["export", "-o", "none/x"], 4, "'none/x' can't be written: No such file"),
        (["tag", "+x", "--", "$"], 2, "'$' finds every paper: write '*' if you mean that"),
        (["dump", "none/x"], 4, "'none/x' can't be written: No such file"),
        (["restore"], 2, "'restore' takes one file"),
        (["restore", "nope.txt"], 2, "'nope.txt' can't be read: No such file"),
        (["restore", "/"], 2, "'/' can't be read: Is a directory"),
    ],
)
def test_a_wrong_command_changes_nothing_and_says_why_in_a_line(
    deck: Deck, words: list[str], status: int, message: str
) -> None:
    done = deck.main(*words)
    assert (done.status, done.out) == (status, "")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert len(done.err) < 300
    assert "\x1b" not in done.err
    assert len(deck.history()) == 1


# Removing


def test_what_was_removed_comes_back_with_its_tags(deck: Deck) -> None:
    done = deck.main("remove", "tag:rl", "OR", "votes:20")
    assert done.out == "removed 2 papers · paperdeck undo takes it back\n"
    assert deck.count() == 2
    assert deck.main("show", "2401.00010").status == 1
    assert deck.main("undo").out == "undone: remove 2 papers (entry 2)\n"
    assert deck.count("tag:rl") == 1


def test_scripts_are_not_asked_and_everything_has_to_be_meant(empty: Deck) -> None:
    empty.bring_in(*(own_record(number, f"Sheep {number}") for number in range(101)))
    assert empty.main("remove", "*").out.startswith("removed 101 papers")
    assert empty.count() == 0


@pytest.mark.parametrize(("answer", "left"), [("n", 101), ("", 101), ("y", 0)])
def test_on_a_terminal_many_papers_are_asked_about(
    empty: Deck, home: Home, answer: str, left: int
) -> None:
    empty.bring_in(*(own_record(number, f"Sheep {number}") for number in range(101)))
    words = ("--library", str(empty.folder / "library"), "remove")
    with home.browse(*words, "*") as terminal:
        terminal.shows("remove 101 papers from the library? (y/N)")
        terminal.send(f"{answer}\n")
        assert terminal.ended() == (1 if left else 0)
    assert empty.count() == left
    with home.browse(*words, "--yes", "*") as terminal:
        assert terminal.ended() == (0 if left else 1)
    assert empty.count() == 0


# Views


def test_a_view_is_saved_listed_searched_and_removed(deck: Deck) -> None:
    saved = deck.main("view", "wolves", "tag:zoo", "-is:starred")
    assert saved.out == (
        "saved the view 'wolves': tag:zoo -is:starred · paperdeck undo takes it back\n"
    )
    deck.main("view", "All", "view:wolves OR votes:<20")
    assert deck.main("view") == Done(
        0, "All\t2\tview:wolves OR votes:<20\nwolves\t1\ttag:zoo -is:starred\n", ""
    )
    assert deck.main("view", "WOLVES").out == "wolves\t1\ttag:zoo -is:starred\n"
    assert deck.count("view:all") == 2
    removed = deck.main("view", "--remove", "Wolves")
    assert removed.out == (
        "removed the view 'Wolves', which was: tag:zoo -is:starred"
        " · also used by 'All' · paperdeck undo takes it back\n"
    )
    broken = deck.main("view")
    assert (broken.status, broken.out) == (0, "All\t-\tview:wolves OR votes:<20\n")
    assert "there is no view 'wolves'" in broken.err
    deck.main("undo")
    assert deck.count("view:all") == 2


def test_a_view_in_place_of_another_tells_what_that_was(deck: Deck) -> None:
    deck.main("view", "x", "votes:1")
    changed = deck.main("view", "X", "votes:2").out
    assert changed.startswith("saved the view 'X', which was 'votes:1': votes:2")
    assert deck.main("view").out == "X\t0\tvotes:2\n"
    deck.main("undo")
    assert deck.main("view").out == "x\t0\tvotes:1\n"


def test_a_view_can_not_contain_itself_and_unknown_ones_get_the_nearest(deck: Deck) -> None:
    assert "'paperdeck view NAME QUERY' saves one" in deck.main("view").err
    deck.main("view", "wolves", "tag:zoo")
    again = deck.main("view", "wolves", "view:wolves")
    assert (again.status, again.out) == (2, "")
    assert "contains itself" in again.err
    for words in (["view", "wolvs"], ["view", "--remove", "wolvs"], ["count", "view:wolvs"]):
        unknown = deck.main(*words)
        assert unknown.status == 2
        assert "did you mean 'wolves'?" in unknown.err


# Decisions as text


def test_what_was_dumped_is_restored_as_one_act(deck: Deck) -> None:
    deck.main("view", "wolves", "tag:zoo")
    decisions = deck.folder / "decisions.txt"
    decisions.write_text("old")
    done = deck.main("dump", str(decisions))
    assert done == Done(0, "", f"the decisions on 4 papers written to '{decisions}'\n")
    assert decisions.read_text() == deck.main("dump").out
    deck.main("tag", "+more", "-inbox", "--", "votes:<=20")
    deck.main("view", "--remove", "wolves")
    entries = len(deck.history())
    restored = deck.main("restore", str(decisions))
    assert restored == Done(
        0,
        f"restored {decisions}: 2 papers and 1 view changed · paperdeck undo takes it back\n",
        "",
    )
    assert deck.main("dump").out == decisions.read_text()
    assert deck.history()[0]["label"] == f"restore {decisions}: 2 papers"
    assert len(deck.history()) == entries + 1
    again = deck.main("restore", str(decisions)).out
    assert again == f"nothing changed: all decisions of {decisions} hold already\n"
    deck.main("undo")
    assert deck.count("tag:more") == 2
    assert {path.name for path in deck.folder.iterdir()} == {
        "decisions.txt",
        "library",
        "papers.jsonl",
    }


def test_a_note_of_any_length_is_dumped_and_restored(deck: Deck) -> None:
    note = "wool and \u00e9\u2028 " * 200_000
    with deck.opened() as library:
        key = library.search("votes:10").keys[0]
        library.set_note(key, note)
        kept = library.paper(key).note
    decisions = deck.folder / "decisions.txt"
    deck.main("dump", str(decisions))
    deck.main("undo")
    assert deck.main("restore", str(decisions)).status == 0
    with deck.opened() as library:
        assert library.paper(key).note == kept
    assert len(kept) > 2_000_000


def test_adding_leaves_the_other_tags_and_the_input_can_be_a_pipe(deck: Deck) -> None:
    line = "+new -inbox -- arxiv:2401.00010\n"
    done = deck.run("restore", "--add", "-", stdin=line, check=0)
    assert done.out == ("restored standard input: 1 paper changed · paperdeck undo takes it back\n")
    assert deck.count("tag:new tag:rl -is:inbox") == 1
    deck.run("restore", "-", stdin="+new -- arxiv:2401.00010\n", check=0)
    assert deck.count("tag:rl") == 0


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("nonsense", "line 2: 'nonsense' has no ' -- ' before its paper"),
        ("view x -- titel:y", "line 2: "),
        ("\udcff", "line 2: it is not UTF-8 text"),
        ("+a\x07 -- arxiv:2401.00010", "line 2: it has the control character U+0007"),
    ],
)
def test_a_wrong_line_stops_all_of_a_restoration(deck: Deck, second: str, message: str) -> None:
    before = deck.main("dump").out
    path = deck.folder / "wrong.txt"
    path.write_text(f"+new -- arxiv:2401.00010\n{second}\n", errors="surrogateescape")
    done = deck.main("restore", str(path))
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"paperdeck: {path}: {message}")
    assert done.err.endswith("\nnothing was changed\n")
    assert deck.main("dump").out == before
    assert len(deck.history()) == 1


def test_every_wrong_line_of_a_restoration_is_named(deck: Deck) -> None:
    lines = ["+a", "+a -- arxiv:2401.00010", "view x -- titel:y", "+b -- arxiv:2401.00010"]
    done = deck.run("restore", "-", stdin="\n".join(lines))
    assert (done.status, done.out) == (2, "")
    start = "paperdeck: standard input: line "
    named = [line.removeprefix(start).partition(":")[0] for line in done.err.splitlines()]
    assert named == ["1", "3", "4", "nothing was changed"]


def test_a_dump_that_would_lose_much_is_refused_and_says_what(empty: Deck) -> None:
    empty.bring_in(*(own_record(n, f"Sheep {n}", tags=["thesis", "rl"]) for n in range(1, 31)))
    empty.main("view", "wolves", "tag:zoo")
    with empty.opened() as library:
        library.set_note(library.search("votes:1").keys[0], "Mine.")
    lost = empty.folder / "old decisions.txt"
    names = "".join(f"-- arxiv:2401.{n:05}\n" for n in range(1, 14))
    lost.write_text(f"{HEADER}\n{names}{DUMP_END}\n")
    before = empty.main("dump").out
    done = empty.main("restore", "--dry-run", "--add", str(lost))
    assert done.status == 0, "adding takes nothing away"
    done = empty.main("restore", str(lost))
    library_named = f"--library {empty.folder / 'library'}"
    assert done == Done(
        2,
        "",
        f"paperdeck: {lost} would lose, of what is decided here,"
        " 26 of 60 tags, 1 of 1 notes, 1 of 1 views\n"
        "'Sheep 1' would lose +rl +thesis\n"
        "'Sheep 2' would lose +rl +thesis\n"
        "'Sheep 3' would lose +rl +thesis\n"
        "… and 10 more papers\n"
        "views that would go: 'wolves'\n"
        f"if that is meant: paperdeck restore {library_named} --force '{lost}'"
        " (nothing was changed; --dry-run shows all of it)\n",
    )
    assert empty.main("dump").out == before
    assert len(empty.history()) == 3
    assert empty.main("restore", "--safe-fraction", "0.9", str(lost)).status == 2
    assert empty.main("restore", "--safe-fraction=1", str(lost)).status == 0
    assert empty.count("tag:rl") == 17
    empty.main("undo")
    assert empty.main("dump").out == before
    done = empty.main("restore", "--force", str(lost))
    assert done.out.startswith(f"restored {lost}: 13 papers and 1 view changed")


def test_that_papers_wait_is_no_decision_that_is_lost(empty: Deck) -> None:
    empty.bring_in(*(own_record(n, f"Sheep {n}") for n in range(1, 61)))
    archived = "".join(f"-- arxiv:2401.{n:05}\n" for n in range(1, 61))
    done = empty.run("restore", "-", stdin=f"{HEADER}\n{archived}{DUMP_END}\n", check=0)
    assert done.err == ""
    assert empty.count("is:inbox") == 0


def test_adding_takes_off_what_each_line_on_a_joined_paper_takes_off(deck: Deck) -> None:
    lines = (
        "join arxiv:2401.00010 -- arxiv:2401.00020",
        "-unread +a -- arxiv:2401.00010",
        "-unread +inbox -- arxiv:2401.00020",
    )
    deck.run("restore", "--add", "-", stdin="\n".join(lines), check=0)
    assert deck.count("tag:a is:inbox") == 1
    assert deck.count("tag:a is:unread") == 0


def test_little_may_be_lost_and_a_small_library_is_not_asked(deck: Deck) -> None:
    done = deck.run("restore", "-", stdin="-- arxiv:2401.00010\n-- arxiv:2401.00020\n", check=0)
    assert done.err == ""
    assert deck.count("is:inbox") == 2


def test_what_is_archived_and_would_wait_again_is_a_loss(empty: Deck) -> None:
    empty.bring_in(*(own_record(number, f"Sheep {number}") for number in range(25)))
    empty.main("dump", str(empty.folder / "old.txt"))
    empty.main("tag", "-inbox", "-unread", "--", "*")
    done = empty.main("restore", str(empty.folder / "old.txt"))
    assert done.status == 2
    assert "would lose, of what is decided here, 25 of 25 archivings\n" in done.err


@pytest.mark.parametrize("fraction", ["-0.1", "1.1", "x", "nan", "inf", ""])
def test_a_safe_fraction_is_a_number_from_0_to_1(deck: Deck, fraction: str) -> None:
    done = deck.main("restore", f"--safe-fraction={fraction}", "x")
    assert done.status == 2
    assert "is no number from 0 to 1" in done.err


def test_a_trial_tells_what_would_change_as_a_list_of_edits(deck: Deck) -> None:
    deck.main("view", "wolves", "tag:zoo")
    with deck.opened() as library:
        library.set_note(library.search("votes:10").keys[0], "Mine.")
        library.set_note(library.search("votes:20").keys[0], "Old.")
    decisions = deck.folder / "decisions.txt"
    lines = (
        HEADER,
        "view hot -- votes:>5",
        "join arxiv:2401.00040 -- arxiv:2401.00030",
        'note "New." -- arxiv:2401.00020',
        "+inbox +new -- arxiv:2401.00010",
        "+inbox +unread -- arxiv:2401.00020",
        "+new -- arxiv:2409.99999  # Lost",
        DUMP_END,
    )
    decisions.write_text("\n".join(lines))
    before, entries = deck.main("dump").out, len(deck.history())
    done = deck.main("restore", "--dry-run", str(decisions))
    assert done.status == 3
    assert done.out.splitlines() == [
        EDITS_HEADER,
        "# the view goes: view wolves -- tag:zoo",
        "view hot -- votes:>5",
        "+zoo/wolves -unread -- arxiv:2401.00040 # Red alert for wolves",
        "# joined or split: arxiv:2401.00040 # Red alert for wolves",
        "+new -rl -- arxiv:2401.00010 # Counting sheep",
        'note "New." -- arxiv:2401.00020 # Diffusion of sheep: a survey',
        'note "" -- arxiv:2401.00010 # Counting sheep',
        EDITS_END,
    ]
    assert done.err.splitlines()[-1] == (
        f"restoring {decisions} would change 4 papers and 2 views: nothing was changed"
    )
    assert "1 decision left out" in done.err
    assert (deck.main("dump").out, len(deck.history())) == (before, entries)


def test_decisions_on_unknown_papers_are_named_and_the_others_hold(deck: Deck) -> None:
    lines = [f"+new -- arxiv:2402.{number:05}  # Lost {number}\n" for number in range(5)]
    done = deck.run("restore", "-", stdin="".join([*lines, "+new -- arxiv:2401.00010\n"]))
    assert (done.status, done.out.partition(" ·")[0]) == (
        3,
        "restored standard input: 1 paper changed",
    )
    assert done.err == (
        "5 decisions left out, on papers that the library does not have:"
        " Lost 0, Lost 1, Lost 2, …\n"
    )


# Finding nothing


def test_an_empty_result_says_what_keeps_it_empty(deck: Deck) -> None:
    assert deck.main("index", "--wait").status == 0
    expected = {
        "votes:>5000": "nothing found",
        "is:unread votes:>5000": "nothing found: 'votes:>5000' alone finds nothing",
        "sheep unicorn -survey": (
            "no paper has both words; 1 has one of them\n'unicorn' alone finds nothing"
        ),
        "counting wolves end": "no paper has all 3 words; 3 have some of them",
        "tag:rll": "nothing found: no paper is tagged 'rll'\ndid you mean 'tag:rl'?",
        "votes:20 tag:rll": ("nothing found: no paper is tagged 'rll'; did you mean 'rl'?"),
        "sheep tag:zo,wolf": (
            "nothing found: no paper is tagged 'zo' or 'wolf'; did you mean 'zoo'?"
        ),
        "tag:rl votes:20": "nothing found: each condition finds papers, but no paper meets both",
        "tag:rl votes:20 is:inbox": (
            "nothing found: each of the 3 conditions finds papers, but no paper meets them all"
        ),
        "unicorn": "nothing found",
        "difusion  -surevy": "nothing found: 'difusion' alone finds nothing\n"
        "did you mean 'diffusion -surevy'?",
        "coutning wovles": (
            "nothing found: 'coutning' alone finds nothing; 'wovles' alone finds nothing\n"
            "did you mean 'counting wolves'?"
        ),
    }
    for query, hint in expected.items():
        assert deck.main("search", query) == Done(1, "", f"{hint}\n"), query
    explained = deck.main("search", "--explain", "votes:20 tag:rll").err
    assert explained.endswith("\nwithout 'tag:rll' it finds 1 paper\ndid you mean 'rl'?\n")
    assert deck.main("search", "--json", "counting wolves").out == "[]\n"
    assert deck.main("count", "counting wolves") == Done(0, "0\n", "")
    for words in (["tag", "+x", "--"], ["remove"], ["export"]):
        done = deck.main(*words, "counting", "wolves")
        assert done == Done(1, "", "no paper has both words; 2 have one of them\n")


def test_a_person_is_shown_what_comes_closest(deck: Deck, home: Home) -> None:
    library = str(deck.folder / "library")
    home.run("--library", library, "index", "--wait")
    words = ("--library", library, "search", "counting", "sheep", "diffusion")
    with home.browse(*words) as terminal:
        assert terminal.ended() == 1
        first, *shown = filter(None, terminal.lines)
    assert first == "no paper has all 3 words; those with some of them follow"
    assert {line.split(maxsplit=3)[3] for line in shown} == {
        "Counting sheep",
        "Diffusion of sheep: a survey",
        "Diffusion without end",
    }
    with home.browse(*words, "--limit", "1") as terminal:
        assert terminal.ended() == 1
        assert len(list(filter(None, terminal.lines))) == 2
    with home.browse(*words, "--jsonl") as terminal:
        assert terminal.ended() == 1
        assert "3 have some of them" in terminal.picture


def test_a_limit_is_of_what_is_printed_and_trending_is_an_order(deck: Deck) -> None:
    done = deck.main("search", "--explain", "--limit", "2", "--sort", "trending", "*")
    assert len(done.out.splitlines()) == 2
    assert "\n4 papers found in " in done.err
    endless = deck.main("search", "--limit", "9" * 30, "*")
    assert len(endless.out.splitlines()) == 4


# Bringing in


def test_conflicts_of_an_import_are_named(empty: Deck) -> None:
    doi = ["doi:10.1000/x"]
    wolves = own_record(1, "Wolves", identifiers=doi)
    bears = own_record(2, "Bears and honey", identifiers=doi)
    lines = "".join(json.dumps(record) + "\n" for record in (wolves, bears))
    done = empty.run("import", "-", stdin=lines, check=0)
    assert done.out.startswith("2 added, 0 updated, 0 unchanged, 0 refused, 1 conflict (")
    reason = "'Bears and honey' goes without it: it belongs to 'Wolves'"
    named, remedy = done.err.splitlines()
    assert named == f"standard input: line 2: doi:10.1000/x: {reason}"
    assert "'paperdeck join' makes one of them" in remedy
    again = json.loads(empty.run("import", "--json", "-", stdin=lines, check=0).out)
    assert again["conflicts"] == [
        {
            "source": "standard input",
            "position": "line 2",
            "identifier": "doi:10.1000/x",
            "reason": reason,
        }
    ]


ON_A_SMALL_DISK = """\
import resource, sys
from tui.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
def test_an_import_that_fills_the_disk_is_completed_by_the_same_again(empty: Deck) -> None:
    abstract = "Woolly animals were counted at night. " * 40
    records = [own_record(n, f"Sheep number {n}", abstract=abstract) for n in range(1_500)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (empty.folder / "sheep.jsonl").write_text(lines)
    command = (sys.executable, "-c", ON_A_SMALL_DISK)
    done = empty.run("import", "sheep.jsonl", command=command)
    kept = empty.count()
    assert (done.status, done.out) == (4, "")
    assert 0 < kept < 1_500
    assert done.err.startswith(f"paperdeck: the library '{empty.folder / 'library'}' can't be")
    assert "free some space on its disk" in done.err
    assert done.err.endswith(
        f"; the {kept:,} papers added so far stay, and the same import again completes it\n"
    )
    assert empty.main("history").out.endswith("\tinterrupted\n")
    again = empty.run("import", "sheep.jsonl", check=0).out
    assert again.startswith(f"{1_500 - kept:,} added, 0 updated, {kept:,} unchanged, 0 refused (")
    assert empty.count() == 1_500
    marks = [line.split("\t")[4] for line in empty.main("history").out.splitlines()]
    assert marks == ["", "interrupted"]


def test_an_import_at_work_is_under_way(empty: Deck) -> None:
    records = [own_record(number, f"Sheep number {number}") for number in range(300)]
    marks = []

    def look(so_far: ImportProgress) -> None:
        if so_far.records == len(records):
            marks.append(empty.run("history").out.rstrip().split("\t")[4])

    papers = empty.folder / "sheep.jsonl"
    papers.write_text("".join(json.dumps(record) + "\n" for record in records))
    with empty.opened() as library:
        library.imports.bring_in(sources([papers]), progress=look)
    marks.append(empty.main("history").out.rstrip("\n").split("\t")[4])
    assert marks == ["under way", ""]


# Showing


def test_other_abstracts_of_a_paper_are_shown_after_its_own(empty: Deck) -> None:
    other = {"source": "page", "day": "2024-01-03", "text": "Sheep, counted otherwise."}
    empty.bring_in(own_record(1, "Counting sheep", other_abstracts=[other]))
    shown = empty.main("show", "2401.00001").out
    assert shown.endswith(
        "\nWhat is known about counting sheep.\n"
        "\nAnother abstract, from the copied page of 2024-01-03:\n"
        "\nSheep, counted otherwise.\n"
    )
    assert json.loads(empty.main("show", "--json", "2401.00001").out)["other_abstracts"] == [other]
