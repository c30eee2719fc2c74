from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from store.importers import detect
from store.importers.fieldnames import CANONICAL, squashed
from store.models import Identifier

if TYPE_CHECKING:
    from conftest import PapersIn

SHAPES: dict[str, dict[str, Any]] = {
    "a crawler": {
        "arxiv_id": "arXiv:2101.00001v2",
        "title": "Counting sheep",
        "authors": "Ana García, Li Lei",
        "link": "https://arxiv.org/abs/2101.00001",
        "abstract": "We count.",
        "published": "2021-01-01T10:00:00Z",
    },
    "a client of arXiv": {
        "entry_id": "http://arxiv.org/abs/2101.00001v2",
        "title": "Counting sheep",
        "authors": [{"name": "Ana García"}, {"name": "Li Lei"}],
        "summary": "We count.",
        "published": "2021-01-01 10:00:00+00:00",
        "pdf_url": "http://arxiv.org/pdf/2101.00001v2",
    },
    "camel case": {
        "paperTitle": "Counting sheep",
        "authorNames": ["Ana García", "Li Lei"],
        "paperAbstract": "We count.",
        "arXivId": "2101.00001",
        "publicationDate": "2021-01-01",
    },
    "something within": {
        "score": 0.5,
        "paper": {
            "title": "Counting sheep",
            "authors": [
                {"firstName": "Ana", "lastName": "García"},
                {"given": "Li", "family": "Lei"},
            ],
            "abstract": "We count.",
            "url": "https://arxiv.org/abs/2101.00001",
            "year": 2021,
        },
    },
}


REPLIES: dict[str, object] = {
    "bioRxiv": {
        "messages": [{"status": "ok"}],
        "collection": [
            {"doi": "10.1000/sheep", "title": "Counting sheep", "authors": "Lei, L.; B, C."}
        ],
    },
    "Europe PMC": {
        "hitCount": 1,
        "resultList": {
            "result": [
                {"id": "1", "doi": "10.1000/sheep", "title": "Counting sheep", "pubYear": "2019"}
            ]
        },
    },
    "INSPIRE": {
        "hits": {
            "hits": [
                {
                    "metadata": {
                        "titles": [{"title": "Counting sheep"}],
                        "authors": [{"full_name": "Lei, Li"}],
                        "dois": [{"value": "x"}],
                        "doi": "10.1000/sheep",
                    }
                }
            ]
        }
    },
    "ADS": {"response": {"docs": [{"title": ["Counting sheep"], "doi": ["10.1000/sheep"]}]}},
    "dblp": {
        "result": {"hits": {"hit": [{"info": {"title": "Counting sheep", "doi": "10.1000/sheep"}}]}}
    },
    "OpenReview": {
        "notes": [
            {"content": {"title": {"value": "Counting sheep"}, "doi": {"value": "10.1000/sheep"}}}
        ]
    },
}


@pytest.mark.parametrize("name", REPLIES)
def test_papers_are_found_in_the_replies_of_many_services(papers_in: PapersIn, name: str) -> None:
    (record,) = papers_in(json.dumps(REPLIES[name], indent=1))
    assert record.title == "Counting sheep"
    assert record.identifiers == (Identifier("doi", "10.1000/sheep"),)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("write", [json.dumps, str, lambda raw: json.dumps([raw], indent=1)])
def test_keys_say_what_they_hold(papers_in: PapersIn, shape: str, write: Any) -> None:
    content = f"{write(SHAPES[shape])}\n"
    assert detect(content.encode(), "name") in {"json", "feed"}
    (record,) = papers_in(content, "json")
    assert (record.title, record.abstract) == ("Counting sheep", "We count.")
    assert record.authors == ("Ana García", "Li Lei")
    assert record.identifiers == (Identifier("arxiv", "2101.00001"),)
    assert (record.published or "")[:4] == "2021"


def test_values_of_other_types_break_nothing(papers_in: PapersIn) -> None:
    raw = {
        "title": ["Sheep"],
        "authors": {"name": "Ana"},
        "abstract": 7,
        "year": 2021.0,
        "doi": None,
        "url": [{"value": "https://x.org"}],
        "keywords": {"a": 1},
        "votes": float("nan"),
        "date": [[2021]],
    }
    (record,) = papers_in(json.dumps(raw), "json")
    assert (record.title, record.abstract, record.published) == ("Sheep", "7", "2021")


def test_names_are_squashed_already() -> None:
    for names in CANONICAL.values():
        assert list(names) == [squashed(name) for name in names]
        assert len(set(names)) == len(names)
