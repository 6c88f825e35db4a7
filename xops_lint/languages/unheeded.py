"""Commands of a shell text whose failure nobody sees: what the shell forgives, drops in a pipe, or goes on after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xops_lint.languages.chains import Raw, chains
from xops_lint.matching import regex
from xops_lint.shell import ALTERNATIVE, NEXT, PIPE, Shell

_FORGIVING: Final = frozenset({"true", ":", "/bin/true", "echo", "printf"})
_PASSING: Final = frozenset({"tee", "cat", "tail", "head", "ts"})
"""Programs at the end of a pipe that hand on what they read, and succeed."""

_CLOSING: Final = frozenset({"fi", "done", "esac"})
_OPENING: Final = frozenset({"if", "while", "until", "for", "case", "select", "{"})
_ASKING: Final = frozenset({"if", "elif", "while", "until", "!"})
_READ: Final = regex(r"\$\{?(?:\?|PIPESTATUS|pipestatus)")
"""What reads how a command ended."""

_TRAPPED: Final = regex(r"\btrap\b")
_BEHIND: Final = regex(r"[ \t]*&(?!&)")


def _set(shell: Shell, words: Sequence[str]) -> Shell:
    """Return what a shell is after a command, which may set it."""
    if words[0] != "set":
        return shell
    for word, following in zip(words[1:], (*words[2:], "")):
        if re.fullmatch(r"[-+][A-Za-z]+", word):
            on = word[0] == "-"
            if "e" in word:
                shell = shell._replace(stops=on)
            if word.endswith("o") and following == "errexit":
                shell = shell._replace(stops=on)
            if word.endswith("o") and following == "pipefail":
                shell = shell._replace(pipes=on)
    return shell


def started(words: Sequence[str]) -> Shell:
    """Return what a shell is that is started with these options."""
    return _set(Shell(stops=False, pipes=False), ("set", *words))


def after(shell: Shell, text: str) -> Shell:
    """Return what a shell is after a text."""
    for chain in chains(text):
        shell = _set(shell, chain[0].words)
    return shell


def reasons(text: str, split: Sequence[Sequence[Raw]], shell: Shell, rest: str) -> Iterator[Mapping[int, str]]:
    """Yield for every chain of a text why its commands' failures go unseen, by position; ``rest`` runs behind it."""
    depth = 0
    quiet = _TRAPPED.search(text) is not None
    for number, chain in enumerate(split):
        shell = _set(shell, chain[0].words)
        depth += _deeper(chain)
        found = dict.fromkeys(range(len(chain) - 1), ALTERNATIVE) if _forgiven(chain) else {}
        if not quiet:
            if shell.pipes is False:
                found.update((each, PIPE) for each in _dropped(chain, text, rest) if each not in found)
            # How a branch or a loop ends may be read behind it.
            behind = _behind(text, split, number, rest) if shell.stops is False and depth == 0 else None
            if behind is not None and not _READ.search(behind):
                found.update((each, NEXT) for each in _passed(chain, text) if each not in found)
        yield found


def _forgiven(chain: Sequence[Raw]) -> bool:
    last = chain[-1]
    return (
        last.operator == "||"
        and last.idle
        and (last.words[0] in _FORGIVING or last.words in (("exit", "0"), ("/usr/bin/true",)))
    )


def _dropped(chain: Sequence[Raw], text: str, rest: str) -> Iterator[int]:
    """Yield the positions of commands whose end a pipe drops."""
    for position in range(len(chain) - 1):
        tail = _pipe_behind(chain, position)
        end = tail[-1].end if tail else 0
        if tail and all(raw.words[0] in _PASSING for raw in tail) and not _is_looked_at(tail, text[end:] + rest):
            yield position


def _pipe_behind(chain: Sequence[Raw], position: int) -> Sequence[Raw]:
    end = position + 1
    while end < len(chain) and chain[end].operator in ("|", "|&"):
        end += 1
    return chain[position + 1 : end]


def _is_looked_at(tail: Sequence[Raw], later: str) -> bool:
    """Say whether a later command reads how the parts of a pipe ended, or what it has kept in a file."""
    kept = [word for raw in tail if raw.words[0] == "tee" for word in raw.words[1:] if not word.startswith("-")]
    return _READ.search(later) is not None or any(name.strip("\"'") in later for name in kept)


def _passed(chain: Sequence[Raw], text: str) -> Iterator[int]:
    """Yield the positions of commands after whose failure the shell just goes on to the next chain."""
    for position, raw in enumerate(chain):
        going_on = all(each.operator == "&&" for each in chain[position + 1 :])
        if going_on and _ASKING.isdisjoint(raw.behind) and not _BEHIND.match(text, chain[-1].end):
            yield position


def _deeper(chain: Sequence[Raw]) -> int:
    """Return how many blocks begin with a chain, less those that end before it."""
    words = [word for raw in chain for word in (*raw.behind, raw.words[0])]
    return sum(word in _OPENING for word in words) - sum(word == "}" or word in _CLOSING for word in words)


def _behind(text: str, split: Sequence[Sequence[Raw]], number: int, rest: str) -> str | None:
    """Return what stands between a chain and the end of the next one; None if nothing runs after it."""
    start = split[number][-1].end
    for chain in split[number + 1 :]:
        if chain[0].words[0] not in _CLOSING:
            return text[start : chain[-1].end]
    following = next(chains(rest), None)
    return None if following is None else text[start:] + rest[: following[-1].end]
