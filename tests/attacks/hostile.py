"""Hostile records through all that the program writes: `python tests/attacks/hostile.py`.

Papers with an attack in every field are brought in, and a library is poisoned besides, past
everything that cleans what comes in. Then each way by which a record leaves is taken, and what
comes out is checked: by a strict parser of what our program may send to a terminal, and by a reader
of each format, which has to find the papers and nothing else. `tests/test_hostile.py` does the same
with fewer.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[number]) for number in (1, 2)]

from hostility import (
    hostile_file_name,
    hostile_tag,
    hostile_text,
    is_honest,
    poison,
    sent_strays,
    strays,
    to_lines,
)
from webpage import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from terminal import Home, Terminal

SHOWN = 25
"""Of so many papers of a library each is shown in full, one by one."""
BATCH = 2_000
"""Papers of one library in the long run."""
_FORMATS = ("bibtex", "biblatex", "ris", "csl", "csv", "jsonl", "markdown", "markdown-table")
_ENDS = {"csv": "\r\n", "bibtex": "\t\n", "biblatex": "\t\n"}
_LETTERS = ("markdown", "html", "email", "todo")
_TEMPLATE = "{id}\\t{title}\\t{authors}\\t{abstract}\\t{tags}\\t{link}\\t{note}\\t{venue}"
_RUNS = re.compile(
    r"\\(?:input|include|write|openout|openin|immediate|catcode|csname|def|let|special|read"
    r"|directlua|usepackage|documentclass|verb|url|href)\b"
)
_RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - .*|")
_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_HTML_TAGS = {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2"} | {
    "p", "a", "tbody",
}  # fmt: skip
_HTML_ATTRIBUTES = {"lang", "charset", "name", "content", "class", "style", "role", "width"} | {
    "cellpadding", "cellspacing", "border", "align", "dir", "href",
}  # fmt: skip
_HEADERS = {"from", "to", "subject", "date", "message-id", "list-id", "auto-submitted"} | {
    "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
_MARKDOWN_TAGS = {"ul", "li", "p", "a", "blockquote", "br", "h1", "h2", "table", "thead"} | {
    "tbody", "tr", "th", "td",
}  # fmt: skip


@dataclass
class Outcome:
    """What an attack came to."""

    papers: int = 0
    outputs: int = 0
    bytes: int = 0
    found: list[str] = field(default_factory=list)
    """What came through, each with the output that it came through in."""

    def check(self, output: str, what: str, allowed: str = "\n") -> None:
        """Note an output, and the signs in it that no terminal may be sent."""
        self.outputs += 1
        self.bytes += len(output.encode(errors="replace"))
        self.note(what, strays(output, allowed))

    def note(self, what: str, found: Sequence[str]) -> None:
        """Note what came through; of many alike, a few."""
        self.found += [f"{what}: {one}" for one in found[:50]]

    def claim(self, what: str, *, holds: bool) -> None:
        """Note what should be so, where it is not."""
        self.note(what, [] if holds else ["is not so"])

    def add(self, other: Outcome) -> None:
        """Take over what another came to."""
        self.papers += other.papers
        self.outputs += other.outputs
        self.bytes += other.bytes
        self.found += other.found


@dataclass(frozen=True)
class Said:
    """What a command of ours wrote."""

    status: int
    output: str
    talk: str


def command(*words: str, stdin: str = "") -> Said:
    """Carry out a command of ours within this process."""
    from tui.cli import main

    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            status = main(words)
    finally:
        sys.stdin = before
    written = []
    for stream in streams:
        stream.flush()
        written.append(stream.buffer.getvalue().decode(errors="surrogateescape"))
    return Said(status, *written)


def through_command_line(
    library: Path, count: int, seed: int, *, is_poisoned: bool = False
) -> Outcome:
    """Fill a library with hostile papers, or poison it, and have them leave by every command."""
    rng = random.Random(seed)
    place = ("--library", str(library))
    outcome = Outcome(papers=count)
    brought = command("import", *place, "--format", "paperdeck", "-", stdin=to_lines(rng, count))
    outcome.check(brought.output, "import")
    outcome.check(brought.talk, "import, refused")
    outcome.claim("every record came in", holds=brought.output.startswith(f"{count:,} added"))
    command("tag", *place, f"+{hostile_tag(rng)}", f"+{hostile_tag(rng)}", "--", "*")
    for number in range(3):
        command("view", *place, hostile_tag(rng), f"wolf {number}")
    command("export", *place, "--format", "bibtex", "*")  # gives citation keys
    if is_poisoned:
        poison(library / "library.db", rng)
        command("index", *place, "--rebuild", "--wait")
    else:
        command("index", *place, "--wait")
    for words, allowed in _told(rng):
        said = command(words[0], *place, *words[1:])
        outcome.check(said.output, " ".join(words[:3]), allowed)
        outcome.check(said.talk, f"{' '.join(words[:3])}, beside")
        outcome.claim(f"{words[0]} ends well", holds=said.status in {0, 1, 2, 3, 4, 5})
    _show_each(outcome, place)
    _export(outcome, place, count)
    _write_letters(outcome, place, rng)
    return outcome


def _told(rng: random.Random) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield commands that tell something, and what their output may have besides text."""
    hostile = hostile_text(rng).replace("\x00", "")
    yield ("search", "*"), "\n\t"
    yield ("search", "--explain", "wolf sheep"), "\n\t"
    yield ("search", "--json", "*"), "\n"
    yield ("search", "--jsonl", "wolf"), "\n"
    yield ("search", "--format", _TEMPLATE, "*"), "\n\t"
    yield ("search", "--", hostile), "\n\t"
    yield ("count", "--explain", "--", f"tag:{hostile}"), "\n"
    yield ("show", "--", hostile), "\n"
    yield ("history",), "\n\t"
    yield ("history", "--json"), "\n"
    yield ("view",), "\n\t"
    yield ("view", hostile), "\n\t"
    yield ("view", "--remove", hostile), "\n"
    yield ("doctor",), "\n\t"
    yield ("doctor", "--json"), "\n"
    yield ("dump",), "\n"
    yield ("config",), "\n\t"
    yield ("tag", f"+{hostile}", "--", "wolf"), "\n"
    yield ("import", hostile or "x"), "\n"
    yield ("export", "-o", f"/no such folder/{hostile}.bib", "wolf"), "\n"
    yield ("export", "--format", f"{{{hostile}}}", "wolf"), "\n"
    yield ("undo", hostile), "\n"


