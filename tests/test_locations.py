from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

from tui.locations import (
    copied_text_path,
    find_locations,
    index_folder,
    session_file,
    shown_path,
)


def test_a_given_library_comes_before_the_environment(tmp_path: Path) -> None:
    environ = {"PAPERDECK_LIBRARY": str(tmp_path / "named")}
    assert find_locations(environ, tmp_path / "given").library == tmp_path / "given"
    assert find_locations(environ).library == tmp_path / "named"


def test_a_relative_library_is_of_the_folder_we_are_in_now() -> None:
    assert find_locations({}, Path("deck")).library == Path.cwd() / "deck"


def test_a_home_folder_in_the_variable_is_resolved() -> None:
    assert find_locations({"PAPERDECK_LIBRARY": "~/deck"}).library == Path.home() / "deck"


def test_else_the_platform_says_where_things_are() -> None:
    expected = PlatformDirs("paperdeck", appauthor=False)
    found = find_locations({"PAPERDECK_LIBRARY": ""})
    assert found.library == expected.user_data_path
    assert found.config == expected.user_config_path
    assert found.cache == expected.user_cache_path
    assert found.state == expected.user_state_path


def test_each_library_has_its_index_folder_however_it_is_named(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (tmp_path / "link").symlink_to(library)
    cache = tmp_path / "cache"
    folder = index_folder(cache, library)
    assert folder.parent == cache / "index"
    assert len(folder.name) == 16
    assert index_folder(cache, tmp_path / "link") == folder
    assert index_folder(cache, library / ".." / "library") == folder
    assert index_folder(cache, tmp_path / "other") != folder


def test_each_library_has_its_session_however_it_is_named(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (tmp_path / "link").symlink_to(library)
    file = session_file(tmp_path / "state", library)
    assert file.parent == tmp_path / "state" / "sessions"
    assert file.name == f"{index_folder(tmp_path, library).name}.json"
    assert session_file(tmp_path / "state", tmp_path / "link") == file
    assert session_file(tmp_path / "state", tmp_path / "other") != file


def test_the_copied_text_is_kept_in_the_cache(tmp_path: Path) -> None:
    assert copied_text_path(tmp_path) == tmp_path / "copied.txt"


def test_a_shown_path_begins_at_home() -> None:
    assert shown_path(Path.home() / "a" / "b.txt") == "~/a/b.txt"
    assert shown_path(Path("/else/b.txt")) == "/else/b.txt"
