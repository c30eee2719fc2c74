"""Completion in a shell: `completion`, and the answers while a command is being written.

argcomplete has what the shells need: the code that they run, how the line is parted into words,
and how an answer is quoted. What is suggested is ours. The shell runs the program with
`_ARGCOMPLETE` set, its streams thrown away and the answers read from another.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import PurePath
from typing import TYPE_CHECKING

from argcomplete.finders import CompletionFinder
from argcomplete.lexers import split_line
from argcomplete.shell_integration import shellcode

from tui import PROGRAM
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.output import tell_parts
from tui.cli.suggestions import SHELLS, suggest
from tui.locations import find_locations

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

_ZSH = r"""#compdef paperdeck
_paperdeck() {
    # Of the words, as the line without its quotes is all that the editor's buffer is here.
    local line=${(j: :)words[1,CURRENT]} split=$'\v'
    local -a completions nospace
    completions=(${(ps:\v:)"$(
        COMP_LINE=$line COMP_POINT=$(( ${#line} - ${#SUFFIX} )) \
        _ARGCOMPLETE=1 _ARGCOMPLETE_IFS=$split _ARGCOMPLETE_SHELL=zsh \
        _ARGCOMPLETE_SUPPRESS_SPACE=1 \
        ${~words[1]} 8>&1 9>/dev/null >/dev/null 2>&1 </dev/null
    )"})
    if (( $#completions == 0 )); then
        # zsh alone knows how to keep a tilde or a variable.
        [[ $PREFIX == [~$]* ]] && _files
        return
    fi
    [[ $completions[1] =~ '([^\\]):' && $match[1] == [=/:] ]] && nospace=(-S '')
    # Of each, the meaning stands behind a colon, if it has any.
    completions=(${completions/%:/})
    _describe paperdeck completions "${nospace[@]}"
}
if [[ $funcstack[1] == _paperdeck ]]; then
    _paperdeck "$@"
else
    compdef _paperdeck paperdeck
fi
"""
"""As argcomplete's own for zsh, which completes no word in quotes and no path from home."""


def completion(options: Namespace) -> Status:
    """Print the code by which a shell completes commands."""
    named = words_of(options)
    if len(named) != 1:
        raise CommandError(
            f"'completion' takes one shell of {', '.join(SHELLS)},"
            " such as: paperdeck completion bash"
        )
    (shell,) = named
    if shell not in SHELLS:
        raise CommandError(
            f"there is no completion for '{shell}'{suggestion(shell, SHELLS)}"
            f" (there are {', '.join(SHELLS)})"
        )
    if shell == "zsh":
        tell_parts([_ZSH])
    else:
        # Without bash's own completion of files where there is no answer: we answer with files.
        tell_parts([shellcode([PROGRAM], shell=shell, complete_arguments=("-o", "nospace"))])
    return Status.DONE


def answer() -> None:
    """Answer the shell, and end the process."""
    _Finder()(ArgumentParser(add_help=False))


def command_words(words: Sequence[str]) -> Sequence[str]:
    """Return the words after the program's name, before which variables may be set."""
    for at, word in enumerate(words, 1):
        if PurePath(word).name == PROGRAM:
            return words[at:]
    return words[1:]


class _Finder(CompletionFinder):
    """Finds completions by our own reading of the words: argparse would refuse `-survey`."""

    def collect_completions(
        self, active_parsers: list[ArgumentParser], parsed_args: Namespace, cword_prefix: str
    ) -> list[str]:
        del active_parsers, parsed_args
        words = split_line(os.environ["COMP_LINE"], int(os.environ["COMP_POINT"]))[3]
        is_zsh = os.environ.get("_ARGCOMPLETE_SHELL") == "zsh"
        if is_zsh and cword_prefix.startswith("~"):
            # The tilde would be quoted: zsh completes such a path itself.
            return []
        found = suggest(command_words(words), cword_prefix, _library)
        self.get_display_completions().update(found)
        return list(found)

    def filter_completions(self, completions: list[str]) -> list[str]:
        # None is twice in it, and looking for such takes seconds where tags are many.
        return completions


def _library(named: Path | None) -> Path | None:
    try:
        return find_locations(os.environ, named).library
    except RuntimeError:
        return None
