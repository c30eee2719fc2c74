"""A letter in Markdown: CommonMark, and nothing that GitHub's extensions would make more of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.exporters.markdown import plain, plain_line
from store.letters import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.digests import Digest, Digested


def write_markdown_letter(digest: Digest) -> Iterator[str]:
    """Yield the letter in parts."""
    yield f"# {plain(wording.subject(digest))}\n"
    for section in wording.sections(digest):
        yield f"\n## {plain(section.heading)}\n\n"
        for one in section.papers:
            yield _paper(one, digest)
    more = wording.left_out(digest)
    yield f"\n{plain(more)}\n" if more else ""


def _paper(one: Digested, digest: Digest) -> str:
    paper, page = one.paper, wording.page(one.paper)
    title = plain(wording.title(paper))
    # A backslash at the end of a line breaks it; a blank line ends the paragraph within the list.
    first = [
        f"[{title}]({page.url})" if page else plain_line(wording.title(paper)),
        plain_line(wording.authors(paper)),
    ]
    links = [f"[{link.label}]({link.url})" for link in wording.other_links(paper)]
    last = filter(None, (wording.facts(paper), *links, wording.why(one, digest)))
    facts = " · ".join(text if text in links else plain(text) for text in last)
    paragraphs = ("\\\n  ".join(filter(None, first)), plain_line(wording.excerpt(paper)), facts)
    return "- " + "\n\n  ".join(filter(None, paragraphs)) + "\n"
