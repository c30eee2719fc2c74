"""What stands in the place of the program's own files, and whose their folders are: attacked."""

from __future__ import annotations

import json
import os
import pickle
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.privatefiles import (
    NotPrivateError,
    make_private,
    read_privately,
    read_regular,
    write_privately,
)
from tui.outside.files import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from terminal import Home, HomeMaker

pytest_plugins = ["tests.terminal"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its files have other modes")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")

RECORDS = "".join(
    f'{{"id": "2603.{number:05}", "title": "Counting sheep {number}"}}\n' for number in range(3)
)
SECONDS = 30.0
"""A command that takes longer hangs."""
NOBODY = 65534
BEFORE = b"another's words\n"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def run(
    home: Home, *words: str, stdin: str = "", umask: int = -1
) -> subprocess.CompletedProcess[str]:
    """Run a command, which must not hang whatever it finds."""
    return home.carry_out(*words, stdin=stdin, umask=umask)


def own_files(home: Home) -> list[Path]:
    """Return all that the program has made, folders too."""
    places = [home.folder / name for name in ("data", "cache", "state", "config")]
    return [path for place in places for path in place.rglob("*")]


def library_folder(home: Home) -> Path:
    return home.folder / "data" / "paperdeck"


@pytest.fixture(scope="module")
def whole(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a library and all else that the program keeps."""
    home = make_home(tmp_path_factory.mktemp("home"))
    assert run(home, "import", "-", stdin=RECORDS).returncode == 0
    assert run(home, "index", "--wait").returncode == 0
    with home.browse() as browser:
        browser.shows("Counting sheep")
        browser.press("yy")
        browser.send("q")
        browser.ended()
    home.keep()
    return home


@pytest.fixture
def filled(whole: Home) -> Home:
    whole.renew()
    return whole


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_all_that_the_program_makes_is_for_its_owner_only(home: Home, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert run(home, "import", "-", stdin=RECORDS).returncode == 0
        assert run(home, "index", "--wait").returncode == 0
        with home.browse() as browser:
            browser.shows("Counting sheep")
            browser.press("yy")
            browser.send("s")
            browser.shows("Starred")
            names = {path.name for path in own_files(home)}
            assert {"library.db", "library.db-wal", "library.db-shm", "copied.txt"} <= names
            are_open = {path for path in own_files(home) if mode(path) & 0o077}
            browser.send("q")
            browser.ended()
    finally:
        os.umask(before)
    made = own_files(home)
    assert [path.suffix for path in made if path.parent.name in {"sessions", "frames"}]
    are_open |= {path for path in made if mode(path) & 0o077}
    assert {path for path in are_open if path.name == "paperdeck" or path.is_file()} == set()


def replace_by_link(place: Path, target: Path) -> None:
    target.write_bytes(BEFORE)
    place.symlink_to(target)


def replace_by_dangling_link(place: Path, target: Path) -> None:
    place.symlink_to(target)


def replace_by_hard_link(place: Path, target: Path) -> None:
    target.write_bytes(BEFORE)
    place.hardlink_to(target)


def replace_by_pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def replace_by_folder(place: Path, _: Path) -> None:
    place.mkdir()


def replace_by_device(place: Path, _: Path) -> None:
    place.symlink_to("/dev/zero")


KINDS = [
    replace_by_link,
    replace_by_dangling_link,
    replace_by_hard_link,
    replace_by_pipe,
    replace_by_folder,
    replace_by_device,
]


def places(home: Home) -> list[Path]:
    """Return the program's own files that may be wanting."""
    (index,) = (home.folder / "cache" / "paperdeck" / "index").iterdir()
    config = home.folder / "config" / "paperdeck"
    config.mkdir(parents=True, exist_ok=True)
    return [
        home.folder / "cache" / "paperdeck" / "copied.txt",
        home.session,
        library_folder(home) / "imports.lock",
        config / "config.toml",
        config / "style.tcss",
        *(index / name for name in ("state.json", "state.json.new", "MAIN_WRITELOCK")),
    ]


@pytest.mark.parametrize("replace", KINDS)
def test_nothing_is_written_through_what_stands_in_a_file_s_place_and_nothing_hangs(
    filled: Home, tmp_path_factory: pytest.TempPathFactory, replace: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path_factory.mktemp("other")
    for number, place in enumerate(places(filled)):
        place.unlink(missing_ok=True)
        replace(place, folder / f"target{number}")
    new = '{"id": "2604.00001", "title": "Dreaming of sheep"}\n'
    assert run(filled, "import", "-", stdin=new).returncode == 0
    assert run(filled, "index", "--wait").returncode == 0
    assert run(filled, "count", "dreaming").stdout == "1\n"
    assert run(filled, "doctor").returncode in {0, 5}
    with filled.browse() as browser:
        browser.shows("Counting sheep")
        browser.press("yy")
        browser.send("q")
        assert browser.ended() == 0
    assert [path for path in folder.iterdir() if path.read_bytes() != BEFORE] == []


@pytest.mark.parametrize("replace", [one for one in KINDS if one is not replace_by_hard_link])
def test_a_library_is_not_opened_through_a_link_nor_in_what_is_no_file(
    filled: Home, tmp_path_factory: pytest.TempPathFactory, replace: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path_factory.mktemp("other")
    for end in ("-wal", "-shm", "-journal", ""):
        place = library_folder(filled) / f"library.db{end}"
        place.unlink(missing_ok=True)
        replace(place, folder / f"target{end}")
        for words in (["search", "sheep"], ["import", "-"]):
            done = run(filled, *words, stdin=RECORDS)
            assert done.returncode == 4
            assert f"library.db{end}'" in done.stderr
            assert len(done.stderr.splitlines()) == 1
        assert run(filled, "doctor").returncode == 4
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        else:
            place.unlink()
    assert [path for path in folder.iterdir() if path.read_bytes() != BEFORE] == []


@pytest.mark.parametrize("bits", [0o777, 0o775, 0o1777])
def test_a_folder_that_others_can_write_into_is_refused(filled: Home, bits: int) -> None:
    folder = library_folder(filled)
    folder.chmod(bits)
    if bits == 0o775:
        os.chown(folder, -1, 1 if os.geteuid() == 0 else os.getegid())
        if os.geteuid() != 0:
            pytest.skip("the group may be a user's own")
    done = run(filled, "tag", "+a", "--", "sheep")
    assert done.returncode == 4
    assert "can be written by other users" in done.stderr
    assert f"chmod go-w {folder}" in done.stderr
    folder.chmod(0o755)
    assert run(filled, "count", "sheep").stdout == "3\n"


@needs_root
def test_a_library_of_another_user_is_refused(filled: Home) -> None:
    os.chown(library_folder(filled), NOBODY, NOBODY)
    done = run(filled, "search", "sheep")
    assert done.returncode == 4
    assert "belongs to another user" in done.stderr
    os.chown(library_folder(filled), 0, 0)
    os.chown(library_folder(filled) / "library.db", NOBODY, NOBODY)
    done = run(filled, "search", "sheep")
    assert done.returncode == 4
    assert "'library.db' that belongs to another user" in done.stderr


@needs_root
def test_a_cache_of_another_user_holds_nothing_of_ours(filled: Home) -> None:
    cache = filled.folder / "cache" / "paperdeck"
    for path in (cache, *cache.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    before = (cache / "copied.txt").stat()
    with filled.browse() as browser:
        browser.shows("Counting sheep")
        browser.press("yy")
        browser.send("q")
        assert browser.ended() == 0
    assert (cache / "copied.txt").stat() == before
    done = run(filled, "search", "sheep")
    assert "belongs to another user" in done.stderr


@needs_root
def test_another_user_can_read_nothing_of_a_reader_s(filled: Home) -> None:
    for path in (filled.folder, *filled.folder.parents):
        path.chmod(mode(path) | 0o055)
    own = [str(path) for path in own_files(filled)]
    looks = (
        "import os, sys; os.setgid(65534); os.setuid(65534)\n"
        "for path in sys.stdin.read().splitlines():\n"
        "    try: os.listdir(path) if os.path.isdir(path) else open(path).read(1)\n"
        "    except OSError: continue\n"
        "    print(path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", looks],
        input="\n".join(own),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [path for path in done.stdout.splitlines() if "paperdeck" in path] == []


def test_a_link_that_is_swapped_in_meanwhile_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(BEFORE)
    place = tmp_path / "own" / "copied.txt"
    make_private(place.parent)
    swaps = (
        "import os, sys\n"
        "place, target = sys.argv[1:]\n"
        "print(flush=True)\n"
        "while True:\n"
        "    try: os.symlink(target, place + '.swap'); os.replace(place + '.swap', place)\n"
        "    except OSError: pass\n"
    )
    command = [sys.executable, "-c", swaps, str(place), str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as swapping:
        assert swapping.stdout
        swapping.stdout.readline()
        for _ in range(500):
            write_privately(place, b"own")
            try:
                assert read_privately(place, 100) == b"own"
            except OSError:
                continue  # it was the link
        swapping.kill()
    assert target.read_bytes() == BEFORE


class Planted:
    """Runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("bits", [0o777, 0o770, 0o707])
def test_no_pickle_is_read_from_a_folder_that_others_can_write_into(
    filled: Home, tmp_path_factory: pytest.TempPathFactory, bits: int
) -> None:
    mark = tmp_path_factory.mktemp("mark") / "ran"
    (folder,) = (filled.folder / "cache" / "paperdeck" / "index").iterdir()
    for file in folder.glob("*.toc"):
        file.write_bytes(pickle.dumps(Planted(mark)))
    folder.chmod(bits)
    assert "other users" in run(filled, "search", "sheep").stderr
    run(filled, "index", "--wait")
    assert not mark.exists()


def test_no_module_is_taken_from_the_folder_that_one_is_in(filled: Home) -> None:
    mark = filled.folder / "ran"
    for module in ("tui", "store", "sqlite3", "pyperclip", "numpy", "whoosh", "subprocess"):
        (filled.folder / f"{module}.py").write_text(f"open({str(mark)!r}, 'w')\n")
    assert run(filled, "import", "-", stdin=RECORDS).returncode == 0
    assert run(filled, "index", "--wait", "--rebuild").returncode == 0
    assert run(filled, "search", "--copy", "sheep").returncode in {0, 2, 4}
    assert not mark.exists()


def test_no_program_of_ours_is_taken_from_the_folder_that_one_is_in(filled: Home) -> None:
    mark = filled.folder / "ran"
    for name in ("tmux", "wl-copy", "xclip", "xsel", "xdg-open", "infocmp"):
        program = filled.folder / name
        program.write_text(f"#!/bin/sh\n: > '{mark}'\n")
        program.chmod(0o755)
    environ = {
        **filled.environ,
        "PATH": f".::{os.environ['PATH']}",
        "TMUX": "none,1,0",
        "WAYLAND_DISPLAY": "wayland-0",
        "DISPLAY": ":0",
    }
    del environ["SSH_TTY"]
    for words in (["doctor"], ["export", "--copy", "sheep"]):
        subprocess.run(
            [str(filled.program), *words],
            env=environ,
            cwd=filled.folder,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    assert not mark.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped.jsonl",
        "/paperdeck-escaped.jsonl",
        "a/../../escaped.jsonl",
        "..\\escaped.jsonl",
    ],
)
def test_what_an_archive_holds_is_read_and_written_nowhere(home: Home, name: str) -> None:
    archive = home.folder / "papers.zip"
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr(name, RECORDS)
        link = zipfile.ZipInfo("link.jsonl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        writing.writestr(link, "/etc/passwd")
    before = set(home.folder.parent.rglob("*escaped*"))
    done = run(home, "import", "--json", str(archive))
    assert json.loads(done.stdout)["added"] in {0, 3}
    assert set(home.folder.parent.rglob("*escaped*")) == before
    assert not Path("/paperdeck-escaped.jsonl").exists()
    assert "root:" not in done.stdout + done.stderr


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="regular"):
            read_regular(place, 10)


def test_folders_are_made_for_their_owner_only_and_ours_are_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private(tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path) == 0o755
    (tmp_path / "a" / "b").chmod(0o777)
    make_private(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o700


def test_a_folder_that_a_link_leads_to_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    (tmp_path / "link").symlink_to("shared")
    make_private(tmp_path / "link")
    assert mode(tmp_path / "shared") == 0o755
    write_privately(tmp_path / "link" / "file", b"own")
    assert mode(tmp_path / "shared" / "file") == 0o600
    (tmp_path / "shared").chmod(0o777)
    with pytest.raises(NotPrivateError, match="other users"):
        write_privately(tmp_path / "link" / "file", b"other")
    assert [path.read_bytes() for path in (tmp_path / "shared").iterdir()] == [b"own"]


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_private(tmp_path / "file" / "below")


def test_an_exported_file_is_its_owner_s_only_until_it_is_whole(tmp_path: Path) -> None:
    seen: list[int] = []

    def parts() -> Iterator[str]:
        yield "one\n"
        seen.extend(mode(path) for path in tmp_path.iterdir())
        yield "two\n"

    before = os.umask(0o027)
    try:
        write_file(tmp_path / "papers.bib", parts())
    finally:
        os.umask(before)
    assert seen == [0o600]
    assert mode(tmp_path / "papers.bib") == 0o640


def test_a_file_of_a_library_that_others_can_write_is_refused(home: Home) -> None:
    assert home.carry_out("import", "-", stdin='{"title": "Sheep"}').returncode == 0
    (file,) = home.folder.rglob("library.db")
    file.chmod(0o666)
    assert home.carry_out("count").returncode == 0  # nobody else enters the folder
    file.parent.chmod(0o755)
    done = home.carry_out("count")
    assert done.returncode == 4
    assert f"'chmod go-w {file}' closes it" in done.stderr
    file.chmod(0o644)
    assert home.carry_out("count").returncode == 0
