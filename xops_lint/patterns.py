"""Says whether a path matches patterns written as in a .gitignore file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_ANYWHERE: Final = "^(?:.+/)?"
"""How the expressions of patterns begin that count in every folder."""

_GROUP: Final = regex(r"\(\?P<\w+>")


class Compiled(NamedTuple):
    """Patterns, and one expression for all paths that some of them may say something of: most say nothing of a path."""

    spec: GitIgnoreSpec
    mentioned: re.Pattern[str]

    def verdict(self, path: str) -> bool | None:
        """Say whether the last pattern that mentions a path takes it; None if none does."""
        return self.spec.check_file(path).include if self.mentioned.match(path) else None


def matches(patterns: Sequence[str], path: str) -> bool:
    """Say whether a path matches; a later ``!pattern`` takes paths out again.

    Patterns that begin with a ``!pattern`` start from all paths.
    """
    matched = bool(patterns) and patterns[0].startswith("!")
    for pattern in patterns:
        negated = pattern.startswith("!")
        if compiled(pattern[negated:]).verdict(path):
            matched = not negated
    return matched


@cache
def compiled(*lines: str) -> Compiled:
    """Compile lines of a .gitignore file; a line that git cannot read counts for nothing."""
    spec = _spec(lines)
    found = [_GROUP.sub("(?:", each.regex.pattern) for each in spec.patterns if each.regex is not None]
    anywhere = [each.removeprefix(_ANYWHERE) for each in found if each.startswith(_ANYWHERE)]
    fixed = [each for each in found if not each.startswith(_ANYWHERE)]
    # The folders before the name are gone through once for all patterns that count everywhere.
    mentioned = "|".join([f"{_ANYWHERE}(?:{'|'.join(anywhere)})" if anywhere else "(?!)", *fixed])
    return Compiled(spec, re.compile(mentioned))


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_readable(line)])


def _is_readable(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
