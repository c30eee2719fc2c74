"""Copying what belongs to papers, one a line if they are many, and opening a paper's page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS
from store.links import page_link
from store.models import LinkKind
from tui.format import LINK_LABELS, counted, links_to_show

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.models import Paper
    from tui.screens.browser import Browser
    from tui.situation import Situation


FEW_PAGES = 5
"""More pages are opened only after a question."""
MOST_PAGES = 30
"""More are never opened at once: a web browser would not take them."""


def copy_link(browser: Browser) -> None:
    """Copy the address of the paper's page, or of a search by its title where it has none."""
    _copy(browser, "link", _page, _search_note)


def link_now(situation: Situation) -> str:
    """Say what `copy_link` would copy."""
    return _now(situation, _page)


def copy_pdf(browser: Browser) -> None:
    """Copy the address of the PDF."""
    _copy(browser, "PDF link", _pdf)


def pdf_now(situation: Situation) -> str:
    """Say what `copy_pdf` would copy."""
    return _now(situation, _pdf)


def copy_code(browser: Browser) -> None:
    """Copy the address of the code."""
    _copy(browser, "code link", _code)


def code_now(situation: Situation) -> str:
    """Say what `copy_code` would copy."""
    return _now(situation, _code)


def copy_identifier(browser: Browser) -> None:
    """Copy the identifier."""
    _copy(browser, "identifier", _identifier)


def identifier_now(situation: Situation) -> str:
    """Say what `copy_identifier` would copy."""
    return _now(situation, _identifier)


def copy_title(browser: Browser) -> None:
    """Copy the title."""
    _copy(browser, "title", lambda paper: paper.title)


def copy_bibtex(browser: Browser) -> None:
    """Copy BibTeX entries."""
    _copy_format(browser, "bibtex")


def copy_markdown(browser: Browser) -> None:
    """Copy a list in Markdown."""
    _copy_format(browser, "markdown")


def copy_any_link(browser: Browser) -> None:
    """Choose one of the paper's links by its name, or one kind of all marked, and copy it."""
    keys = browser.chosen()
    if len(keys) > 1:
        title = f"Copy which link of {counted(len(keys), 'paper')}?"
        browser.choosing.link_kind(title, partial(_copy_kind, browser, keys))
        return
    for paper in browser.library.papers(keys):
        links = links_to_show(paper)
        if links:
            browser.choosing.link(links)
        else:
            browser.say("This paper has no link")


def open_page(browser: Browser) -> None:
    """Open the papers' pages in the reader's web browser, or copy their addresses."""
    keys, copies = browser.chosen(), browser.work.copies
    if len(keys) > MOST_PAGES:
        marked = counted(len(keys), "paper")
        browser.say(f"At most {MOST_PAGES} pages are opened at once, and {marked} are marked")
        return
    urls = [url for url in map(_page, browser.library.papers(keys)) if url]
    if len(urls) > FEW_PAGES:
        browser.keyboard.confirm(f"Open {counted(len(urls), 'page')}?", lambda: copies.open(urls))
    elif urls:
        copies.open(urls)
    elif keys:
        browser.say("This paper has no link" if len(keys) == 1 else "These papers have no link")


def _page(paper: Paper) -> str:
    link = page_link(paper.links)
    return link.url if link else ""


def _pdf(paper: Paper) -> str:
    link = paper.link(LinkKind.PDF)
    return link.url if link else ""


def _code(paper: Paper) -> str:
    link = paper.link(LinkKind.CODE)
    return link.url if link else ""


def _identifier(paper: Paper) -> str:
    return paper.id if paper.identifiers else ""


def _now(situation: Situation, text_of: Callable[[Paper], str]) -> str:
    if situation.state.marks:
        return f"of {situation.them}"
    return (text_of(situation.paper) or "it has none") if situation.paper else ""


def _search_note(paper: Paper) -> str:
    link = page_link(paper.links)
    is_search = link is not None and link.kind is LinkKind.SEARCH
    return "This paper has no page, but a search by its title" if is_search else ""


def _no_note(_: Paper) -> str:
    return ""


def _copy_kind(browser: Browser, keys: tuple[int, ...], kind: str) -> None:
    def text_of(paper: Paper) -> str:
        links = (link.url for link in links_to_show(paper) if link.kind.value == kind)
        return next(links, "")

    _copy(browser, f"'{LINK_LABELS[kind]}' link", text_of, keys=keys)


def _copy(
    browser: Browser,
    what: str,
    text_of: Callable[[Paper], str],
    note_of: Callable[[Paper], str] = _no_note,
    *,
    keys: tuple[int, ...] | None = None,
) -> None:
    """Copy a text of each of these papers or the chosen ones that has one, a line each."""
    library = browser.library
    chosen = browser.chosen() if keys is None else keys

    def make() -> tuple[str, str]:
        found: list[str] = []
        papers, note = 0, ""
        # The papers go by one by one: thousands take much memory, and long to be let go again.
        for papers, paper in enumerate(library.papers(chosen), 1):  # noqa: B007 told below
            text = text_of(paper)
            if text:
                found.append(text)
            if len(chosen) == 1:
                note = note_of(paper)
        if not found:
            one = "This paper has" if papers == 1 else "These papers have"
            return "", f"{one} no {what}"
        if papers > 1:
            note = f"{counted(len(found), what)} of {counted(papers, 'paper')}"
        return "\n".join(found), note

    if chosen:
        browser.work.copies.copy(make)


def _copy_format(browser: Browser, name: str) -> None:
    keys, library = browser.chosen(), browser.library

    def make() -> tuple[str, str]:
        form = EXPORTERS[name]
        text = "".join(form.write(library.papers(keys, cited=form.cites))).rstrip("\n")
        return text, counted(len(keys), "paper") if len(keys) > 1 else ""

    if keys:
        browser.work.copies.copy(make)
