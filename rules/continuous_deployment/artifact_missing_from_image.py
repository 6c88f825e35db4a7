"""A service loads a file that nothing puts into its image."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import provenance
from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.contents import Contents, contents
from xops_lint.graph.images import images
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Facts, Project
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP517",
    name="artifact-missing-from-image",
    summary="A service loads a file that nothing puts into its image.",
    harm="The container stops as soon as it reaches that line, again at each restart.",
    remedy="Copy the file into the image, fetch it while the image is built, or mount it.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
)

FILE = regex(r"\w\.\w{1,10}$")
"""How the path of a file ends; a bare word may name a model of a hub."""

READING = ("load_model", "load_data", "open_file")
BRINGING = ("download", "save_model", "save_data", "shell", "extract", "run_container")
"""Roles of calls that may put the file there before it is read."""

ASKING = frozenset({"exists", "isfile", "is_file", "isdir", "is_dir", "glob", "access"})
"""Words of code that looks whether a file is there."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file and image, what a service reads from the folder it works in and no copy brings there."""
    serving = {file.path for file, _ in project.calls("serve")}
    dockerfiles = [file for file in project.of_kind("dockerfile") if not file.context.test] if serving else []
    built = images(project) if dockerfiles else None
    for dockerfile in dockerfiles:
        image = contents(project, built, dockerfile) if built is not None else None
        if image is not None:
            yield from lacking(project, image)


def lacking(project: Project, image: Contents) -> Iterator[Finding]:
    """Yield the reads of one image's program that cannot succeed."""
    program = project.files[image.program]
    if next(project.calls_reached(program, "serve"), None) is None or brings(project, program):
        return
    seen: set[str] = set()
    for file, call in project.calls_reached(program, *READING):
        path = wanted(project, file, call)
        place = image.place(path.value.string or "") if path is not None else None
        if path is not None and place is not None and place not in seen and not image.may_hold(place):
            seen.add(place)
            related = (Related(image.start, f"starts the program in `{image.work}`", image.dockerfile.path),)
            message = f"loads `{path.value.string}`, which `{image.dockerfile.path}` puts nowhere"
            yield RULE.at(path.range, message, path=file.path, related=related)


def brings(project: Project, program: Facts) -> bool:
    """Say whether a program may fetch or write files before it reads them."""
    if next(project.calls_reached(program, *BRINGING), None) is not None:
        return True
    return any(call.writes for _, call in project.calls_reached(program, "open_file"))


def wanted(project: Project, file: Facts, call: Call) -> Argument | None:
    """Return the path of a call that surely reads a file of a known name, whatever happens."""
    path = call.argument("path")
    if path is None or call.writes or call.conditional or call.tried or call.swallowed or call.caught:
        return None
    value = provenance.constant(project, file, path.value)
    text = value.constant if isinstance(value.constant, str) else ""
    if not FILE.search(text) or ":" in text or asked(file):
        return None
    return Argument(path.name, path.position, value, path.range)


def asked(file: Facts) -> bool:
    """Say whether code may look first whether a file is there."""
    return not ASKING.isdisjoint(file.words.split())
