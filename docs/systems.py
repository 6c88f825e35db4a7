"""The pages "What xops-lint checks in …": what is known of each system, and which rules show it in their examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from xops_lint import data_files, kinds
from xops_lint.file_names import language_of
from xops_lint.kinds import Kind
from xops_lint.languages.config import read_config
from xops_lint.pages import PageFile, read_page
from xops_lint.registry import Registry
from xops_lint.rule import Group, Rule

_LIST = Path(__file__).parent / "systems.yaml"


class System(NamedTuple):
    """One system: its kinds of config, and the catalog's files on its libraries."""

    page: str
    title: str
    kinds: Sequence[Kind]
    tools: Sequence[Mapping[str, Any]]


class Shown(NamedTuple):
    """A rule, and a file in its examples in which it finds something."""

    rule: Rule
    file: PageFile


def pages(registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every page, the index first."""
    systems = [_system(entry) for entry in yaml.safe_load(_LIST.read_text("utf-8"))]
    # The tool's own remarks on comments and failures have no targets; they come with every system.
    rules = [rule for rule in registry.rules.values() if rule.targets]
    shown = [found for rule in rules for found in _shown(registry.page(rule), rule)]
    own = {system.page: [found for found in shown if _is_of(found.file, system)] for system in systems}
    yield "index.md", _index(systems, own)
    for system in systems:
        yield f"{system.page}.md", _page(system, own[system.page])


def _system(entry: Mapping[str, Any]) -> System:
    own = [kind for kind in kinds.all_kinds() if any(fnmatchcase(kind.name, each) for each in entry["kinds"])]
    return System(
        entry["page"], entry["title"], own, [data_files.load(f"tools/{name}.yaml") for name in entry["tools"]]
    )


def _shown(page: Path, rule: Rule) -> Iterator[Shown]:
    """Yield the files of a rule's examples in which it finds something."""
    for case in read_page(page).cases:
        found = {expected.path for expected in case.expected}
        yield from (Shown(rule, file) for file in case.files if file.path in found)


def _is_of(file: PageFile, system: System) -> bool:
    """Say whether a file is of one of a system's kinds, or code that imports one of its libraries."""
    roots = [root.replace(".", r"\.") for tool in system.tools for root in tool.get("roots", ())]
    if language_of(file.path) in ("python", "notebook"):
        imported = rf"(?:^|\"|\\n)\s*(?:import|from) (?:{'|'.join(roots)})\b"
        return bool(roots) and re.search(imported, file.text, re.MULTILINE) is not None
    return not {kind.name for kind in system.kinds}.isdisjoint(_kinds(file))


@cache
def _kinds(file: PageFile) -> tuple[str, ...]:
    language = language_of(file.path)
    return () if language is None else tuple(read_config(file.path, file.text.encode(), language).kinds)


def _index(systems: Sequence[System], shown: Mapping[str, Sequence[Shown]]) -> str:
    rows = []
    for system in systems:
        rules = {found.rule.code for found in shown[system.page]}
        rows.append(f"| [{system.title}]({system.page}.md) | {len(system.kinds)} | {len(rules)} |")
    return "\n".join(
        (
            "# Systems\n",
            "What is known of each system, and which rules show it in their examples. Rules speak of roles:",
            "most look at every system in which something plays the role, whether their examples show it or not.\n",
            "| System | Kinds of files | Rules that show it |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def _page(system: System, shown: Sequence[Shown]) -> str:
    parts = [f"# What xops-lint checks in {system.title}"]
    if system.kinds:
        parts.append("## Files\n\n" + _files(system))
    if system.tools:
        parts.append("## Code\n\n" + _code(system))
    if shown:
        parts.append(f"## Rules\n\nThese rules find something in an example with {system.title}.\n\n{_rules(shown)}")
    return "\n\n".join(parts) + "\n"


def _files(system: System) -> str:
    rows = ["| Kind | For example | What is looked at |", "|---|---|---|"]
    for kind in system.kinds:
        looked_at = ", ".join(sorted(role.replace("_", " ") for role in kind.roles)) or "its text"
        rows.append(f"| {kind.title} | `{kind.path}` | {looked_at} |")
    return "\n".join(rows)


def _code(system: System) -> str:
    rows = ["| Library | Imported as | Calls known | What they are known to do |", "|---|---|---|---|"]
    for tool in system.tools:
        calls = tool.get("calls", ())
        names = {name for call in calls for name in call.get("names", ())}
        roles = ", ".join(sorted({role.replace("_", " ") for call in calls for role in call.get("roles", ())}))
        roots = ", ".join(f"`{root}`" for root in tool.get("roots", ()))
        rows.append(f"| {tool['title']} | {roots} | {len(names)} | {roles} |")
    return "\n".join(rows)


def _rules(shown: Sequence[Shown]) -> str:
    rows = ["| Code | Name | What | Set |", "|---|---|---|---|"]
    for rule in dict.fromkeys(found.rule for found in shown):
        rows.append(f"| {rule.code} | [{rule.name}](../rules/{rule.name}.md) | {rule.summary} | {rule.group.value} |")
    # An example in the system's own files tells more than one in code.
    plain = [found for found in shown if language_of(found.file.path) != "notebook"]
    first = min(plain, key=_rank, default=None)
    if first is None:
        return "\n".join(rows)
    language = language_of(first.file.path)
    fence = f'```{language} title="{first.file.path}"\n{first.file.text.strip()}\n```'
    return "\n".join(rows) + f"\n\nWhat `{first.rule.name}` finds, for example:\n\n{fence}"


def _rank(found: Shown) -> tuple[bool, bool]:
    return (language_of(found.file.path) == "python", found.rule.group is not Group.DEFAULT)
