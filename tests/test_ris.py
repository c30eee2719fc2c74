from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import RecordError
from store.importers import detect
from store.models import Identifier, Link, LinkKind, Record

if TYPE_CHECKING:
    from conftest import PapersIn, RecordsIn

RIS = """\
TY  - JOUR
TI  - Counting sheep with small networks
AU  - García, Ana
AU  - van der Berg, Jan
AU  - Smith, John, Jr.
T2  - Journal of Sheep
AB  - We count sheep.
They jump over a low-
lying fence in exam-
ples of all kinds.
KW  - sheep
counting
KW  - fences; jumps
DO  - https://doi.org/10.1000/Sheep.1
DA  - 2021/06/03/
PY  - 2021
UR  - https://example.org/sheep
L1  - https://example.org/sheep.pdf
ER  -
"""
PAPER = Record(
    title="Counting sheep with small networks",
    source="ris",
    abstract="We count sheep. They jump over a low-lying fence in examples of all kinds.",
    authors=("Ana García", "Jan van der Berg", "John Smith Jr."),
    identifiers=(Identifier("doi", "10.1000/sheep.1"),),
    published="2021-06-03",
    links=(
        Link(LinkKind.WEB, "https://example.org/sheep"),
        Link(LinkKind.PDF, "https://example.org/sheep.pdf"),
    ),
    keywords=("sheep", "counting", "fences", "jumps"),
    venue="Journal of Sheep",
    position="line 1",
)


def test_a_record_gives_everything_that_its_lines_say(papers_in: PapersIn) -> None:
    assert papers_in(RIS) == [PAPER]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("  - ", "\t- "),
        lambda text: text.replace("  - ", " - "),
        lambda text: text.replace("ER  -\n", "ER  - \n\n\n"),
        lambda text: text.replace("ER  -\n", ""),
        lambda text: text.replace("ER  -\n", "ER  -\nER  -\n"),
        lambda text: text.replace("TI  -", "T1  -").replace("AU  -", "A1  -"),
        lambda text: text.replace("AB  -", "N2  -").replace("T2  -", "JF  -"),
        lambda text: text.replace("DA  - 2021/06/03/", "Y1  - 2021/06/03"),
    ],
)
def test_dialects_and_slips_of_editors_make_no_difference(papers_in: PapersIn, change) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a lambda of the table
    (record,) = papers_in(change(RIS))
    assert record == PAPER


def test_records_without_a_first_line_begin_after_the_end_of_another(papers_in: PapersIn) -> None:
    text = "AU  - Lei, Li\nTI  - One\nPY  - 2020\nER  -\nTI  - Two\nAU  - Lei, Li\nER  -\n"
    assert [one.title for one in papers_in(text)] == ["One", "Two"]


def test_ovid_counts_its_records_and_ends_none(papers_in: PapersIn) -> None:
    text = (
        "<1>\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nTI  - One\nAU  - Lei L\n"
        "AB  - Sheep.\n<2>\nVN  - Ovid Technologies\nDB  - Ovid\nTI  - Two\nAU  - Lei L\n"
    )
    assert [(one.title, one.authors) for one in papers_in(text)] == [
        ("One", ("L Lei",)),
        ("Two", ("L Lei",)),
    ]


@pytest.mark.parametrize(
    ("lines", "identifiers"),
    [
        ("M3  - doi: 10.1000/X.1", ["doi:10.1000/x.1"]),
        ("UR  - http://dx.doi.org/10.1000/x.1", ["doi:10.1000/x.1"]),
        ("L3  - 10.1000/x.1", ["doi:10.1000/x.1"]),
        ("DO  - 10.1000/1(2007)109[97:NDO]2.0.CO;2", ["doi:10.1000/1(2007)109[97:ndo]2.0.co;2"]),
        (
            "DO  - 10.1000/S3(19)17:15<1661::AID>3.0.CO;2-2",
            ["doi:10.1000/s3(19)17:15<1661::aid>3.0.co;2-2"],
        ),
        ("DO  - 10.1000/x.1[doi]", ["doi:10.1000/x.1"]),
        ("M3  - <a>10.1000/x.1</a>", ["doi:10.1000/x.1"]),
        ("DB  - PubMed\nAN  - 12345678", ["pubmed:12345678"]),
        ("DB  - Embase\nAN  - 12345678", []),
        ("T2  - arXiv preprint arXiv:1706.03762", ["arxiv:1706.03762"]),
        ("N1  - PMID: 12345678", ["pubmed:12345678"]),
        ("UR  - https://arxiv.org/abs/1706.03762v5", ["arxiv:1706.03762"]),
        ("DO  - 10.48550/arXiv.1706.03762", ["arxiv:1706.03762"]),
    ],
)
def test_identifiers_are_found_wherever_a_database_puts_them(
    papers_in: PapersIn, lines: str, identifiers: list[str]
) -> None:
    (record,) = papers_in(f"TY  - JOUR\nTI  - Sheep\n{lines}\nER  -\n")
    assert [str(one) for one in record.identifiers] == identifiers


def test_entities_are_read_before_semicolons_part_names_and_keywords(papers_in: PapersIn) -> None:
    (record,) = papers_in(
        "TY  - JOUR\nTI  - Sheep\nAU  - Garc&iacute;a M&#xE1;rquez, Ana\n"
        "KW  - B&eacute;e; x\nER  -\n"
    )
    assert (record.authors, record.keywords) == (("Ana García Márquez",), ("Bée", "x"))


def test_a_record_with_an_identifier_alone_is_shown_by_it(papers_in: PapersIn) -> None:
    (record,) = papers_in("TY  - JOUR\nDO  - 10.1000/x\nER  -\n")
    assert record.title == "doi:10.1000/x"
    assert [(one.field, one.source) for one in record.provenance] == [("title", "list")]


