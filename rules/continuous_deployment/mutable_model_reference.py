"""A model is loaded or served by a name that may mean another model tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP501",
    name="mutable-model-reference",
    summary="A model is loaded or served by a name that may mean another model tomorrow.",
    harm="A restart puts another model into service, and nobody can say which one answered yesterday.",
    remedy="Name the version that was tested, and change it by a commit.",
    ops=("mlops",),
)

MOVING = re.compile(
    r"(?:^models:/[^/@]+/(?:latest|none|staging|production|archived)$)"
    r"|(?:[@/:]latest(?:/[\w.\-]+)?/?$)|(?:/labels/latest$)",
    re.IGNORECASE,
)
"""Stages, `latest` as version, tag or folder: what is meant to be moved."""

MESSAGE = "names a model that moves: what it loads tomorrow is not what was tested"


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report model references of manifests that end in something that moves."""
    for value in file.values("model_reference"):
        if value.tag == "str" and not value.templated and MOVING.search(value.text):
            yield RULE.at(value, MESSAGE)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report models that code loads or deploys by a stage or as the latest."""
    for call in file.calls("load_model", "deploy", "serve"):
        for meaning in ("path", "model", "repository", "uri"):
            found = call.argument(meaning)
            if found is not None and isinstance(found.value.constant, str) and MOVING.search(found.value.constant):
                yield RULE.at(found, MESSAGE)
                break
        for meaning in ("stage", "version"):
            found = call.argument(meaning)
            if found is not None and str(found.value.constant).lower() in ("latest", "production", "staging"):
                yield RULE.at(found, MESSAGE)
