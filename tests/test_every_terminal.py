"""The installed program on terminals of every kind: sizes, colours, encodings, writing systems."""

from __future__ import annotations

import json
import random
import re
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from terminal import Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

TITLES = (
    "A plain title of plain words that every terminal shows in the same way",
    "深度学习与大规模语言模型的推理能力研究:一种新的方法与实验结果的全面分析报告",
    "한국어 언어 모델의 평가를 위한 새로운 벤치마크와 그 결과에 대한 분석과 논의",
    "ニューラルネットワークによる日本語の要約と翻訳についての比較研究と考察のまとめ",
    "Emoji 🙂 in 🧪 a 📚 title 🚀 of 🌍 words 🎉 and 🔥 of 🐍 pictures 🏁 to 🧊 the end",
    "Families 👨\u200d👩\u200d👧, flags 🇩🇪🇯🇵, tones 👍🏽, hearts ❤\ufe0f of several parts",
    "Cafe\u0301 nai\u0308ve Zu\u0308rich e\u0302tre Ange\u0301lique o\u0308ffnen, decomposed",
    "Zalgo t\u0300\u0301\u0302\u0303e\u0304\u0305\u0306x\u0307\u0308 with marks above marks",
    "למידה עמוקה ומודלים של שפה: סקירה של שיטות חדשות ותוצאות ניסיוניות רבות מאוד",
    "التعلم العميق ونماذج اللغة الكبيرة: دراسة شاملة للطرق الحديثة والنتائج التجريبية",
    "हिन्दी भाषा के लिए गहन शिक्षण और बड़े भाषा मॉडल: एक व्यापक अध्ययन और परिणाम",
    "Tabs\tand\u200bzero\u200dwidth\u2060signs\ufeff and \u202eturned\u202c words between others",
    "ภาษาไทยและแบบจำลองภาษาขนาดใหญ่ การศึกษาวิธีการใหม่และผลการทดลองที่ครอบคลุม",
    "Half widths ｶﾀｶﾅ, full widths \uff21\uff22\uff23, and ambiguous ones ①②③ §¶ ±÷ αβγ",
)
COUNT = len(TITLES)
TRUE_COLOUR = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")
SIZES = ((60, 20), (80, 24), (110, 30), (200, 50), (300, 100))


def record(number: int, title: str) -> dict[str, object]:
    return {
        "id": f"arxiv:2603.{number:05}",
        "title": title,
        "abstract": f"{title}. Of it there is no more to be said than this. " * 3,
        "authors": ["Ana García", "李伟"],
        "listed": "2026-03-20",
        "votes": 10 + number,
    }


