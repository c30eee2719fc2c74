"""A letter as a list of edits, one line a paper, to be changed and given to `apply`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.decisions.lines import EDITS_END, EDITS_HEADER, Decision, to_line
from store.letters import wording
from store.tagnames import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.digests import Digest
    from store.models import Paper

COLUMNS = 70
"""Mail programs break longer lines, once they stand behind a mark of quotation."""
_SHORTEST_TITLE = 12
_INTRODUCTION = """\
# Write before the '--' of a paper what shall become of it, then give
# this list, or your answer to it, to: paperdeck apply FILE
#   -inbox -unread             archive it
#   -inbox -unread +dismissed  dismiss it
#   +starred +queued +any/tag  star it, queue it, tag it
# A line that stays as it is changes nothing.
"""
_NOTHING = TagEdit((), ())


def write_todo(digest: Digest) -> Iterator[str]:
    """Yield the lines of the list, with their ends."""
    yield f"{EDITS_HEADER}\n# {_cut(wording.subject(digest), COLUMNS - 2)}\n#\n{_INTRODUCTION}"
    for section in wording.sections(digest):
        yield f"\n# {_cut(section.heading, COLUMNS - 2)}\n"
        yield from (_line(one.paper) for one in section.papers)
    more = wording.left_out(digest)
    yield f"\n# {more}\n" if more else ""
    yield f"\n{EDITS_END}\n"


def _line(paper: Paper) -> str:
    line = to_line(Decision(_NOTHING, paper.id))
    title = wording.title(paper)
    if not paper.identifiers:
        # Behind the library's own number a title would have to be whole: it is checked there.
        return f"# {_cut(title, COLUMNS - 2)}\n{line}\n"
    room = max(_SHORTEST_TITLE, COLUMNS - len(line) - len("  # "))
    return f"{line}  # {_cut(title, room)}\n"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