def _show_each(outcome: Outcome, place: tuple[str, str]) -> None:
    ids = [
        json.loads(line)["id"]
        for line in command("search", *place, "--jsonl", "*").output.split("\n")[:-1]
    ]
    outcome.claim("every paper is found", holds=len(ids) == outcome.papers)
    for one in ids[:SHOWN]:
        for form in ((), ("--json",)):
            said = command("show", *place, *form, "--", one)
            outcome.check(said.output, "show")
            outcome.check(said.talk, "show, beside")


def _export(outcome: Outcome, place: tuple[str, str], count: int) -> None:
    for form in _FORMATS:
        said = command("export", *place, "--format", form, "*")
        outcome.check(said.output, f"export {form}", _ENDS.get(form, "\n"))
        with _noting(outcome, form):
            _READ[form](outcome, said.output, count)
    for writing in ("latex", "markdown", "html", "json", "csv", "url"):
        said = command("export", *place, "--format", f"{{title:{writing}}}", "*")
        outcome.check(said.output, f"template {writing}")
        outcome.claim(f"a line a paper: {writing}", holds=said.output.count("\n") == count)


@contextmanager
def _noting(outcome: Outcome, what: str) -> Iterator[None]:
    """Note an error of a reader as something that came through."""
    try:
        yield
    except (ValueError, KeyError, IndexError, csv.Error) as error:
        outcome.note(what, [f"can't be read: {error!r}"])


def _read_bibtex(outcome: Outcome, text: str, count: int) -> None:
    from bibtexparser.entrypoint import parse_string

    library = parse_string(text)
    outcome.claim("BibTeX has the papers alone", holds=len(library.entries) == len(library.blocks))
    outcome.claim("BibTeX has every paper", holds=len(library.entries) == count)
    outcome.note("BibTeX runs", _RUNS.findall(text.replace("\\\\", "")))


def _read_ris(outcome: Outcome, text: str, count: int) -> None:
    lines = text.split("\n")
    outcome.note("RIS", [line for line in lines if not _RIS_LINE.fullmatch(line)])
    for tag in ("TY", "ER"):
        number = sum(line.startswith(f"{tag}  - ") for line in lines)
        outcome.claim(f"RIS has one {tag} a paper", holds=number == count)


def _read_csl(outcome: Outcome, text: str, count: int) -> None:
    found = json.loads(text)
    outcome.claim("CSL has every paper", holds=len(found) == count)
    outcome.note("CSL", [one["URL"] for one in found if "URL" in one and not is_honest(one["URL"])])


