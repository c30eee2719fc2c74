from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tui.outside.errors import PipeError
from tui.outside.piping import MOST_LINES, MOST_OUTPUT, Pipe, PipeEnd, command_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Program = "Callable[[str], tuple[str, ...]]"


def run(*words: str, text: str = "one\ntwo\n") -> PipeEnd:
    return Pipe(words).run([text])


def python(code: str, text: str = "one\ntwo\n") -> PipeEnd:
    return run(sys.executable, "-c", code, text=text)


def is_gone(pid: int) -> bool:
    """Tell whether a process ended, waited for by its parent or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", ()),
        ("   ", ()),
        ("wc -l", ("wc", "-l")),
        ("sh -c 'sort | head > x'", ("sh", "-c", "sort | head > x")),
        ('cut -d "|" -f 1', ("cut", "-d", "|", "-f", "1")),
        (r"cut -d \| -f 1", ("cut", "-d", "|", "-f", "1")),
        ("grep a>b", ("grep", "a>b")),
        ("cat ~ ~/x/ a~/b", ("cat", "~", f"{Path.home()}/x/", "a~/b")),
        ("cat $HOME *", ("cat", "$HOME", "*")),
    ],
)
def test_a_command_is_split_as_a_shell_splits_it(written: str, words: tuple[str, ...]) -> None:
    assert command_words(written) == words


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("sh -c 'sort", "This is no command yet: a quote is open"),
        ('sh -c "sort', "This is no command yet: a quote is open"),
        ("wc \\", "This is no command yet: its last"),
        ("sort | head", r"'\|' needs a shell: sh -c '…' runs one"),
        ("cat > x", "'>' needs a shell"),
        ("cat >x", "'>x' needs a shell"),
        ("cat 2>&1", "'2>&1' needs a shell"),
        ("make && cat", "'&&' needs a shell"),
        ("sleep 9 &", "'&' needs a shell"),
        ("no-such-command-here -x", "There is no command 'no-such-command-here'"),
        ("/no/such/command", "There is no command '/no/such/command'"),
        ("'' x", "There is no command ''"),
    ],
)
def test_what_is_no_command_is_refused(written: str, reason: str) -> None:
    with pytest.raises(PipeError, match=reason):
        command_words(written)


def test_a_file_that_is_not_executable_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    with pytest.raises(PipeError, match=r"'.*/script' is not executable"):
        command_words(shlex.quote(str(script)))
    with pytest.raises(PipeError, match=r"'.*/script' can't be run: Permission denied"):
        Pipe([str(script)])


def test_a_file_that_is_no_program_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"\x00\x01 no program")
    script.chmod(0o755)
    with pytest.raises(PipeError, match="can't be run: Exec format error"):
        Pipe([str(script)])
    with pytest.raises(PipeError, match="There is no command 'no-such-command-here'"):
        Pipe(["no-such-command-here"])
    with pytest.raises(PipeError, match="can't be run: embedded null byte"):
        Pipe(["wc", "\0"])


def test_a_command_reads_the_text_and_what_it_writes_is_kept() -> None:
    assert run("wc", "-l") == PipeEnd(0, "2", 0, is_stopped=False)
    assert run("cat", text="zwölf\n").output == "zwölf"
    assert run("true") == PipeEnd(0, "", 0, is_stopped=False)
    assert run("echo", " ").output == ""


def test_both_streams_are_kept_in_their_order() -> None:
    code = "import sys; print(1, flush=True); print(2, file=sys.stderr, flush=True); print(3)"
    assert python(code).output == "1\n2\n3"


def test_the_status_is_told() -> None:
    assert python("raise SystemExit(3)").status == 3
    end = python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert (end.status, end.signal_name) == (-11, "SIGSEGV")
    assert run("true").signal_name == ""


def test_much_text_passes_through() -> None:
    lines = [f"{number}\n" for number in range(200_000)]
    end = Pipe(["sh", "-c", "cat | wc -c"]).run(lines)
    assert end.output.strip() == str(sum(map(len, lines)))


def test_a_command_need_not_read_all() -> None:
    text = "line\n" * 500_000
    assert run("head", "-n", "1", text=text) == PipeEnd(0, "line", 0, is_stopped=False)
    assert run("true", text=text).status == 0


def test_what_is_not_wanted_any_more_is_not_made() -> None:
    made = 0

    def parts() -> Iterator[str]:
        nonlocal made
        for made in range(1_000_000):  # noqa: B007 counted
            yield "a line that is as long as lines are\n"

    assert Pipe(["head", "-n", "1"]).run(parts()).status == 0
    assert made < 100_000


def test_output_beyond_the_bound_is_counted() -> None:
    end = python("import sys; sys.stdout.write('x' * 3_000_000)")
    assert end == PipeEnd(0, "x" * MOST_OUTPUT, 3_000_000 - MOST_OUTPUT, is_stopped=False)


def test_lines_beyond_the_bound_are_counted() -> None:
    end = run("sh", "-c", "yes | head -n 50000")
    assert end.output == "y\n" * (MOST_LINES - 1) + "y"
    assert end.dropped == 2 * (50_000 - MOST_LINES) - 1


def test_a_command_that_closes_its_output_may_read_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    text = "line\n" * 100_000
    assert run("sh", "-c", 'exec >&- 2>&-; sleep 0.1; cat > "$0"', str(kept), text=text).status == 0
    assert kept.read_text() == text


def test_a_hostile_output_is_safe_to_show() -> None:
    hostile = r"\x1b[2J\x1b]0;title\x07a\x00b\x9b31mc\td\r\ne\xff\u202ef"
    end = python(f"import sys; sys.stdout.buffer.write('{hostile}'.encode())")
    assert end.output == "abc d\neÿf"
    assert python(r"import sys; sys.stdout.buffer.write(b'\xff\xfe\n\x00')").output == "��"


def test_a_command_has_no_terminal_and_a_session_of_its_own() -> None:
    end = python("import os; print(os.getsid(0) == os.getpid()); open('/dev/tty')")
    assert end.output.startswith("True\n")
    assert "No such device" in end.output


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    pipe = Pipe(["sh", "-c", 'sleep 60 & echo $! $$ > "$0.new"; mv "$0.new" "$0"; wait', str(pids)])
    ends: list[PipeEnd] = []
    runner = Thread(target=lambda: ends.append(pipe.run(["text"])))
    runner.start()
    wait_until(pids.exists)
    started = time.monotonic()
    pipe.stop()
    pipe.stop()
    runner.join(10)
    assert time.monotonic() - started < 2
    assert ends[0].is_stopped
    assert ends[0].signal_name == "SIGTERM"
    wait_until(lambda: all(is_gone(int(pid)) for pid in pids.read_text().split()))


def test_a_command_that_will_not_end_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    )
    pipe = Pipe([sys.executable, "-c", code, str(ready)])
    ends: list[PipeEnd] = []
    runner = Thread(target=lambda: ends.append(pipe.run(["text"])))
    runner.start()
    wait_until(ready.exists)
    pipe.stop()
    runner.join(10)
    assert ends == [PipeEnd(-9, "deaf", 0, is_stopped=True)]


def test_a_command_is_stopped_that_never_reads_and_never_ceases_to_write() -> None:
    pipe = Pipe(["yes"])
    ends: list[PipeEnd] = []
    runner = Thread(target=lambda: ends.append(pipe.run(["text\n"] * 1_000_000)))
    runner.start()
    time.sleep(0.2)
    pipe.stop()
    runner.join(10)
    assert ends[0].is_stopped
    assert len(ends[0].output) < MOST_OUTPUT + 1


def test_what_a_command_leaves_running_is_not_waited_for() -> None:
    started = time.monotonic()
    end = run("sh", "-c", "sleep 20 & echo $!")
    assert time.monotonic() - started < 5
    assert end.status == 0
    os.kill(int(end.output), 9)


def test_a_text_that_breaks_off_ends_the_command() -> None:
    class BrokenOffError(Exception):
        pass

    def parts() -> Iterator[str]:
        yield "x" * 100_000
        raise BrokenOffError

    pipe = Pipe(["sh", "-c", "cat; sleep 60"])
    with pytest.raises(BrokenOffError):
        pipe.run(parts())