@pytest.fixture(scope="module")
def home(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library of papers in many writing systems."""
    home = make_home(tmp_path_factory.mktemp("home"))
    home.configure("rest_seconds = 0\n")
    lines = "".join(f"{json.dumps(record(n, title))}\n" for n, title in enumerate(TITLES))
    assert home.run("import", "-", stdin=lines).startswith(f"{COUNT} added")
    home.run("index", "--wait")
    # Papers are new on the first visit alone, and have another sign then.
    with home.browse() as terminal:
        ready(terminal)
        terminal.send("q")
        assert terminal.ended() == 0
    return home


@pytest.fixture
def reader(home: Home) -> Home:
    """The home of a reader who comes for the first time."""
    shutil.rmtree(home.folder / "state", ignore_errors=True)
    home.configure("rest_seconds = 0\n")
    return home


def ready(terminal: Terminal) -> None:
    terminal.shows(f"1 of {COUNT}")
    terminal.settle(0.3)


def columns_of_votes(terminal: Terminal) -> list[int]:
    """Return the column in which the votes of each paper in sight end."""
    ends = []
    for line in range(2, 2 + COUNT):
        cells = terminal.cells(line)
        rule = cells.index("│") if "│" in cells else len(cells)
        taken = [column for column, cell in enumerate(cells[:rule]) if cell.strip()]
        assert cells[taken[-1]].isdecimal()
        ends.append(taken[-1])
    return ends


@pytest.mark.parametrize("size", [(80, 42), (140, 40), (300, 100)])
def test_every_writing_system_keeps_the_columns_straight(
    reader: Home, size: tuple[int, int]
) -> None:
    reader.configure("rest_seconds = 0\ncolumns = ['votes']\n")
    with reader.browse(size=size) as terminal:
        ready(terminal)
        for keys in ("", "jjj", "G", "gg", "/", "\x1b"):
            if keys:
                terminal.press(keys)
                terminal.settle(0.3)
            assert len(set(columns_of_votes(terminal))) == 1, terminal.picture
            if size[0] >= 110:
                rules = [terminal.cells(line)[1:].index("│") for line in range(1, size[1] - 1)]
                assert len(set(rules)) == 1, terminal.picture


@pytest.mark.parametrize(
    ("environ", "wanted", "unwanted"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, rb"\x1b\[[\d;]*3[0-7]", rb"[34]8;[25];"),
        ({"TERM": "linux", "COLORTERM": ""}, rb"\x1b\[[\d;]*3[0-7]", rb"[34]8;[25];"),
        ({"TERM": "screen-256color", "COLORTERM": ""}, rb"38;5;", rb"[34]8;2;"),
        ({"TERM": "tmux-256color", "COLORTERM": ""}, rb"38;5;", rb"[34]8;2;"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, rb"38;5;", rb"[34]8;2;"),
        ({"TERM": "xterm-256color"}, rb"38;2;", rb"[34]8;5;"),
        ({"TERM": "tmux-256color"}, rb"38;2;", rb"[34]8;5;"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_terminal_is_given_the_colours_that_it_has_and_the_same_characters(
    reader: Home, environ: dict[str, str], wanted: bytes, unwanted: bytes
) -> None:
    with reader.browse() as terminal:
        ready(terminal)
        usual = terminal.lines
    for theme in ("dark", "terminal"):
        reader.configure(f"rest_seconds = 0\ntheme = '{theme}'\n")
        with reader.browse(environ=environ) as terminal:
            ready(terminal)
            assert terminal.lines == usual
            if theme != "terminal":
                assert re.search(wanted, terminal.output)
            assert not re.search(unwanted, terminal.output)
            terminal.send("q")
            assert terminal.ended() == 0
            assert terminal.is_restored


@pytest.mark.parametrize("theme", ["dark", "light", "terminal"])
def test_who_wants_no_colours_is_given_greys_and_the_same_characters(
    reader: Home, theme: str
) -> None:
    reader.configure(f"rest_seconds = 0\ntheme = '{theme}'\n")
    with reader.browse() as terminal:
        ready(terminal)
        usual = terminal.lines
    with reader.browse(environ={"NO_COLOR": "1"}) as terminal:
        ready(terminal)
        assert terminal.lines == usual
        drawn = TRUE_COLOUR.findall(terminal.output)
        assert all(red == green == blue for red, green, blue in drawn)
        assert not re.search(rb"\x1b\[[\d;]*[34][1-6]m", TRUE_COLOUR.sub(b"", terminal.output))


@pytest.mark.parametrize(
    "environ",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": ""}, {"LC_ALL": "xx_YY.UTF-8"}],
    ids=lambda environ: " ".join(environ.values()),
)
def test_a_plain_locale_changes_nothing(reader: Home, environ: dict[str, str]) -> None:
    with reader.browse() as terminal:
        ready(terminal)
        usual = terminal.lines
    with reader.browse(environ=environ) as terminal:
        ready(terminal)
        assert terminal.lines == usual


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_sizes_leaves_the_screen_as_it_is_drawn_in_the_last_one(
    reader: Home, seed: int
) -> None:
    choices = random.Random(seed)  # noqa: S311 a storm, and no secret
    with reader.browse(size=choices.choice(SIZES)) as terminal:
        ready(terminal)
        for _ in range(60):
            terminal.resize(choices.randint(60, 300), choices.randint(20, 100))
            terminal.send(choices.choice(["", "", "j", "k"]))
            terminal.read(choices.choice([0.0, 0.0, 0.02]))
        last = choices.choice(SIZES)
        terminal.resize(*last)
        terminal.send("gg")
        terminal.shows(f"1 of {COUNT}")
        terminal.until(lambda: len(terminal.lines[0]) == last[0] - 1, "the last width")
        terminal.settle(0.5)
        stormy = terminal.lines
        terminal.send("\x03")
        terminal.shows("Press ctrl+c again to quit")
        terminal.send("\x03")
        assert terminal.ended() == 0
        assert terminal.is_restored
        assert b"Traceback" not in terminal.output
    with reader.browse(size=last) as terminal:
        ready(terminal)
        assert terminal.lines == stormy


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_used_to_its_edges(reader: Home, size: tuple[int, int]) -> None:
    with reader.browse(size=size) as terminal:
        ready(terminal)
        assert terminal.lines[0].endswith(f"1 of {COUNT}")
        assert len(terminal.lines[0]) == size[0] - 1
        assert "help" in terminal.lines[size[1] - 1]


def test_the_mouse_is_left_to_the_terminal_where_the_configuration_says_so(reader: Home) -> None:
    for value, asks in (("true", True), ("false", False)):
        reader.configure(f"rest_seconds = 0\nmouse = {value}\n")
        with reader.browse() as terminal:
            ready(terminal)
            assert terminal.modes.get(1000, False) is asks
            assert terminal.modes.get(1003, False) is asks
            terminal.send("q")
            assert terminal.ended() == 0
            assert terminal.is_restored
