from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.imports.keyset import KeySet


@given(st.lists(st.none() | st.integers(1, 300)))
def test_each_key_counts_once(keys: list[int | None]) -> None:
    found, known = KeySet(), set[int | None]()
    for key in keys:
        assert found.add(key) is (key is not None and key not in known)
        known.add(key)
    assert len(found) == len(known - {None})
