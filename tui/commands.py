"""The one table of commands: keys, footer, help screen and the README's table are made of it.

An action is a function of the browser; none of their modules imports Textual, so that the table
can be printed without a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.actions import copying, deciding, finding, moving, program, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.browser import Browser


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

    @property
    def shown_keys(self) -> str:
        """The keys as help and README write them."""
        return ", ".join(" ".join(_SHOWN.get(k, k) for k in keys.split(" ")) for keys in self.keys)


_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
}

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
        Command("read", ("enter",), "read the abstract and mark it read", reading.read),
        Command("other-pane", ("tab",), "change between list and abstract", reading.other_pane),
        Command("scroll-down", ("J",), "scroll the abstract down", reading.scroll_down),
        Command("scroll-up", ("K",), "scroll the abstract up", reading.scroll_up),
        Command("abstract-alone", ("z",), "show the abstract alone", reading.abstract_alone),
    ),
    "Decide": (
        Command("archive", ("a",), "archive and go to the next", deciding.archive, "archive"),
        Command("dismiss", ("d",), "dismiss and go to the next", deciding.dismiss, "dismiss"),
        Command("star", ("s",), "star, or take the star off", deciding.star, "star"),
        Command("toggle-read", ("r",), "mark read or unread", deciding.toggle_read),
        Command("queue", ("w",), "queue for later, or take it off", deciding.queue),
        Command("edit-tags", ("t",), "edit the tags", deciding.edit_tags, "tag"),
        Command("add-tags", ("+",), "add tags", deciding.add_tags),
        Command("remove-tags", ("-",), "remove tags", deciding.remove_tags),
        Command("undo", ("u",), "undo your last decision", deciding.undo, "undo"),
        Command("redo", ("ctrl+r",), "redo what you undid", deciding.redo, "redo"),
        Command("history", ("H",), "show the history, to undo any of it", deciding.show_history),
    ),
    "Find": (
        Command("search", ("/",), "search", finding.search, "search"),
        Command("back", ("escape",), "go back to the former list", finding.back),
        Command("search-again", ("ctrl+l",), "redraw and search again", finding.search_again),
    ),
    "Copy and open": (
        Command("copy-link", ("y y",), "copy the paper's link", copying.copy_link, "copy link"),
        Command("copy-pdf", ("y p",), "copy the PDF's link", copying.copy_pdf, "PDF"),
        Command("copy-code", ("y c",), "copy the code's link", copying.copy_code, "code"),
        Command("copy-id", ("y i",), "copy the identifier", copying.copy_identifier, "identifier"),
        Command("copy-title", ("y t",), "copy the title", copying.copy_title, "title"),
        Command("open", ("o",), "open the paper's page", copying.open_page),
    ),
    "Program": (
        Command("help", ("?",), "show every key", program.show_help, "help"),
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
