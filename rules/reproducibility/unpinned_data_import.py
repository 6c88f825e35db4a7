"""Data is imported from a versioned source without its version."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Project, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP323",
    name="unpinned-data-import",
    summary="Data is imported from a versioned source without its version.",
    harm="The source keeps every version, and the run takes whichever is newest.",
    remedy="Name the commit, tag or version of the source that you mean.",
    ops=("dataops",),
    group=Group.PREVIEW,
)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report reads from a named repository whose revision is left out."""
    for call in file.calls("load_data", "version_data", "configuration"):
        if call.entry is None or "hub" in call.entry.traits or call.unpacks or not call.takes("revision"):
            continue
        repository, revision = call.argument("repository"), call.argument("revision")
        given = repository is not None and repository.value.constant is not None
        if given and repository is not None and (revision is None or revision.value.constant is None):
            yield RULE.at(repository, f"is read without `{call.spelling('revision')}`, at its newest version")


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report imports whose file holds no revision and no hash of what was imported."""
    for file, value in project.shown.values("data_source"):
        if "repo" in value.route.split(".") and value.text and not file.versions_beside(value):
            yield RULE.at(value, "is imported without a revision or a hash", path=file.path)


@RULE.project
def in_shell(project: Project) -> Iterator[Finding]:
    """Report commands of configs and scripts that take data out of a repository, and name no revision of it."""
    for file in project.shown.facts:
        for command in (*file.commands, *(each for shell in file.shell for each in shell.commands)):
            named = any("://" in word or word.startswith("git@") for word in command.words)
            pinned = any(word.startswith("--rev") for word in command.words)
            if "import_data" in command.roles and named and not pinned:
                yield RULE.at(command, "takes whatever version is newest", path=file.path)
