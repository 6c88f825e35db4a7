"""Commands that a readme or a makefile tells people to type, and those behind the name of a target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from xops_lint.languages.shell import commands
from xops_lint.shell import Command
from xops_lint.text import Range

_FENCE: Final = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<fence>```+|~~~+)[ \t]*\{?\.?(?P<language>[\w-]*)[^\n]*\n"
    r"(?:(?P<body>.*?)^[ \t>]*(?P=fence)[ \t]*\r?$|(?P<open>.*?)(?:(?=^(?!(?P=indent))[ \t]*\S)|\Z))",
    re.MULTILINE | re.DOTALL,
)
"""A block of code; one that is never closed ends with the text, or with the item of a list around it."""

_SHELLS: Final = frozenset({"bash", "sh", "shell", "zsh", "console", "terminal", "shell-session", "cmd", "commandline"})
_PROMPT: Final = re.compile(r"^(?P<indent>[ \t]*)(?P<sign>[$%>] )", re.MULTILINE)
_RECIPE: Final = re.compile(r"^\t[ \t]*[@+-]*[ \t]*(?P<line>(?:[^\n\\]|\\\r?\n|\\.)+)", re.MULTILINE)
_ASSIGNED: Final = re.compile(r"^(?P<name>\w+)[ \t]*[:?]?=[ \t]*(?P<value>[^\n#$]*?)[ \t]*\r?$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\$[({](?P<name>\w+)[)}]")


def told(text: str, language: str) -> Iterator[Command]:
    """Yield the commands of a text, in order; each block of a readme and each line of a recipe starts anew."""
    yield from _of_makefile(text) if language == "makefile" else _of_readme(text)


def _of_readme(text: str) -> Iterator[Command]:
    for block in _FENCE.finditer(text):
        if block["language"].lower() in _SHELLS:
            part = "open" if block["body"] is None else "body"
            body = _PROMPT.sub(lambda match: match["indent"] + " " * len(match["sign"]), block[part])
            yield from commands(body, text, Range(block.start(part), block.end(part)))


def _of_makefile(text: str) -> Iterator[Command]:
    variables = {match["name"]: match["value"] for match in _ASSIGNED.finditer(text)}
    for recipe in _RECIPE.finditer(text):
        where = Range(recipe.start("line"), recipe.end("line"))
        yield from commands(_filled(recipe["line"], variables), text, where)


def _filled(line: str, variables: Mapping[str, str]) -> str:
    """Return a line with the variables that the file sets to plain texts; ``$$`` is a dollar of the shell's."""
    return _VARIABLE.sub(lambda match: variables.get(match["name"], match[0]), line).replace("$$", "$")
