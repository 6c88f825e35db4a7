"""A model is served that nothing in the project makes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.deployments import ServedModel
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.names import registered, registered_name
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.words import pattern

RULE = Rule(
    code="XOP511",
    name="unknown-origin-model",
    summary="A model is served that nothing in the project makes.",
    harm="Nobody can say which data and code it came from, repeat it, or mend it when its answers are wrong.",
    remedy="Keep the code that trains it here, or load it by its version from a registry that knows its origin.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

WEIGHTS = regex(
    r"\.(?:pkl|pickle|joblib|dill|sav|h5|hdf5|keras|pt|pth|onnx|pb|tflite|bst|cbm|model|ubj|pmml|mar)(?:\.(?:gz|bz2|xz))?$",
    re.IGNORECASE,
)
"""Endings of files that hold models."""

PUBLISHED = regex(
    r"yolo|resnet|mobilenet|vgg|bert|gpt|haar|ssd|shape_predictor|facenet|efficientnet|inception|glove|word2vec|densenet|u2net|clip|sam_",
    re.IGNORECASE,
)
"""Words in the names of weights that somebody else has published."""

MAKING = ("train", "tune", "cross_validate", "optimise", "save_model", "log_model", "register_model")
"""Roles of calls that make models, or keep them."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report models in the repository that a deployment serves, where no code of the project makes any."""
    if project.tracked is None or not project.deployments or makes_models(project):
        return
    reported: set[str] = set()
    for deployment in project.deployments:
        for model in deployment.models:
            path = held(project, model)
            if path and path not in reported and not PUBLISHED.search(path):
                reported.add(path)
                message = f"serves `{posixpath.basename(path)}`, which nothing in this project makes"
                yield RULE.at(model.range, message, path=model.path)


@RULE.project
def in_registry(project: Project) -> Iterator[Finding]:
    """Report models of a registry that a deployment serves, where the project registers others alone."""
    served = [
        (each, name) for place in project.deployments for each in place.models if (name := registered_name(each.text))
    ]
    kept = list(registered(project)) if served else []
    if not kept:
        return
    for model, name in dict.fromkeys(served):
        if not any(pattern(each.text).fullmatch(name) for each in kept):
            related = (Related(kept[0].range, f"the project registers `{kept[0].text}`", kept[0].path),)
            message = f"serves `{name}`, which nothing in this project registers"
            yield RULE.at(model.range, message, path=model.path, related=related)


def makes_models(project: Project) -> bool:
    """Say whether any code of the project trains or keeps models, fetches some, or may."""
    calls = (file for file, _ in project.calls(*MAKING) if not file.context.test)
    commands = (command for file in project.facts for command in file.commands)
    fetched = any(command.roles & {"train", "import_data", "fetch_repository", "run_pipeline"} for command in commands)
    foreign = any(path.lower().endswith((".r", ".jl", ".scala", ".java", ".rmd")) for path in project.tracked or ())
    return next(calls, None) is not None or fetched or foreign


def held(project: Project, model: ServedModel) -> str:
    """Return the one file of the repository that a text names, from the file it stands in or from above."""
    name = posixpath.basename(model.text)
    if "{" in name or not WEIGHTS.search(name) or "://" in model.text:
        return ""
    found = [path for path in project.tracked or () if posixpath.basename(path) == name]
    return found[0] if len(found) == 1 else ""
