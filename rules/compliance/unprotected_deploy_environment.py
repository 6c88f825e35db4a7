"""A job of CI puts a model into service, and nobody has to agree."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Group, Rule
from xops_lint.serving import is_tried_out
from xops_lint.shell import Command

RULE = Rule(
    code="XOP126",
    name="unprotected-deploy-environment",
    summary="A job of CI puts a model into service, and nobody has to agree.",
    harm="Whoever can push to the branch, or change the workflow, decides what answers requests in production.",
    remedy="Let the job deploy to a protected environment, or wait for somebody to start it.",
    ops=("devops",),
    group=Group.PRODUCTION,
)

BY_ITSELF = frozenset({"push", "pull_request", "pull_request_target", "schedule", "workflow_run", ""})
"""What starts a workflow without anybody's decision to deploy."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report jobs that deploy by themselves, in files of CI in which no job is bound to an environment."""
    for file in project.shown.facts:
        if not can_be_bound(file) or next(file.values("deploy_environment"), None) is not None or waits(file):
            continue
        for job in file.values("job"):
            if job.key is None or is_tried_out(f"{job.route}/"):
                continue
            deploying = next((each for each in file.commands if below(each, job) and deploys(project, each)), None)
            if deploying is not None:
                related = (Related(deploying.range, "deploys here"),)
                message = "puts a model into service without a protected environment or anybody's consent"
                yield RULE.at(job.key, message, path=file.path, related=related)


def can_be_bound(file: Facts) -> bool:
    """Say whether a kind of CI knows environments that somebody has to open."""
    return any("deploy_environment" in roles for roles in file.routes.values()) and not is_tried_out(file.path)


def waits(file: Facts) -> bool:
    """Say whether a person starts the jobs of a file, or some job of it."""
    words = {word.text for word in file.values("started_by")}
    return bool(words) and ("manual" in words or words.isdisjoint(BY_ITSELF))


def below(command: Command, job: Value) -> bool:
    """Say whether a command belongs to a job."""
    return command.route.startswith(f"{job.route}.")


def deploys(project: Project, command: Command) -> bool:
    """Say whether a command puts a model into service, by itself or by a script of the project."""
    if "deploy" in command.roles:
        return True
    scripts = project.scripts(command)
    return len(scripts) == 1 and any(not file.context.test and any(file.acting("deploy")) for file in scripts)
