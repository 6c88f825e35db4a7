"""A cell writes a file of the project, and would write something else than is there."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Project
from xops_lint.rule import Group, Rule
from xops_lint.text import Range

RULE = Rule(
    code="XOP231",
    name="writefile-drift",
    summary="A cell writes a file of the project, and would write something else than is there.",
    harm="Whoever runs the notebook undoes what was changed in the file, and the pipeline goes on with the older code.",
    remedy="Bring the two together, and let the notebook import the file instead of writing it.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the cells whose text differs from that of the file they write."""
    for notebook in project.python:
        for draft in notebook.drafts:
            file = project.files.get(draft.path)
            kept = file is not None and not file.host and file.digest not in ("", draft.digest)
            if kept and (project.tracked is None or draft.path in project.tracked):
                message = f"differs from `{draft.path}`, which running this cell replaces"
                related = (Related(Range(0, 1), "the file as it is kept", draft.path),)
                yield RULE.at(draft.range, message, path=notebook.path, related=related)
