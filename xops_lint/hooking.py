"""Adds our hook to a pre-commit config, in the style of those that are there; no other byte changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from xops_lint import __version__, languages
from xops_lint.config import ConfigFile, Value
from xops_lint.diagnostic import PlacedEdit
from xops_lint.document import Context
from xops_lint.languages.splice import splice
from xops_lint.matching import regex
from xops_lint.text import LineIndex, Range

NAME: Final = ".pre-commit-config.yaml"
REPOSITORY: Final = "https://github.com/xops-lint/xops-lint"
REVISION: Final = f"v{__version__}"
HOOK: Final = "xops-lint"

_DASH = regex(r" *- +")
_BLANK_LINE = regex(r"\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class _Style:
    """How entries of a list of repositories are written: what stands before their keys, and the quotes."""

    dash: str = "  - "
    hook_dash: str = "      - "
    quotes: tuple[str, str, str] = ("", "", "")

    def entry(self) -> list[str]:
        """Return the lines of an entry that has our hook."""
        repository, revision, hook = (
            f"{quote}{word}{quote}" for word, quote in zip((REPOSITORY, REVISION, HOOK), self.quotes)
        )
        keys = " " * len(self.dash)
        return [
            f"{self.dash}repo: {repository}",
            f"{keys}rev: {revision}",
            f"{keys}hooks:",
            f"{self.hook_dash}id: {hook}",
        ]


def new_config() -> str:
    """Return a config that has our hook alone."""
    return "\n".join(["repos:", *_Style().entry()]) + "\n"


def has_hook(data: bytes) -> bool:
    """Say whether a config has a hook of ours, or one that runs us."""
    root = _read(data).root
    hooks = (hook.get("id") for hook in root.at("repos[*].hooks[*]"))
    repositories = (entry.get("repo") for entry in root.at("repos[*]"))
    named = [value.text for value in (*hooks, *repositories) if value is not None]
    return any(name.rpartition("/")[2].removesuffix(".git").startswith(HOOK) for name in named)


def with_hook(data: bytes) -> bytes | None:
    """Return a config with our hook as its last; None where its form leaves no safe place for it."""
    document = _read(data)
    repos = document.root.items.get("repos")
    if document.problems or len(document.documents) != 1 or repos is None or repos.tag not in ("list", "null"):
        return None
    edit = _edit(document, repos)
    after = None if edit is None else splice("yaml", data, [edit])
    return after if after is not None and _adds_alone(document, _read(after), len(repos.list)) else None


def _read(data: bytes) -> ConfigFile:
    document = languages.read(NAME, data, "yaml", context=Context())
    return document if isinstance(document, ConfigFile) else ConfigFile(NAME, "yaml", "")


def _edit(document: ConfigFile, repos: Value) -> PlacedEdit | None:
    """Return the edit that adds an entry behind the last one, or as the first one."""
    text, lines = document.text, document.lines
    if text[repos.range.start : repos.range.start + 1] == "[":
        return _in_flow(document, repos)
    if not repos.list:
        if repos.key is None or text[repos.range.start : repos.range.end].strip():
            return None
        row, _ = lines.position(repos.key.start)
        return _insertion(document, len(lines.line(row)) + lines.starts[row - 1], ["", *_Style().entry()])
    style = next((style for entry in reversed(repos.list) if (style := _style(document, entry))), None)
    if style is None:
        return None
    row = _last_row(lines, repos.list[-1], len(style.dash) - len(style.dash.lstrip()))
    end = lines.starts[row - 1] + len(lines.line(row))
    gap = [""] if _are_apart(text, repos.list) else []
    return _insertion(document, end, ["", *gap, *style.entry()])


def _in_flow(document: ConfigFile, repos: Value) -> PlacedEdit:
    """Return the edit for a list in brackets."""
    text = document.text
    quote = '"' if '"repo"' in text[repos.range.start : repos.range.end] else ""
    repo, rev, hooks, key = (f"{quote}{word}{quote}" for word in ("repo", "rev", "hooks", "id"))
    values = (f"{quote}{word}{quote}" for word in (REPOSITORY, REVISION, HOOK))
    repository, revision, hook = values
    entry = f"{{{repo}: {repository}, {rev}: {revision}, {hooks}: [{{{key}: {hook}}}]}}"
    if not repos.list:
        return _insertion(document, repos.range.start + 1, [entry])
    apart = ", "
    if len(repos.list) > 1:
        apart = text[repos.list[-2].range.end : repos.list[-1].range.start].replace("\r\n", "\n")
    return _insertion(document, repos.list[-1].range.end, [f"{apart}{entry}"])


def _insertion(document: ConfigFile, offset: int, lines: Sequence[str]) -> PlacedEdit:
    return PlacedEdit(document.place(Range(offset, offset)), "\n".join(lines))


def _style(document: ConfigFile, entry: Value) -> _Style | None:
    """Return how an entry is written; None if it cannot be told from it."""
    dash = _before(document, entry)
    repository, revision, hooks = (entry.items.get(key) for key in ("repo", "rev", "hooks"))
    if dash is None or repository is None:
        return None
    first = hooks.list[0] if hooks is not None and hooks.list else None
    own = None if first is None else _before(document, first)
    hook = None if first is None else first.items.get("id")
    quotes = [_quote(document, value) for value in (repository, revision, hook)]
    return _Style(dash, own or " " * len(dash) + "  - ", (quotes[0], quotes[1], quotes[2]))


def _before(document: ConfigFile, entry: Value) -> str | None:
    """Return what stands before an entry on its line, if that is a dash and blanks."""
    row, column = document.lines.position(entry.range.start)
    before = document.lines.line(row)[: column - 1]
    return before if _DASH.fullmatch(before) else None


def _quote(document: ConfigFile, value: Value | None) -> str:
    start = "" if value is None else document.text[value.range.start : value.range.start + 1]
    return start if start in ("'", '"') else ""


def _last_row(lines: LineIndex, entry: Value, indentation: int) -> int:
    """Return the last row of an entry, with the comments below it that are indented as its keys are."""
    row, _ = lines.position(entry.range.end)
    for number in range(row + 1, len(lines.starts) + 1):
        line = lines.line(number)
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= indentation:
            break
        row = number
    return row


def _are_apart(text: str, entries: Sequence[Value]) -> bool:
    """Say whether blank lines part the entries of a list."""
    gaps = [text[first.range.end : second.range.start] for first, second in pairwise(entries)]
    return bool(gaps) and all(_BLANK_LINE.search(gap) for gap in gaps)


def _adds_alone(before: ConfigFile, after: ConfigFile, index: int) -> bool:
    """Say whether nothing but our entry came to a config."""
    own = f"repos[{index}]"
    entry = after.root.get(own)
    if after.problems or entry is None or {value.text for value in entry.walk()} != {"", REPOSITORY, REVISION, HOOK}:
        return False
    kept = [each for each in _leaves(after.root) if not each[0].startswith(own)]
    return kept == [each for each in _leaves(before.root) if each[0] != "repos" or index]


def _leaves(root: Value) -> list[tuple[str, str, str]]:
    return [(value.route, value.tag, value.text) for value in root.walk() if not (value.items or value.list)]
