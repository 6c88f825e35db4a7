"""A container image can change under the same name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xops_lint.assets import image
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, PythonFile, Value
from xops_lint.rule import Option, Ranged, Rule

RULE = Rule(
    code="XOP332",
    name="unpinned-image",
    summary="A container image can change under the same name.",
    harm="Two runs of the same commit use other libraries, and a rollback brings back another image.",
    remedy="Name a version tag, or better a digest: `image:1.4.2` or `image@sha256:…`.",
    ops=("devops",),
    options={"require-digest": Option(False, "also report images that are pinned by tag and not by digest")},
)

MOVING = frozenset({"latest", "main", "master", "stable", "edge", "nightly", "dev"})
LATEST = regex(
    r"(?:nightly|stable|edge)(?=[-_])(?!.*(?:\d{6}|\d\.\d+\.\d))|(?:.+[-_])?latest(?=[-_]|$)(?!.*(?:\d{6}|\d\.\d+\.\d))"
)
"""Tags that say so in one of their words, unless another of them is a date or a whole version."""

MOST_OTHERS = 4
TAGS = ("newTag", "tag")


def defect(text: str, digest: bool) -> str | None:
    """Return what is wrong with an image reference, or None."""
    named = image(text)
    if named is None or named.digest:
        return None
    if not named.tag:
        return "names an image without a tag, which means `latest`"
    if moves(named.tag):
        return f"names an image by the moving tag `{named.tag}`"
    return "names an image by a tag and not by its digest" if digest else None


def moves(tag: str) -> bool:
    """Say whether a tag is that of whatever is newest."""
    return tag in MOVING or LATEST.match(tag) is not None


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report moving images where a kind says that an image stands, unless a mapping sets their tags."""
    pinned = frozenset(rewritten(project))
    for file in project.shown.facts:
        digest = file.option(RULE, "require-digest") if file.kinds else False
        named: dict[str, list[Ranged]] = {}
        for value in file.values("image"):
            text = value.text if value.tag == "str" else ""
            if defect(text, digest) and repository(text) not in pinned and not built(file, value):
                named.setdefault(text, []).append(value)
        yield from findings(named, digest, file.path)
        tags = list(moving_tags(file))
        if tags:
            message = f"sets an image to the moving tag `{tags[0].text}`"
            yield RULE.at(tags[0], message, path=file.path, related=others(tags, file.path))


def findings(named: Mapping[str, Sequence[Ranged]], digest: bool, path: str) -> Iterator[Finding]:
    """Yield one finding for each image, at the first place of a file that names it."""
    for text, places in named.items():
        message = defect(text, digest)
        if message is not None:
            yield RULE.at(places[0], message, path=path, related=others(places, path))


def others(places: Sequence[Ranged], path: str) -> tuple[Related, ...]:
    """Return the first few places behind the one that is reported."""
    further = [each for each in dict.fromkeys(place.range for place in places) if each != places[0].range]
    return tuple(Related(each, "and here", path) for each in further[:MOST_OTHERS])


def moving_tags(file: Facts) -> Iterator[Value]:
    """Yield the moving tags that mappings of a file set, where no digest overrules them."""
    for mapping in file.values("image_mapping"):
        tag = next((mapping.items[key] for key in TAGS if key in mapping.items), None)
        if tag is not None and moves(tag.text) and "digest" not in mapping.items:
            yield tag


def rewritten(project: Project) -> Iterator[str]:
    """Yield the repositories whose tags a mapping of a project sets, whatever manifests say."""
    for _, mapping in project.values("image_mapping"):
        name = mapping.get("name")
        if name is not None and not mapping.items.keys().isdisjoint({"newTag", "digest"}):
            yield repository(name.text)


def repository(text: str) -> str:
    """Return an image's name without its tag."""
    named = image(text)
    return named.repository if named is not None else text


def built(file: Facts, named: Value) -> bool:
    """Say whether an image is only the name of what is built beside it."""
    return any(named.is_in(container) and "build" in container.items for container in file.values("container"))


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report moving images that are handed to a call that runs them, each once a file."""
    digest = file.option(RULE, "require-digest")
    named: dict[str, list[Ranged]] = {}
    for call in file.calls():
        given = call.argument("image")
        text = given.value.constant if given else None
        if given is not None and isinstance(text, str) and defect(text, digest):
            named.setdefault(text, []).append(given)
    yield from findings(named, digest, file.path)
