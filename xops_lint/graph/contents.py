"""What an image holds: the folder its program starts in, what is copied into it, and what else may fill it."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.images import Images, service_build
from xops_lint.graph.shipping import Shipped, shipped
from xops_lint.graph.stages import located
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.references import present
from xops_lint.shell import Command
from xops_lint.text import Range

_APPLICATION: Final = regex(r"(?P<module>[A-Za-z_]\w*(?:\.\w+)*)(?::[A-Za-z_]\w*(?:\(.*\))?)?")
_OPEN: Final = regex(r"[$<>{]|://|\.(?:tar|tgz|tar\.\w+|zip|whl)$")
_VARIABLE: Final = regex(r"\$[{(\w]")
_RESTARTED: Final = frozenset({"working_dir", "command", "entrypoint"})
"""Keys by which a service of Docker Compose starts an image in another way."""

_GLOB: Final = regex(r"[*?\[]")
_ENDING: Final = regex(r"\.\w{1,10}$")

_HARMLESS: Final = regex(
    r"mkdir|rm|rmdir|chmod|chown|echo|printf|export|set|cd|true|apt-get|apt|apk|yum|dnf|pip|pip3|conda|"
    r"useradd|groupadd|adduser|addgroup|usermod|groupmod|ldconfig|locale-gen|update-ca-certificates|touch|"
    r"which|poetry|sed|exit|\.|chpasswd|tee|gpg|apt-key|ls|test|\[|:"
)
"""Programs that put no file of the project into an image."""

_ELSEWHERE: Final = frozenset({"--chdir", "--app-dir", "--working-dir", "--pythonpath"})
"""Options after which a program looks for files in another folder than the one it was started in."""


class Copied(NamedTuple):
    """One source of a copy: where it lies in the project, None if that is not known, and where it goes in the image."""

    source: str | None
    destination: str
    into: bool
    range: Range


@dataclass(frozen=True, slots=True)
class Contents:
    """What the last stage of a Dockerfile holds, if it is built from one folder of the project.

    ``work`` is the folder in which it starts ``program``, a path of the project; ``start`` is where it says so,
    ``filled`` are the paths at which what runs it mounts files, ``sent`` is what the build gets to copy from.
    """

    dockerfile: Facts
    work: str
    copies: Sequence[Copied]
    filled: Sequence[str]
    program: str
    start: Range
    sent: Shipped

    def place(self, text: str) -> str | None:
        """Return the path that a program means by a text, or None for one that a platform may have put there."""
        path = posixpath.normpath(posixpath.join(self.work, text))
        return path if not text.startswith("/") or path.startswith(f"{self.work.rstrip('/')}/") else None

    def may_hold(self, path: str) -> bool:
        """Say whether a copy or a mount may put something at a path, be it a file that is made before that."""
        copied = any(_covers(each, path) and self._is_sent(each, path) for each in self.copies)
        return copied or any(_meet(target, path) for target in self.filled)

    def _is_sent(self, copied: Copied, path: str) -> bool:
        source = _source(copied, path)
        return source is None or self.sent.takes(source)


def contents(project: Project, images: Images, dockerfile: Facts) -> Contents | None:
    """Return what an image holds, or None if that is not known for certain, or it starts no program of the project."""
    documents = dockerfile.documents
    if len(documents) != 1 or not _is_closed(dockerfile):
        return None
    stage = _last_stage(documents[0])
    work = _work(stage) if stage is not None else None
    started = _started(dockerfile, stage) if stage is not None else None
    filled = _filled(project, images, dockerfile)
    if stage is None or work is None or started is None or filled is None:
        return None
    for context in _contexts(project, images, dockerfile, stage):
        copies = list(_copies(stage, context))
        program = _program(project, started, work, copies)
        if program is not None:
            sent = shipped(project, dockerfile, context)
            return Contents(dockerfile, work, copies, filled, program, started[0].range, sent)
    return None


def _is_closed(dockerfile: Facts) -> bool:
    """Say whether no command of a Dockerfile may bring files of its own."""
    commands = (command for command in dockerfile.commands if command.route.startswith("run["))
    return all(
        command.roles == {"install"}
        or _HARMLESS.fullmatch(command.words[0].rpartition("/")[2])
        or command.module in ("pip", "venv")
        for command in commands
    ) and not any(
        True for document in dockerfile.documents for route in ("volume", "onbuild") for _ in document.at(route)
    )


class _Stage(NamedTuple):
    """The instructions of a stage and of those it is made from, in order, each with its name."""

    instructions: Sequence[tuple[str, Value]]


def _last_stage(document: Value) -> _Stage | None:
    """Return the instructions that the image consists of, or None if its base may be an image of the project."""
    ordered = sorted(
        ((name, value) for name, values in document.items.items() for value in values.list),
        key=lambda each: each[1].range.start,
    )
    stages: dict[str, list[tuple[str, Value]]] = {}
    current: list[tuple[str, Value]] = []
    for name, value in ordered:
        if name == "from":
            base, alias = value.items.get("stage"), value.items.get("alias")
            current = [*stages.get(base.text.lower(), ())] if base is not None else []
            image = value.items.get("image")
            current.append(("base", image) if image is not None else ("stage", value))
            if alias is not None:
                stages[alias.text.lower()] = current
        else:
            current.append((name, value))
    bases = [value for name, value in current if name == "base"]
    if len(bases) != 1 or bases[0].templated or "onbuild" in bases[0].text:
        return None
    return _Stage(current)


def _work(stage: _Stage) -> str | None:
    """Return the folder that the last instruction for it names, if it is known from the root on."""
    work: str | None = None
    for name, value in stage.instructions:
        if name == "workdir":
            text = value.items["value"].text if "value" in value.items else ""
            if _OPEN.search(text) or not text:
                return None
            work = text if text.startswith("/") else posixpath.join(work, text) if work else None
    return posixpath.normpath(work) if work else None


def _started(dockerfile: Facts, stage: _Stage) -> tuple[Command, tuple[str, ...]] | None:
    """Return the one command that the image starts, and all its words, those of an entry point before the others."""
    found: list[Command] = []
    for name in ("entrypoint", "cmd"):
        values = [value for each, value in stage.instructions if each == name]
        if values:
            commands = [each for each in dockerfile.commands if values[-1].range.covers(each.range)]
            if len(commands) > 1 or any(each.folder != "" for each in commands):
                return None
            found += commands
    if not found:
        return None
    words = tuple(word for command in found for word in command.words)
    return (found[0], words) if _ELSEWHERE.isdisjoint(words) else None


def _filled(project: Project, images: Images, dockerfile: Facts) -> list[str] | None:
    """Return the paths at which something that runs an image may mount files; None if it starts it in another way."""
    found: list[str] = []
    for facts in project.of_kind("compose"):
        for container in facts.values("container"):
            build, named = service_build(facts, container), container.items.get("image")
            own = build[0] if build is not None else images.dockerfile(named.text) if named is not None else None
            if own == dockerfile.path and not _RESTARTED.isdisjoint(container.items):
                return None
            if own in (None, dockerfile.path):
                found += (_target(volume) for volume in container.at("volumes[*]"))
    for facts in project.of_kind("kubernetes"):
        found += (value.text for document in facts.documents for value in document.at("**.mountPath"))
    commands = (command for facts in project.facts for command in (*facts.commands, *facts.told))
    return found + [target for command in commands for target in _mounts(command)]


def _target(volume: Value) -> str:
    """Return where a volume of Docker Compose goes; the root, if that is not known."""
    target = volume.items.get("target")
    text = target.text if target is not None else volume.text
    if _VARIABLE.search(text):
        return "/"
    return text.split(":")[1] if target is None and ":" in text else text or "/"


def _mounts(command: Command) -> Iterator[str]:
    """Yield where a command that runs a container mounts something."""
    words = command.words if command.words[0] in ("docker", "podman", "nvidia-docker") else ()
    for word, following in zip(words, (*words[1:], "")):
        option, equals, value = word.partition("=")
        if option in ("-v", "--volume", "--mount"):
            # The first part is a path of the machine around; that of a variable may have any number of parts.
            parts = re.split(r"[:,=]", value if equals else following)[1:]
            yield from (part for part in parts if part.startswith(("/", "$")))


def _meet(path: str, other: str) -> bool:
    """Say whether one path is the other one or lies in it; what is filled in may be any."""
    if "$" in path:
        return True
    path, other = posixpath.normpath(path), posixpath.normpath(other)
    return path == other or path.startswith(f"{other.rstrip('/')}/") or other.startswith(f"{path.rstrip('/')}/")


def _contexts(project: Project, images: Images, dockerfile: Facts, stage: _Stage) -> list[str]:
    """Return the folders that an image may be built from: the one that is known, or those that hold what it copies."""
    known = images.contexts.get(dockerfile.path)
    if known is not None:
        return [known]
    folders = dockerfile.path.split("/")[:-1]
    above = ["/".join(folders[:length]) for length in range(len(folders), -1, -1)]
    return [folder for folder in above if all(present(project, path) for path in _written(stage, folder))]


def _written(stage: _Stage, context: str) -> Iterator[str]:
    """Yield the single files that an image takes out of a folder, by their paths in the project."""
    copied = (each for each in _copies(stage, context) if each.source is not None and not _GLOB.search(each.source))
    return (each.source for each in copied if each.source is not None and _is_file(each.source))


def _copies(stage: _Stage, context: str) -> Iterator[Copied]:
    work = "/"
    for name, value in stage.instructions:
        if name == "workdir" and "value" in value.items:
            work = posixpath.join(work, value.items["value"].text)
        if name not in ("copy", "add") or "destination" not in value.items:
            continue
        target = value.items["destination"].text
        sources = value.items["sources"].list if "sources" in value.items else ()
        destination = posixpath.normpath(posixpath.join(work, target))
        into = target.endswith(("/", ".")) or len(sources) > 1
        if "stage" in value.items or "image" in value.items or _OPEN.search(target):
            yield Copied(None, "/" if _OPEN.search(target) else destination, True, value.range)
            continue
        for source in sources:
            known = None if _OPEN.search(source.text) else located(context, source.text.lstrip("/") or ".")
            yield Copied(known, destination, into, value.range)


def _covers(copied: Copied, path: str) -> bool:
    """Say whether a copy may put something at a path of the image."""
    destination = copied.destination.rstrip("/")
    if copied.source is None:
        return _meet(path, copied.destination)
    name = posixpath.basename(copied.source)
    if _is_file(copied.source):
        held = f"{destination}/{name}" if copied.into else destination
        if _GLOB.search(name):
            inside = path.startswith(f"{destination}/") and "/" not in path[len(destination) + 1 :]
            return inside and fnmatch.fnmatchcase(posixpath.basename(path), name)
        return _meet(held, path) or f"{destination}/{name}" == path
    return _meet(destination or "/", path)


def _is_file(source: str) -> bool:
    """Say whether a source is, by its name, a file and no folder."""
    return _ENDING.search(source) is not None or posixpath.basename(source) in (
        "Makefile",
        "Procfile",
        "LICENSE",
        "Pipfile",
    )


def _program(
    project: Project, started: tuple[Command, tuple[str, ...]], work: str, copies: Sequence[Copied]
) -> str | None:
    """Return the one program of the project that stands in the image where its command names it."""
    _, words = started
    for position, word in enumerate(words):
        for text in _files_named(word, position, words):
            path = posixpath.normpath(posixpath.join(work, text))
            for source in filter(None, (_source(copied, path) for copied in copies)):
                file = project.files.get(source)
                if file is not None and file.python:
                    return source
    return None


def _files_named(word: str, position: int, words: Sequence[str]) -> Iterator[str]:
    """Yield the files that a word of a command may name: a script, a module, or the module of an application."""
    if word.endswith(".py"):
        yield word
    application = _APPLICATION.fullmatch(word)
    if application is not None and (":" in word or words[position - 1] == "-m"):
        base = application["module"].replace(".", "/")
        yield from (f"{base}.py", f"{base}/__main__.py" if ":" not in word else f"{base}/__init__.py")


def _source(copied: Copied, path: str) -> str | None:
    """Return the path of the project from which a copy puts something at a path of the image."""
    if copied.source is None:
        return None
    name = posixpath.basename(copied.source)
    destination = copied.destination.rstrip("/")
    if _GLOB.search(name):
        folder, rest = posixpath.dirname(copied.source), path[len(destination) + 1 :]
        fits = path.startswith(f"{destination}/") and fnmatch.fnmatchcase(rest.partition("/")[0], name)
        return posixpath.normpath(posixpath.join(folder, rest)) if fits else None
    if _is_file(copied.source):
        return copied.source if path == (f"{destination}/{name}" if copied.into else destination) else None
    if not path.startswith(f"{destination}/"):
        return None
    return posixpath.normpath(posixpath.join(copied.source, path[len(destination) + 1 :]))
