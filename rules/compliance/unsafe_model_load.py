"""A model or data file is loaded in a way that runs code hidden in it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import model_files
from xops_lint.diagnostic import Finding, Fix, Related
from xops_lint.edits import passed
from xops_lint.locations import is_remote
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule, Severity
from xops_lint.versions import may_use

RULE = Rule(
    code="XOP101",
    name="unsafe-model-load",
    summary="A model or data file is loaded in a way that runs code hidden in it.",
    harm="Whoever can change the file runs code on the machine that loads it.",
    remedy="Keep the loader's safe mode on, or use a format without code, such as safetensors or ONNX.",
    ops=("mlops",),
    severity=Severity.ERROR,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report unsafe loaders that are opened to code, and those fed from outside."""
    for file, call in project.shown.calls("load_model", "load_data"):
        if call.entry is None or "unsafe" not in call.entry.traits or safe(project, file, call):
            continue
        foreign = fetched(file, call)
        if foreign is not None:
            if not verified(foreign):
                related = (Related(foreign.range, "it comes from here"),) if foreign is not call else ()
                message = "runs code that may be hidden in a file from outside"
                yield RULE.at(call, message, path=file.path, related=related)
        elif file.context.test or verified(call) or own(project, file, call):
            continue
        elif opened(call):
            message = "loads with its protection against hidden code off"
            yield RULE.at(call, message, path=file.path, fix=protected(call))
        elif file.context.profile == "production":
            yield RULE.at(call, "loads a format that can run code", path=file.path)


def safe(project: Project, file: Facts, call: Call) -> bool:
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
    return may_use(project.dependencies, file, since[0], f">={since[1]}") is not False


def verified(call: Call) -> bool:
    """Say whether a download's hash is compared, or may be for all we know."""
    checksum = call.argument("checksum")
    return checksum is not None and checksum.value.constant not in (None, False)


def opened(call: Call) -> bool:
    """Say whether a switch for safety is turned off, or a project's old version lacks it."""
    pickled = call.argument("allow_pickle")
    if pickled is not None:
        return pickled.value.constant is True
    return call.takes("safe")


def protected(call: Call) -> Fix | None:
    """Return the fix: the loader's own protection; None where it is on by default in every version that has it."""
    if call.argument("safe") is None and call.value("safe") is True:
        return None
    meaning, value = ("allow_pickle", "False") if call.argument("allow_pickle") else ("safe", "True")
    return passed(call, meaning, value, "Load data alone")


def fetched(file: Facts, call: Call) -> Call | None:
    """Return the call that brings the loaded bytes from another machine, if one is seen."""
    path = call.argument("path")
    if path is not None and path.value.string and is_remote(path.value.string):
        return call
    values = [argument.value for argument in call.arguments]
    return next((source for value in values for source in file.sources(value, "download")), None)


def own(project: Project, file: Facts, call: Call) -> bool:
    """Say whether the project writes the loaded file: one of that name, or at that place."""
    if any(project.searched.saves(name) for name in model_files.names(file, call)):
        return True
    path = call.argument("path")
    here = (other for other in file.playing("save_model", "save_data") if other.scope == call.scope)
    targets = (target for other in here if (target := other.argument("path")))
    return path is not None and any(
        path.value.sources and path.value.sources == target.value.sources for target in targets
    )
