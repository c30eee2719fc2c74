"""What help teaches: the groups of the verbs, the first steps, and a few lines for each verb.

The manual page is made of the same texts. They are set for 80 columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.errors import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS: Mapping[str, tuple[str, ...]] = {
    "browse": ("browse", "demo"),
    "bring in": ("import", "formats"),
    "find": ("search", "count", "show", "view"),
    "decide": ("tag", "remove", "join", "split", "undo", "redo", "history"),
    "take out": ("export", "digest", "apply", "dump", "restore", "merge"),
    "look after": ("doctor", "backup", "index", "config", "keys", "completion"),
}
"""Every verb, by what a reader is about to do."""

FIRST_STEPS: Mapping[str, str] = {
    "paperdeck demo": "look around in a sample library",
    "paperdeck import papers.json": "bring papers in; 'paperdeck formats' says which",
    "paperdeck": "decide on them; '?' shows every key",
}

ABOUT = "An offline browser for research papers. Without a verb, the browser opens."

LESSONS: Mapping[str, str] = {
    "browse": """\
The papers that the query finds stand in a list, with the abstract of one. Every
decision is stored as you see it, and 'u' takes it back. '?' shows every key.
Without a query it opens where you left it today, and on the inbox on a new day.
It needs a terminal; nothing is ever fetched from a network.""",
    "demo": """\
Try every key: nothing that you do there is kept, and your own library is never
opened. '?' shows the keys, 'q' leaves.""",
    "import": """\
The format of each file is told by its content, and folders are read with all
that is in them, .gz, .xz and .zip too; 'paperdeck formats' lists what is read.
A paper of which a file has only an identifier waits for an import with its
title, and --column says which columns a table has. A paper that is there
already is brought up to date; your tags, notes and decisions are never touched,
so importing something twice changes nothing. New papers are unread in the
inbox.

--dry-run tells, in a line each, which papers would be added and updated, which
records would be merged into one, and why. After an import 'import:12' finds
what it has added, and 'import:last' what the latest one has; --json names the
number.

What can't be read is refused and named, and the rest goes in: the exit status
is 3 then. 'paperdeck undo' takes a whole import back.""",
    "search": """\
Prints id, day, votes and title: aligned on a terminal, parted by tabs in a
pipe. Papers come by how well they match, by day where the query has no words;
sort: in the query or --sort orders them otherwise. Nothing is ever changed: a
paper that was found stays as unread as it was. 'tag', 'export', 'count' and the
browser take the same queries.

