"""Words that are one slip of the finger apart."""

from __future__ import annotations


def within_one_edit(a: str, b: str) -> bool:
    """Tell whether `a` is `b`, or becomes it by one edit.

    An edit inserts, deletes or replaces one character, or swaps two neighbours: the distance of
    F. J. Damerau ("A technique for computer detection and correction of spelling errors",
    Communications of the ACM 7, 1964) is 1 at the most.
    """
    if len(a) > len(b):
        a, b = b, a
    more = len(b) - len(a)
    if more > 1:
        return False
    at = next((at for at, char in enumerate(a) if char != b[at]), len(a))
    if more:
        return a[at:] == b[at + 1 :]
    if a[at + 1 :] == b[at + 1 :]:
        return True
    return a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
