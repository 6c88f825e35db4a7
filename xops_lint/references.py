"""The files that a project's configs name, and where these should be."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import Command
from xops_lint.text import Range

_OPEN = regex(r"[$*?{}<>%\[\]!]|^~|^/|^-|://|^[A-Za-z]:\\|\\|^[\w.+-]+@|^azureml:|^git\+|\s")
"""Templates, patterns, addresses, absolute paths: what they come to is not known."""

_COPIED = regex(r".*\.(?:py|ipynb|txt|toml|ya?ml|cfg|ini|sh|R|lock|json)|[Pp]ipfile|Makefile")
"""What people write themselves: other files that an image takes may be built before."""

_FILE = regex(r"(?:\./|\.\./|file:).+|.+\.ya?ml")
_JOBS = "azureml-"
_WORKFLOWS = frozenset({".github/workflows", ".gitea/workflows", ".forgejo/workflows"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that a config names; ``folders`` are where it may be, relative to the root."""

    path: str
    folders: tuple[str, ...]
    range: Range

    def candidates(self) -> Iterator[str]:
        """Yield the paths that are meant, relative to the root; one that leaves it begins with dots."""
        for folder in self.folders:
            yield posixpath.normpath(posixpath.join(folder, self.path))


def references(project: Project, file: Facts) -> Iterator[Reference]:
    """Yield what a config names and somebody has to have written."""
    for kind in file.kinds[:1]:
        if kind == "dvc":
            yield from _of_stages(project, file)
        elif kind == "mlproject":
            yield from _of_commands(file, _folder(file))
            yield from _of_values(file, "environment", _folder(file))
        elif kind in ("github-workflow", "gitlab-ci") and _runs_here(project, file) and not _elsewhere(file):
            yield from (each for each in _of_commands(file, "") if not _made(file, each))
        elif kind == "dockerfile":
            yield from _of_copies(project, file)
        elif kind.startswith(_JOBS):
            yield from _of_jobs(file)


def present(project: Project, path: str) -> bool:
    """Say whether a path is in the repository, or may be for all we know."""
    if path == "." or path.startswith(".."):
        return True
    known = (project.tracked or frozenset()) | project.files.keys()
    parents = [path[: match.start()] for match in re.finditer("/", path)]
    if path in known or project.exists(path) or any(parent in known for parent in parents):
        return True
    # A folder without any file of ours is a submodule, or filled in by somebody else;
    # what git ignores is made, or put there, before it is used.
    return project.ignored(path) or any(
        project.exists(parent) and not any(each.startswith(f"{parent}/") for each in known) for parent in parents
    )


def _folder(file: Facts) -> str:
    return posixpath.dirname(file.path)


def is_plain(path: str) -> bool:
    """Say whether a path is one of this project whose every piece is known."""
    return bool(path) and _OPEN.search(path) is None


def _of_values(file: Facts, role: str, folder: str) -> Iterator[Reference]:
    for value in file.values(role):
        if value.tag == "str" and is_plain(value.text):
            yield Reference(value.text, (folder,), value.range)


def _of_commands(file: Facts, base: str) -> Iterator[Reference]:
    """Yield the scripts and files of commands, each in the folder its command runs in."""
    for command in file.commands:
        folder = working_folder(file, command, base)
        for path in (command.script, *command.files) if folder is not None else ():
            if is_plain(path):
                yield Reference(path, (folder or "",), command.range)


def working_folder(file: Facts, command: Command, base: str) -> str | None:
    """Return the folder a command runs in, or None if that is not known."""
    if command.folder is None:
        return None
    found, depth = base, -1
    for value in file.values("folder"):
        around = value.route.rpartition(".")[0].removesuffix("defaults.run").rstrip(".")
        if (not around or command.route.startswith(f"{around}.")) and len(around) > depth:
            if not is_plain(value.text):
                return None
            found, depth = posixpath.join(base, value.text), len(around)
    return posixpath.join(found, command.folder)


