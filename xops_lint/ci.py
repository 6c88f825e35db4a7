"""What runs a project's checks by itself: the configs of continuous integration."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from xops_lint.facts import Facts
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import Command

KINDS = ("github-workflow", "gitlab-ci", "azure-pipelines", "circleci", "bitbucket", "jenkinsfile")
"""Kinds of configs that a CI service runs."""

PIPELINES = (
    "dvc",
    "mlproject",
    "kfp-v2",
    "kfp-v1",
    "kfp-component",
    "azureml-pipeline-job",
    "sagemaker-pipeline",
    "pachyderm",
    "zenml-config",
)
"""Kinds of configs that define a pipeline or one of its steps."""

_OTHERS = ("cloud-build", "codebuild", "travis", "tekton")
"""Kinds of further services that may run the checks; what their steps do is not looked at."""

_PARTS = ("github-action",)
"""Kinds of configs whose steps others of them run."""

_PATHS = regex(
    r"(?:^|.*/)(?:\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml|\.?gitlab-ci[^/]*\.ya?ml|[^/]*\.gitlab-ci\.ya?ml|Jenkinsfile[^/]*"
    r"|[^/]+\.jenkinsfile|azure[-_]?pipelines?[^/]*\.ya?ml|\.azure(?:-pipelines|devops)/.+|\.?pipelines/[^/]+\.ya?ml|\.circleci/.+|\.travis\.ya?ml"
    r"|\.?appveyor\.ya?ml|\.drone\.ya?ml|\.?cloud-?build[^/]*\.(?:ya?ml|json)|\.?cloud-?build/[^/]+\.ya?ml|[^/]*buildspec[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.buildkite/.+"
    r"|\.woodpecker.*|\.semaphore/.+|\.tekton/.+|\.cirrus\.ya?ml|codemagic\.ya?ml|wercker\.ya?ml|\.prow.*|\.teamcity/.+|\.harness/.+|skaffold\.ya?ml"
    r"|\.builds?/[^/]+\.ya?ml|\.build\.ya?ml|dagger\.json|earthly|Earthfile)\Z"
)
_RUN_FOLDER = regex(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\Z")
"""Workflows in other folders are templates or documentation."""

_PLACES = (".github/workflows", ".gitlab-ci.yml", "Jenkinsfile", ".travis.yml", ".circleci", ".buildkite")
_TASK_RUNNERS = frozenset({"make", "task", "just", "invoke", "inv", "bazel", "earthly", "doit"})
"""Programs that run what a file of this repository says."""

_TEST_HOOK = regex(r"(?:py|unit|doc)-?tests?\b|\b(?:tox|nox|run-tests)\b")
"""Names of hooks that run tests."""

_HIGHEST = 12
"""No repository is looked for further above a project's root."""


def is_ci(facts: Facts) -> bool:
    """Say whether a config is one that a CI service runs, or a part of one."""
    return not {*KINDS, *_OTHERS, *_PARTS}.isdisjoint(facts.kinds)


def files(project: Project) -> Sequence[Facts]:
    """Return the CI configs whose steps are known."""
    return [
        facts
        for facts in project.of_kind(*KINDS, *_PARTS)
        if facts.documents and ("github-workflow" not in facts.kinds or _RUN_FOLDER.match(facts.path))
    ]


def unread(project: Project) -> bool:
    """Say whether there is CI whose steps are not known: another service's, a template, a program."""
    known = {facts.path for facts in files(project) if "jenkinsfile" not in facts.kinds}
    if next(project.of_kind(*_OTHERS), None) is not None:
        return True
    return any(
        _PATHS.match(path) and path not in known and "/.github/workflows/" not in path for path in _paths(project)
    )


def exists(project: Project) -> bool:
    """Say whether anything looks like CI, at the root, below it or above it."""
    return (
        any(_PATHS.match(path) for path in _paths(project))
        or next(project.of_kind(*KINDS, *_OTHERS), None) is not None
        or any(project.exists(place) for place in _PLACES)
        or not _is_whole(project)
    )


def runs_tests(project: Project) -> bool:
    """Say whether CI runs a test tool, or a script or a task of this repository that may be one."""
    commands = [command for file in files(project) for command in file.commands]
    return any("run_tests" in command.roles or is_task(command) for command in commands)


def hooks_may_test(project: Project) -> bool:
    """Say whether a hook for commits runs tests, or a command of the project's own, which may; so may unseen hooks."""
    hooks = [hook for _, hook in project.values("hook")]
    named = [hook.items["id"].text for hook in hooks if "id" in hook.items]
    own = any("entry" in hook.items for hook in hooks)
    return not hooks or own or any(_TEST_HOOK.search(name) for name in named)


def is_task(command: Command) -> bool:
    """Say whether a command runs what a file of this repository says, be it a script of a shell."""
    if command.known:
        return False
    name = posixpath.basename(command.words[0])
    return name in _TASK_RUNNERS or (command.script or name).endswith(".sh")


def exercised(project: Project) -> frozenset[str]:
    """Return the modules that the programs which CI starts may execute."""
    started = {file.path for file in files(project)}
    entries = [path for path, starting in project.launchers.items() if not started.isdisjoint(starting)]
    return frozenset(place.path for path in sorted(entries) for place in project.reach(project.files[path]))


def _paths(project: Project) -> frozenset[str]:
    return (project.tracked or frozenset()) | project.files.keys()


def _is_whole(project: Project) -> bool:
    """Say whether the root is that of a repository and no folder of a larger one, which may have CI."""
    above = ("../" * height for height in range(1, _HIGHEST))
    return project.tracked is not None and (
        project.exists(".git") or not any(project.exists(f"{folder}.git") for folder in above)
    )
