"""The one table of commands: keys, palette, footer, help and the README's table are made of it.

An action is a function of the browser; none of their modules imports Textual, so that the table
can be printed without a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.actions import (
    copying,
    deciding,
    exchanging,
    finding,
    marking,
    moving,
    program,
    reading,
    tagging,
    uniting,
)
from tui.keynames import shown_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.browser import Browser
    from tui.situation import Situation


def _nothing_to_add(_: Situation) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a reader can do in the browser."""

    name: str
    keys: tuple[str, ...]
    """As written: a character or Textual's name of the key; a blank separates a sequence."""
    summary: str
    """An imperative."""
    action: Callable[[Browser], None]
    word: str = ""
    """What stands beside the key where there is room for a word or two."""
    now: Callable[[Situation], str] = _nothing_to_add
    """Says what it would do just now, where that is more than its summary; empty if it is not."""

    @property
    def shown_keys(self) -> str:
        """Its usual keys as help and README write them."""
        return shown_keys(self.keys)


COMMANDS: dict[str, tuple[Command, ...]] = {
    "Move": (
        Command("next", ("j", "down"), "go to the next paper", moving.down),
        Command("previous", ("k", "up"), "go to the previous paper", moving.up),
        Command("first", ("g g", "home"), "go to the first paper", moving.first, "first"),
        Command("last", ("G", "end"), "go to the last paper", moving.last),
        Command("half-page-down", ("ctrl+d",), "move down half a page", moving.half_page_down),
        Command("half-page-up", ("ctrl+u",), "move up half a page", moving.half_page_up),
        Command("page-down", ("pagedown",), "move down a page", moving.page_down),
        Command("page-up", ("pageup",), "move up a page", moving.page_up),
        Command("next-unread", ("n",), "go to the next unread paper", moving.next_unread),
        Command("previous-unread", ("p",), "go to the previous unread paper", moving.last_unread),
        Command("next-day", ("]",), "go to the next day in the list", moving.next_day),
        Command("previous-day", ("[",), "go to the previous day in the list", moving.last_day),
    ),
    "Read": (
        Command(
            "read",
            ("enter",),
            "read the abstract and mark it read",
            reading.read,
            now=reading.read_now,
        ),
        Command("other-pane", ("tab",), "go to the other pane", reading.other_pane),
        Command("scroll-down", ("J",), "scroll the abstract down", reading.scroll_down),
        Command("scroll-up", ("K",), "scroll the abstract up", reading.scroll_up),
        Command("abstract-alone", ("z",), "show the abstract alone", reading.abstract_alone),
        Command("less-list", ("<",), "give the abstract more room", reading.less_list),
        Command("more-list", (">",), "give the list more room", reading.more_list),
        Command(
            "source",
            ("x",),
            "show the text's TeX source",
            reading.show_source,
            now=reading.source_now,
        ),
        Command(
            "note", ("N",), "write a note in your editor", exchanging.note, now=exchanging.note_now
        ),
    ),
    "Decide": (
        Command(
            "archive",
            ("a",),
            "archive and go to the next",
            deciding.archive,
            "archive",
            deciding.archive_now,
        ),
        Command(
            "dismiss",
            ("d",),
            "dismiss and go to the next",
            deciding.dismiss,
            "dismiss",
            deciding.dismiss_now,
        ),
        Command(
            "star", ("s",), "star, or take the star off", deciding.star, "star", deciding.star_now
        ),
        Command(
            "toggle-read",
            ("r",),
            "mark read or unread",
            deciding.toggle_read,
            now=deciding.read_now,
        ),
        Command(
            "queue",
            ("w",),
            "queue for later, or take it off",
            deciding.queue,
            now=deciding.queue_now,
        ),
        Command(
            "repeat", (".",), "do here what was done last", deciding.repeat, now=deciding.repeat_now
        ),
        Command(
            "undo", ("u",), "undo your last decision", deciding.undo, "undo", deciding.undo_now
        ),
        Command(
            "redo", ("ctrl+r",), "redo what you undid", deciding.redo, "redo", deciding.redo_now
        ),
        Command("history", ("H",), "show the history, to undo any of it", deciding.show_history),
    ),
    "Tag": (
        Command("edit-tags", ("t",), "edit the tags", tagging.edit_tags, "tag", tagging.edit_now),
        Command("add-tags", ("+",), "add tags", tagging.add_tags),
        Command("remove-tags", ("-",), "remove tags", tagging.remove_tags),
        Command(
            "take-tag",
            ("T",),
            "take the suggested tag",
            tagging.take_suggestion,
            now=tagging.suggestion_now,
        ),
        Command("rename-tag", (), "rename a tag everywhere, or merge it", tagging.rename_tag),
        Command("delete-tag", (), "delete a tag everywhere", tagging.delete_tag),
    ),
    "Mark": (
        Command("mark", ("space",), "mark, and go to the next", marking.mark),
        Command(
            "mark-range",
            ("v",),
            "mark a range: from here, to there",
            marking.mark_range,
            now=marking.range_now,
        ),
        Command("invert-marks", ("V",), "mark what is not marked", marking.invert),
        Command("mark-all", ("*",), "mark everything shown", marking.mark_all, now=marking.all_now),
        Command(
            "near-duplicates", ("D",), "mark what says nearly the same", marking.near_duplicates
        ),
        Command(
            "join", ("M",), "make one paper of the marked ones", uniting.join, now=uniting.join_now
        ),
        Command("split", (), "split a paper into those it was made of", uniting.split),
        Command("related", ("R",), "show the papers like this one", finding.related),
    ),
    "Find": (
        Command("search", ("/",), "search", finding.search, "search"),
        Command("narrow", ("\\",), "narrow what is shown", finding.narrow),
        Command(
            "search-suggestion",
            ("=",),
            "search for the suggested words",
            finding.search_suggestion,
        ),
        Command("explain", (), "explain this search and the paper's score", finding.explain),
        Command("back", ("escape",), "take marks off, or go back", finding.back),
        Command("search-again", ("ctrl+l",), "redraw and search again", finding.search_again),
        Command("pick-view", ("f",), "pick a saved view", finding.pick_view),
        Command(
            "save-view",
            ("F",),
            "save this search as a view",
            finding.save_view,
            now=finding.save_now,
        ),
        Command("delete-view", (), "delete a saved view", finding.delete_view),
        Command(
            "view",
            tuple("123456789"),
            "open a saved view by its number",
            finding.open_view,
            now=finding.views_now,
        ),
        Command("sidebar", ("S",), "show or hide the sidebar", finding.sidebar),
        Command("sort-by-day", (", d",), "sort by day", finding.sort_by_day, "day"),
        Command("sort-by-votes", (", v",), "sort by votes", finding.sort_by_votes, "votes"),
        Command("sort-by-score", (", s",), "sort by score", finding.sort_by_score, "score"),
        Command("sort-by-title", (", t",), "sort by title", finding.sort_by_title, "title"),
        Command(
            "sort-by-added", (", a",), "sort by time of import", finding.sort_by_added, "added"
        ),
        Command(
            "sort-by-trend",
            (", r",),
            "sort by votes gained a day",
            finding.sort_by_trend,
            "trending",
        ),
    ),
    "Copy and take out": (
        Command(
            "copy-link",
            ("y y",),
            "copy the paper's link",
            copying.copy_link,
            "copy link",
            copying.link_now,
        ),
        Command(
            "copy-pdf", ("y p",), "copy the PDF's link", copying.copy_pdf, "PDF", copying.pdf_now
        ),
        Command(
            "copy-code",
            ("y c",),
            "copy the code's link",
            copying.copy_code,
            "code",
            copying.code_now,
        ),
        Command(
            "copy-id",
            ("y i",),
            "copy the identifier",
            copying.copy_identifier,
            "id",
            copying.identifier_now,
        ),
        Command("copy-title", ("y t",), "copy the title", copying.copy_title, "title"),
        Command("copy-bibtex", ("y b",), "copy as BibTeX", copying.copy_bibtex, "BibTeX"),
        Command("copy-markdown", ("y m",), "copy as Markdown", copying.copy_markdown, "Markdown"),
        Command("copy-any-link", ("y l",), "copy one of all links", copying.copy_any_link, "other"),
        Command("open", ("o",), "open the paper's page", copying.open_page, now=copying.link_now),
        Command("export", ("e",), "export to a file", exchanging.export, now=exchanging.given_now),
        Command("pipe", ("|",), "pipe to a command", exchanging.pipe, now=exchanging.given_now),
        Command("import", ("I",), "import a file or folder", exchanging.import_papers),
        Command(
            "imported", ("i",), "show what the last import brought in", exchanging.show_imported
        ),
    ),
    "Program": (
        Command(
            "palette", (":", "ctrl+p"), "find a command, view or tag", program.palette, "palette"
        ),
        Command("help", ("?",), "show help", program.show_help, "help"),
        Command("messages", (), "show the latest messages in full", program.show_messages),
        Command("show-copied", (), "show the text copied last in full", program.show_copied),
        Command("theme", (), "choose the colours", program.choose_theme),
        Command("quit", ("q",), "go back, or quit", program.back_or_quit),
        Command("cancel", ("ctrl+c",), "cancel; twice: quit", program.cancel),
        Command("suspend", ("ctrl+z",), "go to the shell until fg", program.suspend),
    ),
}
"""Every command, once, by the group it is shown in."""


FOOTER = (
    "archive",
    "dismiss",
    "star",
    "edit-tags",
    "undo",
    "search",
    "copy-link",
    "help",
)
"""The commands that the footer names: eight at the most."""


def all_commands() -> tuple[Command, ...]:
    """Return every command in the order of the table."""
    return tuple(command for group in COMMANDS.values() for command in group)


def footer_commands() -> tuple[Command, ...]:
    """Return the commands that the footer names, in its order."""
    by_name = {command.name: command for command in all_commands()}
    return tuple(by_name[name] for name in FOOTER)
