"""Features are made of tables, and nothing notices when these are no longer filled."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Facts, Project, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP728",
    name="unchecked-freshness",
    summary="Features are made of tables, and nothing notices when these are no longer filled.",
    harm="The load breaks, every check of the old rows passes, and the model goes on predicting from last month.",
    remedy="Say how old the rows may be, and let what is older fail or count as missing.",
    ops=("dataops",),
    group=Group.PREVIEW,
)

MODELLING = ("train", "predict", "evaluate", "load_model")


@RULE.project
def in_sources(project: Project) -> Iterator[Finding]:
    """Report places of source tables without a limit on their age, in a project that trains or predicts."""
    if next(project.calls(*MODELLING), None) is None or any(limits_all(file) for file in project.facts):
        return
    for file, origin in project.shown.values("data_origin"):
        limits = file.values("freshness", origin)
        tables = any(origin.holds(table) for table in file.values("data_table"))
        if tables and not file.context.example and next(limits, None) is None:
            where = origin.items.get("name", origin)
            yield RULE.at(where, "has tables of which nobody checks how old their rows are", path=file.path)


def limits_all(file: Facts) -> bool:
    """Say whether a file that declares no tables itself sets a limit for those that others declare."""
    return next(file.values("freshness"), None) is not None and next(file.values("data_origin"), None) is None


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report groups of features that are served however old they are."""
    for call in file.calls("version_data"):
        if call.takes("freshness") and call.argument("freshness") is None and not call.unpacks:
            yield RULE.at(call.callee, f"serves features however old they are: no `{call.spelling('freshness')}`")
