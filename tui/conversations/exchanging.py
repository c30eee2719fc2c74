"""The conversation with files and other programs: papers given away and taken in."""

from __future__ import annotations

from collections import deque
from functools import cached_property, partial
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from tui.format import counted, cut_title
from tui.reports import import_news, refusal_lines

if TYPE_CHECKING:
    from store.imports.report import ImportReport
    from tui.conversations.noting import Noting
    from tui.facts import ImportEnded, ImportMoved, OutputCame
    from tui.screens.browser import Browser

FORMATS = {
    "jsonl": "JSON Lines",
    "bibtex": "BibTeX",
    "markdown": "Markdown",
    "biblatex": "BibLaTeX",
    "ris": "RIS",
    "csl": "CSL-JSON",
    "csv": "CSV",
    "markdown-table": "a Markdown table",
}
"""What papers can be piped as, and what the reader calls that."""
SLOW_SECONDS = 5.0
"""After so long a command is said to be at work still."""
FREE_SECONDS = 0.2
"""How often is looked whether the reader is free for what a command wrote."""
IMPORT = "import"
COMMAND = "command"
"""What notes in the footer are about."""
BROUGHT_LAST = "import:last"
"""The query for what the latest import of any program has added."""


class _Standing(NamedTuple):
    """Where the reader stands: of what is shown, and after how many keys."""

    presses: int
    text: str
    key: int | None
    top: int


