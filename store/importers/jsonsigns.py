"""By which signs the many forms of JSON are told apart: the keys of their first object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.importers.anyjson import inner_of
from store.importers.fieldnames import titles_papers

if TYPE_CHECKING:
    from store.importers.detection import Head

OWN_KEYS = frozenset(
    {
        *("id", "title", "abstract", "authors", "published", "listed", "votes", "tags", "links"),
        *("score", "note", "comments", "identifiers", "categories", "keywords", "venue"),
        *("organisation", "summary", "sightings", "other_abstracts", "provenance", "added"),
        "date",
    }
)
"""The keys of a line of ours, and the day of others that is read there."""

_FEED_KEYS = frozenset({"upvotes", "publishedAt", "submittedOnDailyAt", "submitted_on_daily_at"})
_FEED_TEXT = re.compile(
    r"""["'](?:paper|summary|upvotes|publishedAt|published_at|submittedOnDailyAt)\\?["']\s*:"""
)
_NO_PAPERS = re.compile(r'\[\s*\]\s*|\{[^\[]*"(?:data|papers|dailyPapers)"\s*:\s*\[\s*\][^\[]*')
_ERROR_REPLY = re.compile(r'\{(?>[^{}]*?"error"\s*+:\s*+")[^{}]*+\}\s*')
_SNAPSHOT_KEYS = frozenset(
    {"authors_parsed", "versions", "update_date", "journal-ref", "submitter"}
)
_OPENALEX_KEYS = frozenset({"abstract_inverted_index", "openalex_id", "authorships"})
_SCHOLAR_KEYS = frozenset(
    {"paperId", "corpusId", "corpusid", "citingPaper", "citedPaper", "externalIds", "externalids"}
)
_CSL_KEYS = frozenset({"issued", "container-title", "date-parts"})
_CSL_TYPES = re.compile(
    r"article(?:-\w+)?|book|chapter|paper-conference|thesis|report|webpage|dataset|entry(?:-\w+)?"
    r"|manuscript|patent|software|speech|graphic|broadcast|bill|legislation|legal_case|interview"
    r"|map|motion_picture|song|figure|musical_score|pamphlet|personal_communication|treaty"
    r"|post(?:-weblog)?|review(?:-book)?|(?:journal|proceedings|posted)-\w+"
)
_FOREIGN_KEYS = frozenset({"arxiv_id", "entry_id", "doi", "pdf_url", "arxivId", "links"})


def is_own(head: Head) -> bool:
    """Tell whether a content is paperdeck's own lines."""
    if not head.is_json or head.is_wrapped:
        return False
    keys = head.keys
    if "identifiers" in keys and "title" in keys:
        return True
    return {"title", "abstract"} <= keys <= OWN_KEYS


def is_snapshot(head: Head) -> bool:
    """Tell whether a content is lines of arXiv's snapshot."""
    needed = {"id", "title", "abstract", "categories"}
    return head.is_json and needed <= head.keys and bool(_SNAPSHOT_KEYS & head.keys)


def is_openalex(head: Head) -> bool:
    """Tell whether a content is works of OpenAlex."""
    if not head.is_json:
        return False
    number = head.sample.get("id")
    is_work = isinstance(number, str) and "openalex.org/" in number
    return is_work or bool(_OPENALEX_KEYS & head.keys)


def is_semantic_scholar(head: Head) -> bool:
    """Tell whether a content is papers of Semantic Scholar."""
    return head.is_json and bool(_SCHOLAR_KEYS & head.keys) and "arxiv_id" not in head.keys


def is_csl(head: Head) -> bool:
    """Tell whether a content is CSL-JSON or a reply of Crossref."""
    if not head.is_json:
        return False
    kind = head.sample.get("type")
    is_kind = isinstance(kind, str) and bool(_CSL_TYPES.fullmatch(kind))
    has_names = isinstance(head.sample.get("author"), list) or "DOI" in head.keys
    return bool(_CSL_KEYS & head.keys) or (is_kind and (has_names or {"id", "title"} <= head.keys))


def is_feed(head: Head) -> bool:
    """Tell whether a content is the feed's JSON."""
    if not head.is_json:
        return False
    if titles_papers(head.sample) and not {"title", "paper"} & head.keys:
        return False
    if _FEED_KEYS & head.keys or _NO_PAPERS.fullmatch(head.text):
        return True
    if _ERROR_REPLY.fullmatch(head.text):
        return True
    return not _FOREIGN_KEYS & head.keys and bool(_FEED_TEXT.search(head.text))


def is_json(head: Head) -> bool:
    """Tell whether a content is papers whose keys say what they hold."""
    return head.is_json and titles_papers(inner_of(head.sample) or head.keys)
