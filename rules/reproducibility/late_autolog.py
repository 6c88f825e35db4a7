"""Automatic logging is switched on after the training."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP346",
    name="late-autolog",
    summary="Automatic logging is switched on after the training.",
    harm="It records calls that come after it, so the training leaves no trace.",
    remedy="Switch automatic logging on before the first training call.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report autologging that comes after every training call of its scope."""
    for autolog in file.calls("autolog"):
        scope = [call for call in file.calls("train", "tune") if call.scope == autolog.scope and call.method]
        earlier = [call for call in scope if call.index < autolog.index]
        others = [call for call in file.calls("autolog") if call.index < autolog.index]
        if earlier and len(earlier) == len(scope) and not others and not autolog.loop:
            related = (Related(earlier[0].range, "trained here, before"),)
            yield RULE.at(autolog, "comes after the training it was meant to record", related=related)
