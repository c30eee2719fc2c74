"""What is one paper: `join` and `split`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.text import clean_line
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import tell
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

_TAKES_BACK = "paperdeck undo takes it back"


def join(options: Namespace) -> Status:
    """Make one paper of several; raise `UnknownPaperError`, `JoinError`."""
    identifiers = words_of(options)
    if len(identifiers) < 2:  # noqa: PLR2004 - one alone is one already
        raise CommandError(
            "'join' takes two identifiers or more, such as:"
            " paperdeck join 2401.01234 doi:10.1000/xyz"
        )
    with open_present_library(options.library) as library:
        keys = [library.paper_by_identifier(identifier).key for identifier in identifiers]
        paper = library.paper(library.joining.join(keys))
    number = counted(len(set(keys)), "paper")
    tell(f"joined {number} to {paper.id} '{clean_line(paper.title)}' · {_TAKES_BACK}")
    return Status.DONE


def split(options: Namespace) -> Status:
    """Make several papers of one, and name them; raise `UnknownPaperError`, `JoinError`."""
    identifiers = words_of(options)
    if len(identifiers) != 1:
        raise CommandError("'split' takes one identifier, such as: paperdeck split 2401.01234")
    with open_present_library(options.library) as library:
        key = library.paper_by_identifier(identifiers[0]).key
        others = library.joining.split(key)
        papers = list(library.papers((key, *others)))
    named = ", ".join(f"{paper.id} '{clean_line(paper.title)}'" for paper in papers)
    tell(f"split into {counted(len(papers), 'paper')}: {named} · {_TAKES_BACK}")
    return Status.DONE
