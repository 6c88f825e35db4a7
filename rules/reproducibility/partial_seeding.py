"""Some libraries are seeded and another that is drawn from is not."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import is_experiment, partial_seedings
from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import seeded_too
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP311",
    name="partial-seeding",
    summary="Some libraries are seeded and another that is drawn from is not.",
    harm="The program looks seeded and still gives another result on every run.",
    remedy="Seed every library the program draws from in the same place.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report places that seed several libraries, once for each library they leave out."""
    reported: set[tuple[str, int, str]] = set()
    for entry in project.shown.entries_making("seed"):
        if entry.context.test or not is_experiment(project, entry):
            continue
        for seeding in partial_seedings(project, entry):
            for family, (file, draw) in seeding.missing.items():
                place = (seeding.file.path, seeding.call.index, family)
                if place in reported:
                    continue
                reported.add(place)
                covered = " and ".join(f"`{each}`" for each in seeding.covered)
                message = f"completes the seeding of {covered}, but `{entry.path}` draws from `{family}` as well"
                related = (Related(draw.range, f"draws from `{family}` here", file.path),)
                fix = seeded_too(seeding.file, seeding.call, file, draw)
                yield RULE.at(seeding.call, message, path=seeding.file.path, related=related, fix=fix)
