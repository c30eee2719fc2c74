from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import RecordError
from store.importers import detect
from store.importers.bibtex import LONGEST_BLOCK, PART_SIZE
from store.importers.bibtexvalues import names_of, plain_text, raw_text
from store.models import Identifier, Link, LinkKind, Record
from store.texts.tex import readable

if TYPE_CHECKING:
    from conftest import PapersIn, RecordsIn

BIBTEX = r"""
% A comment, then a macro.
@string{jos = "Journal of " # {Sheep}}
@comment{jabref-meta: databaseType:bibtex;}

@Article{garcia2021,
  author    = {Garc{\'\i}a, Ana and Jan {van der Berg} and {Sheep Lab} and others},
  title     = {Counting {S}heep: $\alpha$-Fences \& \emph{Jumps} --- {{BERT}}},
  journal   = jos,
  year      = 2021,
  month     = jun,
  abstract  = {We count 50\% of all sheep.

    They jump.},
  keywords  = {sheep, counting},
  doi       = {10.1000/Sheep\_1},
  url       = {https://example.org/sheep\_1},
  note      = {Preprint arXiv:2101.00001},
}
"""


def test_an_entry_gives_everything_that_its_fields_say(papers_in: PapersIn) -> None:
    assert detect(BIBTEX.encode(), "name") == "bibtex"
    assert papers_in(BIBTEX) == [
        Record(
            title=r"Counting Sheep: $\alpha$-Fences & Jumps — BERT",
            source="bibtex",
            abstract="We count 50% of all sheep.\nThey jump.",
            authors=("Ana García", "Jan van der Berg", "Sheep Lab"),
            identifiers=(Identifier("doi", "10.1000/sheep_1"), Identifier("arxiv", "2101.00001")),
            published="2021-06",
            links=(Link(LinkKind.WEB, "https://example.org/sheep_1"),),
            keywords=("sheep", "counting"),
            venue="Journal of Sheep",
            position="line 6",
            citation_key="garcia2021",
        )
    ]
    assert readable(r"$\alpha$-Fences") == "\N{GREEK SMALL LETTER ALPHA}-Fences"


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ("eprint = {2101.00001v2}, archivePrefix = {arXiv}", ["arxiv:2101.00001"]),
        ("eprint = {arXiv:hep-th/9901001}", ["arxiv:hep-th/9901001"]),
        ("eprinttype = {pubmed}, eprint = {12345678}", ["pubmed:12345678"]),
        ("pmid = {12345678}", ["pubmed:12345678"]),
        ("url = {https://aclanthology.org/2021.acl-long.1/}", ["acl:2021.acl-long.1"]),
        ("journal = {CoRR}, volume = {abs/2101.00001}, ee = {x}", []),
        ("journal = {arXiv preprint arXiv:2101.00001}", ["arxiv:2101.00001"]),
        ("howpublished = {\\url{https://arxiv.org/abs/2101.00001}}", ["arxiv:2101.00001"]),
    ],
)
def test_identifiers_are_found_in_many_fields(
    papers_in: PapersIn, fields: str, identifiers: list[str]
) -> None:
    (record,) = papers_in(f"@misc{{key, title = {{Sheep}}, {fields}}}")
    assert [str(one) for one in record.identifiers] == identifiers


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("date = {2021-06-03}", "2021-06-03"),
        ("date = {2021-06/2021-08}", "2021-06"),
        ("date = {2021~}", "2021"),
        ("year = {2021}, month = {6}", "2021-06"),
        ('year = "2021", month = "3~" # jun', "2021-06-03"),
        ("year = {in press}", None),
    ],
)
def test_days_are_read_in_both_notations(
    papers_in: PapersIn, fields: str, published: str | None
) -> None:
    (record,) = papers_in(f"@misc{{key, title = {{Sheep}}, {fields}}}")
    assert record.published == published


@pytest.mark.parametrize(
    "text",
    [
        "@article(one, title = {One})\n@article{two, title = {Two},}",
        "@article{same, title = {One}}\n@article{same, title = {Two}}",
        '@article{one, title = "One", title = "Other"}\n@ARTICLE{two, TITLE = {Two}}',
        "@article{one, title = {One}}\nprose between\n@article{two, title = {Two}}",
        "@article{, title = {One}}\n  @article {two , title={Two}\n}",
        "@article{one,\n  title = {One},\n  series = {A {{\\&} B},\n}\n@misc{two, title = {Two}}",
        "@article{one,\n  title = {One},\n  note = {not closed\n\n@article{two,\n  title = {Two}}",
        "\ufeff@article{one,\r\n title = {One}}\r\n@article{two,\r title = {Two}}",
    ],
)
def test_what_editors_do_to_a_bibliography_loses_no_entry(papers_in: PapersIn, text: str) -> None:
    assert [one.title for one in papers_in(text)] == ["One", "Two"]


