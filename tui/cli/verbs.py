"""The verbs of the command line, each with its options and its help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import PROGRAM
from tui.cli.lessons import LESSONS
from tui.cli.options import OptionParser, to_column, to_day, to_folder, to_limit

if TYPE_CHECKING:
    from collections.abc import Callable

_QUERY_HELP = """\
A query is words, all of which a paper has, and fields such as title:, author:,
tag:, is:unread, on:2026-03-12 or votes:>50. A '-' before a word leaves out what
has it, and '*' is every paper."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that the command line does."""

    name: str
    operands: str
    """As help shows them; empty where there are none."""
    summary: str
    """A line that begins in lower case."""
    examples: tuple[str, ...]
    add_options: Callable[[OptionParser], None] = lambda _: None
    more: str = ""
    """What help says besides."""

    @property
    def title(self) -> str:
        """The summary as a sentence."""
        return f"{self.summary[0].upper()}{self.summary[1:]}."

    def parser(self) -> OptionParser:
        """Return the reader of this verb's options."""
        lines = [*([self.more, ""] if self.more else []), "examples:"]
        parser = OptionParser(
            f"{PROGRAM} {self.name}",
            self.operands,
            "\n\n".join(filter(None, [self.title, LESSONS.get(self.name)])),
            "\n".join([*lines, *(f"  {example}" for example in self.examples)]),
        )
        self.add_options(parser)
        add_common(parser)
        return parser


def _import(parser: OptionParser) -> None:
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


def _search(parser: OptionParser) -> None:
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
    _explain(parser)


def _explain(parser: OptionParser) -> None:
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say how the query was read, the time it took, what each part finds, and what the"
        " first paper's score is made of",
    )


def _show(parser: OptionParser) -> None:
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def _remove(parser: OptionParser) -> None:
    parser.add_argument(
        "--yes", action="store_true", help="don't ask before removing more than 100 papers"
    )


def _history(parser: OptionParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="N",
        type=to_limit,
        help="list the latest N only; without it 20 on a terminal, else all",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array of objects")


def _view(parser: OptionParser) -> None:
    parser.add_argument("--remove", metavar="NAME", help="forget the view of this name")


def _restore(parser: OptionParser) -> None:
    parser.add_argument(
        "--add",
        action="store_true",
        help="leave the other tags of each paper, and the note it has",
    )


def _export(parser: OptionParser) -> None:
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="one that 'paperdeck formats' lists, or a template such as '{key}: {title:latex}';"
        " without it, the one that the file's name tells, else jsonl",
    )
    parser.add_argument(
        "--template", metavar="FILE", help="write each paper as the template in this file says"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="write this file; '-' is the output"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the file that is there, without asking"
    )
    parser.add_argument("--copy", action="store_true", help="copy the text to the clipboard")


def _digest(parser: OptionParser) -> None:
    parser.add_argument(
        "--since",
        metavar="SPAN",
        help="what came in since a day, such as 7d, yesterday or 2026-03-12; without it, since the"
        " last letter for this query",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        default="markdown",
        help="markdown, which is the default, html, email or todo",
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
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="write this file; '-' is the output"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the file that is there, without asking"
    )
    parser.add_argument(
        "--peek", action="store_true", help="only look: the next letter tells it all again"
    )


def _index(parser: OptionParser) -> None:
    parser.add_argument("--status", action="store_true", help="say how much can be searched, only")
    parser.add_argument("--wait", action="store_true", help="return when everything can be")
    parser.add_argument("--rebuild", action="store_true", help="write the index anew")