def _read_csv(outcome: Outcome, text: str, count: int) -> None:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    outcome.claim("CSV has every paper", holds=len(rows) == count + 1)
    outcome.claim("CSV has its columns", holds=len({len(row) for row in rows}) == 1)
    outcome.note("formula", [cell for row in rows for cell in row if cell.startswith(_FORMULA)])


def _read_jsonl(outcome: Outcome, text: str, count: int) -> None:
    papers = [json.loads(line) for line in text.split("\n")[:-1]]
    outcome.claim("JSON Lines have every paper", holds=len(papers) == count)
    links = (link["url"] for paper in papers for link in paper["links"])
    outcome.note("JSON Lines", [link for link in links if not is_honest(link)])


def _strays(page: Page, tags: set[str], attributes: set[str]) -> list[str]:
    """Return what a page has besides."""
    links = [link for link in page.links if not is_honest(link)]
    return [*(page.tags - tags), *(page.attributes - attributes), *links]


def _read_markdown(outcome: Outcome, text: str, _: int) -> None:
    from markdown_it import MarkdownIt

    page = Page(MarkdownIt("gfm-like", {"linkify": False}).render(text))
    outcome.note("Markdown", _strays(page, _MARKDOWN_TAGS, {"href", "style"}))


_READ: dict[str, Callable[[Outcome, str, int], None]] = {
    "bibtex": _read_bibtex,
    "biblatex": _read_bibtex,
    "ris": _read_ris,
    "csl": _read_csl,
    "csv": _read_csv,
    "jsonl": _read_jsonl,
    "markdown": _read_markdown,
    "markdown-table": _read_markdown,
}


def _write_letters(outcome: Outcome, place: tuple[str, str], rng: random.Random) -> None:
    to = ("--to", "ana@example.org")
    for form in _LETTERS:
        words = ("digest", *place, "--since", "2020-01-01", "--format", form)
        said = command(*words, *(to if form == "email" else ()), "*")
        outcome.check(said.output, f"digest {form}")
        outcome.check(said.talk, f"digest {form}, beside")
        with _noting(outcome, form):
            _read_letter(outcome, form, said.output)
    said = command("digest", *place, "--format", "email", "--to", hostile_text(rng), "*")
    outcome.check(said.talk, "digest to a hostile address")


def _read_letter(outcome: Outcome, form: str, text: str) -> None:
    if form == "html":
        outcome.note("letter", _strays(Page(text), _HTML_TAGS, _HTML_ATTRIBUTES))
    elif form == "markdown":
        _read_markdown(outcome, text, 0)
    elif form == "email":
        message = message_from_string(text, policy=default)
        outcome.note("header", [name for name in message if name.lower() not in _HEADERS])
        kinds = [part.get_content_type() for part in message.walk()]
        outcome.claim(
            "two parts", holds=kinds == ["multipart/alternative", "text/plain", "text/html"]
        )
        outcome.claim("no line begins a message", holds="\nFrom " not in text)
        for part in list(message.walk())[1:]:
            outcome.note("mail", strays(part.get_content()))
    else:
        from store.decisions.lines import check_edits

        lines = enumerate(text.split("\n"), start=1)
        edits = [line for _, line in lines if line and not line.startswith("#")]
        outcome.note("decision", [line for line in edits if not line.startswith("-- ")])
        with suppress(TypeError):
            check_edits(text.splitlines())


def through_files(home: Home, seed: int, count: int = 20) -> Outcome:
    """Import files with hostile names, in a terminal, where a bar tells how far it is."""
    rng = random.Random(seed)
    folder = home.folder / "papers"
    folder.mkdir()
    for _ in range(count):
        with suppress(OSError):
            name = hostile_file_name(rng)
            (folder / f"{name}{rng.choice(('.json', '.bib', '.ris', '.zip', ''))}").write_text(
                rng.choice((to_lines(rng, 2), hostile_text(rng), "{", '{"title": 1}')),
                encoding="utf-8",
                errors="replace",
            )
    (folder / os.fsdecode(b"\xff\xfe\x1b[31m.json")).write_text("{")
    outcome = Outcome()
    for words in (
        ("import", str(folder)),
        ("import", "--dry-run", str(folder)),
        ("history",),
        ("search", "wolf"),
    ):
        with home.browse(*words, size=(120, 40)) as terminal:
            terminal.ended()
        outcome.outputs += 1
        outcome.bytes += len(terminal.output)
        outcome.note(" ".join(words[:1]), sent_strays(terminal.output))
    for path in sorted(folder.iterdir())[:8]:
        with home.browse("import", str(path), size=(120, 40)) as terminal:
            terminal.ended()
        outcome.outputs += 1
        outcome.note("import of one", sent_strays(terminal.output))
    return outcome