Where no paper has every word, a terminal shows those that come closest; in a
pipe, as JSON or by a template only what has all is printed. The exit status is
0 if something was found, 1 if nothing was or only some of the words, and 2 for
a query that can't be read.""",
    "count": """\
The number alone is printed, 0 too, and the exit status is 0 either way. Try a
query with it before 'tag' or 'remove' acts on what it finds.""",
    "show": """\
An arXiv id, a DOI or a web address names the paper, in any spelling; 'search'
prints identifiers that 'show' takes. The paper is not marked as read. The exit
status is 1 if the library has no such paper.""",
    "view": """\
A view is a query with a name. 'view:NAME' stands for it in every query, and
other words may stand beside it. Its papers are found anew each time; removing a
view never removes papers, and 'paperdeck undo' takes it back. Without a query,
the columns are name, papers and query, parted by tabs in a pipe.""",
    "tag": """\
The tags stand before '--', the query after it. A tag is a word of your own, and
'rl/offline' is nested below 'rl', so that tag:rl finds both. All papers change
or none does, as one act that 'paperdeck undo' takes back. What already is as
you ask is left alone, and no paper is ever removed.

The exit status is 1 if the query finds nothing.""",
    "remove": """\
The papers leave the library; 'paperdeck undo' brings them back with their tags.
Files on your disk are never touched. Look with 'paperdeck search' first at what
the same query finds. On a terminal it asks before it removes more than 100
papers. The exit status is 1 if nothing was removed.""",
    "join": """\
Imports tell by themselves what is one paper, by its identifiers or by title,
authors and year; this is for what they can't know. The paper keeps the
identifiers, tags, notes and days of all, and is decided on where one of them
was. Later imports of any of them go to it. 'paperdeck split' parts them again,
and 'paperdeck undo' takes the joining back. The exit status is 1 if the library
does not have one of the papers.""",
    "split": """\
What was joined by hand is as it was; records that an import took for one paper
by their titles become papers of their own; and where there are neither, what
each source said does. Tags and notes stay, on both where it is not known whose
they were. No later import joins them again; 'paperdeck join' does, and
'paperdeck undo' takes the splitting back. The exit status is 2 if the library
knows the paper from one record only.""",
    "undo": """\
Tags, removals and whole imports count as one act each; given again, it goes
further back. What changed since by another hand is kept and counted. Acts of a
browser are taken back there, or here by their number in 'paperdeck history'.
The exit status is 1 if there is nothing to take back.""",
    "redo": """\
It holds until the command line acts anew; by its number in 'paperdeck history'
an act can be made again even then. The exit status is 1 if there is nothing to
make again.""",
    "history": """\
The newest act is first, with its number, the time, what it did and to how many
papers. Acts of browsers are listed as well, and marked; so is an import that
was interrupted. In a pipe, the columns are parted by tabs: number, time, what
was done, papers, marks. It only looks: nothing is changed.""",
    "export": """\
'paperdeck formats' lists the formats. All papers that the query finds are
written, in its order, to the output, to a file or to the clipboard. A file's
name tells its format by its end, where --format does not. A file that is there
is replaced after a question, or by --overwrite: as a whole, or it stays as it
is. A paper keeps the citation key that it is given first, or had in your own
bibliography, whatever it is taken out with.

A template is written once for each paper. It names values in braces: {id}
{title} {day} {votes} {tags} {link} {authors} {abstract} {key} {first_author}
{year} {published} {listed} {added} {venue} {organisation} {categories}
{keywords} {arxiv} {doi} {page} {pdf} {code} {comments} {summary} {note}. Behind
a colon stands what the text is for, so that nothing of a record is taken for
more than text: {title:latex}, or markdown, html, json, csv, url. A brace itself
is written twice. On the command line \\t is a tab and \\n a new line.

The exit status is 1 if the query finds nothing: no file is written then.""",
    "digest": """\
Tells of the papers of the inbox, or of a query, that came in since the last
letter for it; the first one goes back a week. Papers follow that you decided on
and whose votes have doubled since. The last letter is remembered in the library
once it was delivered: written to its file, or read from the pipe. With --since
or --peek nothing is remembered. What is beyond --limit is counted, and is in no
later letter: --since with a higher --limit tells of it.

html and email fetch nothing and hold no script. email is a whole message; todo
is a list with a line for each paper, to be edited or answered by mail, and then
given to 'apply'. With --to it is a message as well.

The exit status is 1 if nothing is new: nothing is written then.""",
    "apply": """\
Each line adds tags to a paper and takes tags off, as the list that 'digest
--format todo' writes; '+' and '-' stand before tags, '--' before the paper. A
line without a tag changes nothing. An answer by mail is read as it is saved or
piped: marks of quotation go, and what stands around the list is passed over.

Every line is checked first. If one is wrong, it is named with what helps, and
nothing is changed. All edits are one act that 'paperdeck undo' takes back.""",
    "dump": """\
What you decided is written, as sorted lines of text that compare well and merge
under version control: a line for the tags of a paper, one for its note, one for
a view, one for each paper that you joined to another or keep apart from it.
Papers themselves are left to 'export'. Nothing in the library is changed.

The last line says that nothing is missing: 'restore' then takes a view that is
not there for removed, and a note, too. Put the file under git to take it from
machine to machine; 'paperdeck merge --help' says how both are merged.""",
    "restore": """\
Reads what 'dump' wrote, as one act that 'paperdeck undo' takes back: papers are
joined and split as it says, the tags of each paper named become those of its
line, its note and the views become those of the dump. Papers without a line
keep what they have, and so do notes and views where the dump was cut or is by a
version before 0.7. --add only adds what the lines add and takes off what they
take off.

Every line is checked first. If one is wrong, it is named with what helps, and
nothing is changed. A dump that would lose more than a tenth of the tags here,
of what is archived, of the notes, of the views or of what is joined and split,
and more than a few, is refused, and the exit status is 2: what would go is
told. --force restores it nevertheless, and --safe-fraction sets another share.
--dry-run tells what would change, a line each, and changes nothing.

Decisions on papers that are not there are named and left out, and the exit
status is 3 then.""",
    "merge": """\
What one side decided since the base, and the other did not, takes effect: tag
by tag, note by note, view by view. A line that one side lacks, as it does not
have the paper, stays. A view that both changed is kept twice, a paper that one
side joined gets what the other decided on either part, and whatever could not
be done as it was decided is told. No library is opened.

The result is written into the first file, and the exit status is 0. Where both
changed a note, or one side joined what the other keeps apart, both lines stand
between the marks of a conflict as git writes them: choose, take the marks out,
and 'restore'. The exit status is 3 then. If a line is wrong it is named, the
first file stays as it is, and the exit status is 2; in the file that git gives,
both texts stand between the marks then.

Two lines let git merge a dump so, in pull, merge and rebase alike. One stands
in the file .gitattributes: decisions.txt merge=paperdeck. The other is given
once on each machine: git config merge.paperdeck.driver 'paperdeck merge %A %O
%B'.""",
    "doctor": """\
Looks at the terminal and its colours, at tmux and its settings, at the way that
a copy takes from here and why, at the configuration, at the library, its index
and its backups, at who else may read them, and at the versions. A fault is
marked 'x', what could be better '?', each with what helps. 'doctor clip' copies
a small text as the browser would, and says what each way came to: paste it to
see that it arrived. In a pipe, the columns are parted by tabs: area, name,
state, value, remedy.

Nothing is changed, and a damaged library is looked at as well. The exit status
is 5 if there is a fault, and 4 if it is that the library can't be used.

--repair makes a damaged library sound: of every row that can still be read, and
where some are lost, of what the newest backup has in their place. It says what
came from where and what was lost, and keeps the damaged file beside the new
one. Close the browsers on that library first. The exit status is 5 if something
was lost, and 4 if nothing could be repaired.""",
    "backup": """A backup is made by itself on each day on which something was decided or
imported, and before a new version changes the library's format. It is checked
after it was written, and thinned out as it grows old: the newest, one of each
day for a week, one of each week for a month, and as many as fit into twice the
library's own size. They lie in the folder 'backups' beside the library; each is
a zip archive with the library in it. A copy on another disk is yours to make.

--restore puts one back, tags, notes, views and history too, and browsers that
are open go on with it. What was there is backed up before, so that restoring
that one takes it back. In a pipe, the columns are parted by tabs: name, time,
papers, size, occasion.""",
    "index": """\
It is brought up to date by itself whenever papers change, so this is for
scripts that want to wait, and for a cache folder that was lost. The index is
made of the library and can always be made anew; no decision is ever in it.""",
    "formats": """\
An import tells the format by itself, and --format of 'import' insists on one.
An export writes the one that --format names. In a pipe, the columns are parted
by tabs: direction, name, summary, example.""",
    "config": """\
Prints where the configuration file is, and of each name the value in force and
whether the file or the default gave it. A line that is wrong is named, and the
rest holds. No file is ever written: make it yourself where there is none.""",
    "keys": """\
These are the keys in force: those that [keys] in the configuration gives are
marked 'file', and a key there that can't be bound is named. What has no key is
found in the browser's palette. In a pipe, the columns are parted by tabs: key,
command, summary, origin; a line each. '?' in the browser shows the same.""",
    "completion": """\
Tab then completes verbs, options and their values, files, and in a query the
fields, states, tags and views of your own library, which is only read. Put one
of the lines below where your shell starts; zsh wants it after 'compinit'.""",
}
"""What each verb does, what it never does, and how it goes with the others."""

