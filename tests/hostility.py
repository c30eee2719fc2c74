"""Records, names and libraries made to do harm, and what of them must reach no terminal.

A seed makes the same ones again. `strays` looks at text, `sent_strays` at all that a program sent
to a terminal: whatever is not of the language that ours speaks is found.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

ATTACKS = (
    # What terminals obey: ECMA-48 and xterm's "Control Sequences", in 7 and in 8 bits.
    "\x1b[2J\x1b[1;1H",
    "\x1b[?1049l\x1b[?1047h",
    "\x1b]0;another title\x07",
    "\x1b]52;c;aG9zdGlsZQ==\x1b\\",
    "\x1b]8;id=evil;https://example.org/evil\x1b\\click\x1b]8;;\x1b\\",
    "\x1bP$q another question\x1b\\",
    "\x1b_Ga=T;AAAA\x1b\\",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]50;#1\x07\x1b[21t\x1b[5n\x1b[c",
    "\x9b31m\x9d0;title\x9c",
    "\x1b(0lqqqk\x1b(B\x0e\x0f",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x00\x01\x05\x07\x08\x0b\x0c\x7f",
    "\x80\x84\x85\x8d\x90\x9f",
    "one\rtwo\ttabs\nthree\r\nfour",
    # What is read backwards, or not at all.
    "\u202edesrever\u202c\u2066isolated\u2069\u061c\u200e\u200f\u202a\u202b\u202d\u2067\u2068",
    "\u200b\u200c\u200d\u2060\u2061\ufeff\u00ad\u034f\u115f\u1160\u3164\uffa0\u17b4\u180b\u180e",
    "".join(chr(0xE0000 + ord(sign)) for sign in "hidden") + "\U000e0001\U000e007f\U000e0100",
    "line\u2028separator\u2029paragraph",
    "\ue000\uf8ff\U000f0000\U0010fffd\ufffe\uffff\u0378\U0001fffe",
    "\ufff9under\ufffaover\ufffb\U0001d173\U00013430",
    # What takes more or fewer cells than it seems.
    "\u0336s\u0336t\u0336" + "o" + "\u0335\u0336\u0337\u0338\u0489\u20dd" * 6,
    "\u0e01" + "\u0e47" * 20,
    "a\ufe0fb\ufe0e1\ufe0f#\ufe0f\u20e3\u2764\ufe0f\u200d\U0001f525\u200d",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1e9\U0001f1ea\U0001f44d\U0001f3fd\ufdfd",
    "\u2800\u3000\u00a0\u2003\u1680",
    # Markup, templates and commands of programs around ours.
    "[red]not red[/red][link=https://example.org]x[/link][@click=app.quit]",
    "{title}{0.__class__.__mro__}{{7*7}}{% raw %}${HOME}$HOME%s%(x)s%n",
    "</title></a><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;",
    "\" onmouseover=\"alert(1)' style='x:expression(1)",
    "](javascript:alert(1)) ![x](https://example.org/x.gif) <https://example.org>",
    "| a | b |\n---|---\n# heading\n> quoted\n- [ ] listed\n```\ncode",
    "www.example.org :smile: @everyone #1 ~~x~~ ==y==",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t+1",
    "-2+3",
    "\uff1dHYPERLINK(1)",
    "$(touch hostile)`touch hostile`;touch hostile|touch hostile&&touch hostile>hostile",
    "'; touch hostile; '\"; touch hostile; \"\\",
    "!touch *?[a-z]{a,b} ~root #",
    "--format=x -o/tmp/x",
    "\\input{/etc/passwd}\\write18{touch hostile}\\include{x}\\openout1=x\\csname x\\endcsname",
    "^^5cinput{x}\\catcode`\\@=0 @input{x}\\immediate\\write18{x}$\\input{x}$ % comment",
    "} , title = {Another} } @misc{evil, title={Evil}",
    "}}}{{{\\}\\{\\\\$$$&&&###___~~~%%%",
    'x" # y # "z @comment{ @string{ @preamble{"\\write18{x}"}',
    "x\nER  - \nTY  - JOUR\nTI  - Another",
    "x\r\nBcc: all@example.org\r\n\r\nFrom here: another letter",
    "From ana Thu Mar 12 09:30:00 2026",
    "=?utf-8?q?Bcc:_all=40example.org?= --===============",
    "+starred -inbox -- arxiv:2401.00001",
    "x\n+starred -- *\n# end of the list",
    "'; DROP TABLE papers; --",
    '"unclosed (tag: OR NOT * title:" -',
    "../../../etc/passwd\x00.json",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    "\\u001b[31m\\x1b[31m\\033[31m%1b%5b31m&#27;[31m^[[31m",
    "A" * 300,
    "\u4e2d" * 60,
    "\u05d0\u05d1\u05d2 (1) \u0627\u0644\u0639 [2]",
)
"""What may be anywhere."""
LINKS = (
    "javascript:alert(1)",
    "JavaScript\t:alert(1)",
    "file:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ssh://-oProxyCommand=touch%20hostile/x",
    "http://-oProxyCommand=touch/x",
    "https://-x",
    "--help",
    "-e",
    "https://known.org@example.org/",
    "https://known.org%00.example.org/",
    "https://known.org\\@example.org/",
    "https://example.org/\nhttps://example.org/2",
    "https://example.org/\x1b]52;c;aGk=\x07",
    "https://example.org/\x1b\\x",
    "https://example.org/\u202egpj.exe",
    "https://\u0430pple.com/",
    "https://ex\u200bample.org/",
    "https://example.org/'\"<>`$(touch hostile);&|",
    "https://example.org/a)](b){c}%0d%0a",
    "https://example.org/\u65e5\u672c?q=\xe4#\u05d0",
    "https://example.org:99999/",
    "https://[::1]evil/",
    "//example.org/x",
    "https:///x",
    "https://example.org/fine",
)
TAG_SIGNS = "$`;&|<>'\\!#~?[]{}=%^@._/\xe9\u4e2d\u05d0\U0001f525"
"""What a tag may have that others would obey."""
_WORDS = ("wolves", "in", "sheep", "clothing", "count", "each", "other", "at", "night", "a", "to")

# What is no text: controls, formats, halves, private and unassigned signs, separators of lines.
_JOINERS = frozenset("\u200c\u200d")
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0))))
)
_UNSEEN_SIGN = re.compile(f"[{''.join(_UNSEEN)}]")
_MOST_MARKS = 6
_HEAP = re.compile(r"[^\w\s\x00-\x7f]{7,}")

_SGR = r"[\d;]*m"
_MODES = r"\?(?:25|7|12|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048)[hl]"
_ASKED = r"\?(?:2026|2048)\$p|[56]n|>?c|>\d*u|<u|>\d*q|\?u"
_MOVED = r"(?:\d+(?:;\d+)?)?H|\d*[ABCDGd]|2?K|\d+X"
_SENT = re.compile(
    r"\x1b\[H\x1b\[2J"  # a screen that is taken over
    rf"|\x1b\[(?:{_SGR}|{_MODES}|{_ASKED}|{_MOVED})"
    r"|\x1b\]8;(?:id=p)?;(?P<link>[!-~]*)\x1b\\"
    r"|\x1b\]52;c;(?P<copy>[A-Za-z0-9+/=]*)\x07"
    r"|\x1b\]22;[a-z-]*\x07"
    r"|\x1b(?:D|7|8|>|=)"
    r"|[\r\n\x08]"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_HONEST = re.compile(
    r"https?://(?:\w[\w.-]*|\[[\da-f:.]+\])(?::\d+)?(?:[/?#][!-~]*)?", re.ASCII | re.IGNORECASE
)


def strays(text: str, allowed: str = "\n") -> list[str]:
    """Return what no text for a terminal may hold, each with what is around it."""
    found = []
    rest = text.translate(dict.fromkeys(map(ord, allowed)))
    # Nearly all: a look at each sign takes very long.
    is_plain = rest.isprintable() and not _UNSEEN_SIGN.search(rest)
    for at, char in enumerate("" if is_plain else text):
        category = unicodedata.category(char)
        is_stray = category[0] == "C" or category in {"Zl", "Zp"} or char in _UNSEEN
        if char in _JOINERS:
            is_stray = not at or text[at - 1].isascii()
        if is_stray and char not in allowed:
            found.append(repr(text[max(0, at - 20) : at + 10]))
    return found + [repr(heap.group()) for heap in _HEAP.finditer(text) if _is_heap(heap.group())]


def _is_heap(text: str) -> bool:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks > _MOST_MARKS:
            return True
    return False


def sent_strays(output: bytes) -> list[str]:
    """Return what was sent to a terminal that our program has no reason to send."""
    sent = output.decode(errors="surrogateescape")
    found: list[str] = []
    at = 0
    while at < len(sent):
        token = _SENT.match(sent, at)
        if not token:
            found.append(f"unknown: {sent[max(0, at - 20) : at + 20]!r}")
            at += 1
            continue
        at = token.end()
        if token["text"]:
            found += strays(token["text"], "")
        elif token["link"] and not _HONEST.fullmatch(token["link"]):
            found.append(f"link: {token['link']!r}")
        elif token["copy"] is not None:
            found += strays(copied_text(token["copy"]), "\n\t")
    return found


def copied_text(sent: str) -> str:
    """Return the text that a terminal is asked to copy."""
    return base64.b64decode(sent).decode(errors="surrogateescape")


def is_honest(url: str) -> bool:
    """Tell whether an address may be opened and copied."""
    return bool(_HONEST.fullmatch(url))


def hostile_text(random: Random, *, lines: int = 1) -> str:
    """Return words with attacks among them."""
    parts: list[str] = []
    for _ in range(random.randint(1, 3 * lines)):
        parts.append(" ".join(random.choices(_WORDS, k=random.randint(0, 4))))
        parts.append(random.choice(ATTACKS))
        if random.random() < 0.2:
            parts.append("".join(_any_sign(random) for _ in range(random.randint(1, 8))))
    random.shuffle(parts)
    return random.choice(("", " ", "")).join(parts)


def _any_sign(random: Random) -> str:
    code = random.choice(
        (random.randrange(0x100), random.randrange(0x3000), random.randrange(0x110000))
    )
    return chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd"


def hostile_tag(random: Random) -> str:
    """Return a name that may be a tag's, and that a shell or a page might obey."""
    signs = "".join(random.choices(TAG_SIGNS.replace("/", ""), k=random.randint(1, 6)))
    return f"{random.choice(_WORDS)}{signs}{random.choice(_WORDS)}"


