"""A container image can change under the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Facts, Project, PythonFile, Value
from xops_lint.rule import Option, Rule

RULE = Rule(
    code="XOP332",
    name="unpinned-image",
    summary="A container image can change under the same name.",
    harm="Two runs of the same commit use other libraries, and a rollback brings back another image.",
    remedy="Name a version tag, or better a digest: `image:1.4.2` or `image@sha256:…`.",
    ops=("devops",),
    options={"require-digest": Option(False, "also report images that are pinned by tag and not by digest")},
)

UNKNOWN = re.compile(r"[${}<>*\s]|^scratch$|^\.|^/")
"""Templates, stages and paths: nothing is known of the image."""

MOVING = frozenset({"latest", "main", "master", "stable", "edge", "nightly", "dev"})
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
    """Report moving images wherever a kind says that an image stands, unless a mapping sets their tags."""
    pinned = frozenset(rewritten(project))
    for file in project.facts:
        digest = file.option(RULE, "require-digest") if file.kinds else False
        for value in file.values("image"):
            message = defect(value.text, digest) if value.tag == "str" else None
            if message is not None and repository(value.text) not in pinned and not built(file, value):
                yield RULE.at(value, message, path=file.path)
        tags = list(moving_tags(file))
        if tags:
            others = tuple(Related(tag.range, "and here", file.path) for tag in tags[1:5])
            yield RULE.at(tags[0], f"sets an image to the moving tag `{tags[0].text}`", path=file.path, related=others)


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
    """Report moving images that are handed to a call that runs them."""
    for call in file.calls():
        image = call.argument("image")
        if image is None or not isinstance(image.value.constant, str):
            continue
        message = defect(image.value.constant, file.option(RULE, "require-digest"))
        if message is not None:
            yield RULE.at(image, message)
