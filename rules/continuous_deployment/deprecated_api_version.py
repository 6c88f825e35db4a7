"""A resource is written in a version that its platform no longer serves."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related, Safety
from xops_lint.insertions import Rewritten
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Removal, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP509",
    name="deprecated-api-version",
    summary="A resource is written in a version that its platform no longer serves.",
    harm="A cluster of a release in support refuses it: the rollout, or the recovery in a new cluster, stops there.",
    remedy="Write the resource in the version that took its place; its fields may have moved.",
    ops=("devops",),
)


MOST_RELATED = 4
RELEASE = regex(r"(?:^|/)v?\d+\.\d+(?:\.\d+)*(?=[/-])")
"""A folder with the manifests of one release, which clusters of its time are given."""

VENDORED = regex(r"(?:^|/)(?:vendor|vendored|third[_-]party)/")
"""Copies of what others maintain."""


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report each removed version once a file, and replace it where its successor reads the same."""
    if RELEASE.search(file.path) or VENDORED.search(file.path):
        return
    met: dict[tuple[str, Removal], list[Value]] = {}
    for version, found in file.removals:
        met.setdefault((version.text, found), []).append(version)
    for (_, found), versions in met.items():
        instead = f"; `{found.replacement}` took its place" if found.replacement else ""
        related = tuple(Related(version.range, "and here") for version in versions[1 : 1 + MOST_RELATED])
        fix = None
        if found.alike:
            edits = tuple(Rewritten(version.range, found.replacement) for version in versions)
            fix = Fix(f"Write `{found.replacement}`", edits, Safety.SAFE)
        yield RULE.at(versions[0], f"was removed in {found.release}{instead}", related=related, fix=fix)
