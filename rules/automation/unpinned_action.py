"""CI runs somebody else's steps from a place that moves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile
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

BRANCH = re.compile(r"main|master|develop|development|dev|trunk|head|next|edge|nightly|default", re.IGNORECASE)
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
BRANCH_IN_URL = re.compile(r"/(?:raw|blob)/(?:refs/heads/)?(?P<url>main|master|develop|dev|trunk)/", re.IGNORECASE)


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report references to a branch; to a tag in production or on demand."""
    strict = file.context.profile == "production" or file.option(RULE, "require-commit")
    for value in file.values("action"):
        text = value.text
        if not text or value.templated or text.startswith(("./", "../", "/", "docker:")):
            continue
        in_url = BRANCH_IN_URL.search(text) if "://" in text else None
        if in_url is not None:
            yield RULE.at(value, f"takes whatever the branch `{in_url['url']}` holds")
        elif "/" in text and "@" in text and "://" not in text:
            reference = text.rpartition("@")[2]
            if BRANCH.fullmatch(reference) or reference.startswith("refs/heads/"):
                yield RULE.at(value, f"takes whatever the branch `{reference}` holds")
            elif strict and not COMMIT.fullmatch(reference):
                yield RULE.at(value, f"is pinned to `{reference}`, which its owner can move")
