"""A notebook defines a function that a module of the project holds already."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Facts, Project
from xops_lint.rule import Group, Rule
from xops_lint.twins import Body

RULE = Rule(
    code="XOP232",
    name="notebook-duplicates-module",
    summary="A notebook defines a function that a module of the project holds already.",
    harm="The two go apart: what is tried in the notebook is no longer what the pipeline runs.",
    remedy="Import the function from the module.",
    ops=("devops",),
    group=Group.OPTIONAL,
    exploration=True,
)

MOST_OTHERS = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the notebooks with copies of functions, each once, at the first of them."""
    notebooks = [file for file in project.python if file.notebook and file.bodies]
    originals = held(project) if notebooks else {}
    for notebook in notebooks:
        found = [(body, *originals[body.digest]) for body in notebook.bodies.values() if body.digest in originals]
        copies = [each for each in found if is_near(notebook.path, each[1].path)]
        if copies:
            body, module, original = copies[0]
            rest = f", and {len(copies) - 1} more" if len(copies) > 1 else ""
            related = [Related(original.range, "the same function", module.path)]
            related += (Related(each.range, "so is this one", notebook.path) for each, *_ in copies[1:MOST_OTHERS])
            message = f"is a copy of a function of `{module.path}`{rest}"
            yield RULE.at(body.range, message, path=notebook.path, related=tuple(related))


def is_near(notebook: str, module: str) -> bool:
    """Say whether a module is of the same part of the project as a notebook, and not that notebook as a script."""
    above = posixpath.dirname(posixpath.dirname(notebook))
    exported = stem(notebook) == stem(module)
    return not exported and (not above or module.startswith(f"{above}/"))


def stem(path: str) -> str:
    """Return what the name of a file says, however its words are joined."""
    return posixpath.splitext(posixpath.basename(path))[0].lower().replace("-", "_").replace(" ", "_")


def held(project: Project) -> Mapping[str, tuple[Facts, Body]]:
    """Return the functions of the project's own modules by what tells them from others."""
    found: dict[str, tuple[Facts, Body]] = {}
    for file in project.python:
        if not (file.notebook or file.host or file.context.test or file.context.example):
            for body in file.bodies.values():
                found.setdefault(body.digest, (file, body))
    return found
