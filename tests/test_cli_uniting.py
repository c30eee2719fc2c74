"""Joining and splitting on the command line, and what imports do afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = """\
title,authors,year,journal,doi,abstract
Counting sheep by night,Ana Lei,2020,Barn,10.1000/talk,We count.
Sheep counted by night,Ana Lei,2021,Journal of Wool,10.1000/article,We counted.
Wool and weather,Li Roe,2020,Barn,,It rains.
"""


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return what runs a command on a library of its own, and gives status and what it said."""
    (tmp_path / "papers.csv").write_text(TABLE, encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        status = main(["--library", str(tmp_path / "library"), *words])
        return status, "".join(capsys.readouterr())

    assert run("import", str(tmp_path / "papers.csv"))[0] == 0
    return run


def test_papers_are_joined_and_split_and_either_is_undone(
    ask: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    joined = "joined 2 papers to doi:10.1000/article 'Counting sheep by night'"
    back = " · paperdeck undo takes it back\n"
    assert ask("join", "10.1000/talk", "doi:10.1000/ARTICLE") == (0, f"{joined}{back}")
    assert ask("count", "*") == (0, "2\n")
    assert "0 added, 0 updated" in ask("import", str(tmp_path / "papers.csv"))[1]
    assert ask("undo")[1].startswith("undone: join 2 papers to 'Counting sheep by night'")
    assert ask("count", "*") == (0, "3\n")
    assert ask("redo")[0] == 0
    status, said = ask("split", "10.1000/talk")
    named = (
        "doi:10.1000/talk 'Counting sheep by night', doi:10.1000/article 'Sheep counted by night'"
    )
    assert (status, said) == (0, f"split into 2 papers: {named}{back}")
    assert ask("count", "*") == (0, "3\n")
    assert "0 added, 0 updated" in ask("import", str(tmp_path / "papers.csv"))[1]
    assert ask("undo")[1].startswith("undone: split 'Counting sheep by night'")
    assert ask("count", "*") == (0, "2\n")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["join"], 2, "'join' takes two identifiers or more"),
        (["join", "10.1000/talk"], 2, "'join' takes two identifiers or more"),
        (["join", "10.1000/talk", "doi:10.1000/TALK"], 2, "there is one paper only"),
        (["join", "10.1000/talk", "10.1000/nothing"], 1, "10.1000/nothing"),
        (["split"], 2, "'split' takes one identifier"),
        (["split", "10.1000/talk", "10.1000/article"], 2, "'split' takes one identifier"),
        (["split", "paperdeck:3"], 2, "of one record of this paper"),
        (["split", "10.1000/nothing"], 1, "10.1000/nothing"),
    ],
)
def test_what_can_t_be_done_is_said(
    ask: Callable[..., tuple[int, str]], words: list[str], status: int, said: str
) -> None:
    ended, text = ask(*words)
    assert ended == status
    assert said in text
    assert ask("count", "*") == (0, "3\n")
