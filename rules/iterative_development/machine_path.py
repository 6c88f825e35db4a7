"""A path exists on one person's machine only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP201",
    name="machine-path",
    summary="A path exists on one person's machine only.",
    harm="The code runs for its author and for nobody else, nor in CI.",
    remedy="Use a path relative to the project, or take the folder from a parameter.",
    ops=("devops",),
)

COMMON = (
    "jovyan|runner|app|appuser|user|airflow|ubuntu|ec2-user|azureuser|vscode|node|jenkins|docker|sagemaker-user|spark|ray|dask"
    "|mlflow|bentoml|prefect|dagster|model-server|nonroot|mambauser|circleci|codespace|gitpod|shared|Shared|hadoop|src|app_user|worker"
)
"""Homes that images and services create for everyone."""

NOBODY = r"(?:your|my|some)[\w.\-]*|[\w\-]*user[\w\-]*|me|name|foo|bar|xxx+|\.\.\."
"""Stand-ins for a person."""

PERSONAL = regex(
    r"""^(?:file://)?(?:
        /(?:home|Users)/(?!(?:{common}|{nobody})(?:/|$))[\w.\- ]+/\S
        | [A-Za-z]:[\\/]+(?:Users|Documents\ and\ Settings)[\\/]+[\w.\- ]+[\\/]+\S
        | /content/drive/(?:My\ ?Drive|MyDrive|Shareddrives)/\S
        | /Volumes/\w
        | /mnt/[a-z]/Users/\w
    )""".replace("{common}", COMMON).replace("{nobody}", NOBODY),
    re.VERBOSE,
)
"""Paths below a person's home or drive."""

IN_CONTAINERS = frozenset({"dockerfile", "compose"})
"""Languages and kinds whose paths lie in an image, not on a machine."""


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report string literals that begin with a personal path."""
    for string in file.strings:
        if PERSONAL.match(string.value):
            yield RULE.at(string, "is a path of one person's machine")


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report scalars that begin with a personal path, outside of container definitions."""
    if file.language in IN_CONTAINERS or file.kind in IN_CONTAINERS:
        return
    for document in file.documents:
        if "apiVersion" in document.items:
            continue
        for value in document.walk():
            if PERSONAL.match(value.text):
                yield RULE.at(value, "is a path of one person's machine")