class Exchanging:
    """Gives papers away and takes them in; one command is at work at a time."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._formats = cycle(FORMATS)
        self._format = next(self._formats)
        self._written = ""
        self._number = 0
        self._outputs: deque[OutputCame] = deque()
        self._begun: deque[_Standing] = deque()
        """Where the reader stood as each import was asked for that has not come to its end."""
        self._awaited = ""
        self._news = ("", False)

    @cached_property
    def _noting(self) -> Noting:
        from tui.conversations.noting import Noting

        return Noting(self._browser, self._browser.is_over)

    def export(self) -> None:
        """Ask for a file, and write the papers there."""
        # Here and below: a start goes without what reaches outside.
        from tui.outside.files import completed_path, export_target

        keys = self._browser.chosen()
        if not keys:
            return

        def answer(written: str) -> None:
            if not written.strip():
                return
            target = export_target(written)
            shown = written.strip()
            transfers = self._browser.work.transfers
            export = partial(transfers.export, target.path, shown, target.format_name, keys)
            if target.is_there:
                self._browser.keyboard.confirm(f"'{shown}' is there: write over it?", export)
            else:
                export()

        label = f"Export {counted(len(keys), 'paper')} to the file"
        self._browser.asking.begin(label, answer, complete=completed_path)

    def import_papers(self) -> None:
        """Ask for a file or folder, and bring its papers in."""
        from tui.outside.files import completed_path, import_target

        def answer(written: str) -> None:
            if not written.strip():
                return
            path = import_target(written)
            if self._browser.work.transfers.is_importing:
                self._browser.say(f"'{path.name}' follows when the other import is done")
            self._begun.append(self._standing())
            self._browser.work.transfers.import_papers(path)

        self._browser.asking.begin("Import the file or folder", answer, complete=completed_path)

    def pipe(self) -> None:
        """Ask for a command, and give it the papers."""
        keys = self._browser.chosen()
        if self._browser.work.transfers.is_running:
            self._browser.say(self._still_running())
            return
        if not keys:
            return

        def label() -> str:
            return f"Pipe {counted(len(keys), 'paper')} as {FORMATS[self._format]} to"

        def switch() -> str:
            self._format = next(self._formats)
            return label()

        self._browser.asking.begin(
            label(), partial(self._run, keys), text=self._written, tabbed=switch, is_selected=True
        )

    def stop(self) -> bool:
        """Stop the command that is at work, else the import; False where there is none.

        False too where it was told to stop before and has not yet: then ctrl+c quits.
        """
        transfers = self._browser.work.transfers
        if transfers.stop_command():
            self._browser.say(f"Stopping '{cut_title(self._written)}'")
            return True
        return transfers.stop_import()

    def edit_note(self) -> None:
        """Let the reader write a note on the paper in an editor."""
        self._noting.edit()

    def show_brought(self) -> None:
        """Show what the latest import has added, whichever program it was of."""
        self._browser.finding.open(BROUGHT_LAST)

    def moved(self, fact: ImportMoved) -> None:
        """Show how far an import is."""
        share = "" if fact.percent is None else f" · {fact.percent} %"
        progress = f"Importing {fact.name}: {counted(fact.records, 'paper')}{share}"
        self._browser.status.hints.note(progress, IMPORT)

    def imported(self, fact: ImportEnded) -> None:
        """Tell what an import came to, and let it be found."""
        browser = self._browser
        begun = self._begun.popleft() if self._begun else None
        browser.status.hints.note("", IMPORT)
        browser.lookout.note_search(len(browser.library))
        browser.work.searches.catch_up()
        report = fact.report
        again = f"importing '{fact.name}' again completes it"
        if report is None and fact.trouble:
            browser.say(f"{fact.trouble}; {again}", is_trouble=True)
        elif report is None:
            browser.say(f"Stopped: what came in stays, and {again}")
        else:
            self._tell_report(report, is_waiting=begun == self._standing())
        if browser.welcoming.is_empty:
            browser.finding.again()

    def output_came(self, fact: OutputCame) -> None:
        """Tell how a command ended, and show what it wrote once the reader is free."""
        self._browser.status.hints.note("", COMMAND)
        self._browser.say(fact.news, is_trouble=fact.is_trouble)
        if fact.text:
            self._outputs.append(fact)
            self._show_outputs()

    def come_to(self, text: str) -> None:
        """Tell what an import came to, where its papers are shown now."""
        if self._awaited and text == self._awaited:
            self._awaited = ""
            news, is_trouble = self._news
            self._browser.say(news, is_trouble=is_trouble)

    def _run(self, keys: tuple[int, ...], written: str) -> None:
        from tui.outside.piping import command_words

        words = command_words(written)
        if words:
            self._written = written.strip()
            self._browser.work.transfers.pipe(words, self._format, keys)
            self._number += 1
            self._browser.set_timer(SLOW_SECONDS, partial(self._tell_slow, self._number))

    def _tell_slow(self, number: int) -> None:
        if number == self._number and self._browser.work.transfers.is_running:
            self._browser.status.hints.note(self._still_running(), COMMAND)

    def _still_running(self) -> str:
        return f"'{cut_title(self._written)}' is still running · ctrl+c stops it"

    def _show_outputs(self) -> None:
        if not self._outputs:
            return
        if self._browser.is_read:
            fact = self._outputs.popleft()
            self._browser.choosing.read(fact.news, fact.text)
        if self._outputs:
            self._browser.set_timer(FREE_SECONDS, self._show_outputs)

    def _standing(self) -> _Standing:
        """Return where the reader stands now: who did nothing since stands there still."""
        view = self._browser.state.list
        return _Standing(
            self._browser.keyboard.presses, self._browser.state.text, view.key, view.top
        )

    def _tell_report(self, report: ImportReport, *, is_waiting: bool) -> None:
        """Tell what came in, and show it to the reader who has waited for it."""
        browser = self._browser
        lines = refusal_lines(report)
        for line in lines:
            browser.status.hints.tell(line, is_trouble=True)
        news = import_news(report)
        if len(lines) == 1 and not report.added and not report.updated:
            news = lines[0]  # as where the file is none that can be read
        if not report.query or browser.welcoming.is_empty:
            browser.say(news, is_trouble=bool(lines))
            return
        if is_waiting and browser.is_read:
            # Told with the result, whose coming ends what is said of trouble.
            self._awaited = report.query
            self._news = (f"{news} · {browser.keyboard.shown('quit')} goes back", bool(lines))
            browser.finding.open(report.query)
        else:
            shows = browser.keyboard.shown("imported")
            browser.say(f"{news} · {shows} shows them", is_trouble=bool(lines))
