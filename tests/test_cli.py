from __future__ import annotations

import fcntl
import gzip
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import preloaded
import pytest

from tui.cli import main
from tui.cli.browse import check_terminal
from tui.cli.errors import CommandError

PAPERDECK = Path(sys.executable).with_name("paperdeck")


def own_record(number: int, title: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": f"arxiv:2401.{number:05}",
        "title": title,
        "abstract": f"What is known about {title.lower()}.",
        "authors": ["Ana García"],
        "sightings": [{"source": "feed", "day": f"2024-01-{number:02}", "votes": number * 10}],
        "tags": ["inbox", "unread"],
        **facts,
    }


RECORDS = [
    own_record(1, "Counting sheep"),
    own_record(2, "Diffusion of sheep: a survey"),
    own_record(3, "Diffusion without end"),
    own_record(4, "Red \x1b[31malert\x07 for <b>[sheep]</b>\tand\nwolves"),
]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Deck:
    """A home folder with a library, and the installed command to work with it."""

    home: Path

    @property
    def environ(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PAPERDECK_LIBRARY": str(self.home / "library"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "TMPDIR": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def run(self, *words: str, stdin: bytes = b"", **environ: str) -> Done:
        command = [str(PAPERDECK), *words]
        done = preloaded.run(command, self.environ | environ, folder=self.home, stdin=stdin)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def on_terminal(self, *words: str, presses: tuple[tuple[str, str], ...] = ()) -> Done:
        """Run on a terminal of 80 columns; press each key once the text before it was shown."""
        terminal, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = subprocess.Popen(
            [PAPERDECK, *words],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=self.environ,
            cwd=self.home,
            start_new_session=True,
        )
        os.close(inner)
        out, seen, left = b"", 0, list(presses)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 0.1)[0]:
                continue
            try:
                part = os.read(terminal, 65536)
            except OSError:  # all have let go of it
                break
            out += part
            if left and left[0][0].encode() in out[seen:]:
                os.write(terminal, left.pop(0)[1].encode())
                seen = len(out)
        else:
            process.kill()
        os.close(terminal)
        return Done(process.wait(), out.decode(errors="replace"), "")


@pytest.fixture
def empty(tmp_path: Path) -> Deck:
    return Deck(tmp_path)


@pytest.fixture
def deck(empty: Deck) -> Deck:
    """A library of its own for tests that decide."""
    assert empty.run("import", "-", stdin=LINES.encode()).status == 0
    return empty


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """A library that is searchable throughout, for tests that change nothing."""
    deck = Deck(tmp_path_factory.mktemp("found"))
    deck.run("import", "-", stdin=LINES.encode())
    assert deck.run("index", "--wait") == Done(0, "4 of 4 searchable\n", "")
    return deck


class Ask(Protocol):
    """Runs a command of words and tells how it ended."""

    def __call__(self, *words: str) -> Done: ...