def hostile_file_name(random: Random) -> str:
    """Return a name that a file may have."""
    name = hostile_text(random).replace("/", "").replace("\x00", "")
    return name.encode()[:120].decode(errors="ignore") or "x"


def hostile_link(random: Random) -> str:
    """Return an address that should not be followed as it stands, or might."""
    return random.choice(LINKS) + random.choice(("", "", random.choice(ATTACKS)))


def hostile_record(random: Random, number: int) -> dict[str, Any]:
    """Return a line of our own format, an attack in each of its fields."""
    day = f"2026-03-{1 + number % 28:02}"
    return {
        "id": random.choice(
            (
                f"arxiv:2603.{number % 100_000:05}",
                f"10.1000/p{number}{random.choice(_signs(random))}",
                f"openreview:abcdef{number}",
                "",
            )
        ),
        "title": f"Wolf {number} {hostile_text(random)}",
        "abstract": hostile_text(random, lines=4) + " " + hostile_link(random),
        "authors": [hostile_text(random) for _ in range(random.randint(1, 8))],
        "published": day,
        "venue": hostile_text(random),
        "organisation": hostile_text(random),
        "summary": hostile_text(random, lines=2),
        "categories": [hostile_text(random) for _ in range(random.randint(0, 3))],
        "keywords": [hostile_text(random) for _ in range(random.randint(0, 3))],
        "links": [
            {
                "kind": random.choice(("page", "pdf", "code", "project", "web")),
                "url": hostile_link(random),
            }
            for _ in range(random.randint(1, 4))
        ],
        "sightings": [
            {
                "source": random.choice(("feed", f"site {hostile_text(random)}")),
                "day": day,
                "votes": number,
            }
        ],
        "other_abstracts": [
            {
                "source": f"site {hostile_text(random)}",
                "day": day,
                "text": f"It {hostile_text(random, lines=3)}",
            }
        ],
        "tags": ["inbox", "unread", *{hostile_tag(random) for _ in range(random.randint(0, 3))}],
        "note": hostile_text(random, lines=3),
        "citation_key": random.choice(("", f"k{number}", hostile_text(random))),
    }


