from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import RecordError, SourceError
from store.importers.fields import JsonError
from store.importers.jsonvalues import json_values, papers_in, parse_object
from store.importers.textlines import LONGEST_LINE


def values(content: str) -> list[tuple[str, object]]:
    return [
        (position, str(value) if isinstance(value, RecordError) else value)
        for position, value in json_values(io.BytesIO(content.encode()), "name")
    ]


ONE, TWO = {"title": "One"}, {"title": "Two", "n": [1, {"a": "]"}]}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        f" [{json.dumps(ONE)},\n{json.dumps(TWO)}\n]\n",
        json.dumps({"results": [ONE, TWO], "meta": {}}, indent=1),
        json.dumps({"message": {"total": 2, "items": [ONE, TWO]}}, indent=1),
        json.dumps([json.dumps(ONE), str(TWO)]),
        f"{json.dumps(ONE, indent=1)}\n{json.dumps(TWO, indent=1)}\n",
    ],
)
def test_objects_are_found_in_lists_and_wrappers(content: str) -> None:
    assert values(content) == [("record 1", ONE), ("record 2", TWO)]


@pytest.mark.parametrize(
    "content",
    [
        f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n",
        f"\ufeff{json.dumps(ONE)}\r\n\r\n{json.dumps(TWO)},\r\n",
        f"{ONE}\n\n{TWO}\n",
    ],
)
def test_lines_may_be_json_or_in_pythons_notation(content: str) -> None:
    assert values(content) == [("line 1", ONE), ("line 3", TWO)]


def test_several_papers_on_one_line_are_told_apart() -> None:
    assert values(json.dumps({"data": [ONE, TWO]})) == [
        ("line 1, record 1", ONE),
        ("line 1, record 2", TWO),
    ]


def test_a_bad_line_is_refused_alone() -> None:
    content = f"{json.dumps(ONE)}\n{{'a': open('x')}}\nsheep\n[1]\n{json.dumps(TWO)}\n"
    found = values(content)
    assert [found[0], found[-1]] == [("line 1", ONE), ("line 5", TWO)]
    assert [position for position, value in found if isinstance(value, str)] == [
        "line 2",
        "line 3",
        "line 4",
    ]


def test_what_a_list_holds_besides_objects_is_refused_alone() -> None:
    assert values(json.dumps([ONE, 7, None, "x"]))[1:] == [
        ("record 2", "record 2: is no object"),
        ("record 3", "record 3: is no object"),
        ("record 4", "record 4: is no object"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps([ONE, TWO])[:-8], "breaks off in record 2"),
        (f"[{json.dumps(ONE)}, {'[' * 100_000}", "record 2 is nested too deeply"),
    ],
)
def test_a_damaged_list_gives_what_is_before_the_damage(content: str, message: str) -> None:
    found = json_values(io.BytesIO(content.encode()), "name")
    assert next(found) == ("record 1", ONE)
    with pytest.raises(SourceError, match=message):
        next(found)


def test_a_list_is_read_value_by_value() -> None:
    class Slow(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            text = b"[" if self.given == 0 else b'{"title": "sheep"},\n' * 100
            buffer[: len(text)] = text
            self.given += 1
            return len(text)

    stream = Slow()
    found = json_values(io.BufferedReader(stream, 4096), "name")
    first = [next(found) for _ in range(1000)]
    assert first[-1] == ("record 1000", {"title": "sheep"})
    assert stream.given < 1000


@pytest.mark.parametrize(
    ("value", "papers"),
    [
        (
            {"title": "One", "references": [{"title": "Two"}]},
            [{"title": "One", "references": [TWO]}],
        ),
        ({"data": []}, []),
        ({"hits": {"hits": [ONE]}}, [ONE]),
        ([ONE], [ONE]),
    ],
)
def test_a_papers_own_lists_are_none_of_papers(value: object, papers: list[object]) -> None:
    assert len(papers_in(value)) == len(papers)


def test_papers_are_looked_for_in_what_is_nested_as_deeply_as_can_be_parsed() -> None:
    for depth in (5, 300, 900):
        assert len(values(json.dumps(ONE) + "\n" + "[" * depth + "]" * depth)) == 2
        assert values('{"data":' * depth + "[]" + "}" * depth) is not None


@given(st.text())
def test_no_text_breaks_the_reading_of_an_object(text: str) -> None:
    with suppress(JsonError):
        assert isinstance(parse_object(text), dict)


@pytest.mark.parametrize("wrapper", ["[{}]", '{{"results": [{}]}}'])
def test_all_papers_on_one_line_are_read_however_long_it_is(wrapper: str) -> None:
    paper = json.dumps({"title": "Sheep", "abstract": "We count. " * 100_000})
    content = wrapper.format(", ".join([paper] * 18))
    assert len(content) > LONGEST_LINE
    found = values(content)
    assert [position for position, _ in found] == [f"record {n}" for n in range(1, 19)]
    assert all(isinstance(value, dict) for _, value in found)


def test_a_value_is_whole_wherever_a_part_of_the_text_ends() -> None:
    content = f"[{'12345, ' * 80_000}6]"
    assert len(values(content)) == 80_001


def test_a_line_that_is_too_long_is_refused_alone_after_the_first() -> None:
    found = values(f'{{"title": "One"}}\n{"x" * (LONGEST_LINE + 1)}\n{{"title": "Two"}}\n')
    assert [position for position, _ in found] == ["line 1", "line 2", "line 3"]
