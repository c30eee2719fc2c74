from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from store.errors import RecordError, SourceError
from store.importers import detect
from store.importers.table import LONGEST_ROW
from store.models import Identifier, Link, LinkKind, Provenance, Record, Sighting
from tui.cli.options import to_column

if TYPE_CHECKING:
    from conftest import PapersIn, RecordsIn

PAPER = Record(
    title="Counting sheep, again",
    source="table",
    abstract="We count.",
    authors=("Ana García", "Li Lei"),
    identifiers=(Identifier("doi", "10.1000/sheep"),),
    published="2021",
    keywords=("sheep", "fences"),
    venue="Journal of Sheep",
    position="line 2",
)
SCOPUS = (
    '\ufeff"Authors","Author(s) ID","Title","Year","Source title","DOI","Link","Abstract",'
    '"Author Keywords"\r\n"García, A.; Lei, L.","1;2","Counting sheep, again","2021",'
    '"Journal of Sheep","10.1000/sheep","","We count.","sheep; fences"\r\n'
)
EXPORTS = {
    "Zotero": (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url",'
        '"Abstract Note","Date","Extra","Manual Tags"\n"X1","journalArticle","2021",'
        '"García, Ana; Lei, Li","Counting sheep, again","Journal of Sheep","10.1000/sheep","",'
        '"We count.","2021","Publisher: Sheep","sheep; fences"\n'
    ),
    "PubMed": (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,DOI\n"
        '12345678,"Counting sheep, again","García A, Lei L.",J.,García A,Journal of Sheep,2021,'
        "2021/06/03,10.1000/sheep\n"
    ),
    "Web of Science": (
        "PT\tAU\tAF\tTI\tSO\tDE\tAB\tPY\tDI\n"
        "J\tGarcía, A; Lei, L\tGarcía, Ana; Lei, Li\tCounting sheep, again\tJournal of Sheep"
        "\tsheep; fences\tWe count.\t2021\t10.1000/sheep\n"
    ),
    "IEEE Xplore": (
        '"Document Title",Authors,"Author Affiliations","Publication Title","Publication Year",'
        '"Abstract","DOI",PDF Link,"Author Keywords"\n"Counting sheep, again","A. García; L. Lei",'
        '"Sheep Lab","Journal of Sheep","2021","We count.","10.1000/sheep","https://x.org/s.pdf",'
        '"sheep;fences"\n'
    ),
    "Rayyan": (
        "key,title,year,month,day,journal,issn,authors,url,abstract,notes,doi,keywords,pubmed_id\n"
        'k1,"Counting sheep, again",2021,6,3,Journal of Sheep,,"García, Ana and Lei, Li",'
        ',We count.,,10.1000/sheep,"sheep,fences",12345678\n'
    ),
    "Dimensions": (
        '"About the data: exported on Jun 3, 2021"\nRank,Publication ID,DOI,Title,Abstract,'
        "Source title,PubYear,Authors\n1,pub.1,10.1000/sheep,"
        '"Counting sheep, again",We count.,Journal of Sheep,2021,"García, Ana; Lei, Li"\n'
    ),
    "a spreadsheet in Europe": (
        "Title;Authors;Year;Journal;DOI;Abstract\n"
        '"Counting sheep, again";"García, Ana and Lei, Li";2021;Journal of Sheep;10.1000/sheep;'
        "We count.\n"
    ),
    "asreview": (
        "title,first_authors,publication_year,secondary_title,doi,abstract,keywords\n"
        "\"Counting sheep, again\",\"['García, Ana', 'Lei, Li']\",2021//,Journal of Sheep,"
        "10.1000/sheep,We count.,\"['sheep', 'fences']\"\n"
    ),
}


def test_a_table_of_scopus_gives_everything_that_it_says(papers_in: PapersIn) -> None:
    assert detect(SCOPUS.encode(), "name") == "table"
    (record,) = papers_in(SCOPUS)
    assert record == Record(
        title="Counting sheep, again",
        source="table",
        abstract="We count.",
        authors=("A. García", "L. Lei"),
        identifiers=(Identifier("doi", "10.1000/sheep"),),
        published="2021",
        keywords=("sheep", "fences"),
        venue="Journal of Sheep",
        position="line 2",
    )


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_columns_of_each_program_are_known(papers_in: PapersIn, kind: str) -> None:
    text = EXPORTS[kind]
    assert detect(text.encode(), "name") == "table"
    (record,) = papers_in(text)
    assert (record.title, record.venue) == (PAPER.title, PAPER.venue)
    assert (record.published or "")[:4] == "2021"
    assert [name.split()[-1] for name in record.authors] == ["García", "Lei"]
    assert PAPER.identifiers[0] in record.identifiers
    assert record.abstract in {"We count.", ""}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(
    papers_in: PapersIn, encoding: str
) -> None:
    text = EXPORTS["Web of Science"].replace("\n", "\r\n")
    (record,) = papers_in(text.encode(encoding))
    assert record.authors == PAPER.authors


