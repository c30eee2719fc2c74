"""The options of each verb of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.options import to_column, to_day, to_folder, to_fraction, to_limit

if TYPE_CHECKING:
    from tui.cli.options import OptionParser


def add_import(parser: OptionParser) -> None:
    """Add the options of `import`."""
    parser.add_argument(
        "--dry-run", action="store_true", help="only tell what would be added, updated and merged"
    )
    parser.add_argument("--format", metavar="FORMAT", help="read every file as this format")
    parser.add_argument(
        "--column",
        metavar="FIELD=NAME",
        action="append",
        default=[],
        type=to_column,
        help="the column of a table that holds a field, such as title=Name; may be given again",
    )
    parser.add_argument(
        "--date", metavar="DAY", type=to_day, help="the listed day, where a file names none"
    )
    parser.add_argument(
        "--tag",
        metavar="TAG",
        action="append",
        default=[],
        help="tag every paper of the files; may be given again",
    )
    parser.add_argument("--no-inbox", action="store_true", help="bring new papers in as read")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")


def add_search(parser: OptionParser) -> None:
    """Add the options of `search`."""
    parser.add_argument("--json", action="store_true", help="print one JSON array of objects")
    parser.add_argument("--jsonl", action="store_true", help="print a JSON object a line")
    parser.add_argument(
        "--format",
        metavar="TEMPLATE",
        help="print a line such as '{id} {title}': also {day} {votes} {tags} {link} {authors}"
        " {abstract} and what 'paperdeck export --help' lists; \\t is a tab, \\n a new line",
    )
    parser.add_argument(
        "--limit", metavar="N", type=to_limit, help="print the first N only; all without it"
    )
    parser.add_argument(
        "--sort", metavar="ORDER", help="such as score, date, votes, title, added or trending"
    )
    add_explain(parser)


def add_explain(parser: OptionParser) -> None:
    """Add the option that `search` and `count` share."""
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say how the query was read, the time it took, what each part finds, and what the"
        " first paper's score is made of",
    )


def add_show(parser: OptionParser) -> None:
    """Add the options of `show`."""
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def add_remove(parser: OptionParser) -> None:
    """Add the options of `remove`."""
    parser.add_argument(
        "--yes", action="store_true", help="don't ask before removing more than 100 papers"
    )


def add_history(parser: OptionParser) -> None:
    """Add the options of `history`."""
    parser.add_argument(
        "--limit",
        metavar="N",
        type=to_limit,
        help="list the latest N only; without it 20 on a terminal, else all",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array of objects")


def add_view(parser: OptionParser) -> None:
    """Add the options of `view`."""
    parser.add_argument("--remove", metavar="NAME", help="forget the view of this name")


def add_restore(parser: OptionParser) -> None:
    """Add the options of `restore`."""
    parser.add_argument(
        "--add",
        action="store_true",
        help="only add the tags that a line adds and take off those it takes off: other tags,"
        " notes and views stay",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="only tell what would change, as a list of edits",
    )
    parser.add_argument(
        "--force", action="store_true", help="restore, however much of what was decided goes"
    )
    parser.add_argument(
        "--safe-fraction",
        metavar="FRACTION",
        type=to_fraction,
        help="how much of each kind may go without --force, from 0 to 1; 0.1, or a few, without it",
    )


def add_export(parser: OptionParser) -> None:
    """Add the options of `export`."""
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="one that 'paperdeck formats' lists, or a template such as '{key}: {title:latex}';"
        " without it, the one that the file's name tells, else jsonl",
    )
    parser.add_argument(
        "--template", metavar="FILE", help="write each paper as the template in this file says"
    )
    _add_output(parser)
    parser.add_argument("--copy", action="store_true", help="copy the text to the clipboard")


def add_digest(parser: OptionParser) -> None:
    """Add the options of `digest`."""
    parser.add_argument(
        "--since",
        metavar="SPAN",
        help="what came in since a day, such as 7d, yesterday or 2026-03-12; without it, since the"
        " last letter for this query",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="markdown, html, email or todo; without it, the one that the file's name tells"
        " (.md, .html, .eml), else markdown",
    )
    parser.add_argument(
        "--to", metavar="ADDRESS", help="whom an e-mail goes to, instead of mail_to as configured"
    )
    parser.add_argument(
        "--from",
        metavar="ADDRESS",
        dest="sender",
        help="who sends it, instead of mail_from; without either, whom it goes to",
    )
    parser.add_argument(
        "--limit", metavar="N", type=to_limit, help="tell of the first N only; 100 without it"
    )
    _add_output(parser)
    parser.add_argument(
        "--peek", action="store_true", help="only look: the next letter tells it all again"
    )


def add_index(parser: OptionParser) -> None:
    """Add the options of `index`."""
    parser.add_argument("--status", action="store_true", help="say how much can be searched, only")
    parser.add_argument("--wait", action="store_true", help="return when everything can be")
    parser.add_argument("--rebuild", action="store_true", help="write the index anew")


def add_backup(parser: OptionParser) -> None:
    """Add the options of `backup`."""
    parser.add_argument("--list", action="store_true", help="list the backups, the newest first")
    parser.add_argument(
        "--restore",
        metavar="NAME",
        help="put a backup in the library's place, by its name in the list or as 'newest'; what is"
        " there is backed up before",
    )
    parser.add_argument("--json", action="store_true", help="list them as one JSON array")


def add_doctor(parser: OptionParser) -> None:
    """Add the options of `doctor`."""
    parser.add_argument(
        "--repair",
        action="store_true",
        help="make a damaged library sound, of what can be read of it and of backups",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_config(parser: OptionParser) -> None:
    """Add the options of `config`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_common(parser: OptionParser, *short_help: str) -> None:
    """Add the options that every verb has."""
    parser.add_argument(
        "--library",
        metavar="DIR",
        type=to_folder,
        help="the library's folder, instead of PAPERDECK_LIBRARY or the usual place",
    )
    parser.add_argument(*short_help, "--help", action="store_true", help="show this help")


def _add_output(parser: OptionParser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="write this file; '-' is the output"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the file that is there, without asking"
    )
