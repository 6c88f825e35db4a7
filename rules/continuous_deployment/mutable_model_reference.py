"""A model in service is named in a way that lets it change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.assets import asset
from xops_lint.diagnostic import Finding
from xops_lint.locations import is_pinned
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, ConfigFile, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP501",
    name="mutable-model-reference",
    summary="A model in service is named in a way that lets it change.",
    harm="A restart may serve another model than before, nobody can tell which one answered, and nothing rolls back.",
    remedy="Name a version, and change it in a commit when the model changes.",
    ops=("mlops",),
)

STAGES = frozenset({"latest", "production", "staging", "archived", "none"})
LABELS = frozenset({"latest", "main", "master", "head"})
"""Words that mean another version tomorrow, as stages of a registered model and behind a name."""
STORE = regex(r"(?:s3|gs|gcs|abfss?|wasbs?|pvc|hdfs|oss)://[^/]+/(?P<path>.+)", re.IGNORECASE)
VERSION = regex(r"(?:^|[/_.@-])v?\d|[0-9a-f]{8}|\d(?:/|$)", re.IGNORECASE)
"""A number that begins or ends a part of a path: a version, a date, a run, a hash."""

ALIASES = frozenset({"latest", "production", "staging"})


def defect(reference: str) -> str | None:
    """Return what lets a reference to a model change, or None."""
    word = moving_word(reference)
    if word:
        return f"names whatever model is `{word}`"
    named = asset(reference)
    if named is not None and named.lacks_version:
        return "names a hub's model without its revision" if named.is_in_hub else "names a model without its version"
    stored = STORE.fullmatch(reference)
    if stored is None or is_pinned(reference) or VERSION.search(stored["path"]):
        return None
    return "names a place in a store, whose content can be replaced"


def moving_word(reference: str) -> str:
    """Return the word of a reference that means another version tomorrow, or nothing."""
    named = asset(reference)
    if named is None:
        return ""
    if named.stage.lower() in STAGES:
        return named.stage
    return next((word for word in (named.label, named.version) if word.lower() in LABELS), "")


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report moving references wherever a kind says that a served model stands."""
    for value in file.values("model_reference"):
        around = value.route.rpartition(".")[0]
        pinned = any(version.route.rpartition(".")[0] == around for version in file.values("model_version"))
        message = defect(value.text) if value.tag == "str" and not value.templated and not pinned else None
        if message is not None:
            yield RULE.at(value, message)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report models that are loaded or deployed by a stage, or as the latest."""
    for call in file.calls("load_model", "deploy", "serve"):
        for argument, message in moving(call):
            yield RULE.at(argument, message)
            break


def moving(call: Call) -> Iterator[tuple[Argument, str]]:
    """Yield the arguments that name a model which may change."""
    for meaning in ("path", "name", "model"):
        given = call.argument(meaning)
        text = given.value.constant if given is not None else None
        if given is not None and isinstance(text, str) and moving_word(text):
            yield given, defect(text) or ""
    registered = call.argument("name") or call.argument("registered_name")
    for meaning in ("version", "stage") if registered is not None else ():
        given = call.argument(meaning)
        text = given.value.constant if given is not None else None
        if given is not None and isinstance(text, str) and text.lower() in ALIASES:
            yield given, f"names whatever model is `{text}`"
