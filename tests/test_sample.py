"""The sample library is sound, true to the feed, and its abstracts are in our own words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tui.sample import sample_path

FEED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hf_daily"
KEYS = (
    "id",
    "title",
    "abstract",
    "authors",
    "published",
    "listed",
    "votes",
    "links",
    "identifiers",
    "comments",
    "sightings",
)
LONGEST_RUN = 7
"""So many words in a row may be shared with the source: names and set phrases."""


def read_papers() -> list[dict[str, Any]]:
    lines = sample_path().read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


PAPERS = read_papers()
each_paper = pytest.mark.parametrize("paper", PAPERS, ids=[paper["id"] for paper in PAPERS])
needs_feed = pytest.mark.skipif(not FEED.is_dir(), reason="needs the feed's records")


def feed_of(day: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((FEED / f"{day}.json").read_text(encoding="utf-8"))
    return records


def records_of(paper: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the feed's record of each sighting."""
    return [feed_of(seen["day"])[seen["rank"] - 1] for seen in paper["sightings"]]


def one_line(text: str) -> str:
    return " ".join(text.split())


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    length = LONGEST_RUN + 1
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return []


def test_there_are_enough_papers_of_enough_days() -> None:
    assert len(PAPERS) == 120
    assert len({paper["listed"] for paper in PAPERS}) >= 10


def test_some_papers_are_of_neighbouring_days_and_one_is_seen_again_with_more_votes() -> None:
    days = {date.fromisoformat(paper["listed"]) for paper in PAPERS}
    assert any(day + timedelta(days=1) in days for day in days)
    (again,) = (paper["sightings"] for paper in PAPERS if len(paper["sightings"]) > 1)
    assert again[0]["votes"] < again[-1]["votes"]


def test_no_paper_is_there_twice() -> None:
    assert len({paper["id"] for paper in PAPERS}) == len(PAPERS)
    assert len({paper["title"].casefold() for paper in PAPERS}) == len(PAPERS)


def test_papers_stand_in_the_order_of_their_sightings() -> None:
    places = [(paper["listed"], paper["sightings"][0]["rank"]) for paper in PAPERS]
    assert places == sorted(places)


def test_titles_have_the_features_that_lists_and_queries_must_cope_with() -> None:
    titles = [paper["title"] for paper in PAPERS]
    assert any(":" in title for title in titles)
    assert any('"' in title for title in titles)
    assert any("-" in title for title in titles)
    assert any("+" in title for title in titles)
    assert any("$" in title for title in titles)
    assert any(title[0].isdigit() for title in titles)
    assert any(not title.isascii() for title in titles)


def test_the_file_ends_with_a_line_break_and_escapes_no_letters() -> None:
    text = sample_path().read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "\\u" not in text
    assert text == "".join(json.dumps(paper, ensure_ascii=False) + "\n" for paper in PAPERS)


def test_importing_the_package_loads_no_resource_machinery() -> None:
    program = (
        "import sys, tui; before = set(sys.modules); import tui.sample;"
        "print(*sorted(set(sys.modules) - before))"
    )
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    loaded = result.stdout.split()
    assert "tui.sample" in loaded
    assert not {"importlib.resources", "pathlib", "textual", "whoosh"} & set(loaded)


@each_paper
def test_a_paper_has_its_keys_in_their_order(paper: dict[str, Any]) -> None:
    assert tuple(paper) == KEYS
    assert re.fullmatch(r"arxiv:\d{4}\.\d{5}", paper["id"])
    assert paper["identifiers"] == [paper["id"]]
    assert paper["title"]
    assert 1 <= len(paper["authors"]) <= 200
    assert paper["votes"] >= 0
    assert paper["comments"] >= 0


@each_paper
def test_a_paper_is_published_no_later_than_listed(paper: dict[str, Any]) -> None:
    assert date.fromisoformat(paper["published"]) <= date.fromisoformat(paper["listed"])


@each_paper
def test_a_paper_agrees_with_its_first_and_its_last_sighting(paper: dict[str, Any]) -> None:
    sightings = paper["sightings"]
    for sighting in sightings:
        assert tuple(sighting) == ("source", "day", "rank", "votes", "comments")
        assert sighting["source"] == "feed"
        assert sighting["rank"] >= 1
    days = [sighting["day"] for sighting in sightings]
    assert days == sorted(set(days))
    assert paper["listed"] == days[0]
    assert paper["votes"] == sightings[-1]["votes"]
    assert paper["comments"] == sightings[-1]["comments"]


@each_paper
def test_an_abstract_is_two_to_four_sentences(paper: dict[str, Any]) -> None:
    sentences = re.split(r"(?<=[.?!])\s+(?=\S)", paper["abstract"])
    assert 2 <= len(sentences) <= 4
    assert all(sentence[-1] in ".?!" for sentence in sentences)
    assert all(len(sentence.split()) >= 4 for sentence in sentences)


@each_paper
def test_texts_hold_single_blanks_and_no_controls(paper: dict[str, Any]) -> None:
    for text in texts_in(paper):
        assert text == one_line(text)
        assert text.isprintable()
        assert text == unicodedata.normalize("NFC", text)


@each_paper
def test_links_are_web_addresses_of_a_known_kind(paper: dict[str, Any]) -> None:
    for link in paper["links"]:
        assert tuple(link) == ("kind", "url")
        assert link["kind"] in {"code", "project"}
        parts = urlsplit(link["url"])
        assert parts.scheme in {"http", "https"}
        assert parts.hostname


@needs_feed
@each_paper
def test_facts_are_those_of_the_feed(paper: dict[str, Any]) -> None:
    records = records_of(paper)
    source = records[-1]["paper"]
    kinds = {"code": "githubRepo", "project": "projectPage"}
    for record, sighting in zip(records, paper["sightings"], strict=True):
        assert paper["id"] == f"arxiv:{record['paper']['id']}"
        assert sighting["day"] == record["paper"].get("submittedOnDailyAt", sighting["day"])[:10]
        assert sighting["votes"] == record["paper"]["upvotes"]
        assert sighting["comments"] == record["numComments"]
    assert paper["title"] == one_line(source["title"])
    assert paper["authors"] == [one_line(author["name"]) for author in source["authors"]]
    assert paper["published"] == source["publishedAt"][:10]
    assert paper["links"] == [
        {"kind": kind, "url": source[key]} for kind, key in kinds.items() if source.get(key)
    ]


@needs_feed
@each_paper
def test_an_abstract_shares_no_run_of_words_with_its_source(paper: dict[str, Any]) -> None:
    ours = runs_of_words(paper["abstract"])
    for record in records_of(paper):
        source = record["paper"]
        assert not ours & runs_of_words(source["summary"])
        assert not ours & runs_of_words(source.get("ai_summary") or "")


@needs_feed
def test_the_best_voted_paper_of_each_day_is_there() -> None:
    for day in {paper["listed"] for paper in PAPERS}:
        most = max(record["paper"]["upvotes"] for record in feed_of(day))
        assert any(paper["listed"] == day and paper["votes"] == most for paper in PAPERS)
