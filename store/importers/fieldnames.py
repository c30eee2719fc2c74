"""What fields are called: columns of tables and keys of JSON whose shape nobody told us.

Names are compared by their letters alone, so that `Publication_Year`, `publicationYear` and
`publication year` are one. The names of a field are in the order of preference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, TypeAlias

from store.importers.dates import to_published
from store.importers.drafts import Draft
from store.importers.fields import to_count
from store.importers.people import names_in
from store.models import LinkKind, Sighting
from store.text import clean_line

Values: TypeAlias = Mapping[str, Any]
"""By the names that `squashed` makes."""

_NAMES = {
    "title": """title papertitle articletitle documenttitle dctitle itemtitle primarytitle maintitle
        titles ti t1 papername displayname fulltitle name headline originaltitle bookname""",
    "abstract": """abstract abstractnote abstracts abstracttext paperabstract dcdescription ab
        summary summaries description abstractsummary tldr content text""",
    "authors": """authors author authornames authorfullnames authorsfull authorss authorlist
        authornamesfull authorstring dccreator creator creators firstauthors af au authorfull
        authorsfullnames authorsnames contributors contributor people bookauthor editor editors""",
    "doi": "doi doilink doiurl paperdoi prismdoi digitalobjectidentifier di doinumber do",
    "arxiv": "arxivid arxiv arxivnumber arxivurl arxiveprints entryid eprint absurl arxivabs",
    "pubmed": "pmid pubmedid pubmed pubmedpmid pm medlineid",
    "openalex": "openalexid openalex openalexurl",
    "semanticscholar": "s2id s2paperid semanticscholarid corpusid s2corpusid paperid",
    "acl": "aclid acl anthologyid",
    "openreview": "openreviewid openreview forum",
    "identifier": "id identifier identifiers key uid paper paperid url link",
    "published": """published publicationdate datepublished publisheddate publicationday pubdate
        submitteddate datesubmitted submitted onlinedate issued issuedate dateofpublication
        coverdate prismcoverdate date publicationyear year publishedyear pubyear py y1 created
        earlyaccessdate da firstpublished years""",
    "month": "month publishedmonth publicationmonth",
    "day": "day",
    "link": """url link links paperurl htmlurl page pageurl articleurl sourceurl sourceurls
        externalurl landingpage landingpageurl openurllink weblink paperlink href uri urls permalink
        html""",
    "pdf": "pdf pdfurl pdflink linkpdf fulltexturl pdflinks urlpdf openaccesspdf",
    "code": "code github githuburl githubrepo githublink codeurl codelink repo repository repourl",
    "project": "project projectpage projecturl website homepage site",
    "venue": """venue journal journalname journaltitle publicationtitle sourcetitle
        prismpublicationname publicationname containertitle conferencename conference booktitle
        secondarytitle publication fulljournalname journalbook so jf t2 source proceedings
        publishedin journalref eventtitle publicationvenue periodical""",
    "organisation": "organisation organization institution institutions company lab",
    "categories": """categories category terms primarycategory arxivcategories subjectarea
        fieldsofstudy researchareas woscategories wc primaryarea arxivcategory""",
    "keywords": """keywords keyword authorkeywords authorkeywordsde kw de indexkeywords aikeywords
        manualtags automatictags mesh meshterms subjects subject topics concepts dcsubject
        ieeeterms emtreemedicalindexterms""",
    "notes": "extra note notes comment comments remarks",
    "votes": "upvotes votes likes",
    "listed": "listed listedday",
}
CANONICAL: Mapping[str, tuple[str, ...]] = {
    field: tuple(names.split()) for field, names in _NAMES.items()
}
"""The names of each field, squashed."""

_SCHEMES = ("arxiv", "doi", "pubmed", "openalex", "semanticscholar", "acl", "openreview")
_LINKS = {
    "pdf": LinkKind.PDF,
    "code": LinkKind.CODE,
    "project": LinkKind.PROJECT,
    "link": LinkKind.WEB,
}
_TELLING = frozenset(name for field in ("title", "doi", "arxiv") for name in CANONICAL[field])
_DROPPED = frozenset({"name", "text", "content", "key", "url", "link", "do"})
_NAMING = ("value", "name", "fullname", "displayname", "title", "text", "content", "url", "raw")
_CODES = re.compile(r"\s*(?:[a-z]+[.-][A-Za-z.-]+(?:\s+|$))+")
_SEPARATORS = (";", "|", "\n", ",")
_MOST_FIGURES = 15
"""Of a number: none of those that are kept has more."""


@lru_cache(maxsize=4096)
def squashed(name: str) -> str:
    """Return a field's name by its letters and figures alone."""
    return "".join(char for char in name.lower() if char.isalnum())


def tells_papers(names: Iterable[str]) -> bool:
    """Tell whether fields of these names can be those of papers."""
    return bool(_TELLING - _DROPPED & set(map(squashed, names)))


def titles_papers(names: Iterable[str]) -> bool:
    """Tell whether one of these names is that of a title, an abstract or an identifier."""
    found = set(map(squashed, names))
    telling = (_TELLING - _DROPPED) | {"abstract", "paperabstract"}
    return bool(telling & found)


