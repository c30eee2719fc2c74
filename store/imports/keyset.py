"""Sets of papers that may hold millions."""

from __future__ import annotations


class KeySet:
    """The keys of papers, a byte for each key there is: a set of numbers takes sixty times that.

    It only grows. A key that is None is no paper's, and is left out.
    """

    def __init__(self) -> None:
        self._marks = bytearray()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: int | None) -> bool:
        """Take a key in, and tell whether it was not there."""
        if key is None:
            return False
        if key >= len(self._marks):
            self._marks.extend(bytes(key + 1 - len(self._marks)))
        is_new = not self._marks[key]
        if is_new:
            self._marks[key] = 1
            self._count += 1
        return is_new
