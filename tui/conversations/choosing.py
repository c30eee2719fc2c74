"""The conversation over the browser: choosing one of many, and reading what is long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from store.errors import TagNameError
from store.tagnames import tag_name
from tui.commands import COMMANDS
from tui.conversations.finding import finished_query
from tui.facts import UNDOES
from tui.format import LINK_LABELS, counted, one_line, own_tags
from tui.guide import SYNTAX, HelpRow
from tui.messages import ThemeChosen
from tui.screens.chooser import Choice, Chooser
from tui.screens.help import HelpScreen
from tui.screens.reader import TextScreen
from tui.shelf import tag_query, view_query
from tui.situation import Situation
from tui.spelling import quoted
from tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.models import Link
    from tui.screens.browser import Browser

T = TypeVar("T")

LEFT_OUT = frozenset({"palette", "view"})
"""Commands that are not found in the palette: itself, and that which asks for one of several keys.
"""
LAST = frozenset({"Move"})
"""Groups of commands that nobody looks for by name."""


class Choosing:
    """Opens what lies over the browser, and goes on with what was chosen."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def choose(self, title: str, choices: Sequence[Choice[T]], then: Callable[[T], object]) -> None:
        """Let the reader choose, and go on with the value."""

        def go_on(value: T | None) -> None:
            if value is not None:
                then(value)

        self._browser.app.push_screen(Chooser(title, choices), go_on)

    def palette(self) -> None:
        """Find a command, a view or a tag by its name."""
        browser = self._browser
        bindings = browser.keyboard.bindings
        choices: list[Choice[Callable[[], object]]] = [
            Choice(
                command.summary,
                partial(command.action, browser),
                detail=group,
                keys=bindings.shown(command),
                also=command.name,
            )
            for group, commands in sorted(COMMANDS.items(), key=lambda one: one[0] in LAST)
            for command in commands
            if command.name not in LEFT_OUT
        ]
        for name, query in browser.library.views.items():
            choices.append(Choice(f"view {name}", partial(self._open_view, name), detail=query))
        for tag in browser.library.tags.counts():
            open_tag = partial(browser.finding.open, tag_query(tag.name))
            choices.append(Choice(f"tag {tag.name}", open_tag, detail=counted(tag.papers, "paper")))
        self.choose("Commands, views and tags", choices, lambda act: act())

    def view(self) -> None:
        """Choose a saved view."""
        views = self._browser.library.views
        if not views:
            self._browser.say(f"There are no saved views yet: {self._how_to_save()}")
            return
        choices = [
            Choice(name, name, detail=query, keys=str(number) if number <= 9 else "")  # noqa: PLR2004 one key each
            for number, (name, query) in enumerate(views.items(), 1)
        ]
        self.choose("Views", choices, self._open_view)

    def view_at(self, place: int) -> None:
        """Open the saved view at this place, counted from 0."""
        names = tuple(self._browser.library.views)
        if place < len(names):
            self._open_view(names[place])
        else:
            saved = counted(len(names), "saved view")
            self._browser.say(f"There is no view {place + 1}: {saved}; {self._how_to_save()}")

    def save_view(self) -> None:
        """Ask for a name, and save the query of what is shown under it."""
        browser = self._browser
        query = finished_query(browser)

        def save(written: str) -> None:
            try:
                name = tag_name(written)
            except TagNameError as error:
                raise TagNameError(error.name, error.reason, what="a view") from None
            browser.library.views.check(name, query, dict(browser.library.views))
            browser.work.decisions.change(lambda: self._save(name, query))

        browser.asking.begin(f"Save '{query}' as", save)

    def delete_view(self) -> None:
        """Choose a saved view, and forget it."""
        browser = self._browser
        views = browser.library.views

        def delete(name: str) -> str:
            users = views.users_of(name)
            views.remove(name)
            still = f"; still named by {', '.join(map(quoted, users))}" if users else ""
            return f"Deleted the view '{name}'{still}{UNDOES}"

        if views:
            choices = [Choice(name, name, detail=query) for name, query in views.items()]
            decisions = browser.work.decisions
            self.choose(
                "Delete which view?", choices, lambda name: decisions.change(lambda: delete(name))
            )
        else:
            browser.say("There are no saved views")

    def link(self, links: Sequence[Link]) -> None:
        """Choose a link, and copy it."""
        choices = [
            Choice(LINK_LABELS[link.kind.value], link.url, detail=one_line(link.url))
            for link in links
        ]
        copies = self._browser.work.copies
        self.choose("Copy which link?", choices, lambda url: copies.copy(lambda: (url, "")))

    def link_kind(self, title: str, then: Callable[[str], object]) -> None:
        """Choose what links of several papers shall lead to."""
        choices = [Choice(label, kind) for kind, label in LINK_LABELS.items()]
        self.choose(title, choices, then)

    def tag(self, title: str, then: Callable[[str], object]) -> None:
        """Choose one of the reader's own tags."""
        counts = [one for one in self._browser.library.tags.counts() if own_tags([one.name])]
        if counts:
            choices = [Choice(c.name, c.name, detail=counted(c.papers, "paper")) for c in counts]
            self.choose(title, choices, then)
        else:
            self._browser.say("The library has no tags of yours yet")

    def theme(self) -> None:
        """Choose the colours."""
        browser = self._browser
        choices = [Choice(name, name) for name in THEMES]
        self.choose("Colours", choices, lambda name: browser.post_message(ThemeChosen(name)))

    def help(self) -> None:
        """Show every command with its keys, and what it would do now."""
        browser = self._browser
        situation = self._situation()
        shown = browser.keyboard.bindings.shown
        rows = [
            HelpRow(group, shown(command), command.summary, command.now(situation))
            for group, commands in COMMANDS.items()
            for command in commands
        ]
        browser.app.push_screen(HelpScreen(rows, SYNTAX, f"on {situation.subject}"))

    def messages(self) -> None:
        """Show the latest messages in full, the latest first."""
        told = reversed(self._browser.status.hints.told)
        text = "\n".join(f"{one.at:%H:%M:%S}  {one.text}" for one in told)
        self.read("Messages", text or "There was no message yet.")

    def read(self, title: str, text: str) -> None:
        """Show a long text."""
        self._browser.app.push_screen(TextScreen(title, text))

    def _how_to_save(self) -> str:
        return f"{self._browser.keyboard.shown('save-view')} saves what is shown"

    def _save(self, name: str, query: str) -> str:
        views = self._browser.library.views
        is_new = name not in views
        views.save(name, query)
        return f"{'Saved' if is_new else 'Changed'} the view '{name}'{UNDOES}"

    def _open_view(self, name: str) -> None:
        self._browser.finding.open(view_query(name))

    def _situation(self) -> Situation:
        browser = self._browser
        undoable, redoable = browser.library.history.undoable(), browser.library.history.redoable()
        return Situation(
            browser.selected_paper(),
            len(browser.state.chosen),
            browser.state,
            suggested=browser.resting.suggested,
            repeatable=browser.deciding.latest,
            undoable=undoable.label if undoable else "",
            redoable=redoable.label if redoable else "",
            views=tuple(browser.library.views),
        )
