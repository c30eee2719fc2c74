"""The manual page is what the program itself says, and so is kept.

`PAPERDECK_RENEW_MANUAL=1 pytest tests/test_manual.py` writes it anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.query.fields import FIELDS
from tui.cli.errors import Status
from tui.cli.manual import escaped, manual
from tui.cli.verbs import VERBS
from tui.commands import all_commands
from tui.config import MEANINGS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "tui" / "manual" / "paperdeck.1"
IS_RENEWAL = bool(os.environ.get("PAPERDECK_RENEW_MANUAL"))


@pytest.fixture(scope="module")
def shown() -> str:
    """Return the page as a reader sees it, each line's blanks joined."""
    man = shutil.which("man")
    if man is None:
        pytest.skip("man is not here")
    done = subprocess.run(
        [man, "--warnings", "-l", str(PAGE)],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "MANWIDTH": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return "\n".join(" ".join(line.split()) for line in done.stdout.splitlines())


def test_the_page_is_what_the_program_says() -> None:
    if IS_RENEWAL:
        PAGE.write_text(manual(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == manual(), (
        "PAPERDECK_RENEW_MANUAL=1 pytest tests/test_manual.py renews it"
    )


def test_the_page_is_installed_where_man_looks_for_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {str(PAGE.relative_to(ROOT)): "share/man/man1/paperdeck.1"}


def test_the_page_is_plain_ascii_in_lines_that_are_no_accidental_requests() -> None:
    for line in PAGE.read_text(encoding="ascii").splitlines():
        assert not line.startswith("'")
        if line.startswith("."):
            assert line.split()[0] in {
                ".TH", ".SH", ".SS", ".B", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".br",
            }  # fmt: skip


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_shown_with_its_options_and_examples(shown: str, verb: object) -> None:
    (found,) = (one for one in VERBS if one is verb)
    lines = shown.splitlines()
    assert f"{found.name} {found.operands}".strip() in lines
    for example in found.examples:
        assert " ".join(example.split()) in lines
    for flag in found.parser().known:
        assert any(flag in line for line in lines)


def test_every_field_name_and_status_is_shown(shown: str) -> None:
    for field in FIELDS:
        assert f"{field.name}:" in shown
        assert f"\n{field.example}\n" in shown
    for name in MEANINGS:
        assert f"\n{name} " in shown or f"\n{name}\n" in shown
    for status in Status:
        assert f"\n{status.value} " in shown


def test_every_key_is_shown_with_what_it_does(shown: str) -> None:
    for command in all_commands():
        does = f"{command.summary[0].upper()}{command.summary[1:]}."
        assert re.search(
            rf"^{re.escape(command.shown_keys or '(palette)')}\s+{re.escape(does)}$",
            shown,
            re.MULTILINE,
        ), command.name


@pytest.mark.parametrize(
    ("text", "roff"),
    [
        ("plain words", "plain words"),
        ("a-b --c", "a\\-b \\-\\-c"),
        ("\\t", "\\et"),
        (".gz and 'x'", "\\&.gz and \\(aqx\\(aq"),
        ('~ ^ ` "', "\\(ti \\(ha \\(ga \\(dq"),
        ("QUERY…", "QUERY\\[u2026]"),
        ("two\n.lines", "two .lines"),
    ],
)
def test_what_roff_would_take_for_its_own_is_escaped(text: str, roff: str) -> None:
    assert escaped(text) == roff


@given(st.text())
def test_any_text_is_one_line_without_a_request(text: str) -> None:
    line = escaped(text)
    assert line.isascii()
    assert not line.startswith((".", "'"))
    assert "\n" not in line
