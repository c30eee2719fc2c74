from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import RecordError
from store.importers import detect
from store.models import Identifier, Record, Sighting

if TYPE_CHECKING:
    from conftest import PapersIn, RecordsIn

ENTRY = """\
<entry>
  <id>http://arxiv.org/abs/2101.00001v3</id>
  <title>Counting sheep
    with $\\alpha$-fences</title>
  <updated>2021-06-03T10:00:00Z</updated>
  <published>2021-01-01T10:00:00Z</published>
  <link href="https://arxiv.org/abs/2101.00001v3" rel="alternate" type="text/html"/>
  <link href="https://arxiv.org/pdf/2101.00001v3" rel="related" title="pdf"/>
  <link href="https://doi.org/10.1000/Sheep" rel="related" title="doi"/>
  <summary>  We count sheep &amp; goats where a &lt; b.
</summary>
  <category term="cs.CL"/><category term="cs.LG"/>
  <arxiv:doi>10.1000/Sheep</arxiv:doi>
  <arxiv:journal_ref>J. Sheep 1 (2021)</arxiv:journal_ref>
  <author><name>Ana Garc\u00eda</name><arxiv:affiliation>Sheep Lab</arxiv:affiliation></author>
  <author><name>Li Lei</name></author>
</entry>"""
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
    ' xmlns:arxiv="http://arxiv.org/schemas/atom"><title>Query</title>%s</feed>'
)
ERROR = """\
<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>
<summary>incorrect id format for x</summary></entry>"""


def test_a_reply_of_arxivs_search_gives_its_papers(papers_in: PapersIn) -> None:
    assert detect((FEED % ENTRY).encode(), "name") == "atom"
    assert papers_in(FEED % ENTRY) == [
        Record(
            title="Counting sheep with $\\alpha$-fences",
            source="arxiv",
            abstract="We count sheep & goats where a < b.",
            authors=("Ana García", "Li Lei"),
            identifiers=(Identifier("arxiv", "2101.00001"), Identifier("doi", "10.1000/sheep")),
            published="2021-01-01",
            categories=("cs.CL", "cs.LG"),
            venue="J. Sheep 1 (2021)",
            position="record 1",
        )
    ]


def test_a_reply_that_is_an_error_is_refused_in_its_own_words(records_in: RecordsIn) -> None:
    (refused,) = records_in(FEED % ERROR)
    assert isinstance(refused, RecordError)
    assert "error message of arXiv: 'incorrect id format for x'" in str(refused)


def test_an_empty_reply_has_no_papers(papers_in: PapersIn) -> None:
    assert papers_in(FEED % "") == []


def test_the_readers_day_is_that_of_every_paper(records_in: RecordsIn) -> None:
    (record,) = records_in(FEED % ENTRY, day="2021-06-04")
    assert isinstance(record, Record)
    assert record.sightings == (Sighting("arxiv", "2021-06-04"),)


RSS = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel><title>cs.CL updates</title>
<item><title>Counting sheep</title><link>https://arxiv.org/abs/2101.00001</link>
<description>arXiv:2101.00001v1 Announce Type: new
Abstract: We count sheep.</description>
<guid isPermaLink="false">oai:arXiv.org:2101.00001v1</guid>
<category>cs.CL</category><pubDate>Fri, 01 Jan 2021 00:00:00 -0500</pubDate>
<arxiv:announce_type>new</arxiv:announce_type>
<dc:creator>Ana Garc\u00eda, Li Lei</dc:creator></item>
<item><title>An older one</title><link>https://arxiv.org/abs/2001.00001</link>
<description>arXiv:2001.00001v9 Announce Type: replace-cross
Abstract: Again.</description><pubDate>Fri, 01 Jan 2021 00:00:00 -0500</pubDate>
<dc:creator>Li Lei</dc:creator></item>
</channel></rss>"""


def test_announcements_are_seen_on_their_day_but_for_replacements(papers_in: PapersIn) -> None:
    assert detect(RSS.encode(), "name") == "rss"
    first, second = papers_in(RSS)
    assert first == Record(
        title="Counting sheep",
        source="arxiv",
        abstract="We count sheep.",
        authors=("Ana García", "Li Lei"),
        identifiers=(Identifier("arxiv", "2101.00001"),),
        published="2021-01-01",
        categories=("cs.CL",),
        sightings=(Sighting("arxiv", "2021-01-01"),),
        position="record 1",
    )
    assert (second.abstract, second.published, second.sightings) == ("Again.", None, ())


def test_a_feed_of_rdf_has_its_items_beside_the_channel(papers_in: PapersIn) -> None:
    text = """\
