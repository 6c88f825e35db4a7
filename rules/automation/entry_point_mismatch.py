"""A pipeline starts a script with other options than the script takes."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.commands import Launch
from xops_lint.graph.options import Option, given, matches, open_words, taken, untaken
from xops_lint.model import Project
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP612",
    name="entry-point-mismatch",
    summary="A pipeline starts a script with other options than the script takes.",
    harm="The step ends with a usage message as soon as it is reached.",
    remedy="Pass the options that the script declares, or declare those that are passed.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a start, an option that the script does not take, or one that it wants and does not get."""
    owning = {facts.path for role in ("stage", "entry_point") for facts, _ in project.values(role)}
    for path in sorted(project.plan.launches.found) if owning else ():
        options = taken(project, project.files[path])
        seen = set()
        for launch in project.plan.launches.of(path) if options else ():
            if launch.spot.path in owning and launch.spot not in seen and options:
                seen.add(launch.spot)
                yield from compared(launch, options, image="dockerfile" in project.files[launch.spot.path].kinds)


def compared(launch: Launch, options: list[Option], image: bool) -> Iterator[Finding]:
    """Yield what is wrong with one start; whoever runs an image may add words to those that it holds."""
    passed, where, path = list(given(launch)), launch.spot.range, launch.facts.path
    if where is None or open_words(launch) or not {"-h", "--help"}.isdisjoint(launch.words):
        return
    name = untaken(launch, options)
    if name:
        related = (Related(options[0].call.range, "the options are declared here", path),)
        message = f"passes `{name}`, which `{path}` does not take"
        yield RULE.at(where, message, path=launch.spot.path, related=related)
        return
    for option in options if not image else ():
        short = any(word.startswith(each) for word in launch.words for each in option.spellings if each[:2] != "--")
        if option.required and not short and not any(matches(name, option) for name in passed):
            related = (Related(option.call.range, "required here", path),)
            message = f"does not pass `{option.spellings[-1]}`, which `{path}` requires"
            yield RULE.at(where, message, path=launch.spot.path, related=related)
            return
