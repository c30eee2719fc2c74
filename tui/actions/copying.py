"""Copying what belongs to papers, one a line if they are many, and opening a paper's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.exporters import EXPORTERS
from store.links import page_link
from store.models import LinkKind
from tui.format import counted, links_to_show

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.models import Paper
    from tui.screens.browser import Browser
    from tui.situation import Situation


def copy_link(browser: Browser) -> None:
    """Copy the address of the paper's page, or of a search by its title where it has none."""
    paper = browser.selected_paper()
    link = page_link(paper.links) if paper else None
    is_search = link is not None and link.kind is LinkKind.SEARCH and not browser.state.marks
    note = "This paper has no page, but a search by its title" if is_search else ""
    _copy(browser, "link", _page, note)


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
    """Choose one of the paper's links by its name, and copy it."""
    paper = browser.selected_paper()
    if paper is None:
        return
    links = links_to_show(paper)
    if links:
        browser.choosing.link(links)
    else:
        browser.say("This paper has no link")


def open_page(browser: Browser) -> None:
    """Open the paper's page in the reader's web browser, or copy its address."""
    paper = browser.selected_paper()
    if paper is None:
        return
    url = _page(paper)
    if url:
        browser.work.copies.open(url)
    else:
        browser.say("This paper has no link")


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


def _copy(browser: Browser, what: str, text_of: Callable[[Paper], str], note: str = "") -> None:
    """Copy a text of each chosen paper that has one, a line each."""
    texts = [text_of(paper) for paper in browser.library.papers(browser.state.chosen)]
    found = [text for text in texts if text]
    if not texts:
        return
    if not found:
        one = "This paper has" if len(texts) == 1 else "These papers have"
        browser.say(f"{one} no {what}")
        return
    if len(texts) > 1:
        note = f"{counted(len(found), what)} of {counted(len(texts), 'paper')}"
    browser.work.copies.copy(lambda: "\n".join(found), note)


def _copy_format(browser: Browser, name: str) -> None:
    keys = browser.state.chosen
    if keys:
        library = browser.library
        note = counted(len(keys), "paper") if len(keys) > 1 else ""
        browser.work.copies.copy(
            lambda: "".join(EXPORTERS[name].write(library.papers(keys))).rstrip("\n"), note
        )
