"""What commands do besides starting a program of the project: run stages and tests, build images, deploy."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from xops_lint.facts import Facts
from xops_lint.graph.files import Files
from xops_lint.graph.model import Builder, Node, Spot
from xops_lint.graph.stages import located
from xops_lint.project import Project
from xops_lint.shell import Command

_VALUED: Final = frozenset({"-k", "-m", "-n", "-p", "-c", "-o", "--cov", "--maxfail", "--durations", "--junitxml"})


def add(
    project: Project, builder: Builder, files: Files, owner: str, facts: Facts, command: Command, folder: str | None
) -> None:
    """Add the edges of one command."""
    spot = Spot(facts.path, command.range)
    if "dockerfile" in facts.kinds:
        if "run_pipeline" in command.roles and not command.route.startswith("run["):
            for id in _stages(builder, command, folder or posixpath.dirname(facts.path)):
                builder.edge("runs", owner, id, spot)
        return
    if folder is None:
        if command.roles & {"run_tests", "run_pipeline"}:
            builder.gap(owner, "runs", spot, f"{command.text}, in a folder that is not known")
        return
    if "run_tests" in command.roles:
        for path in tests(project, command, folder):
            builder.edge("runs", owner, builder.node("test", path, Spot(path)), spot)
    if "run_pipeline" in command.roles:
        for id in _stages(builder, command, folder):
            builder.edge("runs", owner, id, spot)
    if "run_notebook" in command.roles and (left := _left_notebook(command)):
        builder.edge("writes", owner, files.node(located(folder, left), spot), spot)
    dockerfile = built(command, folder)
    if dockerfile in project.files:
        builder.edge("builds", owner, builder.node("image", str(dockerfile), Spot(str(dockerfile))), spot)
    elif dockerfile is not None:
        builder.gap(owner, "builds", spot)
    for id in _applied(builder, command, folder):
        builder.edge("deploys", owner, id, spot)


def tests(project: Project, command: Command, folder: str) -> Iterator[str]:
    """Yield the test files that a command runs: those below the paths it names, or all below its folder."""
    words = list(command.words[1:])
    named = [
        located(folder, word.partition("::")[0])
        for before, word in zip(("", *words), words)
        if not word.startswith("-")
        and before not in _VALUED
        and ("/" in word or word.endswith(".py") or word == "tests")
    ]
    for path in (facts.path for facts in project.tests):
        around = named or [folder]
        if any(each in ("", ".") or path == each or path.startswith(f"{each}/") for each in around):
            yield path


def _left_notebook(command: Command) -> str:
    """Return the notebook that a command writes which runs another one; nothing if that is not known."""
    words = command.words
    place = words.index(command.script) + 1 if command.script in words else len(words)
    left = words[place] if place < len(words) else ""
    return left if left.endswith(".ipynb") and "$" not in left and "{" not in left else ""


def built(command: Command, folder: str) -> str | None:
    """Return the path of the Dockerfile that a command builds an image from, or None if it builds none."""
    words = command.words
    if words[0] not in ("docker", "podman", "buildah") or "build" not in words[1:3] or words[1] == "compose":
        return None
    rest = words[words.index("build") + 1 :]
    file = _option(rest, "-f", "--file")
    return located(folder, file) if file else located(folder, posixpath.join(context(command), "Dockerfile"))


def context(command: Command) -> str:
    """Return the folder that a command which builds an image sends along."""
    return command.words[-1] if not command.words[-1].startswith("-") else "."


def tags(command: Command) -> Iterator[str]:
    """Yield the names that a command gives to the image it builds."""
    for word, following in zip(command.words, (*command.words[1:], "")):
        if word in ("-t", "--tag"):
            yield following
        elif word.startswith("--tag="):
            yield word.partition("=")[2]


def _option(words: tuple[str, ...], *names: str) -> str | None:
    for word, following in zip(words, (*words[1:], "")):
        if word in names:
            return following
        option, equals, value = word.partition("=")
        if equals and option in names:
            return value
    return None


def _stages(builder: Builder, command: Command, folder: str) -> Iterator[str]:
    """Yield the stages and entry points that a command which runs pipelines may run."""
    words = command.words
    if words[0] == "dvc":
        targets = {word for word in words[2:] if not word.startswith("-")} - {"run"}
        path = posixpath.normpath(posixpath.join(folder, "dvc.yaml"))
        stages = (node for node in builder.nodes.values() if node.kind == "stage" and _stands_in(node, path))
        for node in stages:
            bare = node.name.rpartition(":")[2]
            if not targets or not targets.isdisjoint((node.name, bare, bare.partition("@")[0])):
                yield node.id
    elif words[:2] == ("mlflow", "run"):
        where = next((word for word in words[2:] if not word.startswith("-")), ".")
        id = entry_point(located(folder, where), _option(words, "-e", "--entry-point") or "main")
        if id in builder.nodes:
            yield id


def entry_point(folder: str, name: str) -> str:
    """Return the id that an entry point of the MLflow project in a folder has."""
    path = posixpath.normpath(posixpath.join(folder, "MLproject"))
    return f"stage:{path}:entry_points.{name}"


def _applied(builder: Builder, command: Command, folder: str) -> Iterator[str]:
    """Yield what a command puts into a cluster."""
    words = command.words
    if words[0] != "kubectl" or not {"apply", "create", "replace"} & set(words[1:3]):
        return
    for word, following in zip(words, (*words[1:], "")):
        option, equals, value = word.partition("=")
        if option in ("-f", "--filename", "-k", "--kustomize"):
            path = located(folder, value if equals else following)
            for node in builder.nodes.values():
                if node.kind in ("deployment", "service", "job") and _stands_in(node, path):
                    yield node.id


def _stands_in(node: Node, path: str) -> bool:
    """Say whether a node stands in a file, or in a file of a folder."""
    return node.spot is not None and (node.spot.path == path or node.spot.path.startswith(f"{path}/"))
