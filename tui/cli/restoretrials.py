"""What restoring a dump would change, as a list of edits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from store.decisions.lines import short_title, to_line
from store.decisions.statements import Decision, PaperNote, SavedView
from store.tagnames import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.changes.change import Change
    from store.library import Library


def edits_of(library: Library, changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each view, for the tags of each paper and for its note.

    What no edit can say, such as a view that goes, stands in a comment.
    """
    keys = {change.paper for change in changes if change.field in {"tag", "note", "join", "apart"}}
    papers = {paper.key: paper for paper in library.papers(sorted(filter(None, keys)))}
    edits: dict[tuple[str, int], str] = {}
    tags: dict[int, TagEdit] = {}
    for key, field, before, after in changes:
        if field == "view":
            yield _view(before, after)
        if key is None or key not in papers:
            continue
        target, title = papers[key].id, short_title(papers[key].title)
        if field == "tag":
            edit = tags.get(key, TagEdit())
            added, removed = filter(None, [after]), filter(None, [before])
            tags[key] = TagEdit((*edit.added, *added), (*edit.removed, *removed))
            edits["tag", key] = to_line(Decision(tags[key], target, title=title))
        elif field == "note":
            edits["note", key] = to_line(PaperNote(after or "", target, title=title))
        elif field in {"join", "apart"}:
            edits["pair", key] = f"# joined or split: {target}  # {title}"
    yield from edits.values()


def _view(before: str | None, after: str | None) -> str:
    if after is not None:
        return to_line(SavedView(*json.loads(after)))
    return f"# the view goes: {to_line(SavedView(*json.loads(before or '[]')))}"
