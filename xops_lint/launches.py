"""What starts a project's programs: pipelines, jobs, commands, and other programs that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.call import Argument
    from xops_lint.code import PythonFile
    from xops_lint.expression import Expression
    from xops_lint.facts import Facts
    from xops_lint.project import Project
    from xops_lint.shell import Command

_FILE: Final = regex(r"(?<![\w./-])[\w./-]*\w\.(?:py|ipynb)(?![\w./-])")
_MODULE: Final = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


def mentioned(file: PythonFile) -> frozenset[str]:
    """Return the Python files that a module's strings and shell commands name; of tests, the modules too.

    A file that is named is mostly one that is run: by a job, a subprocess, a
    notebook runner. Docstrings name files to explain them.
    """
    texts = [text.value for text in file.strings if text.role != "docstring"]
    texts += [shell.command for shell in file.shell]
    given = (argument.value for call in file.all_calls for argument in call.arguments)
    texts += [value.pattern for value in given if value.pattern]
    found = {match[0] for text in texts if ".py" in text or ".ipynb" in text for match in _FILE.finditer(text)}
    if file.context.test:
        found |= {text for text in texts if _MODULE.fullmatch(text)}
        found |= {command.module for shell in file.shell for command in shell.commands if command.module}
    return frozenset(found)


def launchers(project: Project) -> Mapping[str, frozenset[str]]:
    """Return, for every Python file, the configs and programs that name it as if they started it."""
    found: dict[str, set[str]] = {}
    for facts in project.facts:
        for path in _started_by(project, facts):
            if path != facts.path:
                found.setdefault(path, set()).add(facts.path)
    return {path: frozenset(starting) for path, starting in found.items()}


def commanded(project: Project) -> frozenset[str]:
    """Return the paths of the Python files that the commands of configs start."""
    words = {
        path
        for facts in project.facts
        for role in ("command", "run", "script")
        for value in facts.values(role)
        for path in _meant(facts, value.text)
    }
    named = {(facts.path, command.module) for facts in project.facts for command in facts.commands if command.module}
    return frozenset(words & set(project.files)) | _modules(project, named)


def installed(project: Project) -> frozenset[str]:
    """Return the paths of the modules whose functions are put among the commands of whoever installs the project."""
    return _modules(
        project, {(facts.path, value.text.partition(":")[0]) for facts, value in project.values("console_script")}
    )


def recorded(project: Project, entry: Facts) -> bool:
    """Say whether the runs of an entry are kept by a pipeline, a job platform or the program that starts it."""
    if any(_is_near(facts, entry) for facts in project.may_start_anything):
        return True
    return any(_records(project, project.files[path]) for path in project.launchers.get(entry.path, ()))


def named_in_configs(project: Project) -> frozenset[str]:
    """Return the modules whose dotted name, or that of something in them, is a value of a config."""
    found: set[str] = set()
    for facts in project.facts:
        texts = {
            value.text for document in facts.documents for value in document.walk() if _MODULE.fullmatch(value.text)
        }
        for text in sorted(texts):
            resolved = project.resolve(text, facts)
            if resolved is not None:
                found.add(resolved[0].path)
    return frozenset(found)


def _modules(project: Project, named: set[tuple[str, str]]) -> frozenset[str]:
    found = (project.module(name, project.files[path]) for path, name in sorted(named))
    return frozenset(module.path for module in found if module is not None)


def _meant(facts: Facts, command: str) -> Iterator[str]:
    """Yield the paths of Python files that a command of a config may mean."""
    folder = facts.path.rpartition("/")[0]
    for word in command.replace("\n", " ").split():
        if word.endswith((".py", ".ipynb")):
            plain = word.removeprefix("./")
            yield plain
            yield f"{folder}/{plain}" if folder else plain


def _records(project: Project, launcher: Facts) -> bool:
    if "keeps_record" in launcher.traits and not launcher.python:
        return True
    if launcher.context.test:
        return False
    remote = any("remote" in call.entry.traits for call in launcher.calls if call.entry is not None)
    return remote or project.records(launcher)


def kept_by_platform(project: Project, entry: Facts) -> bool:
    """Say whether an entry holds steps of a pipeline whose platform keeps what goes in and out."""
    if any("keeps_record" in project.files[path].traits for path in project.running.scopes(entry)):
        return True
    calls = (call for _, call in project.calls_reached(entry, "step", "orchestrate"))
    return any(call.entry is not None and "keeps_record" in call.entry.traits for call in calls)


def may_record(facts: Facts, argument: Argument) -> bool:
    """Say whether a logger or one of several callbacks may be a tracker, as far as is known."""
    value = argument.value
    if value.known and value.constant in (None, False, "none", []):
        return False
    return any(_may_track(facts, element) for element in value.elements or (value,))


def _may_track(facts: Facts, value: Expression) -> bool:
    made = [call for call in facts.calls if call.index in value.sources and call.entry is not None]
    if made:
        return any("track" in call.roles for call in made)
    # What the catalog knows to be no tracker has a type of its tool and no call to point at.
    return not value.type or value.type.startswith(f"{facts.module}.")


def _started_by(project: Project, facts: Facts) -> Iterator[str]:
    names = set(facts.mentions)
    for command in facts.commands:
        names |= {word for word in (command.script, *command.words, command.module) if word}
    names |= {value.text for value in facts.values("script") if value.text}
    for name in names:
        if name.endswith((".py", ".ipynb")):
            yield from nearest(project, name, facts)
        else:
            module = project.module(name, facts)
            if module is not None:
                yield module.path


def nearest(project: Project, name: str, near: Facts) -> list[str]:
    """Return the files a path may mean: those below the closest folder around a file that has any.

    What a job runs may lie elsewhere there, so the end of a path is enough, the longer the better.
    """
    return closest(project.by_name.get(name.rpartition("/")[2], ()), name, near)


def closest(paths: Sequence[str], name: str, near: Facts) -> list[str]:
    """Return, of some paths, those that a name may mean, seen from a file."""
    candidates = list(paths)
    parts = name.split("/")
    for start in range(len(parts)):
        ending = "/" + "/".join(parts[start:])
        fitting = [path for path in candidates if f"/{path}".endswith(ending)]
        if fitting:
            candidates = fitting
            break
    folders = near.path.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        above = "".join(f"{folder}/" for folder in folders[:depth])
        found = [path for path in candidates if path.startswith(above)]
        if found:
            return found
    return []


def may_start_anything(project: Project) -> Iterator[Facts]:
    """Yield what may run any script beside or below it.

    Programs that hand training to a platform do, and pipelines of this repository
    with a command that cannot be read.
    """
    for facts in project.facts:
        if "runs_here" in facts.traits and any(_may_run_any(project, facts, command) for command in facts.commands):
            yield facts
    for facts in project.python:
        if not facts.context.test and any(
            call.entry is not None and "remote" in call.entry.traits for call in facts.playing("train")
        ):
            yield facts


def _may_run_any(project: Project, facts: Facts, command: Command) -> bool:
    if command.known or command.script.endswith((".py", ".ipynb")):
        return False
    return not command.module or project.module(command.module, facts) is None


def _is_near(config: Facts, entry: Facts) -> bool:
    folder = config.path.rpartition("/")[0]
    return entry is not config and (not folder or entry.path.startswith(f"{folder}/"))
