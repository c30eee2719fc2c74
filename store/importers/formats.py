"""Every format that papers are read from: how it is told, what reads it, and an example.

The order is that of telling them apart, the surest signs first.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from store.importers.anyjson import read_json
from store.importers.arxivxml import read_atom, read_oai, read_rss
from store.importers.bibtex import read_bibtex
from store.importers.context import ImportFormat
from store.importers.detection import Head, tell_format
from store.importers.feed import read_feed
from store.importers.htmllist import looks_like_html_list, read_html_list
from store.importers.idlist import looks_like_list, read_list
from store.importers.jsonlines import read_jsonlines
from store.importers.jsonsigns import (
    is_csl,
    is_feed,
    is_json,
    is_openalex,
    is_own,
    is_semantic_scholar,
    is_snapshot,
)
from store.importers.libraryxml import read_endnote_xml, read_mods, read_pubmed_xml
from store.importers.marked import looks_like_markdown, read_markdown
from store.importers.page import looks_like_page, read_page
from store.importers.ris import read_medline, read_refer, read_ris, read_web_of_science
from store.importers.scholarjson import read_csl, read_openalex, read_semantic_scholar
from store.importers.snapshot import read_snapshot
from store.importers.table import looks_like_table, read_table
from store.importers.webpage import looks_like_webpage, read_webpage

if TYPE_CHECKING:
    from collections.abc import Mapping

_BIBTEX = re.compile(r"^[^\S\n]*+@\s*+[A-Za-z]++\s*+[{(]\s*+[^\s,={}()]*+\s*+[,=)}]", re.MULTILINE)
_BIBTEX_EXTRAS = re.compile(
    r"^[^\S\n]*@\s*(?:string|preamble|comment)\s*[{(]", re.MULTILINE | re.IGNORECASE
)
_RIS = re.compile(r"^\s{0,3}TY[ \t]{1,4}-", re.MULTILINE)
_RIS_LINES = re.compile(r"^(?:AB|AU|DO|ER|KW|PY|SP|T1|TI|UR|VL|A1|Y1|N2|JF|JO)  -", re.MULTILINE)
_MEDLINE = re.compile(r"^PMID\s?- ?\d", re.MULTILINE)
_WEB_OF_SCIENCE = re.compile(r"(?:(?:FN|VR) [^\n]*\n)*\s*PT [A-Z][^\S\n]*+\n")
_REFER = re.compile(r"(?:%0 |%[A-Z] [^\n]*\n%[0-9A-Z] )")
_FEWEST_LINES = 3


def _is_atom(head: Head) -> bool:
    return head.root in {"feed", "entry"}


def _is_rss(head: Head) -> bool:
    return head.root == "rss" or (head.root == "RDF" and "purl.org/rss" in head.text)


def _is_oai(head: Head) -> bool:
    is_part = head.root in {"record", "ListRecords", "GetRecord", "records"}
    of_oai = "openarchives.org" in head.text or "<datestamp>" in head.text
    return head.root == "OAI-PMH" or (is_part and of_oai)


def _is_endnote_xml(head: Head) -> bool:
    is_root = head.root in {"xml", "records", "record", "XML", "RECORDS"}
    return is_root and bool(re.search("<record>|<RECORD>|<ref-type", head.text))


def _is_ris(head: Head) -> bool:
    return bool(_RIS.search(head.text)) or len(_RIS_LINES.findall(head.text)) >= _FEWEST_LINES


def _is_bibtex(head: Head) -> bool:
    return bool(_BIBTEX.search(head.text) or _BIBTEX_EXTRAS.search(head.text))


def _is_text(head: Head) -> bool:
    return not head.is_json and not head.root


IMPORTERS: Mapping[str, ImportFormat] = MappingProxyType(
    {
        "paperdeck": ImportFormat(
            read_jsonlines,
            is_own,
            "paperdeck's own JSON Lines, one paper a line",
            "paperdeck import --no-inbox papers.jsonl.xz",
        ),
        "snapshot": ImportFormat(
            read_snapshot,
            is_snapshot,
            "the metadata snapshot of arXiv, one JSON object a line",
            "paperdeck import --no-inbox arxiv-metadata-oai-snapshot.json",
        ),
        "openalex": ImportFormat(
            read_openalex,
            is_openalex,
            "works of OpenAlex as JSON",
            "curl -s 'https://api.openalex.org/works?search=sparse+attention' | paperdeck import -",
        ),
        "semanticscholar": ImportFormat(
            read_semantic_scholar,
            is_semantic_scholar,
            "papers, citations and bulk files of Semantic Scholar as JSON",
            "paperdeck import citations.json",
        ),
        "csl": ImportFormat(
            read_csl,
            is_csl,
            "references as CSL-JSON, of Zotero and pandoc, and replies of Crossref",
            "curl -s 'https://api.crossref.org/works?query=sparse+attention' | paperdeck import -",
        ),
        "feed": ImportFormat(
            read_feed,
            is_feed,
            "the feed's JSON: a day's reply, one paper, or many of them in one file",
            "curl -s https://huggingface.co/api/daily_papers | paperdeck import -",
        ),
        "json": ImportFormat(
            read_json,
            is_json,
            "any other JSON or JSON Lines, read by the names of the keys",
            "paperdeck import crawled.jsonl",
        ),
        "webpage": ImportFormat(
            read_webpage,
            lambda head: looks_like_webpage(head.text),
            "the feed's page, as a web browser saved it",
            "curl -s 'https://huggingface.co/papers?date=2026-03-12' | paperdeck import -",
        ),
        "oai": ImportFormat(
            read_oai,
            _is_oai,
            "replies of OAI-PMH: arXiv's (arXiv, arXivRaw) and other repositories' (oai_dc)",
            "curl -s 'https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXiv'"
            " | paperdeck import -",
        ),
        "atom": ImportFormat(
            read_atom,
            _is_atom,
            "an Atom feed, such as replies of arXiv's search",
            "curl -s 'https://export.arxiv.org/api/query?search_query=cat:cs.CL'"
            " | paperdeck import -",
        ),
        "rss": ImportFormat(
            read_rss,
            _is_rss,
            "an RSS feed, such as arXiv's announcements of a day",
            "curl -s https://rss.arxiv.org/rss/cs.CL | paperdeck import -",
        ),
        "pubmed-xml": ImportFormat(
            read_pubmed_xml,
            lambda head: head.root in {"PubmedArticleSet", "PubmedArticle", "PubmedBookArticle"},
            "the XML of PubMed",
            "paperdeck import pubmed.xml",
        ),
        "mods": ImportFormat(
            read_mods,
            lambda head: head.root in {"mods", "modsCollection"},
            "references as MODS, of Zotero and libraries",
            "paperdeck import library.mods.xml",
        ),
        "endnote-xml": ImportFormat(
            read_endnote_xml,
            _is_endnote_xml,
            "the XML of EndNote and Zotero",
            "paperdeck import library.xml",
        ),
        "html": ImportFormat(
            read_html_list,
            lambda head: bool(head.root) and looks_like_html_list(head.text),
            "a web page whose lists, tables or text link to papers",
            "paperdeck import reading-list.html",
        ),
        "page": ImportFormat(
            read_page,
            lambda head: _is_text(head) and looks_like_page(head.text),
            "the feed's page, copied from a web browser as text",
            "paperdeck import copied.txt",
        ),
        "medline": ImportFormat(
            read_medline,
            lambda head: _is_text(head) and bool(_MEDLINE.search(head.text)),
            "the tagged text of PubMed (nbib)",
            "paperdeck import pubmed-set.nbib",
        ),
        "wos": ImportFormat(
            read_web_of_science,
            lambda head: bool(_WEB_OF_SCIENCE.match(head.text)),
            "the tagged text of Web of Science",
            "paperdeck import savedrecs.txt",
        ),
        "refer": ImportFormat(
            read_refer,
            lambda head: bool(_REFER.match(head.text)),
            "the tagged text of EndNote, its lines beginning with %",
            "paperdeck import library.enw",
        ),
        "bibtex": ImportFormat(
            read_bibtex,
            lambda head: _is_text(head) and _is_bibtex(head),
            "references for LaTeX: BibTeX and BibLaTeX",
            "paperdeck import --no-inbox thesis.bib",
        ),
        "ris": ImportFormat(
            read_ris,
            lambda head: _is_text(head) and _is_ris(head),
            "references as RIS, of Zotero, EndNote, Scopus, Ovid, ProQuest, PsycINFO and others",
            "paperdeck import scopus.ris",
        ),
        "table": ImportFormat(
            read_table,
            lambda head: _is_text(head) and looks_like_table(head.text),
            "a table as CSV or TSV with a header: Zotero's, Scopus's, PubMed's, or any",
            "paperdeck import --column title=Name --column authors=Who seminar.csv",
        ),
        "list": ImportFormat(
            read_list,
            lambda head: _is_text(head) and looks_like_list(head.text),
            "a list of arXiv ids, DOIs or addresses, one a line",
            "echo 1706.03762 | paperdeck import -",
        ),
        "markdown": ImportFormat(
            read_markdown,
            lambda head: _is_text(head) and looks_like_markdown(head.text),
            "a text in Markdown whose lists, tables or prose link to papers",
            "paperdeck import README.md",
        ),
    }
)
"""By the name that `--format` takes."""


def detect(head: bytes, name: str) -> str:
    """Return the name of the format of content that begins with `head`; raise SourceError."""
    return tell_format(head, name, IMPORTERS)
