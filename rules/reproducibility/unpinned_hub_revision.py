"""A model or data set is taken from a hub without naming a revision."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_hub_id
from xops_lint.model import Call, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP321",
    name="unpinned-hub-revision",
    summary="A model or data set is taken from a hub without naming a revision.",
    harm="Its owner can replace weights, tokens or rows under the same name, and your results change with them.",
    remedy="Pass `revision=` with the commit you tried, as the hub shows it.",
    ops=("mlops",),
)

MOVING = frozenset({"main", "master", "HEAD", "latest"})
"""Revisions that are branches."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report hub ids that are fetched without a revision, each id once a file."""
    seen: set[tuple[str, str]] = set()
    for file, call in project.calls("load_model", "load_data", "download"):
        if call.entry is None or "hub" not in call.entry.traits or call.unpacks or file.context.test:
            continue
        repository = call.argument("repository")
        name = repository.value.constant if repository else None
        if repository is None or not isinstance(name, str) or (file.path, name) in seen:
            continue
        if hub_id(project, call, name) and moving(call):
            seen.add((file.path, name))
            yield RULE.at(repository, "is fetched from a hub at whatever revision is newest", path=file.path)


def hub_id(project: Project, call: Call, name: str) -> bool:
    """Say whether a constant names a hub's repository, not a file or a format."""
    if not is_hub_id(name) or project.exists(name):
        return False
    formats = call.entry is not None and "format_loader" in call.entry.traits
    return "/" in name or not (formats and (call.argument("path") or "." in name))


def moving(call: Call) -> bool:
    """Say whether the revision is left out, or names a branch."""
    revision = call.argument("revision")
    if revision is None:
        return call.takes("revision")
    return revision.value.constant is None or revision.value.constant in MOVING