def test_an_entry_without_a_title_is_refused_by_its_line(records_in: RecordsIn) -> None:
    first, second = records_in("@misc{a,\n author = {X}}\n@misc{b,\n title = {Two}}\n")
    assert isinstance(first, RecordError)
    assert str(first) == "line 1: no title"
    assert isinstance(second, Record)
    assert second.position == "line 3"


def test_strings_and_lines_go_on_over_the_parts_of_a_long_file(papers_in: PapersIn) -> None:
    filler = f"  abstract = {{{'sheep ' * 2000}}},\n"
    count = PART_SIZE // len(filler) + 20
    entries = "".join(
        f"@article{{key{number},\n  title = {{Sheep {number}}},\n{filler}  journal = jos}}\n"
        for number in range(count)
    )
    records = papers_in(f"@string{{jos = {{Journal}}}}\n{entries}")
    assert len(records) == count
    assert {one.venue for one in records} == {"Journal"}
    assert records[-1].position == f"line {2 + 4 * (count - 1)}"


def test_a_block_without_an_end_takes_no_other_with_it(records_in: RecordsIn) -> None:
    endless = "@article{endless,\n abstract = {" + "sheep\n" * (LONGEST_BLOCK // 5)
    text = f"@misc{{a, title = {{One}}}}\n{endless}\n@misc{{b, title = {{Two}}}}\n"
    records = records_in(text)
    assert [one.title for one in records if isinstance(one, Record)] == ["One", "Two"]
    (refused,) = (one for one in records if isinstance(one, RecordError))
    assert "without an end" in refused.reason


def test_latin_1_and_utf8_may_stand_in_one_file(papers_in: PapersIn) -> None:
    text = "@misc{a, title = {Müller}}\n".encode("latin-1") + "@misc{b, title = {Łódź}}\n".encode()
    assert [one.title for one in papers_in(text)] == ["Müller", "Łódź"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            r"\"{O}zel {\"o}zel \v{S}ko{\v d}a \o{} {\ss} \i",
            "Özel özel Škoďa ø ß \N{LATIN SMALL LETTER DOTLESS I}",
        ),
        (r"\textit{in vivo} {\it in} \textbf{x}", "in vivo in x"),
        (r"costs \$5 and \$6", "costs $5 and $6"),
        (r"$x^2 < y$ and {$\beta$}", r"$x^2 < y$ and $\beta$"),
        (r"\foo{bar} stays", r"\foo{bar} stays"),
        ("pages 1--5 and A---B", "pages 1\N{EN DASH}5 and A—B"),
        ("``quoted'' \\enquote{too}", "“quoted” “too”"),
        ("Fig.~3", "Fig.\u00a03"),
        (r"p {\textless} 0.05 and\slash or H{\textsubscript{2}}O", "p < 0.05 and/or H₂O"),
        (r"50\% \& more\_less \#1", "50% & more_less #1"),
    ],
)
def test_tex_that_is_a_way_of_writing_becomes_text(value: str, text: str) -> None:
    assert plain_text(value) == text


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ana García and Li Lei", ["Ana García", "Li Lei"]),
        ("{Barnes and Noble} and X. Y", ["Barnes and Noble", "X. Y"]),
        ("{Sheep, Wool, and Co} and {A} and {B}", ["Sheep, Wool, and Co", "A", "B"]),
        ("family=Oord, given=Aaron, prefix=van den, useprefix=true", ["Aaron van den Oord"]),
        ("A. B. and others", ["A. B."]),
        ("", []),
    ],
)
def test_names_are_parted_at_and(value: str, names: list[str]) -> None:
    assert names_of(value) == names


def test_addresses_lose_escapes_and_keep_what_looks_like_tex() -> None:
    assert raw_text(r"https://x.org/a\_b--c?d=\%20{~e}") == "https://x.org/a_b--c?d=%20~e"


def test_an_organisation_in_braces_keeps_its_order(papers_in: PapersIn) -> None:
    (record,) = papers_in("@book{x, title={Sheep}, author={{Sheep, Wool} and Lei, Li}}")
    assert record.authors == ("Sheep, Wool", "Li Lei")


@pytest.mark.parametrize(
    "cut", ["title = {Two", "title = {Two},", "title = {Two},\n  year = 20", "title = {Two},\n"]
)
def test_an_entry_that_the_file_ends_within_is_refused(records_in: RecordsIn, cut: str) -> None:
    first, second = records_in(f"@misc{{a,\n title = {{One}}}}\n@misc{{b,\n  {cut}")
    assert isinstance(first, Record)
    assert str(second) == "line 3: is cut short: the file ends within it"


def test_a_last_entry_that_lacks_a_brace_within_is_read(papers_in: PapersIn) -> None:
    (record,) = papers_in("@misc{a,\n note = {Sheep {1},\n title = {One}\n}\n")
    assert record.title == "One"
