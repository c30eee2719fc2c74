from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tui.config import read_style
from tui.themes import THEMES

if TYPE_CHECKING:
    from pathlib import Path


def style(folder: Path, css: str | bytes) -> tuple[Path | None, str | None]:
    data = css.encode() if isinstance(css, str) else css
    (folder / "style.tcss").write_bytes(data)
    return read_style(folder)


def test_without_a_style_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert read_style(tmp_path) == (None, None)
    assert read_style(tmp_path / "none") == (None, None)


@pytest.mark.parametrize(
    "css",
    [
        "",
        "#list { width: 2fr; }",
        "/* mine */\r\n.paper-list--title {\r\n color: $seen;\r\n}\r\n",
        "$mine: $accent;\n#search { background: $mine 20%; }",
    ],
)
def test_a_style_that_textual_takes_is_used(tmp_path: Path, css: str) -> None:
    assert style(tmp_path, css) == (tmp_path / "style.tcss", None)


@pytest.mark.parametrize("name", sorted(THEMES["dark"].variables))
def test_the_variables_of_the_program_s_own_style_can_be_used(tmp_path: Path, name: str) -> None:
    css = f"$mine: ${name};\n#list {{ width: 1fr; }}"
    assert style(tmp_path, css) == (tmp_path / "style.tcss", None)


@pytest.mark.parametrize(
    ("css", "line", "reason"),
    [
        ("#a {\n color: $sen;\n}", 2, "undefined variable '$sen'; did you mean '$seen'"),
        ("#a {\n color: $zzzzzz;\n}", 2, "reference to undefined variable '$zzzzzz'"),
        ("\n#a { colr: red; }", 2, "invalid CSS property 'colr'. Did you mean 'color'"),
        ("#a {\n width: 1fx;\n}", 2, "invalid value for the width property"),
        ("$x: 1;\n#a { color: $x; }", 2, "invalid value ('1') for the color property"),
        ("#a { text-style: bold $accent; }", 1, "in text-style property"),
        ("#a {\n color: red;\n", 3, "unexpected end of file; did you forget a '}'"),
        ("#a { color: red; }}", 1, "unexpected end of file"),
        ("/* never", 1, "unexpected end of file"),
        ("#a:hoverr { color: red; }", 1, "unknown pseudo-class 'hoverr'; did you mean 'hover'?"),
        ("words and words", 1, "expected selector or end of file (found 'words and words');"),
        ("{" * 5_000, 1, "expected selector or end of file"),
    ],
)
def test_a_style_that_is_wrong_is_left_out_and_its_line_is_named(
    tmp_path: Path, css: str, line: int, reason: str
) -> None:
    file, warning = style(tmp_path, css)
    assert file is None
    assert warning is not None
    assert f"style.tcss, line {line}: " in warning
    assert reason in warning
    assert warning.endswith("; the style is left out")
    assert warning.isprintable()
    assert len(warning) < 300


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        (b"#a { color: \xff; }", "can't be read: it is not UTF-8 text"),
        ("\ufeff#a { color: red; }", "begins with a byte-order mark"),
        ("#a { " * 3_000, "recursion"),
    ],
)
def test_a_file_that_is_no_style_is_told(tmp_path: Path, css: str | bytes, reason: str) -> None:
    file, warning = style(tmp_path, css)
    assert file is None
    assert warning is not None
    assert reason in warning


def test_a_folder_in_the_place_of_the_style_is_told(tmp_path: Path) -> None:
    (tmp_path / "style.tcss").mkdir()
    assert "can't be read" in (read_style(tmp_path)[1] or "")


def test_textual_is_loaded_only_for_a_style(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from tui.config import read_style;"
        " read_style(pathlib.Path(sys.argv[1])); sys.exit('textual' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)
