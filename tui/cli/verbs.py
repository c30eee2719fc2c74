"""The verbs of the command line, each with its help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import PROGRAM
from tui.cli import verboptions
from tui.cli.lessons import LESSONS
from tui.cli.options import OptionParser

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
        verboptions.add_common(parser)
        return parser


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
        verboptions.add_import,
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
        verboptions.add_search,
        _QUERY_HELP,
    ),
    Verb(
        "count",
        "QUERY…",
        "print how many papers a query finds",
        ("paperdeck count is:unread on:today", "paperdeck count tag:none is:starred"),
        verboptions.add_explain,
        more=_QUERY_HELP,
    ),
    Verb(
        "show",
        "ID",
        "print one paper in full",
        ("paperdeck show 2401.01234", "paperdeck show --json doi:10.1000/xyz"),
        verboptions.add_show,
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
        verboptions.add_view,
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
        verboptions.add_remove,
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
        verboptions.add_history,
    ),
    Verb(
        "export",
        "[QUERY…]",
        "write what a query finds in a format that other programs read",
        (
            "paperdeck export -o thesis.bib tag:thesis",
            "paperdeck export --format markdown is:starred added:7d",
            "paperdeck export --format '\\cite{{{key}}} {title:latex}' is:starred",
            "paperdeck export --copy --format bibtex 2401.01234",
            "paperdeck export '*' | gzip > papers.jsonl.gz",
        ),
        verboptions.add_export,
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
        verboptions.add_digest,
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
            "paperdeck restore --dry-run decisions.txt",
            "paperdeck restore --add decisions.txt",
            "echo '+rl -unread -- arxiv:2401.01234' | paperdeck restore --add -",
        ),
        verboptions.add_restore,
    ),
    Verb(
        "merge",
        "OURS BASE THEIRS",
        "merge two dumps that come from a third; git can do so by itself",
        ("paperdeck merge decisions.txt old-decisions.txt laptop-decisions.txt",),
    ),
    Verb(
        "formats",
        "",
        "list the formats that can be imported and exported",
        ("paperdeck formats", "paperdeck formats | grep ^export"),
    ),
    Verb(
        "backup",
        "",
        "back the library up, list its backups, or restore one",
        (
            "paperdeck backup",
            "paperdeck backup --list",
            "paperdeck backup --restore newest",
        ),
        verboptions.add_backup,
    ),
    Verb(
        "doctor",
        "[clip]",
        "look for what is wrong; 'doctor clip' tries a copy",
        (
            "paperdeck doctor",
            "paperdeck doctor clip",
            "paperdeck doctor --json",
            "paperdeck doctor --repair",
        ),
        verboptions.add_doctor,
    ),
    Verb(
        "config",
        "",
        "show what is configured, and where",
        ("paperdeck config", "paperdeck config --json"),
        verboptions.add_config,
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
        verboptions.add_index,
    ),
)
