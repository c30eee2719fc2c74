"""Web pages as a reader of HTML has them."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """What a page is made of, once it has read `text`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    @property
    def shown(self) -> str:
        """What a reader sees, in one line."""
        return " ".join(" ".join(self.texts).split())
