"""Commands that a readme, a makefile or a script of the shell holds, and the rules of makefiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.languages.shell import commands
from xops_lint.matching import regex
from xops_lint.shell import OWN_FOLDER, Command
from xops_lint.text import Range

_FENCE: Final = regex(
    r"^(?P<indent>[ \t>]*)(?P<fence>```+|~~~+)[ \t]*\{?\.?(?P<language>[\w-]*)[^\n]*\n"
    r"(?:(?P<body>.*?)^[ \t>]*(?P=fence)[ \t]*\r?$|(?P<open>.*?)(?:(?=^(?!(?P=indent))[ \t]*\S)|\Z))",
    re.MULTILINE | re.DOTALL,
)
"""A block of code; one that is never closed ends with the text, or with the item of a list around it."""

_SHELLS: Final = frozenset({"bash", "sh", "shell", "zsh", "console", "terminal", "shell-session", "cmd", "commandline"})
_PROMPT: Final = regex(r"^(?P<indent>[ \t]*)(?P<sign>[$%>] )", re.MULTILINE)
_LINE: Final = r"(?P<line>(?:[^\n\\]|\\\r?\n|\\.)+)"
_RULE: Final = regex(
    rf"^\t[ \t]*[@+-]*[ \t]*{_LINE}"
    r"|^(?P<targets>[^\s#:=][^:=#\n]*?)[ \t]*::?(?!=)[ \t]*(?P<needs>(?:[^\n\\#;]|\\\r?\n)*)"
    r"(?:;[ \t]*(?P<recipe>[^\n#]+))?",
    re.MULTILINE,
)
"""A line of a recipe, or the head of a rule."""

_ASSIGNED: Final = regex(r"^(?P<name>\w+)[ \t]*[:?]?=[ \t]*(?P<value>[^\n#$]*?)[ \t]*\r?$", re.MULTILINE)
_VARIABLE: Final = regex(r"\$\$|\$[({](?P<name>\w+|[@<^])[)}]|\$(?P<automatic>[@<^])")
_OPERATOR: Final = regex(r"[;&|()<>]")
_GOAL: Final = regex(r"^\.DEFAULT_GOAL[ \t]*:?=[ \t]*(?P<name>\S+)", re.MULTILINE)

_SET: Final = regex(
    r"^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+)*(?P<name>[A-Za-z_]\w*)="
    r"(?P<value>\"[^\"$`\n]*\"|'[^'\n]*'|[^\s\"'$`;&|()]*)"
    r"(?=[ \t]*(?:[;#\n]|\r|\Z))",
    re.MULTILINE,
)
_CHANGED: Final = regex(
    r"(?:^|[\s;])(?P<name>[A-Za-z_]\w*)\+?=|\b(?:read|for|getopts)\b[^\n]*?[ \t](?P<other>[A-Za-z_]\w*)"
)
_USED: Final = regex(r"\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")
_DIRECTORY: Final = (
    r"\$\([ \t]*(?:cd[ \t]+\"?(?:--[ \t]+)?\$\([ \t]*)?dirname(?:[ \t]+--)?[ \t]+"
    r"\"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?(?::-\$0)?\})\"?[ \t]*"
    r"(?:\)\"?[^()\n]*?&&[ \t]*pwd(?:[ \t]+-P)?[ \t]*)?\)"
)
_OWN: Final = regex(rf"\"{_DIRECTORY}\"|{_DIRECTORY}")
"""What comes to the folder of a script, as it is written in the script itself."""


class Told(NamedTuple):
    """The commands of a text, and what it says of them apart from that."""

    commands: tuple[Command, ...]
    documents: tuple[Value, ...] = ()


def told(text: str, language: str) -> Told:
    """Return the commands of a text, in order; each block of a readme and each line of a recipe starts anew."""
    if language == "makefile":
        return _of_makefile(text)
    return Told(tuple(_of_script(text) if language == "shell" else _of_readme(text)))


def _of_readme(text: str) -> Iterator[Command]:
    for block in _FENCE.finditer(text):
        if block["language"].lower() in _SHELLS:
            part = "open" if block["body"] is None else "body"
            body = _PROMPT.sub(lambda match: match["indent"] + " " * len(match["sign"]), block[part])
            yield from commands(body, text, Range(block.start(part), block.end(part)))


def _of_script(text: str) -> Iterator[Command]:
    """Yield the commands of a script, with the variables that it sets once and to a plain text."""
    changed = [match["name"] or match["other"] for match in _CHANGED.finditer(text)]
    values = {
        match["name"]: match["value"].strip("\"'") for match in _SET.finditer(text) if changed.count(match["name"]) == 1
    }
    values |= {
        match[1]: OWN_FOLDER
        for match in re.finditer(rf"^[ \t]*(?:export[ \t]+)?(\w+)={_OWN.pattern}", text, re.MULTILINE)
    }

    def fill(word: str) -> str:
        if word[0] == word[-1] == "'":
            return word
        return _USED.sub(
            lambda match: values.get(match["name"] or match["braced"], match[0]), _OWN.sub(OWN_FOLDER, word)
        )

    yield from commands(text, text, Range(0, len(text)), fill=fill)


def _of_makefile(text: str) -> Told:
    """Return the commands of all recipes, each with the route of its rule, and the rules.

    The first target is the one that is made if none is named.
    """
    variables = {match["name"]: match["value"] for match in _ASSIGNED.finditer(text)}
    found: list[Command] = []
    rules: list[Value] = []
    automatic: dict[str, str] = {}
    for match in _RULE.finditer(text):
        part = "line" if match["targets"] is None else "recipe"
        if match["targets"] is not None:
            rule = _rule(match, variables, f"rules[{len(rules)}]")
            targets, needs = ([each.text for each in rule.items[key].list] for key in ("targets", "needs"))
            rules.append(rule)
            automatic = {"<": needs[0] if needs else "", "^": " ".join(needs)}
            if len(targets) == 1:
                automatic["@"] = targets[0]
        if match[part] is not None:
            where = Range(match.start(part), match.end(part))
            route = rules[-1].route if rules else ""
            found += (
                replace(command, route=route)
                for command in _recipe(match[part], text, where, {**variables, **automatic})
            )
    goal = _GOAL.search(text)
    items = {"rules": Value(rules, "list", Range(0, len(text)), route="rules")}
    if goal is not None:
        items["goal"] = Value(goal["name"], "str", Range(*goal.span("name")), route="goal")
    return Told(tuple(found), (Value(items, "map", Range(0, len(text))),) if rules else ())


def _recipe(line: str, text: str, where: Range, variables: Mapping[str, str]) -> Iterator[Command]:
    """Yield the commands of a line of a recipe; only variables that hold commands are put in before it is read."""
    used = {match["name"] or match["automatic"] for match in _VARIABLE.finditer(line)}
    if any(_OPERATOR.search(variables.get(name or "", "")) for name in used):
        return commands(_filled(line, variables), text, where)
    automatic = {name: value for name, value in variables.items() if not name.isidentifier()}
    return commands(_filled(line, automatic), text, where, fill=lambda word: _filled(word, variables))


def _rule(match: re.Match[str], variables: Mapping[str, str], route: str) -> Value:
    """Return the names that a rule makes and those that it needs; settings for a target are no needs."""
    needs = match["needs"].replace("\\\n", " ").replace("\\\r\n", " ").replace("|", " ")
    items = {}
    for key, text in (("targets", match["targets"]), ("needs", "" if "=" in needs else needs)):
        where = Range(*match.span(key))
        names = _filled(text, variables).split()
        items[key] = Value(
            [Value(name, "str", where, route=f"{route}.{key}[{index}]") for index, name in enumerate(names)],
            "list",
            where,
            route=f"{route}.{key}",
        )
    return Value(items, "map", Range(*match.span()), route=route)


def _filled(line: str, variables: Mapping[str, str]) -> str:
    """Return a line with the variables that the file sets to plain texts; ``$$`` is a dollar of the shell's."""

    def value(match: re.Match[str]) -> str:
        name = match["name"] or match["automatic"]
        return variables.get(name, match[0]) if name else "$"

    return _VARIABLE.sub(value, line)
