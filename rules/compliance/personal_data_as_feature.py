"""A model is fitted on a column that tells who a person is, or what must not count."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.personal_data import names_personal, names_protected
from xops_lint.rule import Confidence, Group, Option, Rule

RULE = Rule(
    code="XOP107",
    name="personal-data-as-feature",
    summary="A model is fitted on a column that tells who a person is, or what must not count.",
    harm="It learns to treat people by their origin or belief, or remembers them, and may give both away.",
    remedy="Leave the column out of the features; keep it beside them to measure how groups fare.",
    ops=("dataops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
    options={"columns": Option([], "Further names of columns that no model may be fitted on, such as `gender`.")},
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report fits whose features are a known list that holds such a column, where nobody measures fairness."""
    further = {name.lower() for name in file.option(RULE, "columns")}
    if next(file.calls("fairness"), None) is not None:
        return
    for fit in file.calls("train", "cross_validate"):
        data = fit.argument("data")
        columns = data.value.columns if data is not None else None
        if data is None or columns is None or columns.kept is None or not fit.takes("target"):
            continue
        kept = sorted(columns.kept - columns.dropped)
        name = next((each for each in kept if kept_from_models(each, further)), None)
        if name is not None:
            yield RULE.at(data, f"holds `{name}`, which tells of a person what the model is not to count")


def kept_from_models(name: str, further: set[str]) -> bool:
    """Say whether a column is called as one that belongs in no model."""
    return names_protected(name) or names_personal(name) or name.lower() in further