QUERIES: Mapping[str, str] = {
    "graph neural": "both words, in any order",
    '"graph neural"': "the words in a row",
    "diffus*": "a word that begins so",
    "-survey": "not this word; NOT survey is the same",
    "speech OR audio": "either word; operators are in capitals, and parentheses group",
    "2401.01234": "the paper with this identifier or web address",
    "*": "every paper",
}
"""The forms of a query beside its fields, by an example of each."""

KEYS = (
    "These are the keys of the browser, unless the configuration gives others."
    " What has none is found in the palette."
)

CONFIGURATION = (
    "The file is written in TOML. Each name may be left out, and the table [keys] goes last, as"
    " what follows it is part of it. A mistake is named, and the rest holds."
)

STATUSES: Mapping[Status, str] = {
    Status.DONE: "done",
    Status.NOTHING_FOUND: "nothing was found; 'count' prints 0 instead",
    Status.WRONG: "the command or the query is wrong",
    Status.REFUSED: (
        "some records or decisions were refused, or are to be chosen by you; the others went in"
    ),
    Status.UNUSABLE: "the library can't be used, or a file can't be written",
    Status.FAULTY: "'doctor' found a fault",
    Status.BROKEN: "there was an error that nobody foresaw: a line names its report",
    Status.INTERRUPTED: "interrupted with ctrl+c",
    Status.READER_GONE: "whoever read the output went away",
}

