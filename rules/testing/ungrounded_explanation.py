"""An explanation rests on samples that chance draws anew on every run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP421",
    name="ungrounded-explanation",
    summary="An explanation rests on samples that chance draws anew on every run.",
    harm="The same prediction gets other reasons the next time somebody asks for them.",
    remedy="Seed the explainer, and keep the seed with the explanation.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report explainers that sample and that neither an argument nor a global seed pins."""
    for file, call in project.shown.left_to_chance("explain"):
        if "estimator" in call.roles:
            continue  # a model that explains itself: what it depends on is another rule's
        name = call.name.rpartition(".")[2]
        message = f"`{name}` draws its samples without a seed: ask again, and the reasons differ"
        fix = seeded(file, call) if call.takes("seed") else None
        yield RULE.at(call, message, path=file.path, fix=fix)
