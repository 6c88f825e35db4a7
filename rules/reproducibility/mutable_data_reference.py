"""A job's input names the latest version of a data set or a model."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.assets import is_latest
from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, ConfigFile, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP324",
    name="mutable-data-reference",
    summary="A job's input names the latest version of a data set or a model.",
    harm="The same job definition trains on other data as soon as somebody registers a new version.",
    remedy="Name the version: the platform keeps them all.",
    ops=("dataops",),
)


NEWEST = regex(
    r"(?<![a-z])(?:target_data(?:set)?|current|production|serving|scor(?:ed|ing)|inference|predictions?|monitor(?:ed|ing)?)(?![a-z])"
)
"""Words for what a service has seen or answered last, of which a monitor wants the newest."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report inputs and data sources that end in a latest version."""
    for role in ("input", "data_source"):
        for value in file.values(role):
            if value.tag == "str" and is_latest(value.text) and not NEWEST.search(f"{value.route} {value.text}"):
                yield RULE.at(value, "names whatever version is the latest")


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report data that is loaded by a version called latest."""
    started = min((call.index for call in file.all_calls if starts_job(call)), default=None)
    for call in file.calls("load_data", "version_data"):
        if registered(file, call):
            continue
        # What is newest after a job of this very file is what that job has made.
        own = started is not None and started < call.index
        for meaning in ("version", "stage"):
            found = None if own else call.argument(meaning)
            if found is not None and found.value.constant == "latest":
                yield RULE.at(found, "names whatever version is the latest")
        path = call.argument("path")
        if path is not None and isinstance(path.value.constant, str) and is_latest(path.value.constant):
            yield RULE.at(path, "names whatever version is the latest")


def starts_job(call: Call) -> bool:
    """Say whether a call hands a job to a platform, now or by a schedule."""
    return "schedule" in call.roles or (call.entry is not None and "remote" in call.entry.traits)


def registered(file: PythonFile, call: Call) -> bool:
    """Say whether a file has itself given the data a new version before, by the name of it."""
    given = (argument.value.string for meaning in ("name", "path") if (argument := call.argument(meaning)))
    text = " ".join(value for value in given if value)
    made = (each for each in file.calls("version_data") if each.index < call.index and "load_data" not in each.roles)
    names = (argument.value.string for each in made if (argument := each.argument("name")))
    return any(name in text for name in names if name)
