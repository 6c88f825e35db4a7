"""A resource is written in a version that its platform no longer serves."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.api_versions import removal
from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import ConfigFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP509",
    name="deprecated-api-version",
    summary="A resource is written in a version that its platform no longer serves.",
    harm="A cluster of a release in support refuses it: the rollout, or the recovery in a new cluster, stops there.",
    remedy="Write the resource in the version that took its place; its fields may have moved.",
    ops=("devops",),
)


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report versions that were removed, and replace those whose successor reads the same."""
    for document in file.documents:
        kind = document.get("kind")
        for version in file.values("api_version", document):
            found = removal(version.text, kind.text) if kind is not None else None
            if found is None or version.route != "apiVersion":
                continue
            instead = f"; `{found.replacement}` took its place" if found.replacement else ""
            fix = None
            if found.alike:
                fix = Fix(f"Write `{found.replacement}`", (Edit(version.range, found.replacement),), Safety.SAFE)
            yield RULE.at(version, f"was removed in {found.release}{instead}", fix=fix)
