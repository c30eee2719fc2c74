"""What a reader decides about papers, as values: done by a key, and again by another."""

from __future__ import annotations

from dataclasses import dataclass

from store.tagnames import TagEdit


@dataclass(frozen=True, slots=True)
class Act:
    """An edit of tags, and what it is called."""

    edit: TagEdit
    label: str
    """In the journal, before the papers."""
    done: str
    """To the reader, before the papers, once it is done."""
    goes_on: bool = False
    """Whether the selection goes on to the next paper that waits."""
    otherwise: Act | None = None
    """What is done where the edit changes nothing: the way back, for a key that goes both ways."""


ARCHIVE = Act(TagEdit(removed=("inbox", "unread")), "archive", "Archived", goes_on=True)
DISMISS = Act(
    TagEdit(added=("dismissed",), removed=("inbox", "unread")), "dismiss", "Dismissed", goes_on=True
)
STAR = Act(
    TagEdit(added=("starred",)),
    "star",
    "Starred",
    otherwise=Act(TagEdit(removed=("starred",)), "unstar", "Star taken off"),
)
READ = Act(
    TagEdit(removed=("unread",)),
    "mark read",
    "Marked read",
    otherwise=Act(TagEdit(added=("unread",)), "mark unread", "Marked unread"),
)
QUEUE = Act(
    TagEdit(added=("queued",)),
    "queue",
    "Queued",
    otherwise=Act(TagEdit(removed=("queued",)), "unqueue", "Taken off the queue"),
)


def tagging(edit: TagEdit) -> Act:
    """Return the act that edits the reader's own tags."""
    return Act(edit, f"tag {edit}", f"Tagged {edit}:")
