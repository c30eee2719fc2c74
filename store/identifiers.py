"""Reading and normalising identifiers: arXiv ids, DOIs and the registers beside them.

Sources: the arXiv identifier scheme (https://info.arxiv.org/help/arxiv_identifier.html) and the
DOI handbook, section 2.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from store.models import Identifier
from store.text import is_one_word

if TYPE_CHECKING:
    from collections.abc import Callable

_ARXIV = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|(?:[a-z]{2,}(?:-[a-z]+)*)(?:\.[a-z]{2})?/\d{7})(?:v\d+)?",
    re.IGNORECASE,
)
# Behind the DOI may stand what web pages add: a part of the page, its form, what is asked of it,
# or the rest of a JSON text that it was cut out of. What is asked by an id may tell papers apart.
_DOI = re.compile(
    r"(?P<doi>10\.\d{4,9}/\S*?[^\s.,;])[.,;]*"
    r"(?:(?:/(?:abstract|epdf|epub|full|fulltext|html|meta|pdf)|/p\d+(?:-[a-z]+)?\.pdf|\.pdf)"
    r"[.,;]*)*"
    r"(?:\"\S*|[?&#](?!\w*id=)[\w.-]+=\S*)?",
    re.IGNORECASE,
)
_LONGEST = 2048
"""Characters of an identifier or of an address that leads to one."""
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)
_OPENREVIEW = re.compile(r"[A-Za-z0-9_-]{6,}")
_ACL = re.compile(r"[A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+", re.IGNORECASE)
_PUBMED = re.compile(r"\d{1,9}")
_OPENALEX = re.compile(r"W\d{1,12}", re.IGNORECASE)
# A paper has a hash and a number, its "corpus id".
_SEMANTIC_SCHOLAR = re.compile(r"[0-9a-f]{40}|\d{1,12}", re.IGNORECASE)
_ADDRESSES = (
    (re.compile(r"arxiv\.org/(?:abs|pdf|html)/(?P<value>[^?#\s]+?)(?:\.pdf)?/?([?#]|$)"), "arxiv"),
    (re.compile(r"huggingface\.co/papers/(?P<value>[^?#/\s]+)"), "arxiv"),
    (re.compile(r"alphaxiv\.org/abs/(?P<value>[^?#\s]+)"), "arxiv"),
    (re.compile(r"doi\.org/(?P<value>10\.[^?#\s]+)"), "doi"),
    (re.compile(r"openreview\.net/(?:forum|pdf)\?id=(?P<value>[^&#\s]+)"), "openreview"),
    (re.compile(r"aclanthology\.org/(?P<value>[^?#/\s]+?)(?:\.pdf)?/?(?:[?#]|$)"), "acl"),
    (re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(?P<value>\d+)"), "pubmed"),
    (re.compile(r"ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?P<value>\d+)"), "pubmed"),
    (re.compile(r"openalex\.org/(?:works/)?(?P<value>[Ww]\d+)"), "openalex"),
    (
        re.compile(r"semanticscholar\.org/paper/(?:[^?#\s]*/)?(?P<value>[0-9a-f]{40})"),
        "semanticscholar",
    ),
    (re.compile(r"semanticscholar\.org/CorpusI[dD]:(?P<value>\d+)"), "semanticscholar"),
)


def read_identifier(text: str) -> Identifier | None:
    """Return the identifier that `text` is: bare, with its scheme, or as a web address.

    A bare text is taken for an arXiv id or a DOI only; other schemes need their name before it.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    scheme, colon, value = text.partition(":")
    if colon and scheme.lower() in _READERS:
        return _READERS[scheme.lower()](value.strip())
    if scheme.lower() in {"http", "https"}:
        return _from_address(text)
    return _arxiv(text) or _doi(text)


def looks_like_identifier(text: str) -> bool:
    """Tell whether a bare word of a query is an identifier rather than text."""
    if text.lower().startswith(("arxiv:", "doi:", "http://", "https://")):
        return True
    return _arxiv(text) is not None or _doi(text) is not None


def _from_address(url: str) -> Identifier | None:
    for pattern, scheme in _ADDRESSES:
        match = pattern.search(url)
        if match:
            return _READERS[scheme](unquote(match["value"]))
    return None


def _arxiv(value: str) -> Identifier | None:
    match = _ARXIV.fullmatch(value)
    return Identifier("arxiv", match["id"].lower()) if match else None


def _doi(value: str) -> Identifier | None:
    value = _unquoted(value)
    found = _DOI.fullmatch(value.rstrip(".,;"))
    # An address may have hidden a control character behind its percent signs.
    if not found or not is_one_word(value):
        return None
    if found["doi"] != value:
        # What was cut off may have kept more from being seen.
        return _doi(found["doi"])
    match = _ARXIV_DOI.fullmatch(value)
    if match:
        return _arxiv(match["id"])
    return Identifier("doi", value.lower())


def _unquoted(value: str) -> str:
    """Undo percent signs as often as they were set: what comes out is read as itself again."""
    while "%" in value:
        decoded = unquote(value)
        # What is no text behind its percent signs was never hidden by them.
        if decoded == value or "\ufffd" in decoded or not decoded.isprintable():
            break
        value = decoded
    return value


def _matching(scheme: str, pattern: re.Pattern[str]) -> Callable[[str], Identifier | None]:
    def read(value: str) -> Identifier | None:
        return Identifier(scheme, value) if pattern.fullmatch(value) else None

    return read


def _openalex(value: str) -> Identifier | None:
    return Identifier("openalex", value.upper()) if _OPENALEX.fullmatch(value) else None


def _semantic_scholar(value: str) -> Identifier | None:
    match = _SEMANTIC_SCHOLAR.fullmatch(value)
    return Identifier("semanticscholar", value.lower()) if match else None


_READERS: dict[str, Callable[[str], Identifier | None]] = {
    "arxiv": _arxiv,
    "doi": _doi,
    "acl": _matching("acl", _ACL),
    "openreview": _matching("openreview", _OPENREVIEW),
    "pubmed": _matching("pubmed", _PUBMED),
    "openalex": _openalex,
    "semanticscholar": _semantic_scholar,
}
SCHEMES = tuple(_READERS)
"""In the order of preference for a paper's canonical identifier."""

_READERS |= {
    "pmid": _READERS["pubmed"],
    "s2": _semantic_scholar,
    "corpusid": _semantic_scholar,
}
