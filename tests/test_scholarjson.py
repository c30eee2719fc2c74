from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from store.importers import detect
from store.models import Identifier, Link, LinkKind, Record

if TYPE_CHECKING:
    from conftest import PapersIn

HASH = "0123456789abcdef0123456789abcdef01234567"
SCHOLAR: dict[str, Any] = {
    "paperId": HASH,
    "corpusId": 1234,
    "externalIds": {
        "ArXiv": "2101.00001",
        "DOI": "10.1000/Sheep",
        "PubMed": "12345678",
        "DBLP": "x",
    },
    "url": f"https://www.semanticscholar.org/paper/{HASH}",
    "title": "Counting sheep",
    "abstract": "We count.",
    "venue": "Journal of Sheep",
    "year": 2021,
    "publicationDate": "2021-06-03",
    "openAccessPdf": {"url": "https://example.org/sheep.pdf"},
    "fieldsOfStudy": ["Biology"],
    "authors": [{"authorId": "1", "name": "Ana García"}, {"name": "Li Lei"}],
}


@pytest.mark.parametrize(
    "reply",
    [
        SCHOLAR,
        {"total": 1, "offset": 0, "data": [SCHOLAR]},
        {"offset": 0, "data": [{"citingPaper": SCHOLAR, "contexts": []}]},
        [SCHOLAR],
        {"recommendedPapers": [SCHOLAR]},
        {"authorId": "1", "name": "Ana García", "papers": [SCHOLAR]},
        {"total": 1, "data": [{"authorId": "1", "name": "Ana García", "papers": [SCHOLAR]}]},
    ],
)
def test_replies_of_semantic_scholar_give_their_papers(papers_in: PapersIn, reply: object) -> None:
    content = json.dumps(reply)
    assert detect(content.encode(), "name") == "semanticscholar"
    (record,) = papers_in(content)
    assert (record.title, record.abstract, record.venue) == (
        "Counting sheep",
        "We count.",
        "Journal of Sheep",
    )
    assert record.identifiers == (
        Identifier("arxiv", "2101.00001"),
        Identifier("doi", "10.1000/sheep"),
        Identifier("pubmed", "12345678"),
        Identifier("semanticscholar", HASH),
        Identifier("semanticscholar", "1234"),
    )
    assert record.links == (Link(LinkKind.PDF, "https://example.org/sheep.pdf"),)
    assert record.authors == ("Ana García", "Li Lei")
    assert (record.published, record.categories) == ("2021-06-03", ("Biology",))


def test_bulk_files_have_their_keys_in_lower_case(papers_in: PapersIn) -> None:
    raw = {"corpusid": 7, "externalids": {"ArXiv": "2101.00001"}, "title": "Sheep", "year": 2021}
    (record,) = papers_in(f"{json.dumps(raw)}\n")
    assert [str(one) for one in record.identifiers] == ["arxiv:2101.00001", "semanticscholar:7"]


OPENALEX: dict[str, Any] = {
    "id": "https://openalex.org/W1234",
    "doi": "https://doi.org/10.1000/Sheep",
    "title": None,
    "display_name": "Counting <i>sheep</i>",
    "publication_year": 2021,
    "publication_date": "2021-06-03",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/12345678", "openalex": "W1234"},
    "primary_location": {
        "landing_page_url": "https://doi.org/10.1000/Sheep",
        "pdf_url": None,
        "source": {"display_name": "Journal of Sheep"},
    },
    "best_oa_location": {
        "landing_page_url": "https://arxiv.org/abs/2101.00001",
        "pdf_url": "https://arxiv.org/pdf/2101.00001",
    },
    "authorships": [{"author": {"display_name": "Ana García"}}],
    "abstract_inverted_index": {"count": [1], "sheep.": [3], "We": [0], "many": [2]},
    "topics": [{"display_name": "Sheep"}],
}


@pytest.mark.parametrize("reply", [OPENALEX, {"meta": {"count": 1}, "results": [OPENALEX]}])
def test_works_of_openalex_have_their_abstracts_in_order(
    papers_in: PapersIn, reply: object
) -> None:
    content = json.dumps(reply, indent=1)
    assert detect(content.encode(), "name") == "openalex"
    (record,) = papers_in(content)
    assert record == Record(
        title="Counting sheep",
        source="openalex",
        abstract="We count many sheep.",
        authors=("Ana García",),
        identifiers=(
            Identifier("doi", "10.1000/sheep"),
            Identifier("pubmed", "12345678"),
            Identifier("openalex", "W1234"),
            Identifier("arxiv", "2101.00001"),
        ),
        published="2021-06-03",
        keywords=("Sheep",),
        venue="Journal of Sheep",
        position="record 1",
    )


def test_an_inverted_abstract_may_hold_anything(papers_in: PapersIn) -> None:
    index = {"a": [10**12, 0], "b": "x", "c": [None, -1], "d": {}}
    (record,) = papers_in(json.dumps(OPENALEX | {"abstract_inverted_index": index}))
    assert record.abstract == "c a a"


CSL: dict[str, Any] = {
    "id": "garcia2021",
    "type": "article-journal",
    "title": "Counting sheep",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We count H<sub>2</sub>O.</jats:p>",
    "author": [
        {"family": "García", "given": "Ana"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"literal": "Sheep Lab"},
    ],
    "container-title": "Journal of Sheep",
    "DOI": "10.1000/Sheep",
    "PMID": "12345678",
    "issued": {"date-parts": [["2021", 6, 3]]},
    "URL": "https://example.org/sheep",
}


@pytest.mark.parametrize(
    "reply",
    [
        [CSL],
        {"items": [CSL]},
        {"status": "ok", "message": {"items": [CSL | {"title": ["Counting sheep"]}]}},
        {"status": "ok", "message": CSL | {"container-title": ["Journal of Sheep", "JS"]}},
    ],
)
def test_csl_and_replies_of_crossref_are_one(papers_in: PapersIn, reply: object) -> None:
    content = json.dumps(reply, indent=1)
    assert detect(content.encode(), "name") == "csl"
    (record,) = papers_in(content)
    assert record == Record(
        title="Counting sheep",
        source="csl",
        abstract="We count H₂O.",
        authors=("Ana García", "Jan van der Berg", "Sheep Lab"),
        identifiers=(Identifier("doi", "10.1000/sheep"), Identifier("pubmed", "12345678")),
        published="2021-06-03",
        links=(Link(LinkKind.WEB, "https://example.org/sheep"),),
        venue="Journal of Sheep",
        position="record 1",
    )


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [[2021]]}, "2021"),
        ({"date-parts": [[2021, 6]]}, "2021-06"),
        ({"date-parts": [["2021-06"]]}, "2021-06"),
        ({"raw": "June 2021"}, "2021-06"),
        ({"literal": "in press"}, None),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[2021, 13, 99]]}, "2021"),
        ("2021-06-03", "2021-06-03"),
    ],
)
def test_days_of_csl_may_be_of_a_year_only(
    papers_in: PapersIn, issued: object, published: str | None
) -> None:
    (record,) = papers_in(json.dumps([CSL | {"issued": issued}]))
    assert record.published == published
