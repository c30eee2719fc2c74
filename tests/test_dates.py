from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importers.dates import to_published


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("2019-12-05", "2019-12-05"),
        ("2019-12-05T10:00:00Z", "2019-12-05"),
        ("2019/12/5", "2019-12-05"),
        ("2019/12//", "2019-12"),
        ("2014//", "2014"),
        ("2019-12-00", "2019-12"),
        ("2019-13-01", "2019"),
        ("2019-02-30", "2019-02"),
        ("20191205", "2019-12-05"),
        ("2019 Dec 5", "2019-12-05"),
        ("2019 Jan-Feb", "2019-01"),
        ("Dec 2019", "2019-12"),
        ("December 5, 2019", "2019-12-05"),
        ("5 December 2019", "2019-12-05"),
        ("5th Dec. 2019", "2019-12-05"),
        ("Thu, 05 Dec 2019 23:30:00 -0500", "2019-12-05"),
        ("2021/May/12", "2021-05-12"),
        ("2019/05//May/Jun2019", "2019-05"),
        ("Spring 2019", "2019"),
        ("07/04/2015", "2015"),
        ("2015-07/2016-01", "2015-07"),
        ("c. 1950?", "1950"),
        ("in press", None),
        ("", None),
        ("99999", None),
        ("Maybe 2019", "2019"),
        (2019, "2019"),
        ([2019, 12, 5], "2019-12-05"),
        ([2019], "2019"),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_a_day_is_as_much_as_is_said(text: object, published: str | None) -> None:
    assert to_published(text) == published


@pytest.mark.parametrize(
    ("month", "day", "published"),
    [
        ("dec", "", "2019-12"),
        ("12", "5", "2019-12-05"),
        ("5 dec", "", "2019-12-05"),
        ("DEC 5", "", "2019-12-05"),
        ("", "5", "2019"),
        ("13", "", "2019"),
        ("winter", "", "2019"),
    ],
)
def test_month_and_day_may_stand_in_fields_of_their_own(
    month: str, day: str, published: str
) -> None:
    assert to_published("2019", month, day) == published


@given(st.dates(date(1500, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_from_many_notations(day: date) -> None:
    for notation in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y/%b/%d"):
        assert to_published(day.strftime(notation)) == day.isoformat()


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    to_published(text, text, text)
