"""A feature holds values of later rows, which nobody has when the model is used."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP423",
    name="lookahead-feature",
    summary="A feature holds values of later rows, which nobody has when the model is used.",
    harm="The model is told a piece of the future; scores are far too good, and the piece is missing in production.",
    remedy="Move values forward only: `shift` by a positive number, `ffill`, windows that end in their row.",
    ops=("dataops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def fitted(file: PythonFile) -> Iterator[Finding]:
    """Report what gives a column values of later rows where a model is fitted on that column."""
    seen = set[int]()
    for fit in file.calls("train", "cross_validate"):
        data, target = fit.argument("data"), fit.argument("target")
        if data is None or data.value.columns is None:
            continue
        answer = target.value.columns.single if target is not None and target.value.columns is not None else None
        for index, name in sorted(data.value.learned):
            if index < 0 or index in seen or name == answer or not ahead(file, file.call(index), name, data.value):
                continue
            seen.add(index)
            related = (Related(data.range, "a model is fitted on it here"),)
            what = f"`{name}`" if name else "the features"
            yield RULE.at(file.call(index), f"fills {what} from later rows", related=related)


@RULE.python
def kept(file: PythonFile) -> Iterator[Finding]:
    """Report gaps filled from behind in a table that is saved with a target of later rows."""
    targets = [
        call for call in file.all_calls if call.looks_ahead and ordering(call) and call.value("ahead") is not True
    ]
    seen = set[int]()
    for save in file.calls("save_data") if targets else ():
        table = save.argument("data")
        value = table.value if table is not None else save.receiver
        for index, name in sorted(value.learned) if value is not None else ():
            call = file.call(index) if index >= 0 else None
            if call is None or index in seen or not call.looks_ahead or ordering(call) or made_of(call, targets):
                continue
            seen.add(index)
            related = (Related(targets[0].range, "the target is made here"), Related(save.range, "both are saved here"))
            what = f"`{name}`" if name else "columns"
            yield RULE.at(call, f"fills {what} from later rows, beside a target of later rows", related=related)


def made_of(call: Call, targets: list[Call]) -> bool:
    """Say whether what a call fills is such a target itself."""
    value = call.receiver or Expression()
    only = value.columns.single if value.columns is not None else None
    made = {target.index for target in targets}
    return any(index in made and name in ("", only) for index, name in value.learned)


def ahead(file: PythonFile, call: Call, name: str, features: Expression) -> bool:
    """Say whether a call gives later values to a column among the features, or to all of them."""
    if not call.looks_ahead or features.columns is None:
        return False
    rows = call.receiver.columns if call.receiver is not None else None
    whole = not name and rows is not None and rows.kept is None
    if not whole and not (name and features.columns.hold(name)):
        return False
    # Only where rows stand in the order of time are later ones the future.
    return ordering(call) or any(map(ordering, file.all_calls))


def ordering(call: Call) -> bool:
    """Say whether a call makes sense only where rows stand in an order."""
    return call.entry is not None and "row_order" in call.entry.traits