<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>cs.CL</title></channel>
<item rdf:about="http://arxiv.org/abs/2101.00001">
<title>Counting sheep. (arXiv:2101.00001v1 [cs.CL])</title>
<link>http://arxiv.org/abs/2101.00001</link>
<description>&lt;p&gt;We count sheep.&lt;/p&gt;</description>
<dc:creator>&lt;a href="http://arxiv.org/a"&gt;Ana Lei&lt;/a&gt;,
&lt;a href="x"&gt;Li Lei&lt;/a&gt;</dc:creator>
</item></rdf:RDF>"""
    (record,) = papers_in(text)
    assert (record.title, record.abstract) == ("Counting sheep.", "We count sheep.")
    assert record.authors == ("Ana Lei", "Li Lei")


OAI = (
    '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2021-01-01</responseDate><ListRecords>%s</ListRecords></OAI-PMH>"
)
HEADER = "<header><identifier>oai:arXiv.org:2101.00001</identifier></header>"
ARXIV = """\
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2101.00001</id>
<created>2021-01-01</created><updated>2021-06-03</updated><authors>
<author><keyname>Garc\u00eda</keyname><forenames>Ana</forenames></author>
<author><keyname>Smith</keyname><forenames>John</forenames><suffix>Jr.</suffix></author></authors>
<title>Counting sheep</title><categories>cs.CL cs.LG</categories>
<journal-ref>J. Sheep</journal-ref><doi>10.1000/sheep</doi><abstract>We count.</abstract>
</arXiv></metadata>"""
RAW = """\
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2101.00001</id>
<version version="v1"><date>Fri, 01 Jan 2021 10:00:00 GMT</date></version>
<version version="v2"><date>Thu, 03 Jun 2021 10:00:00 GMT</date></version>
<title>Counting sheep</title><authors>Ana Garc\\'ia, John Smith</authors>
<categories>cs.CL cs.LG</categories><abstract>We count.</abstract></arXivRaw></metadata>"""
DUBLIN_CORE = """\
<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Counting sheep</dc:title>
<dc:creator>Garc\u00eda, Ana</dc:creator><dc:subject>Computer Science</dc:subject>
<dc:subject>03E75 (Primary)</dc:subject><dc:description>Comment: 7 pages</dc:description>
<dc:description>We count.</dc:description><dc:date>2021-06-03</dc:date><dc:date>2021-01-01</dc:date>
<dc:identifier>http://arxiv.org/abs/2101.00001</dc:identifier>
<dc:identifier>doi:10.1000/sheep</dc:identifier></oai_dc:dc></metadata>"""


@pytest.mark.parametrize("metadata", [ARXIV, RAW, DUBLIN_CORE])
def test_every_format_of_oai_gives_the_same_paper(papers_in: PapersIn, metadata: str) -> None:
    text = OAI % f"<record>{HEADER}{metadata}</record>"
    assert detect(text.encode(), "name") == "oai"
    (record,) = papers_in(text)
    assert (record.title, record.abstract, record.published) == (
        "Counting sheep",
        "We count.",
        "2021-01-01",
    )
    assert record.authors[0] == "Ana García"
    assert record.identifiers[0] == Identifier("arxiv", "2101.00001")
    assert record.source == "arxiv"


def test_deleted_records_are_left_out_and_errors_are_told(records_in: RecordsIn) -> None:
    deleted = '<record><header status="deleted"><identifier>x</identifier></header></record>'
    assert records_in(OAI % deleted) == []
    (refused,) = records_in(OAI % '<error code="noRecordsMatch">nothing</error>')
    assert isinstance(refused, RecordError)
    assert "is an error of the repository: 'nothing'" in str(refused)
