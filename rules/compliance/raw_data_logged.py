"""A file of raw or personal data is copied into the record of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP125",
    name="raw-data-logged",
    summary="A file of raw or personal data is copied into the record of a run.",
    harm="Each run keeps a copy that everyone who sees the tracker can read and no rule of deletion reaches.",
    remedy="Log the address, the version and the hash of the data; keep the data where its rules of access are.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

RAW = regex(
    r"(?:^|[/_.-])(?:raw|pii|personal|unmasked|patients?|customers?|clients?|employees?|applicants?|students?|citizens?)(?=$|[/_.-])",
    re.IGNORECASE,
)
"""What paths hold that lead to data nobody has prepared, or to data of persons."""

PLAIN = regex(
    r"aggregate|summary|stat(?:s|istics)|report|schema|anonym|masked|hash|predict|metric|plot|cluster|feature",
    re.IGNORECASE,
)
"""What paths hold that lead to something made of such data."""

TABLE = regex(r"\.(?:csv|tsv|parquet|jsonl?|xlsx?|feather|orc|avro|db|sqlite|zip|gz)$", re.IGNORECASE)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report files and folders logged with a run whose known paths tell that they hold such data."""
    for call in file.calls("log_artifact"):
        path = call.argument("path")
        if path is None or (call.entry is not None and "version_data" in call.entry.roles):
            continue
        told = (path.value.string or "").replace("{}", "")
        if RAW.search(told) and not PLAIN.search(told) and holds_table(told):
            yield RULE.at(path, f"copies `{told}` into the record of every run")
        elif (not told or holds_table(told)) and (label := labelled(call, path)) is not None:
            yield RULE.at(path, f"is copied as `{label}` into the record of every run")


def holds_table(path: str) -> bool:
    """Say whether a path leads to a table or to a folder."""
    name = path.rstrip("/").rpartition("/")[2]
    return "." not in name.strip(".") or TABLE.search(name) is not None


def labelled(call: Call, path: Argument) -> str | None:
    """Return what a path is called in the run, if that tells that it holds such data."""
    others = (each.value.constant for each in call.arguments if each is not path)
    labels = (each for each in others if isinstance(each, str))
    return next((each for each in labels if RAW.search(each) and not PLAIN.search(each) and holds_table(each)), None)