def draft_of(values: Values, position: str, source: str, *, listed: str | None = None) -> Draft:
    """Return what values say of a paper, each found under the likeliest of its names."""
    values = _by_field(values)
    day = listed or to_published(_first(values, "listed"))
    votes = to_count(_number(_first(values, "votes")))
    registers = [
        text if scheme == "doi" or "/" in text or ":" in text else f"{scheme}:{text}"
        for scheme in _SCHEMES
        if scheme in values and (text := _text(values, scheme))
    ]
    return Draft(
        position=position,
        title=_text(values, "title"),
        abstract=_text(values, "abstract"),
        authors=_names_of(_first(values, "authors")),
        identifiers=[
            *registers,
            *(part.strip() for text in _each(values, "identifier") for part in text.split(";")),
        ],
        notes=[*_each(values, "notes"), _text(values, "venue"), *_each(values, "arxiv")],
        published=_published(values),
        links=[
            (kind, url)
            for field, kind in _LINKS.items()
            if field in values
            for url in _addresses(values, field)
        ],
        categories=_codes(_first(values, "categories")),
        keywords=[part for value in values.get("keywords", ()) for part in _parts(value)],
        venue=_text(values, "venue"),
        organisation=_text(values, "organisation"),
        sighting=Sighting(source, day, votes=votes) if day else None,
    )


def _by_field(values: Values) -> dict[str, list[Any]]:
    """Return what stands under any of each field's names, the likeliest first."""
    # A number may be 0; whatever else is empty says nothing.
    told = {name: value for name, value in values.items() if value or value == 0}
    own = told.__getitem__
    return {field: list(map(own, names)) for field, names in _names_by_field(tuple(told))}


@lru_cache(maxsize=1024)
def _names_by_field(names: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields that any of `names` are of, each with these, the likeliest first.

    The records of one source have the same few sets of names.
    """
    told = frozenset(names)
    found = ((field, tuple(filter(told.__contains__, known))) for field, known in CANONICAL.items())
    return tuple((field, own) for field, own in found if own)


def _first(values: Values, field: str) -> Any:
    return next(iter(values.get(field, ())), None)


def _text(values: Values, field: str) -> str:
    for value in values.get(field, ()):
        if text := _to_text(value):
            return text
    return ""


def _each(values: Values, field: str) -> list[str]:
    return [text for value in values.get(field, ()) if (text := _to_text(value))]


def _to_text(value: object) -> str:
    """Return a value as text; of a list the first, of an object what names it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        named = {squashed(key): one for key, one in value.items()}
        value = next((named[key] for key in _NAMING if isinstance(named.get(key), str)), "")
    if isinstance(value, float):
        # Neither infinity nor what is no number says anything.
        shown = f"{value:.0f}" if value.is_integer() else str(value)
        value = shown if isfinite(value) else ""
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() if isinstance(value, str) else ""


def _addresses(values: Values, field: str) -> list[str]:
    found = (
        one
        for value in values.get(field, ())
        for one in (value if isinstance(value, list) else [value])
    )
    return [part for one in found for part in _to_text(one).replace(";", " ").split()]


def _published(values: Values) -> str | None:
    """Return the day that says most of the first year that is named."""
    if "published" not in values:
        return None
    month, day = _text(values, "month"), _text(values, "day")
    days = [
        found
        for value in values["published"]
        if (
            found := to_published(value if isinstance(value, list) else _to_text(value), month, day)
        )
    ]
    year = days[0][:4] if days else ""
    return max((one for one in days if one.startswith(year)), key=len, default=None)


def _names_of(value: object) -> list[str]:
    if isinstance(value, str):
        return names_in(value)
    if isinstance(value, dict):
        value = value.get("author") or value.get("value") or value.get("name") or list(value)
    names = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            named = {squashed(key): part for key, part in one.items()}
            inner = named.get("author")
            family = named.get("family") or named.get("lastname") or named.get("surname")
            given = named.get("given") or named.get("firstname") or named.get("forename") or ""
            whole = f"{given} {family}" if isinstance(family, str) else _to_text(inner or one)
            names.append(whole)
        elif isinstance(one, str):
            names.append(one)
    return names


def _parts(value: object) -> list[str]:
    """Return the parts of a list, or of a text that one sign parts."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        return [part.strip(" '\"") for part in value.strip("[]").split(",")]
    if isinstance(value, str):
        return value.split(next((sign for sign in _SEPARATORS if sign in value), "\n"))
    return [_to_text(one) for one in value] if isinstance(value, list) else []


def _codes(value: object) -> list[str]:
    """Return the parts of a list; one of arXiv's own is parted by blanks: `cs.CL cs.LG`."""
    if isinstance(value, str) and _CODES.fullmatch(value):
        return value.split()
    return _parts(value)


def _number(value: object) -> object:
    figures = clean_line(value).replace(",", "") if isinstance(value, str) else ""
    return int(figures) if figures.isdecimal() and len(figures) <= _MOST_FIGURES else value