def _of_stages(project: Project, file: Facts) -> Iterator[Reference]:
    made = tuple(_outputs(project))
    for reference in _of_commands(file, _folder(file)):
        yield reference
    for value in file.values("input"):
        stage = Command((), value.range, route=value.route)
        folder = working_folder(file, stage, _folder(file))
        if folder is None or not is_plain(value.text):
            continue
        reference = Reference(value.text, (folder,), value.range)
        path = next(reference.candidates())
        if not _is_data(project, path) and not any(_overlap(path, output) for output in made):
            yield reference


def _outputs(project: Project) -> Iterator[str]:
    """Yield the paths that stages of any pipeline write."""
    for file in project.of_kind("dvc"):
        for role in ("output", "metrics_file"):
            for value in file.values(role):
                stage = Command((), value.range, route=value.route)
                folder = working_folder(file, stage, _folder(file)) or _folder(file)
                yield posixpath.normpath(posixpath.join(folder, value.text))


def _overlap(path: str, output: str) -> bool:
    fixed = output.partition("$")[0]
    return (
        path == output
        or path.startswith(f"{output}/")
        or output.startswith(f"{path}/")
        or fixed in ("", path)
        or ("$" in output and path.startswith(fixed))
    )


def _is_data(project: Project, path: str) -> bool:
    """Say whether a data-versioning tool keeps a path or a folder around it."""
    parts = path.split("/")
    return any(present(project, "/".join(parts[:length]) + ".dvc") for length in range(1, len(parts) + 1))


def _runs_here(project: Project, file: Facts) -> bool:
    """Say whether CI runs a workflow of this repository, and not of one that is made from a template in it."""
    if file.kinds[0] == "gitlab-ci":
        return not _folder(file) or project.exists(".gitlab-ci.yml")
    return _folder(file) in _WORKFLOWS


def _elsewhere(file: Facts) -> bool:
    """Say whether a workflow checks out another repository, or this one in another place."""
    return any(
        step.items.keys() & {"repository", "path"}
        for document in file.documents
        for step in document.at("**.steps[*].with")
    )


def _made(file: Facts, reference: Reference) -> bool:
    """Say whether a workflow mentions a file once more, as when it fetches or writes it first."""
    name = posixpath.basename(reference.path)
    scripts = [value.text for role in ("run", "command") for value in file.values(role)]
    runs = sum(command.script == reference.path or reference.path in command.files for command in file.commands)
    return sum(script.count(name) for script in scripts) > runs or any("fetch" in each.roles for each in file.commands)


def _of_copies(project: Project, file: Facts) -> Iterator[Reference]:
    """Yield the sources of an image's copies; the folder it is built from is some folder above."""
    parts = file.path.split("/")[:-1]
    above = tuple("/".join(parts[:length]) for length in range(len(parts), -1, -1))
    stages = {value.route.partition(".")[0] for document in file.documents for value in document.at("copy[*].stage")}
    for value in file.values("input"):
        copied = value.route.partition(".")[0]
        name = posixpath.basename(value.text)
        if copied in stages or not is_plain(value.text) or not _COPIED.fullmatch(name):
            continue
        if not any(path.endswith(f"/{value.text.removeprefix('./')}") for path in project.files):
            yield Reference(value.text, above, value.range)


def _of_jobs(file: Facts) -> Iterator[Reference]:
    """Yield the code, components, environments and scripts of jobs that a platform runs."""
    folder = _folder(file)
    codes: dict[str, Value] = {value.route.rpartition(".")[0]: value for value in file.values("code")}
    for value in codes.values():
        if value.tag == "str" and is_plain(value.text):
            yield Reference(value.text, (folder,), value.range)
    for value in (*file.values("component"), *file.values("environment")):
        if value.tag == "str" and _FILE.fullmatch(value.text) and is_plain(value.text.removeprefix("file:")):
            yield Reference(value.text.removeprefix("file:"), (folder,), value.range)
    for command in file.commands:
        code = codes.get(command.route.rpartition(".")[0])
        if code is not None and command.folder == "" and is_plain(code.text) and is_plain(command.script):
            # The code may also be a single file, which then stands alone in the folder of the job.
            base = posixpath.dirname(code.text) if posixpath.splitext(code.text)[1] else code.text
            yield Reference(command.script, (posixpath.join(folder, base),), command.range)