ENVIRONMENT: Mapping[str, str] = {
    "PAPERDECK_LIBRARY": "The library's folder, where --library names none.",
    "PAPERDECK_DISK": (
        "network or local: where library and cache are, if the program takes their disk wrongly."
    ),
    "PAPERDECK_DEBUG": (
        "Anything: reports of errors then hold what errors say and what is in variables, which may"
        " quote papers."
    ),
    "XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME": (
        "The folders above those of the library, the configuration, the cache and the state."
    ),
    "VISUAL, EDITOR": "The program that edits a note, where the configuration names none.",
    "TMUX, STY, SSH_TTY, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY": (
        "Tell how a link gets to your clipboard, and where it can be opened."
    ),
    "BROWSER": (
        "Commands, parted by colons, that open a link on the desktop before you; those of text"
        " browsers are passed over."
    ),
    "TERM, COLORTERM, NO_COLOR": "Tell which colours the browser uses, and that greys shall do.",
}

FILES: Mapping[str, str] = {
    "~/.local/share/paperdeck/library.db": (
        "The library: papers, tags, notes and the journal of what was done. Back this up."
    ),
    "~/.local/share/paperdeck/backups/": (
        "Backups of the library, made by themselves. They can be deleted at any time."
    ),
    "~/.config/paperdeck/config.toml": "The configuration, if you make one.",
    "~/.config/paperdeck/style.tcss": (
        "A style sheet of Textual's, taken after the browser's own, if you make one."
    ),
    "~/.local/state/paperdeck/sessions/": (
        "How the browser was left: a small file for each library. It can be deleted at any time."
    ),
    "~/.cache/paperdeck/": (
        "The search index and the text copied last. It can be deleted at any time."
    ),
}
"""On Linux; other platforms have folders of their own for each."""


def in_groups(names: Mapping[str, str]) -> str:
    """Return the verbs by group, each with its summary, as lines for help."""
    width = max(map(len, names)) + 2
    blocks = [
        "\n".join(
            [
                f"{group}:",
                *(f"  {name:<{width}}{names[name]}" for name in members if name in names),
            ]
        )
        for group, members in GROUPS.items()
    ]
    return "\n\n".join(blocks)


def first_steps() -> str:
    """Return the first steps as lines for help."""
    width = max(map(len, FIRST_STEPS)) + 2
    return "\n".join(
        ["first steps:", *(f"  {step:<{width}}{does}" for step, does in FIRST_STEPS.items())]
    )
