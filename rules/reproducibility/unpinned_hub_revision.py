"""A model or data set is taken from a hub without naming a revision."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related
from xops_lint.locations import is_branch, is_hub_id, is_moving_hub_address, is_remote
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project, Range
from xops_lint.pinning import at_hub_commit
from xops_lint.provenance import Written, texts
from xops_lint.rule import Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP321",
    name="unpinned-hub-revision",
    summary="A model or data set is taken from a hub without naming a revision.",
    harm="Its owner can replace weights, tokens or rows under the same name, and your results change with them.",
    remedy="Pass `revision=` with the commit you tried, as the hub shows it.",
    ops=("mlops",),
    exploration=True,
)

MESSAGE = "is fetched from a hub at whatever revision is newest"

NUMBERED = regex(r"/\d+/?(?:\?.*)?$")
"""The end of a hub's address that names a version."""


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report hub ids that are fetched without a revision, each id once a file; an exploring file once in all."""
    explored: dict[str, list[Range]] = {}
    for written, fetched, fix in moving_ids(project):
        file = project.files[written.path]
        if file.python and explores(file):
            explored.setdefault(file.path, []).append(written.range)
            continue
        related = () if written == fetched else (Related(fetched.range, "is fetched here", fetched.path),)
        shown = fix if written.path == fetched.path else None
        yield RULE.at(written.range, MESSAGE, path=written.path, related=related, fix=shown)
    for path, places in explored.items():
        others = tuple(Related(place, "so is this", path) for place in sorted(places)[1:5])
        yield RULE.at(min(places), MESSAGE, path=path, related=others)


def moving_ids(project: Project) -> Iterator[tuple[Written, Written, Fix | None]]:
    """Yield each id once a file where it is written, where it is fetched, and a fix; of explorations if they train."""
    seen: set[tuple[str, str]] = set()
    for file, call in project.shown.calls_given("load_model", "load_data", "download"):
        repository = call.argument("repository") or call.argument("path")
        if repository is None or call.unpacks or not moving(call):
            continue
        for written in texts(project, file, call, repository):
            # A bare word that comes from afar may be meant for other loaders on the way.
            bare = written.path != file.path and "/" not in written.text
            new = not bare and project.shown.holds(written.path) and (written.path, written.text) not in seen
            if not new or not unpinned(project, call, written.text):
                continue
            if not explores(file) or project.trains(file, call):
                seen.add((written.path, written.text))
                yield written, Written(written.text, file.path, repository.range), at_hub_commit(call, written.text)


def explores(file: Facts) -> bool:
    """Say whether a file only tries something out."""
    return file.context.profile == "exploration"


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report addresses of a hub in configs that name no revision."""
    for role in ("model_reference", "data_source", "input"):
        for file, value in project.shown.values(role):
            if not explores(file) and value.tag == "str" and not value.templated and is_moving_hub_address(value.text):
                yield RULE.at(value, MESSAGE, path=file.path)


@RULE.project
def in_shell(project: Project) -> Iterator[Finding]:
    """Report commands that fetch a hub's repository and name no revision."""
    for file, command in commands(project):
        named = any("/" in word and is_hub_id(word) for word in command.words[2:])
        pinned = any(word.startswith("--revision") for word in command.words)
        if "fetch_repository" in command.roles and named and not pinned and not explores(file):
            yield RULE.at(command, "fetches from a hub whatever revision is newest", path=file.path)


def commands(project: Project) -> Iterator[tuple[Facts, Command]]:
    """Yield the commands of configs, notebooks and scripts."""
    for file in project.shown.facts:
        for command in (*file.commands, *(command for shell in file.shell for command in shell.commands)):
            yield file, command


def unpinned(project: Project, call: Call, name: str) -> bool:
    """Say whether a text is a hub's id or address in which no revision stands."""
    traits = call.entry.traits if call.entry else frozenset[str]()
    if "hub" not in traits:
        return is_moving_hub_address(name)
    if is_remote(name):
        return is_moving_hub_address(name) or (not call.takes("revision") and not NUMBERED.search(name))
    owner, _, tag = name.partition(":")
    if not call.takes("revision"):
        return "/" in name and is_hub_id(owner) and not project.exists(owner) and (not tag or is_branch(tag))
    if not is_hub_id(name) or project.exists(name) or name in project.written:
        return False
    return "/" in name or not ("format_loader" in traits and (call.argument("path") or "." in name))


def moving(call: Call) -> bool:
    """Say whether a call leaves the revision out, or names a branch."""
    revision = call.argument("revision")
    value = revision.value.constant if revision else None
    return value is None or (isinstance(value, str) and is_branch(value))
