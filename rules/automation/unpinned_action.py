"""CI runs somebody else's steps from a place that moves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Value
from xops_lint.pinning import at_commit
from xops_lint.rule import Option, Rule

RULE = Rule(
    code="XOP604",
    name="unpinned-action",
    summary="CI runs somebody else's steps from a place that moves.",
    harm="A push to that branch, by its owner or a thief, runs with your secrets the next time CI starts.",
    remedy="Name a commit, with its version as a comment, or at least a release tag.",
    ops=("devops",),
    options={"require-commit": Option(False, "also report actions that are pinned by tag and not by commit")},
)

BRANCH = regex(r"main|master|develop|development|dev|trunk|head|next|edge|nightly|default", re.IGNORECASE)
COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
BRANCH_IN_URL = regex(r"/(?:raw|blob)/(?:refs/heads/)?(?P<url>main|master|develop|dev|trunk)/", re.IGNORECASE)
OWN = regex(r"\.github/workflows/[^/@]+(?=@)")


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report references to a branch, each once a file; to a tag in production or on demand."""
    for file in project.shown.facts:
        strict = file.context.profile == "production" or file.option(RULE, "require-commit")
        named: dict[str, list[Value]] = {}
        for value in file.values("action"):
            if value.text and not value.templated and defect(value.text, strict) and not own(project, file, value.text):
                named.setdefault(value.text, []).append(value)
        for text, places in named.items():
            others = tuple(Related(place.range, "and here", file.path) for place in places[1:5])
            fix = at_commit(text, [place.range for place in places])
            yield RULE.at(places[0], defect(text, strict) or "", path=file.path, related=others, fix=fix)


def defect(text: str, strict: bool) -> str | None:
    """Return what is wrong with a reference to an action, or None."""
    if text.startswith(("./", "../", "/", "docker:")):
        return None
    in_url = BRANCH_IN_URL.search(text) if "://" in text else None
    if in_url is not None:
        return f"takes whatever the branch `{in_url['url']}` holds"
    if "/" not in text or "@" not in text or "://" in text:
        return None
    reference = text.rpartition("@")[2]
    if BRANCH.fullmatch(reference) or reference.startswith("refs/heads/"):
        return f"takes whatever the branch `{reference}` holds"
    return (
        f"is pinned to `{reference}`, which its owner can move" if strict and not COMMIT.fullmatch(reference) else None
    )


def own(project: Project, file: Facts, text: str) -> bool:
    """Say whether a reference most likely means a workflow of this repository, which none can call from itself."""
    path = OWN.search(text)
    return path is not None and path[0] != file.path and project.exists(path[0])
