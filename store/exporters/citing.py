"""What every citation of a paper needs: its kind, its day, its page."""

from __future__ import annotations

import re
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from store.links import is_safe_url
from store.models import LinkKind
from store.text import clean_line
from store.texts.names import split_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.models import Paper
    from store.texts.names import Name

_PREPRINT_SERVER = re.compile(r"(?:arxiv|corr)\b", re.IGNORECASE)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|trans\.|letters|annals|magazine|TMLR|JMLR|TPAMI|TACL)(?!\w)",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(
    r"\b(?:proceedings|proc\.|conference|conf\.|workshops?|symposium)(?!\w)"
    r"|\b(?:AAAI|ACCV|ACL|AISTATS|BMVC|CHI|CIKM|COLING|COLM|COLT|CoNLL|CoRL|CVPR|EACL|ECCV|EMNLP"
    r"|ICASSP|ICCV|ICLR|ICML|ICRA|IJCAI|Interspeech|IROS|KDD|MICCAI|MLSys|NAACL|NeurIPS|NIPS|NSDI"
    r"|OSDI|SIGGRAPH|SIGIR|SOSP|UAI|WACV|WSDM|WWW)\b",
    re.IGNORECASE,
)
# All that an address may hold (RFC 3986), but for what ends a link or a group in Markdown and TeX.
_ADDRESS_CHARACTERS = "%:/?#[]@!$&*+,;=~-._"


class Kind(Enum):
    """What a citation calls a paper."""

    PREPRINT = "preprint"
    ARTICLE = "article"
    CONFERENCE = "conference"


class TypeNames(NamedTuple):
    """What formats call a kind."""

    csl: str
    ris: str
    bibtex: str


TYPE_NAMES: Mapping[Kind, TypeNames] = MappingProxyType(
    {
        Kind.PREPRINT: TypeNames("article", "UNPB", "misc"),
        Kind.ARTICLE: TypeNames("article-journal", "JOUR", "article"),
        Kind.CONFERENCE: TypeNames("paper-conference", "CPAPER", "inproceedings"),
    }
)


def kind_of(paper: Paper) -> Kind:
    """Tell the kind by the venue and, where its name leaves that open, by the identifiers.

    Without a venue a paper is a preprint: a journal article or a conference paper has to name one.
    """
    venue = paper.venue
    if not venue or _PREPRINT_SERVER.match(venue):
        return Kind.PREPRINT
    if _JOURNAL.search(venue):
        return Kind.ARTICLE
    if _CONFERENCE.search(venue) or value_of(paper, "acl") or value_of(paper, "openreview"):
        return Kind.CONFERENCE
    return Kind.ARTICLE


def venue_of(paper: Paper) -> str:
    """Return where the paper appeared, '' for a preprint."""
    return "" if kind_of(paper) is Kind.PREPRINT else clean_line(paper.venue)


def value_of(paper: Paper, scheme: str) -> str:
    """Return the paper's first identifier of a scheme, without its name; '' if it has none."""
    values = (one.value for one in paper.identifiers if one.scheme == scheme)
    return next(values, "")


def names_of(paper: Paper) -> list[Name]:
    """Return the authors' names in their parts."""
    return [split_name(author) for author in map(clean_line, paper.authors) if author]


def date_of(paper: Paper) -> tuple[str, ...]:
    """Return year, month and day as texts, as many as are known: of publication, else listing.

    A listing of which the year is a guess says nothing here: a citation would state it as known.
    """
    return tuple(filter(None, (paper.published or _listed(paper)).split("-")))


def page_of(paper: Paper) -> str:
    """Return the address of the paper's page, never a search; '' if it has none.

    It is plain ASCII without blanks, quotes, brackets, braces, backslashes and circumflexes.
    """
    link = paper.link(LinkKind.PAGE)
    return quote_address(link.url) if link and is_safe_url(link.url) else ""


def quote_address(text: str) -> str:
    """Return `text` with every character percent-encoded that is special beside addresses."""
    return quote(text, safe=_ADDRESS_CHARACTERS)


def _listed(paper: Paper) -> str:
    """Return the first day on which the paper is known to be listed; '' if there is none."""
    if not paper.listed_is_guess:
        return paper.listed or ""
    return next((one.day for one in paper.sightings if not one.day_is_guess), "")