@pytest.fixture
def ask(found: Deck, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run commands on that library in this process: to start one takes longer than the answer."""
    for name, value in found.environ.items():
        monkeypatch.setenv(name, value)
    return lambda *words: Done(main(words), *capsys.readouterr())


def titles(done: Done) -> list[str]:
    return [line.split("\t")[3] for line in done.out.splitlines()]


# Searching


def test_search_prints_a_line_for_each_paper_found(ask: Ask) -> None:
    done = ask("search", "is:unread", "votes:20..30")
    assert done == Done(
        0,
        "arxiv:2401.00003\t2024-01-03\t30\tDiffusion without end\n"
        "arxiv:2401.00002\t2024-01-02\t20\tDiffusion of sheep: a survey\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["diffusion"], {"Diffusion of sheep: a survey", "Diffusion without end"}),
        (["diffusion", "-survey"], {"Diffusion without end"}),
        (["-diffusion", "-red"], {"Counting sheep"}),
        (['"counting sheep" OR end'], {"Counting sheep", "Diffusion without end"}),
        (["--", "-diffusion", "-red"], {"Counting sheep"}),
        (["2401.00001"], {"Counting sheep"}),
    ],
)
def test_words_that_begin_with_a_dash_belong_to_the_query(
    ask: Ask, words: list[str], expected: set[str]
) -> None:
    assert set(titles(ask("search", *words))) == expected


def test_hostile_titles_reach_the_terminal_as_plain_text(found: Deck, ask: Ask) -> None:
    expected = "Red alert for <b>[sheep]</b> and wolves"
    assert titles(ask("search", "wolves")) == [expected]
    assert ask("show", "2401.00004").out.startswith(f"{expected}\n")
    assert "\x1b" not in ask("search", "--json", "wolves").out
    shown = found.on_terminal("search", "wolves")
    assert shown == Done(0, f"arxiv:2401.00004  2024-01-04     40  {expected}\r\n", "")


def test_a_search_that_finds_nothing_says_so_and_exits_1(ask: Ask) -> None:
    assert ask("search", "unicorn") == Done(1, "", "nothing found\n")
    assert ask("search", "--json", "unicorn") == Done(1, "[]\n", "nothing found\n")


@pytest.mark.parametrize("query", ["2499.99999", "like:2499.99999", "sheep like:2499.99999"])
def test_a_paper_that_is_not_here_is_named(ask: Ask, query: str) -> None:
    expected = "nothing found: no paper has the identifier '2499.99999'\n"
    assert ask("search", query) == Done(1, "", expected)


def test_an_empty_library_says_how_to_fill_it(empty: Deck) -> None:
    done = empty.run("search", "sheep")
    assert (done.status, done.out) == (1, "")
    assert "is empty ('paperdeck import FILE' brings papers in" in done.err


def test_json_is_one_array_and_jsonl_an_object_a_line(ask: Ask) -> None:
    array = json.loads(ask("search", "--json", "diffusion").out)
    lines = ask("search", "--jsonl", "diffusion").out.splitlines()
    assert [json.loads(line) for line in lines] == array
    assert {"id", "title", "abstract", "authors", "published", "listed"} <= array[0].keys()
    assert {"votes", "tags", "links", "score"} <= array[0].keys()
    assert all(paper["score"] > 0 for paper in array)


def test_json_is_utf_8_whatever_the_locale(found: Deck) -> None:
    done = found.run("search", "--jsonl", "id:2401.00001", PYTHONIOENCODING="ascii")
    assert json.loads(done.out)["authors"] == ["Ana García"]


def test_limit_sort_and_template(ask: Ask) -> None:
    words = ["search", "--format", "{votes}: {title}", "--limit", "2", "*"]
    assert ask(*words, "--sort", "title").out == (
        "10: Counting sheep\n20: Diffusion of sheep: a survey\n"
    )
    assert ask(*words, "sort:title", "--sort=votes").out.startswith("40: ")


def test_explain_tells_on_the_error_stream_how_a_query_was_read(ask: Ask) -> None:
    done = ask("search", "--explain", "sheep", "-survey", "sort:votes")
    assert "read as: sheep -survey sort:votes\n2 papers found in " in done.err
    assert len(done.out.splitlines()) == 2


def test_explain_tells_what_each_part_finds_and_what_the_first_paper_scores(ask: Ask) -> None:
    done = ask("search", "--explain", "sheep", "-survey")
    parts = (
        "'sheep': the word \"sheep\", in any form (3 papers)\n"
        "'-survey': without the word \"survey\", in any form (3 papers)\n"
    )
    assert parts in done.err
    assert re.search(
        r"\n'Counting sheep' scores [0-9.]+: [0-9.]+ sheep \+ [0-9.]+ in the title\n\Z", done.err
    )
    counted = ask("count", "--explain", "sheep", "-survey")
    assert counted.out == "2\n"
    assert parts in counted.err
    assert ask("search", "--explain", "--json", "counting sheep").err.endswith(
        "; it comes first as this is its title\n"
    )
    assert "scores" not in ask("search", "--explain", "is:unread").err


def test_explain_tells_which_part_leaves_nothing(ask: Ask) -> None:
    done = ask("search", "--explain", "sheep", "counting", "votes:>20")
    assert (
        "\nwithout 'counting' it finds 1 paper\nwithout 'votes:21..' it finds 1 paper\n" in done.err
    )
    assert "without 'sheep'" not in done.err
    assert "nothing found" not in done.err
    alone = ask("search", "--explain", "sheep", "unicorn").err
    assert alone.endswith(
        "\nwithout 'unicorn' it finds 3 papers\nno paper has both words; 3 have one of them\n"
    )
    both = ask("count", "--explain", "unicorn zebra")
    assert both.err.endswith("without any one of them it finds none either\n")


def test_a_misspelled_search_is_told_what_may_have_been_meant(ask: Ask) -> None:
    done = ask("search", "diffsuion", "title:shep")
    assert done == Done(
        1,
        "",
        "nothing found: 'diffsuion' alone finds nothing; 'title:shep' alone finds nothing\n"
        "did you mean 'diffusion title:sheep'?\n",
    )
    assert "did you mean" not in ask("search", "zebra").err


def test_a_lower_case_operator_gets_a_hint(ask: Ask) -> None:
    assert "'or' is searched as a word; write OR for either\n" in ask("count", "a or b").err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["search", "titel:x"], "column 1: there is no field 'titel:'"),
        (["count", "sheep", "OR"], "column 7: 'OR' needs something on both sides"),
        (["search", "--limt", "3"], "did you mean '--limit'?"),
        (["search", "--sort", "vots", "x"], "did you mean 'votes'?"),
        (["search", "--format", "{titel}", "x"], "did you mean 'title'?"),
        (["search", "--json", "--jsonl", "x"], "give one of them"),
        (["serach", "x"], "did you mean 'search'?"),
        (["show"], "'show' takes one identifier"),
        (["show", "2401.00001", "2401.00002"], "'show' takes one identifier"),
        (["tag", "+rl", "sheep"], "needs '--' between the tags and the query"),
        (["tag", "rl", "--", "*"], "'rl' needs '+' or '-' before it"),
        (["tag", "+a,b", "--", "*"], "'a,b' can't be a tag"),
        (["tag", "+rl", "--"], "needs tags and a query"),
        (["tag", "--", "*"], "needs tags and a query"),
        (["export", "--format", "json", "*"], "did you mean 'jsonl'?"),
        (["import"], "'import' needs files or folders"),
        (["import", "--format", "fed", "x"], "did you mean 'feed'?"),
        (["import", "--tag", "a b", "x"], "'a b' can't be a tag"),
        (["browse", "titel:x"], "the browser needs a terminal"),
        (["demo"], "search, count, show, tag, import, export and others need none"),
    ],
)
def test_a_wrong_command_or_query_exits_2_with_one_line(
    found: Deck, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(["--library", str(found.home / "library"), *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("paperdeck: ")
    assert message in err
    assert err.count("\n") == 1


def test_count_prints_a_number_and_no_papers_are_a_number_too(ask: Ask) -> None:
    assert ask("count", "sheep") == Done(0, "3\n", "")
    assert ask("count") == Done(0, "4\n", "")
    assert ask("count", "unicorn") == Done(0, "0\n", "")


def test_show_prints_a_paper_in_full(ask: Ask) -> None:
    done = ask("show", "https://arxiv.org/abs/2401.00001v2")
    assert done.status == 0
    for part in ("Counting sheep\n", "Ana García\n", "10 votes", "Tags: inbox, unread\n"):
        assert part in done.out
    assert "PDF: https://arxiv.org/pdf/2401.00001\n" in done.out
    assert done.out.endswith("\nWhat is known about counting sheep.\n")
    assert json.loads(ask("show", "--json", "2401.00001").out)["votes"] == 10


def test_show_of_an_unknown_paper_exits_1(ask: Ask) -> None:
    done = ask("show", "9999.99999")
    assert (done.status, done.out) == (1, "")
    assert done.err == "paperdeck: no paper here has the identifier '9999.99999'\n"


def test_a_reader_who_goes_away_ends_the_program_quietly(found: Deck) -> None:
    process = subprocess.Popen(
        [PAPERDECK, "search", "*"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=found.environ,
    )
    assert process.stdout is not None
    process.stdout.close()
    with process:
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_a_sentence(found: Deck) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PAPERDECK, "search", "*"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=found.environ,
            check=False,
        )
    assert (done.returncode, done.stderr) == (4, b"paperdeck: No space left on device\n")


# Deciding


def test_tags_are_set_on_what_a_query_finds_and_taken_back(deck: Deck) -> None:
    done = deck.run("tag", "+rl", "-unread", "--", "votes:>20")
    assert done.out == "tagged 2 papers: +rl -unread · paperdeck undo takes it back\n"
    assert deck.run("count", "tag:rl", "is:read").out == "2\n"
    again = deck.run("tag", "+rl", "--", "tag:rl")
    assert (again.status, again.out) == (0, "nothing changed: +rl holds already (2 papers)\n")
    assert deck.run("undo").out == "undone: tag +rl -unread 2 papers (entry 2)\n"
    assert deck.run("count", "tag:rl").out == "0\n"
    assert deck.run("redo").out == "done again: tag +rl -unread 2 papers (entry 2)\n"
    assert deck.run("count", "tag:rl").out == "2\n"


def test_undo_goes_further_back_each_time(deck: Deck) -> None:
    deck.run("tag", "+rl", "--", "2401.00001")
    deck.run("tag", "+old", "--", "2401.00001")
    assert deck.run("undo").out == "undone: tag +old 'Counting sheep' (entry 3)\n"
    assert deck.run("undo").out == "undone: tag +rl 'Counting sheep' (entry 2)\n"
    undone = deck.run("undo")
    assert undone.out == "undone: import standard input: 4 added, 0 updated (entry 1)\n"
    assert deck.run("count").out == "0\n"


def test_nothing_to_undo_redo_or_tag_exits_1(empty: Deck) -> None:
    for verb in ("undo", "redo"):
        done = empty.run(verb)
        assert (done.status, done.out) == (1, "")
        assert f"there is nothing to {verb} here" in done.err
    assert empty.run("tag", "+rl", "--", "is:starred").status == 1


def test_tagging_by_words_waits_until_all_is_searchable(empty: Deck) -> None:
    empty.run("import", "-", stdin=LINES.encode())
    assert empty.run("tag", "+rl", "--", "sheep").out.startswith("tagged 3 papers: +rl")


# Bringing in


def test_an_import_ends_with_a_count_and_repeating_it_changes_nothing(empty: Deck) -> None:
    (empty.home / "papers.jsonl").write_text(LINES)
    first = empty.run("import", "papers.jsonl")
    assert (first.status, first.err) == (0, "")
    assert first.out.startswith("4 added, 0 updated, 0 unchanged, 0 refused (")
    assert first.out.endswith(" s) · 'import:1' finds what was added\n")
    assert len(titles(empty.run("search", "import:last"))) == 4
    again = empty.run("import", "papers.jsonl")
    assert again.out.startswith("0 added, 0 updated, 4 unchanged, 0 refused (")
    assert again.out.endswith(" s)\n")


def test_folders_compressed_files_and_standard_input_are_read(empty: Deck) -> None:
    folder = empty.home / "papers" / "below"
    folder.mkdir(parents=True)
    first, *rest = LINES.splitlines(keepends=True)
    (folder / "one.jsonl").write_text(first)
    (folder.parent / "two.gz").write_bytes(gzip.compress(rest[0].encode()))
    done = empty.run("import", "--json", "papers", "-", stdin="".join(rest[1:]).encode())
    assert done.status == 0
    report = json.loads(done.out)
    assert report.pop("seconds") >= 0
    counts = {"added": 4, "updated": 0, "unchanged": 0}
    assert report == {**counts, "refused": [], "conflicts": [], "import": 1}


def test_what_can_not_be_read_is_refused_by_name_and_the_rest_goes_in(empty: Deck) -> None:
    (empty.home / "good.jsonl").write_text(LINES + '{"title": "", "abstract": "x"}\n')
    (empty.home / "empty.json").write_bytes(b"")
    (empty.home / "binary.json").write_bytes(b"\x00\x01" * 50)
    (empty.home / "notes.txt").write_text("Milk, bread and a new broom.\n")
    (empty.home / "cut.gz").write_bytes(gzip.compress(LINES.encode())[:-20])
    names = ["empty.json", "binary.json", "notes.txt", "none.json", "cut.gz", "good.jsonl"]
    done = empty.run("import", *names)
    assert done.status == 3
    assert done.out.startswith("4 added, 0 updated, ")
    lines = done.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == names
    assert lines[0] == "empty.json: is empty"
    assert lines[3] == "none.json: can't be read: No such file or directory"
    assert "is cut short" in lines[4]
    assert lines[5] == "good.jsonl: line 5: no title"


def test_refusals_are_in_the_object_too(empty: Deck) -> None:
    done = empty.run("import", "--json", "-", stdin=b'{"title": "", "abstract": ""}\n')
    refused = [{"source": "standard input", "position": "line 1", "reason": "no title"}]
    assert (done.status, json.loads(done.out)["refused"]) == (3, refused)


def test_a_dry_run_changes_nothing(deck: Deck) -> None:
    more = json.dumps(own_record(5, "Sheep at rest")) + "\n" + LINES
    done = deck.run("import", "--dry-run", "-", stdin=more.encode())
    line, summary = done.out.splitlines()
    assert line == "added: arxiv:2401.00005 Sheep at rest"
    assert summary.startswith("1 would be added, 0 would be updated, 4 unchanged, 0 refused (")
    assert summary.endswith(" s)")
    assert deck.run("count").out == "4\n"
    assert not list(deck.home.glob("paperdeck-*"))


def test_a_dry_run_lists_papers_for_programs_too(deck: Deck) -> None:
    more = [own_record(5, "Sheep at rest"), own_record(5, "Sheep at rest"), own_record(1, "Wool")]
    stdin = "".join(json.dumps(one) + "\n" for one in more).encode()
    found = json.loads(deck.run("import", "--dry-run", "--json", "-", stdin=stdin).out)
    assert (found["added"], found["import"]) == (1, None)
    papers = found["papers"]
    position = {"source": "standard input", "position": "line 1"}
    assert papers["added"] == [{"id": "arxiv:2401.00005", "title": "Sheep at rest", **position}]
    (merged,) = papers["merged"]
    assert (merged["why"], merged["position"]) == ("the same arxiv:2401.00005", "line 2")
    assert merged["into"] == {"id": "arxiv:2401.00005", "title": "Sheep at rest"}
    assert [one["id"] for one in papers["updated"]] == ["arxiv:2401.00001"]
    assert papers["updated"][0]["changed"] == ["other abstract"]


def test_what_an_import_brought_in_is_a_search(deck: Deck) -> None:
    deck.run("import", "-", stdin=json.dumps(own_record(5, "Sheep at rest")).encode())
    assert titles(deck.run("search", "import:last")) == ["Sheep at rest"]
    assert deck.run("count", "import:1").out == "4\n"
    assert deck.run("search", "import:99").status == 1
    done = deck.run("search", "import:lats")
    assert (done.status, "did you mean 'last'?" in done.err) == (2, True)
    explained = deck.run("search", "--explain", "import:last").err
    assert "papers that the latest import brought in" in explained


def test_options_of_an_import_hold_for_every_paper_of_it(empty: Deck) -> None:
    reply = json.dumps([{"paper": {"id": "2401.00009", "title": "Wolves", "summary": "Few."}}])
    words = ["--no-inbox", "--tag", "zoo", "--tag", "a/b", "--date", "2024-02-03"]
    assert empty.run("import", *words, "-", stdin=reply.encode()).status == 0
    assert titles(empty.run("search", "is:read tag:zoo tag:a on:2024-02-03")) == ["Wolves"]


def test_papers_are_searchable_soon_after_an_import(deck: Deck) -> None:
    deadline = time.monotonic() + 10
    while deck.run("index", "--status").out != "4 of 4 searchable\n":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_interrupted_import_says_what_stays(empty: Deck) -> None:
    # A test run in the background ignores the signal, and its children would too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [PAPERDECK, "import", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=empty.environ,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdin is not None
    # More than is looked at to tell the format.
    abstract = "Woolly. " * 250
    many = (
        own_record(1, f"Sheep number {number}", id="", abstract=abstract) for number in range(700)
    )
    process.stdin.write("".join(json.dumps(record) + "\n" for record in many).encode())
    process.stdin.flush()
    deadline = time.monotonic() + 10
    while empty.run("count").out == "0\n":
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, b"")
    kept = empty.run("count").out.strip()
    assert err.decode() == (
        f"interrupted: the {kept} papers added so far stay,"
        " and the same import again completes it\n"
    )


def test_an_import_shows_a_bar_on_a_terminal(empty: Deck) -> None:
    (empty.home / "papers.jsonl").write_text(LINES)
    done = empty.on_terminal("import", "papers.jsonl")
    assert done.status == 0
    assert " kB" in done.out
    assert " papers" in done.out
    assert "4 added, 0 updated, 0 unchanged, 0 refused (" in done.out


# Taking out


def test_what_was_exported_can_be_imported(found: Deck, tmp_path: Path) -> None:
    out = tmp_path / "sheep.jsonl"
    done = found.run("export", "-o", str(out), "sheep")
    assert done == Done(0, "", f"3 papers written to '{out}'\n")
    assert found.run("export", "sheep").out == out.read_text(encoding="utf-8")
    other = Deck(tmp_path / "other")
    other.home.mkdir()
    assert other.run("import", str(out)).out.startswith("3 added")


def test_an_export_replaces_a_file_as_a_whole_or_not_at_all(found: Deck, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    out.chmod(0o640)
    (tmp_path / "link").symlink_to(out)
    nothing = found.run("export", "-o", str(out), "unicorn")
    assert (nothing.status, out.read_text()) == (1, "old")
    unasked = found.run("export", "-o", str(out), "*")
    assert (unasked.status, out.read_text()) == (2, "old")
    assert unasked.err == f"paperdeck: '{out}' is there already: --overwrite replaces it\n"
    assert found.run("export", "--overwrite", "-o", str(tmp_path / "link"), "*").status == 0
    assert len(out.read_text().splitlines()) == 4
    assert out.stat().st_mode & 0o777 == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"out.jsonl", "link"}


# Looking after it


def test_the_index_can_be_written_anew(deck: Deck) -> None:
    assert deck.run("index", "--wait").out == "4 of 4 searchable\n"
    assert deck.run("index", "--rebuild", "--wait") == Done(0, "4 of 4 searchable\n", "")
    assert deck.run("index") == Done(0, "4 of 4 searchable\n", "")
    assert deck.run("count", "sheep").out == "3\n"


def test_a_library_can_be_named(deck: Deck) -> None:
    assert deck.run("--library", "other", "count").status == 4
    assert not (deck.home / "other").exists()
    assert deck.run("count", "--library=library").out == "4\n"


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_library_that_can_not_be_used_exits_4(empty: Deck, content: bytes) -> None:
    (empty.home / "library").mkdir()
    (empty.home / "library" / "library.db").write_bytes(content)
    done = empty.run("count")
    assert (done.status, done.out) == (4, "")
    assert done.err.startswith("paperdeck: the library ")
    assert done.err.count("\n") == 1


def test_a_cache_that_can_not_be_written_stops_only_searching_by_words(deck: Deck) -> None:
    (deck.home / "file").touch()
    cache = str(deck.home / "file")
    assert deck.run("count", "is:unread", XDG_CACHE_HOME=cache).out == "4\n"
    done = deck.run("count", "sheep", XDG_CACHE_HOME=cache)
    assert (done.status, done.out) == (4, "")
    again = deck.run("import", "-", stdin=LINES.encode(), XDG_CACHE_HOME=cache)
    assert again.out.startswith("0 added")


def test_version_and_help_are_results(empty: Deck) -> None:
    version = empty.run("--version")
    assert (version.status, version.err) == (0, "")
    assert version.out.startswith("paperdeck ")
    assert empty.run("--help").out.startswith("usage: paperdeck ")
    assert not (empty.home / "library").exists()


# The browser


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_the_browser_is_refused_where_no_screen_can_be_drawn(term: str) -> None:
    with pytest.raises(CommandError, match="search, count, show, tag, import, export"):
        check_terminal({"TERM": term}, is_terminal=True)
    with pytest.raises(CommandError, match="needs a terminal"):
        check_terminal({"TERM": "xterm"}, is_terminal=False)
    check_terminal({"TERM": "xterm"}, is_terminal=True)


def test_a_wrong_query_is_told_before_the_screen_is_taken(deck: Deck) -> None:
    done = deck.on_terminal("browse", "titel:x")
    assert done.status == 2
    assert done.out.startswith("paperdeck: column 1: there is no field 'titel:'")


def test_the_browser_opens_on_a_query_and_tells_of_the_configuration(deck: Deck) -> None:
    config = deck.home / "config" / "paperdeck"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('theme = "drak"\ncolour = 1\n')
    presses = (("wolves", "q"), ("Counting", "q"))
    done = deck.on_terminal("browse", "votes:>20", presses=presses)
    assert done.status == 0
    assert "'theme' must be" in done.out
    assert "unknown name 'colour'" in done.out.rpartition("\x1b")[2]


def test_the_demo_is_thrown_away(empty: Deck) -> None:
    done = empty.on_terminal(
        "demo", presses=(("nothing you do here is kept", "u"), ("Nothing to undo here", "q"))
    )
    assert done.status == 0
    assert "\x1b[?1049l" in done.out
    assert not list(empty.home.glob("paperdeck-demo-*"))
    assert not (empty.home / "library").exists()


def test_an_empty_library_offers_the_demo(empty: Deck) -> None:
    presses = (("sample", "\r"), ("nothing you do here is kept", "q"))
    assert empty.on_terminal(presses=presses).status == 0


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("https://arxiv.org/abs/1706.03762", "echo https://arxiv.org/abs/1706.03762 | paperdeck"),
        ("1706.03762", "is no file but a paper's: echo 1706.03762 | paperdeck import -"),
        ("https://a.org/?a=1&b", "nothing is fetched: curl -sL 'https://a.org/?a=1&b' | paperdeck"),
        ("nowhere.bib", "can't be read: No such file"),
    ],
)
def test_an_address_or_an_identifier_in_a_file_s_place_is_told_how_to_come_in(
    found: Deck, path: str, hint: str
) -> None:
    done = found.run("import", path)

    assert (done.status, hint in done.err) == (3, True), done.err


def test_a_file_of_another_format_than_was_asked_for_is_told_by_its_own(
    found: Deck, tmp_path: Path
) -> None:
    ris = tmp_path / "papers"
    ris.write_text("TY  - JOUR\nTI  - Counting sheep\nDO  - 10.1000/sheep\nER  - \n")
    for name in ("csl", "bibtex"):
        done = found.run("import", "--format", name, str(ris))
        assert (done.status, f"is no '{name}': it looks like 'ris'" in done.err) == (3, True)
    cut = tmp_path / "cut.json"
    cut.write_text('[{"title": "Counting sheep", "container-title": "Sheep", "DOI": "10.1')
    assert "breaks off" in found.run("import", "--format", "csl", str(cut)).err


def test_columns_are_for_tables_and_wrong_names_get_the_nearest_one(
    found: Deck, tmp_path: Path
) -> None:
    ris, table = tmp_path / "papers.ris", tmp_path / "papers.csv"
    ris.write_text("TY  - JOUR\nTI  - Counting sheep\nER  - \n")
    table.write_text("title,Speaker\nCounting sheep,Ana\n")
    told = found.run("import", "--column", "title=Name", str(ris))
    assert "is no table, for which --column is: it looks like 'ris'" in told.err
    assert (
        "did you mean 'Speaker'?"
        in found.run("import", "--column", "authors=Speakers", str(table)).err
    )
    assert "did you mean 'title'?" in found.run("import", "--column", "titel=Name", str(ris)).err


def test_an_end_of_a_name_that_no_format_has_is_told(found: Deck, tmp_path: Path) -> None:
    done = found.run("export", "-o", str(tmp_path / "papers.foo"), "*")

    assert (done.status, "names that end with '.foo'" in done.err) == (2, True)
    assert not (tmp_path / "papers.foo").exists()
    named = found.run("export", "--format", "bibtex", "-o", str(tmp_path / "papers.foo"), "*")
    assert named.status == 0


def test_a_bare_doi_finds_its_paper(found: Deck, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"title": "Counting wool", "identifiers": ["doi:10.1000/0010(2007)1"]}\n')
    assert found.run("import", str(path)).status == 0

    assert "Counting wool" in found.run("search", "10.1000/0010(2007)1").out