def test_a_record_without_a_title_is_refused_with_its_line(records_in: RecordsIn) -> None:
    first, second = records_in("TY  - GEN\nN1  - Sheep\nER  -\nTY  - GEN\nTI  - Two\nER  -\n")
    assert isinstance(first, RecordError)
    assert str(first) == "line 1: no title"
    assert isinstance(second, Record)


MEDLINE = """\
PMID- 12345678
OWN - NLM
DP  - 2021 Jun 3
TI  - Counting sheep in a long title
      that goes on.
AB  - BACKGROUND: Sheep jump. RESULTS: We
      count them.
FAU - García, Ana
AU  - García A
FAU - Lei, Li
AU  - Lei L
LID - 10.1000/sheep [doi]
AID - S0000-0000(21)00001-1 [pii]
MH  - *Sheep
OT  - counting
JT  - Journal of sheep
SO  - J Sheep. 2021 Jun 3;1(1):1-9. doi: 10.1000/sheep.

PMID- 12345679
TI  - Two
"""


def test_pubmeds_lines_are_read(papers_in: PapersIn) -> None:
    first, second = papers_in(MEDLINE)
    assert detect(MEDLINE.encode(), "name") == "medline"
    assert first == Record(
        title="Counting sheep in a long title that goes on",
        source="pubmed",
        abstract="BACKGROUND: Sheep jump. RESULTS: We count them.",
        authors=("Ana García", "Li Lei"),
        identifiers=(Identifier("doi", "10.1000/sheep"), Identifier("pubmed", "12345678")),
        published="2021-06-03",
        keywords=("counting", "Sheep"),
        venue="Journal of sheep",
        position="line 1",
    )
    assert (second.title, second.position) == ("Two", "line 19")


WEB_OF_SCIENCE = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Garcia, A
   Lei, L
AF Garcia, Ana
   Lei, Li
TI Counting sheep with
   small networks
SO JOURNAL OF SHEEP
DE sheep; counting
ID FENCES; JUMPS
AB We count sheep.
PD JUN 3
PY 2021
DI 10.1000/sheep
PM 12345678
UT WOS:000000000000001
ER

PT J
AU Lei, L
TI Two
PY 2020
ER

EF
"""


def test_the_lines_of_web_of_science_are_read(papers_in: PapersIn) -> None:
    first, second = papers_in(f"\ufeff{WEB_OF_SCIENCE}")
    assert detect(WEB_OF_SCIENCE.encode(), "name") == "wos"
    assert first == Record(
        title="Counting sheep with small networks",
        source="ris",
        abstract="We count sheep.",
        authors=("Ana Garcia", "Li Lei"),
        identifiers=(Identifier("doi", "10.1000/sheep"), Identifier("pubmed", "12345678")),
        published="2021-06-03",
        keywords=("sheep", "counting", "FENCES", "JUMPS"),
        venue="JOURNAL OF SHEEP",
        position="line 3",
    )
    assert (second.title, second.published) == ("Two", "2020")


REFER = """\
%0 Journal Article
%A García, Ana
%A Lei, Li
%T Counting sheep
%J Journal of Sheep
%D 2021
%8 June 3
%X We count sheep.
%K sheep
fences
%R 10.1000/sheep
%U https://example.org/sheep

%0 Journal Article
%T Two
"""


def test_blank_lines_part_only_records_of_endnote_without_a_first_line(papers_in: PapersIn) -> None:
    (one,) = papers_in("%0 Journal Article\n%T One\n%X We count.\n\n%R 10.1000/sheep\n")
    assert one.identifiers == (Identifier("doi", "10.1000/sheep"),)
    assert [one.title for one in papers_in("%T One\n%A Lei, Li\n\n%T Two\n", "refer")] == [
        "One",
        "Two",
    ]


def test_the_lines_of_endnote_are_read(papers_in: PapersIn) -> None:
    first, second = papers_in(REFER)
    assert detect(REFER.encode(), "name") == "refer"
    assert first == Record(
        title="Counting sheep",
        source="endnote",
        abstract="We count sheep.",
        authors=("Ana García", "Li Lei"),
        identifiers=(Identifier("doi", "10.1000/sheep"),),
        published="2021-06-03",
        links=(Link(LinkKind.WEB, "https://example.org/sheep"),),
        keywords=("sheep", "fences"),
        venue="Journal of Sheep",
        position="line 1",
    )
    assert second.title == "Two"


def test_bytes_that_are_no_utf8_are_taken_for_windows_own(papers_in: PapersIn) -> None:
    mixed = "TY  - JOUR\nTI  - Sheep\nAU  - García, Ana\n".encode("cp1252")
    mixed += "AU  - Müller, Eva\nAB  - “So”\nER  -\n".encode()
    (record,) = papers_in(mixed)
    assert (record.authors, record.abstract) == (("Ana García", "Eva Müller"), "“So”")


@pytest.mark.parametrize("cut", ["TI  - Two", "TI  - Two\nA", "TI  - Two\nAB  - We"])
def test_a_record_that_the_file_ends_within_is_refused(records_in: RecordsIn, cut: str) -> None:
    first, second = records_in(f"TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\n{cut}")
    assert isinstance(first, Record)
    assert str(second) == "line 4: is cut short: the file ends within it"


@pytest.mark.parametrize("end", ["\n\n", "\nER", "\nER  -"])
def test_a_last_record_without_its_whole_end_is_read(papers_in: PapersIn, end: str) -> None:
    papers = papers_in(f"TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nAU  - Lei, Li{end}")
    assert [one.title for one in papers] == ["One", "Two"]
