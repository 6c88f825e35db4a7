"""A model or a data set is uploaded to where everyone may read it, and nobody decided that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Argument, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP121",
    name="ungoverned-model-upload",
    summary="A model or a data set is uploaded to where everyone may read it, and nobody decided that.",
    harm="Weights remember rows they were fitted on; once they are public they are copied and cannot be taken back.",
    remedy="Say who may read it in the call that uploads, also where everyone may.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

OPEN = frozenset({"public-read", "public-read-write", "authenticated-read"})
"""Rules of access that let everyone in, or everyone with any account."""


KEPT = regex(
    r"model|weights|checkpoint|data|\.(?:pkl|pickle|pth?|bin|onnx|joblib|h5|safetensors|csv|parquet|jsonl?)$",
    re.IGNORECASE,
)
"""What a path holds that leads to a model or to data; pictures for a web page may be open to all."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a function, uploads that are public by default where a file never says who may read."""
    calls = [call for call in file.calls() if call.entry is not None and call.takes("private")]
    decided = {call.entry.tool for call in calls if call.entry and (call.argument("private") or call.unpacks)}
    seen = set[str]()
    for call in calls:
        given, path = call.argument("private"), call.argument("path")
        if given is not None and opened(given):
            if path is not None and KEPT.search(path.value.string or ""):
                yield RULE.at(given, "lets everyone read what is stored")
        elif call.entry and "public" in call.entry.traits and call.entry.tool not in decided and call.scope not in seen:
            seen.add(call.scope)
            name = call.spelling("private")
            yield RULE.at(call.callee, f"uploads to where everyone may read, as no `{name}` says otherwise")


def opened(given: Argument) -> bool:
    """Say whether an argument, or one of its entries, names a rule of access that lets everyone in."""
    values = [given.value, *(given.value.entries or {}).values()]
    return any(isinstance(value.constant, str) and value.constant in OPEN for value in values)
