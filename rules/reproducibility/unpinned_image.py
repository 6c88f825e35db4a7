"""A container image can change under the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile, PythonFile
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


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report moving images wherever a kind says that an image stands."""
    for value in file.values("image"):
        message = defect(value.text, file.option(RULE, "require-digest")) if value.tag == "str" else None
        if message is not None:
            yield RULE.at(value, message)


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
