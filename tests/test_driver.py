from __future__ import annotations

import os

from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.driver import reason_against_driver, wait_for_hang_up


def test_a_terminal_that_is_hung_up_is_told_from_one_that_can_not_be_watched() -> None:
    own, theirs = os.openpty()
    os.close(own)
    assert wait_for_hang_up(theirs)
    os.close(theirs)
    assert not wait_for_hang_up(theirs)


def test_another_driver_than_the_one_that_is_known_is_left_as_it_is() -> None:
    class Other(LinuxDriver):
        def start_application_mode(self) -> None:
            self.writes_elsewhere = True

    assert reason_against_driver() == ""
    assert reason_against_driver(Other) == "Textual has changed: Other._file"
