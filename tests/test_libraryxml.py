from __future__ import annotations

from typing import TYPE_CHECKING

from store.importers import detect
from store.models import Identifier, Link, LinkKind, Record

if TYPE_CHECKING:
    from conftest import PapersIn

ENDNOTE = """\
<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="s.enl" path="s.enl">s.enl</database><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Garc\u00eda, Ana</style></author>
<author>Lei, Li</author></authors></contributors>
<titles><title><style face="normal">Counting </style><style face="italic">sheep</style></title>
<secondary-title>Journal of Sheep</secondary-title></titles>
<periodical><full-title>Journal of Sheep</full-title></periodical>
<keywords><keyword>sheep</keyword><keyword>fences</keyword></keywords>
<dates><year>2021</year><pub-dates><date>Jun 3</date></pub-dates></dates>
<accession-num>12345678</accession-num><abstract>We count.</abstract>
<urls><related-urls><url>https://example.org/sheep</url></related-urls></urls>
<electronic-resource-num>10.1000/sheep</electronic-resource-num>
<remote-database-provider>Nlm</remote-database-provider></record></records></xml>"""


def test_endnotes_xml_gives_everything_that_it_says(papers_in: PapersIn) -> None:
    assert detect(ENDNOTE.encode(), "name") == "endnote-xml"
    assert papers_in(ENDNOTE) == [
        Record(
            title="Counting sheep",
            source="endnote",
            abstract="We count.",
            authors=("Ana García", "Li Lei"),
            identifiers=(Identifier("doi", "10.1000/sheep"), Identifier("pubmed", "12345678")),
            published="2021-06-03",
            links=(Link(LinkKind.WEB, "https://example.org/sheep"),),
            keywords=("sheep", "fences"),
            venue="Journal of Sheep",
            position="record 1",
        )
    ]


OLDER = """\
<XML><RECORDS><RECORD><REFERENCE_TYPE>0</REFERENCE_TYPE><AUTHORS><AUTHOR>Garc\u00eda, Ana</AUTHOR>
<AUTHOR>Lei, Li</AUTHOR></AUTHORS><YEAR>2001</YEAR><TITLE>Counting sheep</TITLE>
<SECONDARY_TITLE>Journal of Sheep</SECONDARY_TITLE><ABSTRACT>We count.</ABSTRACT>
<KEYWORDS><KEYWORD>sheep</KEYWORD></KEYWORDS></RECORD></RECORDS></XML>"""


def test_the_older_form_is_read_by_the_names_of_its_elements(papers_in: PapersIn) -> None:
    assert detect(OLDER.encode(), "name") == "endnote-xml"
    (record,) = papers_in(OLDER)
    assert (record.title, record.authors) == ("Counting sheep", ("Ana García", "Li Lei"))
    assert (record.venue, record.published) == ("Journal of Sheep", "2001")
    assert (record.abstract, record.keywords) == ("We count.", ("sheep",))


MODS = """\
<?xml version="1.0"?><modsCollection xmlns="http://www.loc.gov/mods/v3"><mods>
<titleInfo><title>Counting sheep</title><subTitle>with networks</subTitle></titleInfo>
<name type="personal"><namePart type="family">Garc\u00eda</namePart>
<namePart type="given">Ana</namePart></name><abstract>We count.</abstract>
<relatedItem type="host"><titleInfo><title>Journal of Sheep</title></titleInfo>
<originInfo><dateIssued>2021-06-03</dateIssued></originInfo></relatedItem>
<identifier type="doi">10.1000/sheep</identifier></mods></modsCollection>"""


def test_mods_is_read(papers_in: PapersIn) -> None:
    assert detect(MODS.encode(), "name") == "mods"
    (record,) = papers_in(MODS)
    assert (record.title, record.authors) == ("Counting sheep: with networks", ("Ana García",))
    assert (record.venue, record.published) == ("Journal of Sheep", "2021-06-03")
    assert record.identifiers == (Identifier("doi", "10.1000/sheep"),)


PUBMED = """\
<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://x.org/p.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">12345678</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2021</Year><Month>Jun</Month><Day>3</Day></PubDate>
</JournalIssue><Title>Journal of sheep</Title></Journal>
<ArticleTitle>Counting <i>sheep</i>.</ArticleTitle>
<Abstract><AbstractText Label="BACKGROUND">They jump.</AbstractText>
<AbstractText Label="RESULTS">We count.</AbstractText></Abstract>
<AuthorList><Author><LastName>Garc\u00eda</LastName><ForeName>Ana</ForeName></Author>
<Author><CollectiveName>Sheep Group</CollectiveName></Author></AuthorList>
<ELocationID EIdType="doi">10.1000/sheep</ELocationID></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">12345678</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"""


def test_pubmeds_xml_is_read_without_the_identifiers_of_references(papers_in: PapersIn) -> None:
    assert detect(PUBMED.encode(), "name") == "pubmed-xml"
    (record,) = papers_in(PUBMED)
    assert record.title == "Counting sheep"
    assert record.abstract == "BACKGROUND: They jump.\nRESULTS: We count."
    assert record.authors == ("Ana García", "Sheep Group")
    assert record.identifiers == (
        Identifier("doi", "10.1000/sheep"),
        Identifier("pubmed", "12345678"),
    )
    assert record.published == "2021-06-03"
