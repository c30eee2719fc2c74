"""Somebody at the browser who presses keys of chance: every command of the table, and texts.

Left out are the commands that leave the browser or start programs of others.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tui.commands import COMMANDS, all_commands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from terminal import Terminal

LEAVING = frozenset({"quit", "suspend", "open", "pipe"})
KEYS = {one.name: one.keys for one in all_commands() if one.keys and one.name not in LEAVING}
"""The keys of every command that is pressed."""
KEYLESS = tuple(one for one in all_commands() if not one.keys)
"""Commands of the palette alone."""
WRITTEN = ("search", "narrow", "save-view", "edit-tags", "add-tags", "remove-tags", "export")
"""These ask for a text."""
OVER = ("history", "help", "palette", "pick-view", "copy-any-link")
"""These open what lies over the papers."""
MOVES = ("next", "previous", "page-down", "page-up", "first", "last")
BULK = ("star", "toggle-read", "queue", "archive", "dismiss", "add-tags")
WEIGHTS = {"Move": 8, "Read": 3, "Decide": 5, "Mark": 2, "Find": 2}
"""How often the commands of a group come, beside those of others."""
RARE = {"note": 0.01, "mark-all": 0.02, "join": 0.02}
"""How often these come, of all bursts: each takes a second, or changes thousands of papers."""
BURST = 25
"""So many keys are pressed at once, or some more."""
EDITOR = "true"
"""The reader's: it ends without a word."""
IMPORTED_PAPERS = 40
NEW_SHARE = 0.1
"""So many of them were not there before."""
TAGS = ("rl", "agents", "to-read", "survey/long", "vision", "maybe", "talk", "cite")
WORDS = (
    *("graph", "attention", "diffusion", "sparse", "language", "model", "agent", "policy"),
    *("reward", "token", "vision", "image", "retrieval", "memory", "planning", "robust"),
    *("kernel", "bayes", "causal", "speech", "protein"),
)
QUERIES = (
    "{one} {two}",
    "{one} -{two}",
    '"{one} {two}"',
    "title:{one}",
    "{one}*",
    "{one}~ {two}",
    "tag:{tag} {one}",
    "is:unread {one} votes:>{number}",
    "{one} OR {two}",
    "on:2026-03-1{number}",
    "date:2026-03 sort:votes {one}",
    "is:starred",
    "like:2603.0{number}00{number}",
    "nosuchword{number} {one}",
    "tag:nosuch",
    "(unfinished {one}",
)

