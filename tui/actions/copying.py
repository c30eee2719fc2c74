"""Copying what belongs to the selected paper, and opening its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.links import page_link
from store.models import LinkKind

if TYPE_CHECKING:
    from store.models import Paper
    from tui.screens.browser import Browser


def copy_link(browser: Browser) -> None:
    """Copy the address of the paper's page, or of a search by its title where it has none."""
    paper = browser.selected_paper()
    if paper is None:
        return
    link = page_link(paper.links)
    if link is None:
        browser.say("This paper has no link")
    elif link.kind is LinkKind.SEARCH:
        browser.work.copy(link.url, "This paper has no page, but a search by its title")
    else:
        browser.work.copy(link.url)


def copy_pdf(browser: Browser) -> None:
    """Copy the address of the PDF."""
    _copy_kind(browser, LinkKind.PDF, "This paper has no PDF link")


def copy_code(browser: Browser) -> None:
    """Copy the address of the code."""
    _copy_kind(browser, LinkKind.CODE, "This paper has no code link")


def copy_identifier(browser: Browser) -> None:
    """Copy the identifier."""
    paper = browser.selected_paper()
    if paper is None:
        return
    if paper.identifiers:
        browser.work.copy(paper.id)
    else:
        browser.say("This paper has no identifier")


def copy_title(browser: Browser) -> None:
    """Copy the title."""
    paper = browser.selected_paper()
    if paper is not None:
        browser.work.copy(paper.title)


def open_page(browser: Browser) -> None:
    """Open the paper's page in the reader's web browser, or copy its address."""
    paper = browser.selected_paper()
    if paper is not None:
        _open(browser, paper)


def _open(browser: Browser, paper: Paper) -> None:
    link = page_link(paper.links)
    if link is None:
        browser.say("This paper has no link")
    else:
        browser.work.open(link.url)


def _copy_kind(browser: Browser, kind: LinkKind, otherwise: str) -> None:
    paper = browser.selected_paper()
    if paper is None:
        return
    link = paper.link(kind)
    if link is None:
        browser.say(otherwise)
    else:
        browser.work.copy(link.url)