def _signs(random: Random) -> tuple[str, ...]:
    attack = "".join(random.choice(ATTACKS).split())
    return ("/", f"/{attack}"[:200], "/<a>&'%0d%0abcc:x", '/$(touch)"\\{}')


def hostile_records(random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Yield so many records."""
    return (hostile_record(random, number) for number in range(count))


def to_lines(random: Random, count: int) -> str:
    """Return so many records as JSON Lines."""
    return "".join(f"{json.dumps(one)}\n" for one in hostile_records(random, count))


def poison(record: Path, random: Random) -> None:
    """Write attacks into every text of a library, past everything that cleans what comes in."""
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.create_function("attack", 0, lambda: hostile_text(random))
        connection.create_function("name", 0, lambda: hostile_text(random).replace("\x00", ""))
        connection.create_function(
            "names", 0, lambda: json.dumps([hostile_text(random) for _ in range(3)])
        )
        connection.create_function(
            "links", 0, lambda: json.dumps([["web", hostile_link(random)] for _ in range(3)])
        )
        connection.executescript(_POISON)


_POISON = """
UPDATE papers SET title = attack(), abstract = attack(), authors = names(), links = links(),
    categories = names(), keywords = names(), venue = attack(), organisation = attack(),
    summary = attack(), note = attack();
UPDATE papers SET published = attack() WHERE key % 3 = 0;
UPDATE papers SET listed = attack() WHERE key % 5 = 0;
UPDATE papers SET listed = '2026-03-1,' WHERE key % 7 = 0;
UPDATE identifiers SET value = value || attack() WHERE paper % 2 = 0;
UPDATE OR IGNORE sightings SET source = attack() WHERE paper % 3 = 0;
UPDATE OR IGNORE sightings SET day = attack() WHERE paper % 5 = 0;
UPDATE other_abstracts SET source = attack(), day = attack(), text = attack();
UPDATE OR IGNORE tags SET name = name() WHERE name NOT IN
    ('inbox', 'unread', 'dismissed', 'starred', 'queued');
UPDATE journal SET label = attack(), program = attack();
UPDATE journal SET made_at = attack() WHERE key % 2 = 0;
UPDATE OR IGNORE digests SET query = attack(), made_at = attack();
UPDATE papers SET added = attack() WHERE key % 11 = 0;
UPDATE OR IGNORE citation_keys SET name = attack();
UPDATE views SET name = attack();
"""
