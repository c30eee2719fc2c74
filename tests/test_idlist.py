from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import RecordError
from store.importers import detect
from store.models import Link, LinkKind, Provenance, Record

if TYPE_CHECKING:
    from conftest import RecordsIn

TEXT = """\
# mine
2401.01234
arXiv:2401.01235v2 [cs.CL]
10.1000/xyz

https://doi.org/10.1000/abc,
https://example.org/sheep.html
sheep here
- 1706.03762 Attention is all you need
arxiv: hep-th/9901001
12345678
"""


def test_each_line_names_a_paper(records_in: RecordsIn) -> None:
    assert detect(TEXT.encode(), "name") == "list"
    found = [
        str(one) if isinstance(one, RecordError) else (one.title, *map(str, one.identifiers))
        for one in records_in(TEXT)
    ]
    assert found == [
        ("arxiv:2401.01234", "arxiv:2401.01234"),
        ("arxiv:2401.01235", "arxiv:2401.01235"),
        ("doi:10.1000/xyz", "doi:10.1000/xyz"),
        ("doi:10.1000/abc", "doi:10.1000/abc"),
        ("https://example.org/sheep.html",),
        "line 8: names no arXiv id, DOI or address: 'sheep here'",
        ("Attention is all you need", "arxiv:1706.03762"),
        ("arxiv:hep-th/9901001", "arxiv:hep-th/9901001"),
        ("pubmed:12345678", "pubmed:12345678"),
    ]


def test_a_paper_without_a_title_waits_for_one_and_an_address_is_a_link(
    records_in: RecordsIn,
) -> None:
    first, second = records_in("2401.01234\nhttps://example.org/sheep\n")
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.provenance == (Provenance("title", "list", ""),)
    assert second.links == (Link(LinkKind.PAGE, "https://example.org/sheep"),)


@pytest.mark.parametrize("text", ["2401.01234", "https://arxiv.org/abs/2401.01234\r\n"])
def test_a_single_line_is_a_list(records_in: RecordsIn, text: str) -> None:
    (record,) = records_in(text)
    assert isinstance(record, Record)
    assert record.title == "arxiv:2401.01234"
