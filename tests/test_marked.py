from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import SourceError
from store.importers import detect
from store.models import Record, Sighting

if TYPE_CHECKING:
    from conftest import PapersIn, RecordsIn

TEXT = r"""# My reading list

Some prose with a [homepage](https://example.org).

- [x] **Attention is all you need**, Vaswani et al. [paper](https://arxiv.org/abs/1706.03762v5)
- [BERT \*of\* Deep](https://arxiv.org/abs/1810.04805) (Jacob Devlin, Li Lei et al., 2018-10-11) #a
  > a note
1. Deep residual learning [[PDF](https://arxiv.org/pdf/1512.03385.pdf)] [[Code](https://github.com/a/b)]
2. [A](https://arxiv.org/abs/2001.00001), [B two](https://doi.org/10.1000/xyz)

## [Scaling laws](https://arxiv.org/abs/2001.08361)
- **Authors:** Jared Kaplan, Sam McCandlish
- **Published**: 2020-01-23
- **Abstract:** We study scaling.

### GPT-3
[arXiv](https://arxiv.org/abs/2005.14165) | [PDF](https://arxiv.org/pdf/2005.14165)

Hi, see https://arxiv.org/abs/2401.01234 and arXiv:2402.00001 please.
"""
TABLE = r"""## Papers for 2024-10-10

| Title | Authors | Summary |
|-------|:-------:|---------|
| Counting
  sheep (Read more on [arXiv](https://arxiv.org/abs/2410.00001)
  or [HuggingFace](https://huggingface.co/papers/2410.00001))| Ana Lei, Li Lei | We count \| jump. |
| [$|x|$ norms](https://arxiv.org/abs/2410.00002) | | |
"""


def told(papers: list[Record]) -> list[tuple[str, list[str]]]:
    return [(one.title, [str(name) for name in one.identifiers]) for one in papers]


def test_lists_headings_and_prose_give_what_they_link_to(papers_in: PapersIn) -> None:
    assert detect(TEXT.encode(), "name") == "markdown"
    papers = papers_in(TEXT)
    assert told(papers) == [
        ("Attention is all you need", ["arxiv:1706.03762"]),
        ("BERT *of* Deep", ["arxiv:1810.04805"]),
        ("Deep residual learning", ["arxiv:1512.03385"]),
        ("A", ["arxiv:2001.00001"]),
        ("B two", ["doi:10.1000/xyz"]),
        ("Scaling laws", ["arxiv:2001.08361"]),
        ("GPT-3", ["arxiv:2005.14165"]),
        ("arxiv:2401.01234", ["arxiv:2401.01234"]),
        ("arxiv:2402.00001", ["arxiv:2402.00001"]),
    ]
    bert, scaling = papers[1], papers[5]
    assert (bert.authors, bert.published) == (("Jacob Devlin", "Li Lei"), "2018-10-11")
    assert scaling.authors == ("Jared Kaplan", "Sam McCandlish")
    assert (scaling.published, scaling.abstract) == ("2020-01-23", "We study scaling.")
    assert papers[0].position == "line 5"


def test_rows_of_a_table_may_be_broken_and_are_of_their_headings_day(papers_in: PapersIn) -> None:
    assert detect(TABLE.encode(), "name") == "markdown"
    first, second = papers_in(TABLE)
    assert first == Record(
        title="Counting sheep",
        source="list",
        abstract="We count | jump.",
        authors=("Ana Lei", "Li Lei"),
        identifiers=first.identifiers,
        sightings=(Sighting("list", "2024-10-10"),),
        position="line 5",
    )
    assert told([first, second]) == [
        ("Counting sheep", ["arxiv:2410.00001"]),
        ("$|x|$ norms", ["arxiv:2410.00002"]),
    ]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("- Title first: arXiv:2101.00001", "Title first"),
        ("- *Title* ([arXiv](https://arxiv.org/abs/2101.00001))", "Title"),
        ("* `[arxiv]` https://arxiv.org/abs/2101.00001", "arxiv:2101.00001"),
        ("- https://arxiv.org/abs/2101.00001", "arxiv:2101.00001"),
        ("+ [2101.00001](https://arxiv.org/abs/2101.00001)", "arxiv:2101.00001"),
        ("- ![image](x.png) [Title](https://arxiv.org/abs/2101.00001 'hint')", "Title"),
        ("- [Title [v2]](https://arxiv.org/abs/2101.00001)", "Title [v2]"),
    ],
)
def test_a_title_is_what_names_the_paper(papers_in: PapersIn, line: str, title: str) -> None:
    (record,) = papers_in(f"{line}\n", "markdown")
    assert record.title == title


