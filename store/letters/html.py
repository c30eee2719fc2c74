"""A letter as one HTML page that mail programs show well, in light and in dark.

Mail programs keep tables and styles within elements, and few keep more; those that know dark modes
read the two `meta` lines and the media query (RFC 1866 knows none of that: caniemail.com has what
each program does). Nothing is fetched: no image, no font, no script.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from store.letters import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.digests import Digest, Digested

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
# By class: the colours of the light letter, which stand in the elements, and of the dark one.
_LIGHT = {
    "ground": "background-color:#ffffff",
    "text": "color:#1f2328",
    "faint": "color:#57606a",
    "link": "color:#0550ae",
    "line": "border-top:1px solid #d8dee4",
}
_DARK = {
    "ground": "background-color:#16191d",
    "text": "color:#e6e8eb",
    "faint": "color:#a3acb6",
    "link": "color:#86b7ff",
    "line": "border-top:1px solid #3a4048",
}
_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
{dark}
}}
</style>
</head>
"""


def write_html(digest: Digest) -> Iterator[str]:
    """Yield the page in parts."""
    dark = "\n".join(f".{name} {{ {style} !important; }}" for name, style in _DARK.items())
    subject = escape(wording.subject(digest))
    yield _HEAD.format(title=subject, dark=dark)
    yield f"<body{_styled('ground', 'text', style='margin:0;padding:0')}>\n"
    yield f'<table role="presentation" width="100%"{_table("ground")}><tr><td align="center"'
    yield f"{_styled('ground', style='padding:16px')}>\n"
    yield f'<table role="presentation" width="100%"{_table("ground", "max-width:640px")}>\n'
    yield _row(
        f"<h1{_styled('text', style='margin:0;font-size:20px;line-height:28px')}>{subject}</h1>"
    )
    for section in wording.sections(digest):
        style = "margin:16px 0 0;font-size:16px;line-height:24px"
        yield _row(f"<h2{_styled('text', style=style)}>{escape(section.heading)}</h2>")
        for one in section.papers:
            yield _row("\n".join(_paper(one, digest)), "line")
    more = wording.left_out(digest)
    yield _row(_paragraph(escape(more), "faint"), "line") if more else ""
    yield "</table>\n</td></tr></table>\n</body>\n</html>\n"


def _paper(one: Digested, digest: Digest) -> Iterator[str]:
    paper, page = one.paper, wording.page(one.paper)
    title = escape(wording.title(paper))
    shown = _link(page, title) if page else title
    style = "margin:0;font-size:16px;line-height:22px;font-weight:600"
    yield f'<p dir="auto"{_styled("text", style=style)}>{shown}</p>'
    yield _paragraph(escape(wording.authors(paper)), "faint")
    yield _paragraph(escape(wording.excerpt(paper)), "text")
    links = [_link(link, escape(link.label)) for link in wording.other_links(paper)]
    facts = [escape(text) for text in (wording.facts(paper), wording.why(one, digest)) if text]
    yield _paragraph(" · ".join([*facts, *links]), "faint")


def _link(link: wording.NamedLink, shown: str) -> str:
    return f'<a href="{escape(link.url)}"{_styled("link")}>{shown}</a>'


def _paragraph(html: str, name: str) -> str:
    style = "margin:4px 0 0;font-size:14px;line-height:20px"
    return f'<p dir="auto"{_styled(name, style=style)}>{html}</p>' if html else ""


def _row(html: str, *names: str) -> str:
    style = f"{_FONT};padding:12px 0;overflow-wrap:anywhere"
    return f"<tr><td{_styled(*names, style=style)}>\n{html}\n</td></tr>\n"


def _table(name: str, style: str = "") -> str:
    return f' cellpadding="0" cellspacing="0" border="0"{_styled(name, style=style)}'


def _styled(*names: str, style: str = "") -> str:
    """Return the attributes of an element with these colours and this style."""
    light = ";".join(filter(None, (*(_LIGHT[name] for name in names), style)))
    classes = f' class="{" ".join(names)}"' if names else ""
    return f'{classes} style="{light}"'
