"""A model or data file is loaded in a way that runs code hidden in it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.locations import is_remote
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP101",
    name="unsafe-model-load",
    summary="A model or data file is loaded in a way that runs code hidden in it.",
    harm="Whoever can change the file runs code on the machine that loads it.",
    remedy="Keep the loader's safe mode on, or use a format without code, such as safetensors or ONNX.",
    ops=("mlops",),
    severity=Severity.ERROR,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report unsafe loaders that are opened to code, and those fed from outside."""
    for call in file.calls("load_model", "load_data"):
        if call.entry is None or "unsafe" not in call.entry.traits or safe(file, call):
            continue
        foreign = fetched(file, call)
        if foreign is not None:
            related = (Related(foreign.range, "it comes from here"),) if foreign is not call else ()
            yield RULE.at(call, "runs code that may be hidden in a file from outside", related=related)
        elif opened(file, call):
            yield RULE.at(call, "loads with its protection against hidden code off")
        elif file.context.profile == "production":
            yield RULE.at(call, "loads a format that can run code")


def safe(file: PythonFile, call: Call) -> bool:
    """Say whether the loader's safe mode is on, or may be for all we know."""
    if call.takes("allow_pickle"):
        return call.value("allow_pickle") is not True
    if not call.takes("safe"):
        return False
    found = call.argument("safe")
    if found is not None:
        return not found.value.known or found.value.constant is True
    if call.unpacks:
        return True
    since = call.entry.safe_since if call.entry else None
    if since is None:
        return call.value("safe") is True
    # Without an upper bound the newest version is installed, whose default is safe.
    return file.may_use(since[0], f">={since[1]}") is not False


def opened(file: PythonFile, call: Call) -> bool:
    """Say whether a switch for safety is turned off, or a project's old version lacks it."""
    pickled = call.argument("allow_pickle")
    if pickled is not None:
        return pickled.value.constant is True
    return call.takes("safe") and "unsafe" in (call.entry.traits if call.entry else ())


def fetched(file: PythonFile, call: Call) -> Call | None:
    """Return the call that brings the loaded bytes from another machine, if one is seen."""
    path = call.argument("path")
    if path is not None and path.value.string and is_remote(path.value.string):
        return call
    values = [argument.value for argument in call.arguments]
    return next((source for value in values for source in file.sources(value, "download")), None)
