"""What a browser begins with: what was asked for, configured, and left the last time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.commands import all_commands
from tui.keymap import Bindings, bindings
from tui.state import HOME_QUERY, Split, ViewState
from tui.terminal import CHANGED_CELLS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """How a browser is set up."""

    text: str = HOME_QUERY
    """The query to open with."""
    key: int | None = None
    """The paper to select, if it is found."""
    top: int = 0
    """The line of the list to begin at, if that leaves the paper in sight."""
    home: str = HOME_QUERY
    """The query that Esc and `q` lead back to."""
    greeting: str = ""
    """What is said first."""
    warnings: tuple[str, ...] = ()
    """What is wrong with the configuration, or what was left the last time."""
    split: Split = Split()
    is_sidebar_shown: bool = False
    searches: tuple[str, ...] = ()
    """Earlier ones, the newest last."""
    theme: str = "dark"
    """One of `tui.config.THEMES`."""
    chosen_theme: str | None = None
    """The one that the reader chose in the program, if any."""
    style: Path | None = None
    """The reader's own style sheet."""
    bindings: Bindings = field(default_factory=lambda: bindings(all_commands()))
    columns: tuple[str, ...] | None = None
    """The columns of the list beside the title; None for those that suit the width."""
    rest_seconds: float = 2.0
    """After so long on a paper it is read; 0 for never."""
    editor: tuple[str, ...] | None = None
    """The command that edits a note; None for what the environment names."""
    writer: str = CHANGED_CELLS
    """One of `tui.terminal.WRITERS`."""
    takes_hyperlinks: bool = True
    """Whether the terminal knows what a hyperlink is."""
    erases_ground: bool = False
    """Whether the terminal gives to what it erases the ground that it writes on."""

    @property
    def first_words(self) -> str:
        """What is said first: what is wrong, or the greeting."""
        if not self.warnings:
            return self.greeting
        count = len(self.warnings)
        if count == 1:
            return self.warnings[0]
        return f"{count} things are wrong (':messages' has them all): {self.warnings[0]}"

    @property
    def state(self) -> ViewState:
        """What is shown at first."""
        return ViewState(
            text=self.text,
            home=self.home,
            split=self.split,
            is_sidebar_shown=self.is_sidebar_shown,
        )