def test_the_reader_says_which_column_is_which(records_in: RecordsIn) -> None:
    text = "Name,Who,Remark\nCounting sheep,Ana García,10.1000/sheep\n"
    columns = {"title": "Name", "authors": "who", "doi": "Remark"}
    (record,) = records_in(text, columns=columns)
    assert isinstance(record, Record)
    assert (record.title, record.authors) == ("Counting sheep", ("Ana García",))
    assert record.identifiers == (Identifier("doi", "10.1000/sheep"),)


def test_a_column_that_is_not_there_is_named_with_those_that_are(records_in: RecordsIn) -> None:
    with pytest.raises(SourceError, match=r"no column 'Name' \(there are title, year"):
        records_in("title,year\nSheep,2021\n", columns={"title": "Name"})


def test_a_table_without_known_columns_says_what_to_do(records_in: RecordsIn) -> None:
    with pytest.raises(SourceError, match="--column title=Name"):
        records_in("a,b\n1,2\n", "table")


def test_rows_are_refused_by_the_line_that_they_begin_on(records_in: RecordsIn) -> None:
    text = 'title,abstract\n"One\ntwo",x\n,"only\nan abstract"\nThree,\n,\n'
    records = records_in(text)
    assert [str(one) if isinstance(one, RecordError) else one.title for one in records] == [
        "One two",
        "line 4: no title",
        "Three",
    ]


def test_a_quotation_mark_that_is_never_closed_takes_in_no_whole_file(
    records_in: RecordsIn,
) -> None:
    text = f'title,year\n"never closed,2020\n{"x" * LONGEST_ROW}\nTwo,2021\n'
    records = records_in(text)
    assert [one.title for one in records if isinstance(one, Record)] == ["Two"]
    assert "is no row of a table" in str(records[0])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('"One,2020', "line 2: is no row of a table: a quotation mark in it is never closed"),
        ('One,"2020', "line 2: is no row of a table: a quotation mark in it is never closed"),
        ('"One" again,2020', "One again"),
    ],
)
@pytest.mark.parametrize("next_row", ["Two,2021", '"Two",2021', 'Two,"2021"', '"T\n""wo",2021'])
def test_a_quotation_mark_that_is_never_closed_costs_one_row(
    records_in: RecordsIn, row: str, told: str, next_row: str
) -> None:
    records = records_in(f'title,year\n{row}\n{next_row}\nThree,2022\n"Four",2023\n')
    shown = [str(one) if isinstance(one, RecordError) else one.title for one in records]
    assert [text.replace('T "wo', "Two") for text in shown] == [told, "Two", "Three", "Four"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Two", "line 3: is cut short: the file ends within it"),
        ("Two\n", "Two"),
        ("Two,20", "Two"),
        ('"Two', "line 3: is cut short: the file ends within it"),
    ],
)
def test_a_row_that_the_file_ends_within_is_refused(
    records_in: RecordsIn, row: str, told: str
) -> None:
    _, second = records_in(f"title,year\nOne,2020\n{row}")
    assert (str(second) if isinstance(second, RecordError) else second.title) == told


def test_a_quotation_mark_between_tabs_may_be_a_sign_like_any_other(papers_in: PapersIn) -> None:
    papers = papers_in('title\tyear\n"One\t2020\nTwo\t2021\n"Three\t2022\n')
    assert [one.title for one in papers] == ['"One', "Two", '"Three']


def test_marks_that_are_never_closed_are_given_up_after_a_while(records_in: RecordsIn) -> None:
    records = records_in("title,year\n" + 'a","c\nTwo,2021\n' * 40_000)
    refused = [one for one in records if isinstance(one, RecordError)]
    assert len(refused) < 100
    assert str(refused[-1]).endswith("lines after it are left out")


