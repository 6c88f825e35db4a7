"""A model is served with another version of its library than the one it was trained with."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.environments import skews
from xops_lint.model import Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP337",
    name="train-serve-version-skew",
    summary="A model is served with another version of its library than the one it was trained with.",
    harm="Stored models hold for the version that made them: loading fails, or answers change without a word.",
    remedy="Declare the library once for both, or train again with the version that serves.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report a library once for each file that declares it for a service."""
    for skew in skews(project):
        served, trained = skew.served, skew.trained
        related = (
            Related(trained.range, f"the model is trained with `{trained.name}{trained.specifier}`", trained.path),
            Related(skew.loading.range, "loaded here", skew.loading.path),
            Related(skew.saving.range, "saved here", skew.saving.path),
        )
        message = f"serves a model that `{skew.saving.path}` trains with `{trained.name}{trained.specifier}`"
        yield RULE.at(served.range, message, path=served.path, related=related)