_BYTES = {
    "enter": "\r",
    "tab": "\t",
    "space": " ",
    # As terminals that tell all keys apart send it: the one byte would be the start of a sequence.
    "escape": "\x1b[27u",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
_ENTER, _ESCAPE, _TAB, _DOWN = (_BYTES[name] for name in ("enter", "escape", "tab", "down"))
_BACKSPACE = "\x7f"


@dataclass
class Reader:
    """Presses keys of `chance` in a browser, and puts files to import into `folder`."""

    browser: Terminal
    folder: Path
    chance: random.Random
    papers: int
    """How many were made so far."""
    keys: int = 0
    """How many were pressed."""
    pressed: dict[str, int] = field(default_factory=dict)
    """How often each command was, by its name."""

    def press(self, keys: str, count: int | None = None) -> None:
        """Press keys; `count` of them, where some take several characters."""
        self.browser.send(keys)
        self.keys += len(keys) if count is None else count

    def command(self, name: str) -> None:
        """Press one of the keys of a command."""
        keys = self.chance.choice(KEYS[name]).split(" ")
        self.pressed[name] = self.pressed.get(name, 0) + 1
        self.press("".join(map(_bytes_of, keys)), len(keys))

    def back(self) -> None:
        """Close whatever lies over the papers."""
        for _ in range(2):
            self.command("back")

    def word(self) -> str:
        """Return a word of papers."""
        return self.chance.choice(WORDS)

    def query(self) -> str:
        """Return a search."""
        words = {"one": self.word(), "two": self.word(), "tag": self.chance.choice(TAGS)}
        return self.chance.choice(QUERIES).format(**words, number=self.chance.randrange(10))

    def tags(self) -> str:
        """Return tags of the reader's, one of which may be new."""
        return f"{self.chance.choice(TAGS)} t-{self.chance.randrange(40)}"

    def records(self) -> str:
        """Return papers of which most were there before, with other votes."""
        lines = []
        for _ in range(IMPORTED_PAPERS):
            is_new = self.chance.random() < NEW_SHARE
            number = self.papers if is_new else self.chance.randrange(self.papers)
            lines.append(record(number, self.chance.randrange(300)))
            self.papers += is_new
        return "".join(lines)

    def burst(self) -> None:
        """Press some keys: those of commands, and one that needs more than its key."""
        until = self.keys + BURST
        for name in self.chance.choices(*_PLAIN, k=BURST // 2):
            self.command(name)
        self._rare()(self)
        while self.keys < until:
            self.command(self.chance.choice(MOVES))

    def _rare(self) -> Callable[[Reader], None]:
        number = self.chance.random()
        for name, share in RARE.items():
            number -= share
            if number < 0:
                return DEEDS[name]
        name = self.chance.choice(
            self.chance.choices(
                [[one for one in WRITTEN if one != "search"], OVER, ["palette-only"], ["cancel"]],
                [5, 3, 1, 1],
            )[0]
        )
        return DEEDS[name]


def _bytes_of(key: str) -> str:
    """Return what a terminal sends for a key, which has Textual's name or its character."""
    return chr(ord(key[-1]) & 0x1F) if key.startswith("ctrl+") else _BYTES.get(key, key)


def write(reader: Reader, name: str) -> None:
    """Begin to write where a command asks for a text, and take it or leave it."""
    texts: dict[str, Callable[[Reader], str]] = {
        "search": Reader.query,
        "narrow": Reader.word,
        "save-view": lambda reader: f"view {reader.chance.randrange(8)}",
        "export": lambda reader: f"{reader.folder}/papers.{reader.chance.choice(('bib', 'csv'))}",
    }
    chance = reader.chance
    reader.command(name)
    text = texts.get(name, Reader.tags)(reader)
    half = chance.randrange(len(text))
    reader.press(text[:half] + _BACKSPACE * chance.randrange(2) + text[half:])
    if chance.random() < 0.2:
        reader.press(_TAB)
    is_taken = chance.random() < 0.8 or name == "search"
    reader.press(_ENTER if is_taken else _ESCAPE, 1)
    if is_taken and name in {"export", "save-view"}:
        reader.press("y")
        reader.back()


def look_over(reader: Reader, name: str) -> None:
    """Open what lies over the papers, do something there, and close it."""
    chance = reader.chance
    reader.command(name)
    if name in {"palette", "pick-view", "copy-any-link"}:
        count = chance.randrange(4)
        reader.press(reader.word()[:3])
        reader.press(_DOWN * count, count)
    else:
        for _ in range(chance.randrange(6)):
            reader.command(chance.choice(MOVES))
        if name == "history" and chance.random() < 0.3:
            reader.command(chance.choice(("undo", "redo")))
        if name == "help" and chance.random() < 0.5:
            reader.press(f"/{reader.word()[:4]}{_ENTER}")
    reader.back()


def use_palette(reader: Reader) -> None:
    """Run a command that has no key, as far as it leads."""
    one = reader.chance.choice(KEYLESS)
    reader.pressed[one.name] = reader.pressed.get(one.name, 0) + 1
    reader.command("palette")
    reader.press(one.summary[:16] + _ENTER)
    reader.press(reader.chance.choice(("", _ENTER, f"{reader.chance.choice(TAGS)}{_ENTER}")))
    reader.back()


def act_on_many(reader: Reader) -> None:
    """Mark everything, act on it with a question or without, and take it back."""
    reader.back()
    reader.command("mark-all")
    name = reader.chance.choice(BULK)
    reader.command(name)
    if name == "add-tags":
        reader.press(f"{reader.tags()}{_ENTER}")
    reader.press(reader.chance.choice("yn"))
    reader.back()
    reader.command("undo")


def unite(reader: Reader) -> None:
    """Make one paper of two, and mostly take it back."""
    reader.back()
    for name in ("mark", "mark", "join"):
        reader.command(name)
    if reader.chance.random() < 0.8:
        reader.command("undo")
    reader.back()


def edit_note(reader: Reader) -> None:
    """Go to the editor, which leaves the note as it was."""
    reader.back()
    reader.command("note")
    reader.browser.settle(0.3)


def cancel(reader: Reader) -> None:
    """Cancel: once, as twice quits."""
    reader.command("cancel")
    reader.command("next")


def import_papers(reader: Reader) -> None:
    """Bring papers in by the browser."""
    path = reader.folder / f"papers-{reader.chance.randrange(5)}.jsonl"
    path.write_text(reader.records(), encoding="utf-8")
    reader.back()
    reader.command("import")
    reader.press(f"{path}{_ENTER}")


DEEDS: dict[str, Callable[[Reader], None]] = {
    **{name: partial(write, name=name) for name in WRITTEN},
    **{name: partial(look_over, name=name) for name in OVER},
    "palette-only": use_palette,
    "mark-all": act_on_many,
    "join": unite,
    "note": edit_note,
    "cancel": cancel,
    "import": import_papers,
}
"""What needs more than one key, by the command, and the commands of the palette alone."""
PLAIN = {
    one.name: WEIGHTS.get(group, 1)
    for group, commands in COMMANDS.items()
    for one in commands
    if one.name in KEYS and one.name not in DEEDS
}
"""The commands whose key is all they need, and how often each comes."""
_PLAIN = tuple(PLAIN), tuple(PLAIN.values())


def record(number: int, votes: int) -> str:
    """Return a line that brings a paper in."""
    about = random.Random(number)  # noqa: S311 the same each time
    paper = {
        "id": f"26{1 + number // 20_000:02}.{number % 20_000:05}",
        "title": f"Made {number:05}: {' '.join(about.choices(WORDS, k=6))}",
        "abstract": " ".join(about.choices(WORDS, k=150)),
        "authors": [f"Author {about.randrange(900)}" for _ in range(4)],
        "upvotes": votes,
        "date": f"2026-03-{1 + number % 28:02}",
    }
    return f"{json.dumps(paper)}\n"