def test_a_text_that_links_to_no_paper_has_none(records_in: RecordsIn) -> None:
    with pytest.raises(SourceError, match="nothing that can be read as 'markdown'"):
        records_in("# Sheep\n\n- [homepage](https://example.org)\n", "markdown")


PAGE = """\
<!DOCTYPE html><html><head><title>Sheep</title><script>var a = "<li>";</script></head><body>
<h2>1. Sheep</h2><ul><li><a href="https://arxiv.org/abs/2101.00001">Counting
 sheep</a> (Ana Lei, 2021)</li><li><a href="/about">About</a></li></ul>
<table><tr><th>Title</th><th>Link</th></tr>
<tr><td>Goats</td><td><a href="https://doi.org/10.1000/goats">DOI</a></td></tr></table>
<p>Footer</p></body></html>"""


def test_a_web_page_gives_what_it_links_to(papers_in: PapersIn) -> None:
    assert detect(PAGE.encode(), "name") == "html"
    papers = papers_in(PAGE)
    assert told(papers) == [
        ("Counting sheep", ["arxiv:2101.00001"]),
        ("Goats", ["doi:10.1000/goats"]),
    ]
    assert [one.position for one in papers] == ["record 1", "record 2"]


def test_a_page_may_name_titles_and_abstracts_without_links(papers_in: PapersIn) -> None:
    text = (
        "<h3>1. \u6807\u9898</h3>"
        "<p><strong>\u539f\u6587\u6807\u9898\uff1a</strong> Counting sheep</p>"
        "<p><strong>\u6458\u8981\uff1a</strong>\n\u6211\u4eec\u3002</p>"
        '<p><strong>\u8bba\u6587\u94fe\u63a5\uff1a</strong> <a href=""></a></p>'
    )
    (record,) = papers_in(text)
    assert (record.title, record.abstract) == ("Counting sheep", "\u6211\u4eec\u3002")


def test_lines_of_our_own_export_come_back_without_an_identifier_too(papers_in: PapersIn) -> None:
    text = (
        "- [Sheep](https://arxiv.org/abs/2401.00001) (Ana García et al., 2024-01-02) #inbox\n"
        "- [Goats \\[again\\]](https://example.org/goats) (Ana Ito, Jo Li et al., 2024-01) #a #b\n"
        "- Wool (of a kind) (Ana Ito, 2024)\n"
        "- Released the thing (2024-01-02)\n- Prose (see there)\n"
    )
    _, goats, wool = papers_in(text)

    assert (goats.title, goats.authors) == ("Goats [again]", ("Ana Ito", "Jo Li"))
    assert [link.url for link in goats.links] == ["https://example.org/goats"]
    assert (wool.title, wool.authors, wool.published) == ("Wool (of a kind)", ("Ana Ito",), "2024")


def test_a_cell_of_authors_ends_without_its_et_al(papers_in: PapersIn) -> None:
    text = (
        "| Title | Authors |\n|---|---|\n"
        "| [Sheep](https://arxiv.org/abs/2401.00001) | Ana Ito, Jo Li et al. |\n"
    )
    (paper,) = papers_in(text)

    assert paper.authors == ("Ana Ito", "Jo Li")
