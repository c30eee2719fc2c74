"""The links of a paper: given by its record, derived from identifiers, found in the abstract."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

from store.models import Identifier, Link, LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_URL = 2048

_LONGEST_PLACE = 260
# A name or an address of IPv6, and perhaps a port; no user, and no option to a program.
_PLACE = re.compile(
    r"(?:[a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?",
    re.IGNORECASE | re.ASCII,
)
_NOT_QUOTED = "".join(map(chr, range(0x21, 0x7F))).replace("\\", "")
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_TRAILING = ".,;:!?…"
_CODE_HOSTS = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")


def is_safe_url(url: str) -> bool:
    """Tell whether a link may be shown, copied and opened: plain http or https, no tricks."""
    return bool(honest_url(url))


def honest_url(url: str) -> str:
    """Return a link as ASCII that shows where it leads, or nothing where it may not be followed.

    Only http and https lead anywhere. User information (`https://known.org@other.org`) and
    backslashes, which browsers take for slashes, make an address look like another one's, and so
    do letters of other scripts: a host has the name by which it is asked for (RFC 3492), and what
    follows it is percent-encoded (RFC 3987, section 3.1). A host that begins with a hyphen is an
    option to a program.
    """
    if len(url) > LONGEST_URL or not url.isprintable() or "\\" in url or " " in url:
        return ""
    try:
        parts = urlsplit(url)
        place = parts.netloc.encode("ascii" if url.isascii() else "idna").decode("ascii")
        is_place = bool(_PLACE.fullmatch(place)) and len(place) <= _LONGEST_PLACE
        # Raises for one that is out of range.
        is_place &= parts.port != 0
    except ValueError:  # UnicodeError among them
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not is_place:
        return ""
    if url.isascii():
        return url
    honest = urlunsplit((parts.scheme, place, *map(_in_ascii, parts[2:])))
    return honest if len(honest) <= LONGEST_URL else ""


def _in_ascii(text: str) -> str:
    return quote(text, safe=_NOT_QUOTED)


def links_of(
    *,
    title: str,
    abstract: str,
    given: Iterable[Link],
    identifiers: Iterable[Identifier],
    in_feed: bool,
) -> tuple[Link, ...]:
    """Return every link of a paper once, the given before the derived before the found.

    `in_feed` says that the feed itself listed the paper, so that its page there exists.
    A paper with no page of its own gets a search by its title, last.
    """
    links = _honest(given)
    for identifier in identifiers:
        links.extend(_derived(identifier, in_feed=in_feed))
    links.extend(_found(abstract))
    unique = [link for link in _each_once(links) if is_safe_url(link.url)]
    if not any(link.kind is LinkKind.PAGE for link in unique):
        unique.append(Link(LinkKind.SEARCH, _search_url(title)))
    return tuple(unique)


def has_code(abstract: str, given: Iterable[Link]) -> bool:
    """Tell whether one of the links that `links_of` returns leads to code."""
    # None of the derived ones does.
    links = _each_once([*_honest(given), *_found(abstract)])
    return any(link.kind is LinkKind.CODE for link in links)


def links_to_column(links: Iterable[Link]) -> str:
    """Return given links as the column `links` of a paper keeps them: pairs of kind and address."""
    pairs = [[link.kind.value, link.url] for link in links]
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def links_from_column(text: str) -> tuple[Link, ...]:
    """Return the links that a column `links` holds."""
    return tuple(Link(LinkKind(kind), url) for kind, url in json.loads(text))


def is_derivable(link: Link, identifiers: Iterable[Identifier]) -> bool:
    """Tell whether `links_of` finds this link by itself, so that a record need not give it."""
    return any(
        link.url == derived.url
        for identifier in identifiers
        for in_feed in (False, True)
        for derived in _derived(identifier, in_feed=in_feed)
    )


def page_link(links: Iterable[Link]) -> Link | None:
    """Return the paper's page, or the search that stands in for it."""
    of_kind = {link.kind: link for link in reversed(list(links))}
    return of_kind.get(LinkKind.PAGE) or of_kind.get(LinkKind.SEARCH)


def _honest(given: Iterable[Link]) -> list[Link]:
    """Return those links that may be followed, as they are shown."""
    found = (Link(link.kind, honest_url(link.url)) for link in given)
    return [link for link in found if link.url]


def _each_once(links: Iterable[Link]) -> list[Link]:
    """Return the first link of each address."""
    first_by_url: dict[str, Link] = {}
    for link in links:
        first_by_url.setdefault(link.url, link)
    return list(first_by_url.values())


def _derived(identifier: Identifier, *, in_feed: bool) -> list[Link]:
    value = _in_ascii(identifier.value)
    match identifier.scheme:
        case "arxiv":
            arxiv = Link(LinkKind.ARXIV, f"https://arxiv.org/abs/{value}")
            page = f"https://huggingface.co/papers/{value}" if in_feed else arxiv.url
            pdf = Link(LinkKind.PDF, f"https://arxiv.org/pdf/{value}")
            return [Link(LinkKind.PAGE, page), pdf, *([arxiv] if in_feed else [])]
        case "doi":
            return [Link(LinkKind.PAGE, f"https://doi.org/{value}")]
        case "openreview":
            return [
                Link(LinkKind.PAGE, f"https://openreview.net/forum?id={value}"),
                Link(LinkKind.PDF, f"https://openreview.net/pdf?id={value}"),
            ]
        case "acl":
            return [
                Link(LinkKind.PAGE, f"https://aclanthology.org/{value}/"),
                Link(LinkKind.PDF, f"https://aclanthology.org/{value}.pdf"),
            ]
        case "pubmed":
            return [Link(LinkKind.PAGE, f"https://pubmed.ncbi.nlm.nih.gov/{value}/")]
        case _:
            return []


def _found(abstract: str) -> list[Link]:
    if "://" not in abstract:  # most have no address, and every import asks
        return []
    found = (honest_url(_trimmed(match.group())) for match in _URL_IN_TEXT.finditer(abstract))
    return [Link(_kind_of(url), url) for url in found if url]


def _trimmed(url: str) -> str:
    """Cut what belongs to the sentence: closing marks, and a bracket that was opened before."""
    while url:
        is_open_bracket = {")": "(", "]": "["}.get(url[-1], "") not in url
        if url[-1] not in _TRAILING and not is_open_bracket:
            break
        url = url[:-1]
    return url


def _kind_of(url: str) -> LinkKind:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return LinkKind.CODE if host in _CODE_HOSTS else LinkKind.WEB


def _search_url(title: str) -> str:
    return f"https://arxiv.org/search/?searchtype=title&query={quote_plus(title[:300])}"