def _doctor(parser: OptionParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _config(parser: OptionParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


VERBS = (
    Verb(
        "browse",
        "[QUERY…]",
        "open the browser; so does no verb at all",
        (
            "paperdeck browse is:starred",
            "paperdeck browse on:today sort:votes",
            "paperdeck browse 'diffusion -survey'",
        ),
        more=_QUERY_HELP,
    ),
    Verb(
        "demo",
        "",
        "open the browser on a throwaway copy of the sample library",
        ("paperdeck demo",),
    ),
    Verb(
        "import",
        "PATH…",
        "bring in papers from files, folders or the standard input ('-')",
        (
            "paperdeck import papers.json --tag reading-group",
            "paperdeck import --dry-run archive/",
            "paperdeck import --no-inbox --date 2026-03-12 old-page.txt",
            "paperdeck import --column title=Name --column authors=Who seminar.csv",
            "cat page.txt | paperdeck import --date 2026-03-12 -",
            "paperdeck import papers.bib && paperdeck search import:last",
        ),
        _import,
    ),
    Verb(
        "search",
        "QUERY…",
        "print what a query finds, a line each",
        (
            "paperdeck search diffusion -survey",
            "paperdeck search --explain 'title:\"graph neural\" date:2025..'",
            "paperdeck search --jsonl tag:rl | head",
            "paperdeck search --format '{title}: {link}' --limit 5 is:unread sort:votes",
        ),
        _search,
        _QUERY_HELP,
    ),
    Verb(
        "count",
        "QUERY…",
        "print how many papers a query finds",
        ("paperdeck count is:unread on:today", "paperdeck count tag:none is:starred"),
        _explain,
        more=_QUERY_HELP,
    ),
    Verb(
        "show",
        "ID",
        "print one paper in full",
        ("paperdeck show 2401.01234", "paperdeck show --json doi:10.1000/xyz"),
        _show,
    ),
    Verb(
        "view",
        "[NAME [QUERY…]]",
        "list the saved views, save a query as one, or remove one",
        (
            "paperdeck view",
            "paperdeck view reading-group tag:rl,agents date:30d..",
            "paperdeck view --remove reading-group",
        ),
        _view,
    ),
    Verb(
        "tag",
        "+TAG… -TAG… -- QUERY…",
        "add tags to what a query finds, and take tags off",
        (
            "paperdeck tag +rl -unread -- title:reinforcement",
            "paperdeck tag +later -- 2401.01234",
            "paperdeck tag -inbox -unread -- 'added:..30d votes:<10'",
        ),
        more=_QUERY_HELP,
    ),
    Verb(
        "remove",
        "QUERY…",
        "take what a query finds out of the library",
        ("paperdeck remove is:dismissed added:..1y", "paperdeck remove --yes src:page -is:starred"),
        _remove,
        _QUERY_HELP,
    ),
    Verb(
        "join",
        "ID ID…",
        "make one paper of several that are one",
        (
            "paperdeck join 2401.01234 doi:10.1000/xyz",
            "paperdeck join paperdeck:12 paperdeck:40 acl:2020.acl-main.1",
        ),
    ),
    Verb(
        "split",
        "ID",
        "make several papers of one that never was one",
        ("paperdeck split doi:10.1000/xyz", "paperdeck split paperdeck:12"),
    ),
    Verb(
        "undo",
        "[ENTRY]",
        "take back the latest act of the command line, or any by its number",
        ("paperdeck undo", "paperdeck undo 12"),
    ),
    Verb(
        "redo",
        "[ENTRY]",
        "make the act again that was undone last, or any by its number",
        ("paperdeck redo", "paperdeck redo 12"),
    ),
    Verb(
        "history",
        "",
        "list what was done, the latest first",
        (
            "paperdeck history",
            "paperdeck history --limit 100 | grep import",
            "paperdeck history --json",
        ),
        _history,
    ),
    Verb(
        "export",
        "QUERY…",
        "write what a query finds in a format that other programs read",
        (
            "paperdeck export -o thesis.bib tag:thesis",
            "paperdeck export --format markdown is:starred added:7d",
            "paperdeck export --format '\\cite{{{key}}} {title:latex}' is:starred",
            "paperdeck export --copy --format bibtex 2401.01234",
            "paperdeck export '*' | gzip > papers.jsonl.gz",
        ),
        _export,
        _QUERY_HELP,
    ),
    Verb(
        "digest",
        "[QUERY…]",
        "write a letter of what is new, the best voted first",
        (
            "paperdeck digest",
            "paperdeck digest --since 7d --format html -o week.html view:reading-group",
            "paperdeck digest --format email --to group@example.org | sendmail -t",
            "paperdeck digest --format todo -o todo.txt",
        ),
        _digest,
        _QUERY_HELP,
    ),
    Verb(
        "apply",
        "FILE",
        "decide as a list of edits says, or the standard input ('-')",
        (
            "paperdeck apply todo.txt",
            "echo '+starred -inbox -- arxiv:2401.01234' | paperdeck apply -",
        ),
    ),
    Verb(
        "dump",
        "[FILE]",
        "write every tag, note and saved view as text",
        ("paperdeck dump decisions.txt", "paperdeck dump | grep +thesis"),
    ),
    Verb(
        "restore",
        "FILE",
        "decide as a dump says, or the standard input ('-')",
        (
            "paperdeck restore decisions.txt",
            "paperdeck restore --add decisions.txt",
            "echo '+rl -unread -- arxiv:2401.01234' | paperdeck restore --add -",
        ),
        _restore,
    ),
    Verb(
        "formats",
        "",
        "list the formats that can be imported and exported",
        ("paperdeck formats", "paperdeck formats | grep ^export"),
    ),
    Verb(
        "doctor",
        "[clip]",
        "look for what is wrong; 'doctor clip' tries a copy",
        ("paperdeck doctor", "paperdeck doctor clip", "paperdeck doctor --json"),
        _doctor,
    ),
    Verb(
        "config",
        "",
        "show what is configured, and where",
        ("paperdeck config", "paperdeck config --json"),
        _config,
    ),
    Verb(
        "keys",
        "",
        "list every key of the browser",
        ("paperdeck keys", "paperdeck keys | grep tag"),
    ),
    Verb(
        "completion",
        "SHELL",
        "print what makes a shell complete commands: bash, zsh or fish",
        (
            'eval "$(paperdeck completion bash)"',
            'eval "$(paperdeck completion zsh)"',
            "paperdeck completion fish | source",
        ),
    ),
    Verb(
        "index",
        "",
        "bring the search index up to date, in the background",
        (
            "paperdeck index --status",
            "paperdeck import archive/ && paperdeck index --wait",
            "paperdeck index --rebuild --wait",
        ),
        _index,
    ),
)


def add_common(parser: OptionParser, *short_help: str) -> None:
    """Add the options that every verb has."""
    parser.add_argument(
        "--library",
        metavar="DIR",
        type=to_folder,
        help="the library's folder, instead of PAPERDECK_LIBRARY or the usual place",
    )
    parser.add_argument(*short_help, "--help", action="store_true", help="show this help")
