"""What a step of each CI system looks like that runs the linter, to be put into a config by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from xops_lint import __version__

COMMANDS: Final = (f"pip install xops-lint=={__version__}", "xops-lint check")
"""What a step of any CI system runs."""

_STEPS: Final[Mapping[str, str]] = {
    "GitLab CI": """\
xops-lint:
  image: python:3.12
  script:
    - {install}
    - {check}
""",
    "Azure Pipelines": """\
- task: UsePythonVersion@0
  inputs:
    versionSpec: "3.12"
- script: |
    {install}
    {check}
  displayName: xops-lint
""",
    "CircleCI": """\
jobs:
  xops-lint:
    docker:
      - image: cimg/python:3.12
    steps:
      - checkout
      - run: {install}
      - run: {check}
""",
    "Bitbucket Pipelines": """\
- step:
    name: xops-lint
    image: python:3.12
    script:
      - {install}
      - {check}
""",
    "Jenkins": """\
stage('xops-lint') {{
    steps {{
        sh '{install}'
        sh '{check}'
    }}
}}
""",
    "Travis CI": """\
jobs:
  include:
    - name: xops-lint
      language: python
      python: "3.12"
      install: {install}
      script: {check}
""",
    "Cloud Build": """\
- name: python:3.12
  entrypoint: bash
  args: [-c, "{install} && {check}"]
""",
    "CodeBuild": """\
phases:
  build:
    commands:
      - {install}
      - {check}
""",
}
"""A step or a job by the name of the system, in the words of its config."""


def step(service: str) -> Sequence[str]:
    """Return the lines of a step that runs the linter; the plain commands for a system that is not known."""
    install, check = COMMANDS
    if service not in _STEPS:
        return COMMANDS
    return _STEPS[service].format(install=install, check=check).splitlines()