def test_long_cells_are_read_and_other_readers_of_tables_keep_their_limit(
    records_in: RecordsIn,
) -> None:
    usual = csv.field_size_limit()
    (paper,) = records_in(f"title,abstract\nOne,{'word ' * usual}\n")

    assert isinstance(paper, Record)
    assert len(paper.abstract) > usual
    assert csv.field_size_limit() == usual


def test_links_votes_and_days_are_read_where_there_are_any(papers_in: PapersIn) -> None:
    text = (
        "title,url,pdf,code,upvotes,listed,categories\n"
        "Sheep,https://arxiv.org/abs/2101.00001,https://x.org/s.pdf,https://github.com/a/b,"
        '"1,234",2021-06-03,cs.CL; cs.LG\n'
    )
    (record,) = papers_in(text)
    assert record.identifiers == (Identifier("arxiv", "2101.00001"),)
    assert record.links == (
        Link(LinkKind.PDF, "https://x.org/s.pdf"),
        Link(LinkKind.CODE, "https://github.com/a/b"),
    )
    assert record.sightings == (Sighting("table", "2021-06-03", votes=1234),)
    assert record.categories == ("cs.CL", "cs.LG")


@pytest.mark.parametrize(
    ("keywords", "found"),
    [
        ("search and rescue", ("search and rescue",)),
        ("search and rescue; sheep", ("search and rescue", "sheep")),
        ("wild sheep, fences", ("wild sheep", "fences")),
    ],
)
def test_keywords_of_several_words_stay_together(
    papers_in: PapersIn, keywords: str, found: tuple[str, ...]
) -> None:
    tables = f'title,keywords\nSheep,"{keywords}"\n'
    csl = f'[{{"type": "book", "title": "Sheep", "DOI": "10.1000/x", "keyword": "{keywords}"}}]'
    bibtex = f"@book{{x, title = {{Sheep}}, keywords = {{{keywords}}}}}"
    wrapped = bibtex.replace(" and", "\nand") if len(found) > 1 else bibtex
    for text in (tables, csl, bibtex, wrapped):
        assert papers_in(text)[0].keywords == found


@pytest.mark.parametrize("categories", ["cs.CL hep-th", "cs.CL; hep-th"])
def test_categories_may_be_parted_by_blanks(papers_in: PapersIn, categories: str) -> None:
    (record,) = papers_in(f"title,categories\nSheep,{categories}\n")
    assert record.categories == ("cs.CL", "hep-th")


def test_cells_that_spreadsheets_would_calculate_lose_their_guard(papers_in: PapersIn) -> None:
    (record,) = papers_in("title,year\n'=Sheep,2021\n")
    assert record.title == "=Sheep"


def test_our_own_table_gives_the_same_papers_again(papers_in: PapersIn) -> None:
    header = '"id","title","authors","published","listed","votes","identifiers","abstract"\r\n'
    row = '"arxiv:2101.00001","Sheep","Ana García; Li Lei","2021-06-03","2021-06-04","7",'
    text = f'{header}{row}"arxiv:2101.00001; doi:10.1000/x","We count."\r\n'
    (record,) = papers_in(text)
    assert [str(one) for one in record.identifiers] == ["arxiv:2101.00001", "doi:10.1000/x"]
    assert record.sightings == (Sighting("table", "2021-06-04", votes=7),)


@pytest.mark.parametrize("missing", ["", " ", "NA", "N/A", "NaN", "nan", "NULL", "None"])
def test_what_programs_write_for_a_missing_value_is_none(papers_in: PapersIn, missing: str) -> None:
    (record,) = papers_in(
        f"title,abstract,authors,journal,year,doi\nNaN,{missing},{missing},{missing},{missing},"
        "10.1000/sheep\n"
    )
    assert record == Record(
        title="doi:10.1000/sheep",
        source="table",
        identifiers=(Identifier("doi", "10.1000/sheep"),),
        provenance=(Provenance("title", "list", ""),),
        position="line 2",
    )


def test_a_table_whose_columns_say_nothing_is_told_as_one(records_in: RecordsIn) -> None:
    with pytest.raises(SourceError) as caught:
        records_in("Name,Who,When\nOn sheep,Ana,2021\nOn goats,Bo,2022\n")
    assert "none of its columns ('Name', 'Who', 'When')" in str(caught.value)
    assert "--column title=Name" in str(caught.value)


@pytest.mark.parametrize("called", ["published", "year", "Date"])
def test_a_column_may_be_named_by_any_name_of_its_field(called: str) -> None:
    assert to_column(f"{called}=When") == ("published", "When")
