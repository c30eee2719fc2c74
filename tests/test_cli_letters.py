"""Letters and answers on the command line: what is written, what counts as delivered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.decisions.lines import EDITS_HEADER
from store.importers import sources
from store.library import Library
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPERDECK = Path(sys.executable).with_name("paperdeck")


def own_record(number: int, title: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": f"arxiv:2401.{number:05}",
        "title": title,
        "abstract": f"What is known about {title.lower()}.",
        "authors": ["Ana García"],
        "sightings": [{"source": "feed", "day": f"2024-01-{number:02}", "votes": number}],
        "tags": ["inbox", "unread"],
        **facts,
    }


SHEEP, GOATS = own_record(10, "Counting sheep"), own_record(20, "Goats", tags=["inbox", "rl"])


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A library of its own in a folder, and the command line to work with it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def environ(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "PAPERDECK_LIBRARY": str(self.folder / "library"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LANG": "C.UTF-8",
        }

    def main(self, *words: str) -> Done:
        """Run a command in this process."""
        status = main(["--library", str(self.folder / "library"), *words])
        return Done(status, *self.capsys.readouterr())

    def run(self, line: str) -> Done:
        """Run a line of the shell."""
        done = subprocess.run(
            ["/bin/bash", "-o", "pipefail", "-c", line.replace("paperdeck", str(PAPERDECK))],
            capture_output=True,
            text=True,
            env=self.environ,
            cwd=self.folder,
            check=False,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def bring_in(self, *records: dict[str, Any]) -> None:
        papers = self.folder / "papers.jsonl"
        papers.write_text("".join(json.dumps(record) + "\n" for record in records))
        with self.opened() as library:
            library.imports.bring_in(sources([papers]))

    def opened(self) -> Library:
        return Library(self.folder / "library", index_folder=self.folder / "index")

    def is_noted(self, query: str = "") -> bool:
        """Tell whether the library has heard of a letter."""
        with self.opened() as library:
            return library.digests.last(query) is not None

    def tags(self, identifier: str) -> list[str]:
        shown: dict[str, Any] = json.loads(self.main("show", "--json", identifier).out)
        return list(shown["tags"])


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    found = Desk(tmp_path, capsys)
    found.bring_in(SHEEP, GOATS)
    return found


def test_a_letter_tells_what_came_since_the_last_one(desk: Desk) -> None:
    first = desk.main("digest")
    assert (first.status, first.err) == (0, "")
    assert first.out.index("Goats") < first.out.index("Counting sheep")

    again = desk.main("digest")
    assert (again.status, again.out) == (1, "")
    assert again.err.startswith("nothing new since ")
    desk.bring_in(own_record(3, "Wool"))
    assert desk.main("digest").out.startswith("# 1 new paper, since ")


@pytest.mark.parametrize("words", [("--peek",), ("--since", "7d"), ("--since=today",)])
def test_a_look_back_is_no_letter(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.main("digest", *words).out.startswith("# 2 new papers, since ")
    assert not desk.is_noted()


def test_a_query_has_letters_of_its_own(desk: Desk) -> None:
    desk.main("view", "herd", "tag:rl")
    assert desk.main("digest", "view:herd").out.startswith("# 1 new paper for view:herd, since ")
    assert (desk.is_noted("view:herd"), desk.is_noted()) == (True, False)


def test_a_letter_in_a_file_is_delivered_and_a_file_that_is_there_stays(desk: Desk) -> None:
    file = desk.folder / "letter.html"
    file.write_text("mine")
    refused = desk.main("digest", "--format", "html", "-o", str(file))
    assert (refused.status, file.read_text(), desk.is_noted()) == (2, "mine", False)
    assert "--overwrite replaces it" in refused.err
    done = desk.main("digest", "--format", "html", "-o", str(file), "--overwrite")
    assert (done.status, desk.is_noted()) == (0, True)
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "begin"), [("letter.html", "<!DOCTYPE html>"), ("letter.MD", "# "), ("letter", "# ")]
)
def test_the_name_of_a_file_tells_the_form_of_its_letter(desk: Desk, name: str, begin: str) -> None:
    file = desk.folder / name
    assert desk.main("digest", "-o", str(file)).status == 0
    assert file.read_text(encoding="utf-8").startswith(begin)


def test_a_name_that_is_of_no_letter_is_a_mistake(desk: Desk) -> None:
    refused = desk.main("digest", "-o", str(desk.folder / "letter.pdf"))
    assert (refused.status, desk.is_noted()) == (2, False)
    assert "end with '.pdf'" in refused.err


@pytest.mark.parametrize("reader", ["false", "no-such-program-here", "exec true <&-"])
def test_a_letter_into_a_pipe_that_fails_is_not_delivered(desk: Desk, reader: str) -> None:
    assert desk.run(f"paperdeck digest | {reader}").status != 0
    assert not desk.is_noted()


def test_a_letter_that_was_read_to_its_end_is_delivered(desk: Desk) -> None:
    done = desk.run("paperdeck digest --format email --to ana@example.org | cat")
    assert (done.status, desk.is_noted()) == (0, True)
    message = message_from_string(done.out, policy=default)
    assert (message["To"], message["From"]) == ("ana@example.org", "ana@example.org")


def test_a_slow_reader_is_waited_for(desk: Desk) -> None:
    began = time.monotonic()
    done = desk.run("paperdeck digest | (sleep 0.5; cat)")
    assert (done.status, desk.is_noted()) == (0, True)
    assert time.monotonic() - began > 0.5


def test_a_full_disk_is_no_delivery(desk: Desk) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no full device here")
    assert desk.run("paperdeck digest > /dev/full").status == 4
    assert not desk.is_noted()


def test_addresses_come_from_the_configuration_or_the_command(desk: Desk) -> None:
    missing = desk.run("paperdeck digest --peek --format email")
    assert (missing.status, missing.out) == (2, "")
    assert "an e-mail needs whom it goes to" in missing.err
    config = desk.folder / "config" / "paperdeck"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('mail_to = "group@example.org"\nmail_from = "me"\n')
    found = message_from_string(desk.run("paperdeck digest --peek --format email").out)
    assert (found["To"], found["From"]) == ("group@example.org", "me")
    named = desk.run("paperdeck digest --peek --format email --to a@b.c --from d@e.f").out
    found = message_from_string(named)
    assert (found["To"], found["From"]) == ("a@b.c", "d@e.f")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--format", "htm"], "did you mean 'html'?"),
        (["--since", "soon"], "--since: "),
        (["--since", "..today"], "has no first day"),
        (["--to", "a@b.c"], "--to and --from are for the formats email and todo"),
        (["--format", "email", "--to", "a@b.c\nBcc: d@e.f"], "line break"),
        (["--format", "email", "--to", "nobody at all"], "write it as ana@example.org"),
        (["tag:rl", "OR"], "column"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(
    desk: Desk, words: list[str], reason: str
) -> None:
    done = desk.main("digest", *words)
    assert (done.status, done.out) == (2, "")
    assert reason in done.err
    assert not desk.is_noted()


# Answers


def test_a_list_is_edited_and_applied_as_one_act(desk: Desk) -> None:
    file = desk.folder / "todo.txt"
    assert desk.main("digest", "--format", "todo", "-o", str(file)).status == 0
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == EDITS_HEADER
    file.write_text(text.replace("-- arxiv:2401.00010", "-inbox -unread +star/x -- 2401.00010"))

    done = desk.main("apply", str(file))
    assert done.out == f"applied {file}: 1 paper changed · paperdeck undo takes it back\n"
    assert (desk.tags("2401.00010"), desk.tags("2401.00020")) == (["star/x"], ["inbox", "rl"])
    assert desk.main("undo").status == 0
    assert desk.tags("2401.00010") == ["inbox", "unread"]


def test_an_answer_by_mail_is_applied_as_it_comes(desk: Desk) -> None:
    letter = desk.run("paperdeck digest --format todo --to ana@example.org").out
    message = message_from_string(letter, policy=default)
    text = message.get_content()
    lines = [f"> {line}".rstrip() for line in text.splitlines()]
    answer = "\r\n".join(
        [
            *("From: ana@example.org", "Subject: Re: 2 new papers", "Content-Type: text/plain", ""),
            *("On Thursday, paperdeck wrote:", *lines, "", "-- ", "Ana"),
        ]
    ).replace("> -- arxiv:2401.00020", "> +queued -- arxiv:2401.00020")
    (desk.folder / "answer.eml").write_text(answer)

    done = desk.run("paperdeck apply - < answer.eml")
    assert (done.status, done.err) == (0, "")
    assert desk.tags("2401.00020") == ["inbox", "queued", "rl"]


def test_every_wrong_line_of_an_answer_is_named(desk: Desk) -> None:
    done = desk.run("printf '+a -- 2401.00010\\nb -- 2401.00020\\n+c 7\\n' | paperdeck apply -")
    assert (done.status, done.out) == (2, "")
    assert [line.split(": ")[2] for line in done.err.splitlines()[:2]] == ["line 2", "line 3"]
    assert done.err.endswith("\nnothing was changed\n")
    assert "a" not in desk.tags("2401.00010")


def test_what_says_nothing_changes_nothing(desk: Desk) -> None:
    assert "has no edits" in desk.run("paperdeck apply - < /dev/null").out
    assert "holds already" in desk.run("echo '+rl -- 2401.00020' | paperdeck apply -").out
    gone = desk.main("apply", "not-there.txt")
    assert (gone.status, gone.err.count("No such file")) == (2, 1)
    assert desk.main("apply").status == 2


# Taking out, where a letter would


def test_an_export_takes_its_format_from_the_file_s_name(desk: Desk) -> None:
    file = desk.folder / "thesis.bib"
    assert desk.main("export", "-o", str(file), "tag:rl").status == 0
    assert file.read_text(encoding="utf-8").startswith("@misc{garcia2024goats,\n")
    templated = desk.main("export", "--format", "{key}: {title:json}", "tag:rl")
    assert templated.out == 'garcia2024goats: "Goats"\n'
    (desk.folder / "one.txt").write_text("* {title}\n  {link}\n")
    given = desk.main("export", "--template", str(desk.folder / "one.txt"), "tag:rl")
    assert given.out.startswith("* Goats\n  https://")
    assert desk.main("export", "--template", "x", "--format", "csv", "*").status == 2


def test_an_export_can_go_to_the_clipboard(desk: Desk) -> None:
    config = desk.folder / "config" / "paperdeck"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("copy_command = \"sh -c 'cat > copied.txt'\"\n")
    done = desk.run("paperdeck export --copy --format bibtex tag:rl")
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith("1 paper · Copied")
    assert (desk.folder / "copied.txt").read_text().startswith("@misc{garcia2024goats,")


def test_what_a_limit_leaves_out_is_counted_and_said_to_come_no_more(desk: Desk) -> None:
    peeked = desk.main("digest", "--limit", "1", "--peek")
    done = desk.main("digest", "--limit", "1")

    assert "no later letter" not in peeked.err
    assert "\nAnd 1 more.\n" in done.out
    assert "1 paper beyond --limit will be in no later letter" in done.err
    assert desk.main("digest").status == 1


def test_what_is_no_list_of_edits_is_told_in_one_line(desk: Desk) -> None:
    file = desk.folder / "thesis.bib"
    file.write_text("@article{a,\n  title = {A},\n  year = 2024\n}\n")
    done = desk.main("apply", str(file))

    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "is no list of edits" in done.err
    file.write_text("+rl -- arxiv:2401.99999\nwhat\n")
    assert "line 2" in desk.main("apply", str(file)).err


@pytest.mark.parametrize("line", ["join nonsense", "apart nonsense", "note nonsense", "+rl"])
def test_a_list_of_one_wrong_line_is_a_list_still(desk: Desk, line: str) -> None:
    file = desk.folder / "list.txt"
    file.write_text(f"{line}\n")
    done = desk.main("apply", str(file))

    assert done.status == 2
    assert "line 1" in done.err
    assert "is no list of edits" not in done.err
