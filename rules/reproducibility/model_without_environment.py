"""A model is pickled, and nothing in the project says with which versions."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.dependencies import pip_installs, serves_development
from xops_lint.diagnostic import Finding
from xops_lint.keeping import keeps_trained
from xops_lint.model import Facts, Project
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP349",
    name="model-without-environment",
    summary="A model is pickled, and nothing in the project says with which versions.",
    harm="A pickle fits the versions it was made with: a newer library refuses it, or reads it and predicts otherwise.",
    remedy="Pin the libraries in a file beside the code, or log the model with a tracker that keeps its environment.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

RECORDING = ("environment", "run_container")
"""Roles of calls that say in which environment code runs."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, the pickle of a trained model in a project that pins and records no version."""
    if pins(project) or installs_pinned(project) or any(records(file) for file in project.python):
        return
    for file in project.shown.python:
        if file.context.test or project.develops_tool(file):
            continue
        for save in file.playing("save_model"):
            pickles = save.entry is not None and "pickles" in save.entry.traits
            if pickles and keeps_trained(file, save) and not any(map(project.recorded, project.entries_reaching(file))):
                yield RULE.at(save, "pickles a model whose library no file of the project pins", path=file.path)
                break


def pins(project: Project) -> bool:
    """Say whether any file of a project fixes the version of a library that the code runs with."""
    known = project.dependencies
    if known is None:
        return False
    fixed = (each for each in known.requirements if each.exact or each.hashed)
    return bool(known.locked) or any(not serves_development(each.name) for each in fixed)


def installs_pinned(project: Project) -> bool:
    """Say whether a command in any config, whatever its kind, installs a library in one version."""
    values = (value for file in project.facts for document in file.documents for value in document.walk())
    commands = (value.text for value in values if "==" in value.text)
    return any("==" in requirement for command in commands for requirement in pip_installs(command))


def records(file: Facts) -> bool:
    """Say whether code writes down versions, or hands that to a tracker, a platform or an image."""
    if any(
        call.roles & {*RECORDING} or (call.entry and "records_environment" in call.entry.traits) for call in file.calls
    ):
        return True
    asked = any(
        name.endswith(("__version__", "metadata.version")) for names in file.references.values() for name in names
    )
    return asked or any("freeze" in shell.command for shell in file.shell)
