"""Every reader on damaged seeds for a moment: `tests/attacks/fuzzing.py` does it for long."""

from __future__ import annotations

from pathlib import Path

import fuzzing
import pytest

READERS = ("query", "decisions", "config", "names", "text", "template", "any")
TIMES = 60
FOUND = {
    "names": ("https://exs://ex?amp", "https://example.omple.", "10.1000/p/\u0e01" + "\u0e47" * 20),
    "bibtex": ("@misc{a, title={Sheep}, author={\u0301 C, titia Garc}}",),
    "text": (
        "\u0e01" + "\u0e47" * 20,
        " \u0338abc \u200d\u0336",
        "\u2764\ufe0f\u200d\u200d\U0001f525",
    ),
}
"""What was found once, by what it was found in."""


@pytest.mark.parametrize("name", READERS)
def test_damaged_seeds_break_no_reader(name: str) -> None:
    check, texts = fuzzing.TARGETS[name]
    for text in texts:
        check(text.encode("utf-8", "replace"))
    seeds = [text.encode("utf-8", "replace") for text in texts]
    assert fuzzing.damage_for(check, seeds, times=TIMES, seed=8) == TIMES


@pytest.mark.parametrize(("name", "text"), [(name, one) for name in FOUND for one in FOUND[name]])
def test_what_was_found_stays_mended(name: str, text: str) -> None:
    check, _ = fuzzing.TARGETS[name]
    check(text.encode())


def test_a_target_that_breaks_is_told_and_its_input_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks(_: bytes) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        fuzzing.damage_for(breaks, [b"sheep"], times=1, seed=8)
    kept = Path(capsys.readouterr().err.rsplit(" ", 1)[1].strip())
    assert kept.exists()
    kept.unlink()
