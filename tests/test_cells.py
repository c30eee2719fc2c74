from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.cells import fitted
from tui.format import one_line


@given(st.text(), st.integers(-2, 40))
def test_a_fitted_text_has_its_cells_exactly(text: str, width: int) -> None:
    assert cell_len(fitted(one_line(text), width)) == max(0, width)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("sheep", 7, "sheep  "), ("sheep", 5, "sheep"), ("sheep", 4, "she…"), ("深度", 3, "深…")],
)
def test_a_longer_text_is_cut_with_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert fitted(text, width) == shown