_VISITS = (
    "S", "yy", "yt", "yb", "ym", "yi", "yl", "\r", "t", "twolves", "+", "+wolves", "-", ":",
    ":wolves", ":show the text copied last\r", ":show the latest messages\r", ":explain\r", "H",
    "Hjj", "?", "/", "/tag:", "/tag:wo", "/view:", "/wolf sheep\r", "/wlof\r", "/[red]\r", "f",
    "F", "D", "R", "T", "z", "zx", "zJJ", ",t", ",v", "N", "|cat\r", "e", "I", "i", "jjs", "jt\r",
    "*ym", "*yl", "u", "o", ":rename\r", ":delete a tag\r", "vjjvM", "S",
)  # fmt: skip
"""Keys that open all there is to see, each from the list."""


def through_browser(home: Home, count: int, *, each: bool = True) -> Outcome:
    """Go through the papers of a home's library in the browser, and see each."""
    outcome = Outcome(papers=count)
    with home.browse(size=(160, 50), environ={"EDITOR": "true"}) as terminal:
        terminal.shows(f" of {count:,}")
        terminal.settle()
        for keys in _VISITS:
            terminal.send(keys)
            terminal.settle(0.1)
            terminal.send("\x1b")
            terminal.settle(0.05)
            terminal.send("\x1b\x1b")
            terminal.settle(0.05)
        if each:
            _walk(terminal, count)
        terminal.send("\x03")
        terminal.settle()
        terminal.send("\x03")
        is_well = terminal.ended() == 0
        outcome.note("browser", [] if is_well else ["ends badly", *terminal.lines[-40:]])
    outcome.outputs += 1
    outcome.bytes += len(terminal.output)
    outcome.note("browser", sent_strays(terminal.output))
    for copied in terminal.copied:
        outcome.check(copied, "copied", "\n\t")
    outcome.claim("something was copied", holds=bool(terminal.copied))
    return outcome


def _walk(terminal: Terminal, count: int) -> None:
    """See each paper, from the first on."""
    terminal.send("gg")
    terminal.settle()
    for _ in range(count):
        terminal.send("j")
        terminal.read(0.05)
    terminal.settle(0.5)


def main() -> int:
    """Attack as the command line says, and tell what came through."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=100_000, help="papers, in all")
    reader.add_argument("--seed", type=int, default=8)
    options = reader.parse_args()
    began = time.monotonic()
    outcome = Outcome()
    number = 0
    while outcome.papers < options.times:
        count = min(BATCH, options.times - outcome.papers)
        seed = options.seed + number
        with tempfile.TemporaryDirectory(prefix="paperdeck-") as name:
            one = _batch(Path(name), count, seed, is_poisoned=seed % 4 == 3)
        sys.stderr.writelines(f"\rseed {seed}: {found}\n" for found in one.found)
        outcome.add(one)
        number += 1
        found = len(outcome.found)
        sys.stderr.write(
            f"\r{outcome.papers:,} papers, {outcome.outputs:,} outputs, {found} found "
        )
    seconds = time.monotonic() - began
    sys.stderr.write("\n")
    sys.stdout.write(
        f"{outcome.papers:,} hostile papers through {outcome.outputs:,} outputs"
        f" ({outcome.bytes:,} bytes) in {seconds:,.0f} s: {len(outcome.found)} came through\n"
    )
    sys.stdout.writelines(f"  {one}\n" for one in outcome.found[:100])
    return bool(outcome.found)


def _batch(folder: Path, count: int, seed: int, *, is_poisoned: bool) -> Outcome:
    """Attack with one library, by the command line and in the browser."""
    from terminal import make_home

    home = make_home(folder)
    os.environ.update(
        {name: value for name, value in home.environ.items() if name.startswith("XDG_")}
    )
    library = home.folder / "data" / "paperdeck"
    outcome = through_command_line(library, count, seed, is_poisoned=is_poisoned)
    outcome.add(through_files(home, seed))
    seen = through_browser(home, count_of(home), each=False)
    seen.papers = 0
    outcome.add(seen)
    return outcome


def count_of(home: Home) -> int:
    """Return how many papers the browser will show first."""
    done = subprocess.run(
        [home.program, "count", "is:inbox"],
        env=home.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
