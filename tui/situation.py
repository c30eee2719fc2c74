"""Where the reader is just now, as far as commands say of themselves what they would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.format import counted, cut_title

if TYPE_CHECKING:
    from store.models import Paper
    from tui.acts import Act
    from tui.state import ViewState


@dataclass(frozen=True, slots=True)
class Situation:
    """What commands act on, and what they know beforehand."""

    paper: Paper | None
    """The selected one."""
    chosen: int
    """How many papers commands act on: the marked ones, else the selected one."""
    state: ViewState
    suggested: tuple[str, ...] = ()
    """Tags that papers like this one have."""
    repeatable: Act | None = None
    """The latest act of the reader."""
    undoable: str = ""
    """The label of the entry that undo takes back."""
    redoable: str = ""
    views: tuple[str, ...] = ()
    """The names of the saved views, in their order."""

    @property
    def subject(self) -> str:
        """What commands act on, for a message."""
        if self.state.marks:
            return f"{counted(self.chosen, 'marked paper')}"
        return f"'{cut_title(self.paper.title)}'" if self.paper else "no paper"

    @property
    def them(self) -> str:
        """What commands act on, where the paper has been named already."""
        return self.subject if self.state.marks else "it"

    @property
    def tags(self) -> frozenset[str]:
        """The tags of the selected paper; none where commands act on marked ones."""
        is_one = self.paper is not None and not self.state.marks
        return frozenset(self.paper.tags if self.paper and is_one else ())
