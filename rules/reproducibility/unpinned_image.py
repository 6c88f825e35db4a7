"""A container image can change under the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xops_lint.diagnostic import Finding, Related
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

UNKNOWN = re.compile(r"[${}<>*\s]|^scratch$|^\.|^/|://")
"""Templates, stages, paths and what is built from source: nothing is known of the image."""

MOVING = frozenset({"latest", "main", "master", "stable", "edge", "nightly", "dev"})
MOST_OTHERS = 4
TAGS = ("newTag", "tag")


def defect(image: str, digest: bool) -> str | None:
    """Return what is wrong with an image reference, or None."""
    if not image or UNKNOWN.search(image) or "@sha256:" in image:
        return None
    tag = image.rpartition("/")[2].partition(":")[2]
    if not tag:
        return "names an image without a tag, which means `latest`"
    if tag in MOVING:
        return f"names an image by the moving tag `{tag}`"
    return "names an image by a tag and not by its digest" if digest else None


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report moving images where a kind says that an image stands, unless a mapping sets their tags."""
    pinned = frozenset(rewritten(project))
    for file in project.facts:
        digest = file.option(RULE, "require-digest") if file.kinds else False
        named: dict[str, list[Ranged]] = {}
        for value in file.values("image"):
            image = value.text if value.tag == "str" else ""
            if defect(image, digest) and repository(image) not in pinned and not built(file, value):
                named.setdefault(image, []).append(value)
        yield from findings(named, digest, file.path)
        tags = list(moving_tags(file))
        if tags:
            message = f"sets an image to the moving tag `{tags[0].text}`"
            yield RULE.at(tags[0], message, path=file.path, related=others(tags, file.path))


def findings(named: Mapping[str, Sequence[Ranged]], digest: bool, path: str) -> Iterator[Finding]:
    """Yield one finding for each image, at the first place of a file that names it."""
    for image, places in named.items():
        message = defect(image, digest)
        if message is not None:
            yield RULE.at(places[0], message, path=path, related=others(places, path))


def others(places: Sequence[Ranged], path: str) -> tuple[Related, ...]:
    """Return the first few places behind the one that is reported."""
    return tuple(Related(place.range, "and here", path) for place in places[1 : 1 + MOST_OTHERS])


def moving_tags(file: Facts) -> Iterator[Value]:
    """Yield the moving tags that mappings of a file set, where no digest overrules them."""
    for mapping in file.values("image_mapping"):
        tag = next((mapping.items[key] for key in TAGS if key in mapping.items), None)
        if tag is not None and tag.text in MOVING and "digest" not in mapping.items:
            yield tag


def rewritten(project: Project) -> Iterator[str]:
    """Yield the repositories whose tags a mapping of a project sets, whatever manifests say."""
    for _, mapping in project.values("image_mapping"):
        name = mapping.get("name")
        if name is not None and not mapping.items.keys().isdisjoint({"newTag", "digest"}):
            yield repository(name.text)


def repository(image: str) -> str:
    """Return an image's name without its tag."""
    folder, slash, name = image.rpartition("/")
    return f"{folder}{slash}{name.partition(':')[0]}"


def built(file: Facts, image: Value) -> bool:
    """Say whether an image is only the name of what is built beside it."""
    return any(image.is_in(container) and "build" in container.items for container in file.values("container"))


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report moving images that are handed to a call that runs them, each once a file."""
    digest = file.option(RULE, "require-digest")
    named: dict[str, list[Ranged]] = {}
    for call in file.calls():
        image = call.argument("image")
        text = image.value.constant if image else None
        if image is not None and isinstance(text, str) and defect(text, digest):
            named.setdefault(text, []).append(image)
    yield from findings(named, digest, file.path)
