"""A model is asked with a table that lacks columns it was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Project
from xops_lint.model_inputs import Asked, Fitted, asked, fitted
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP516",
    name="serving-schema-mismatch",
    summary="A model is asked with a table that lacks columns it was fitted on.",
    harm="The library refuses the table, or reads one column for another: it shows with the first request, in service.",
    remedy="Ask for every column that training names, best from one list or class that both programs import.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
)

MOST_NAMED = 3


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report a table once where each training of the model needs a column that it does not have."""
    asking = list(asked(project))
    models = fitted(project) if asking else {}
    for each in asking:
        fits = [fit for name in sorted(each.names) for fit in models.get(name, ())]
        lacking = [fit.columns - each.columns for fit in fits]
        if fits and all(lacking):
            yield finding(each, fits[0], sorted(frozenset.intersection(*lacking) or lacking[0]))


def finding(asking: Asked, fit: Fitted, lacking: Sequence[str]) -> Finding:
    """Return the finding at a table, with where the columns were learned."""
    named = ", ".join(f"`{name}`" for name in lacking[:MOST_NAMED])
    more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
    related = (
        Related(fit.call.range, "fitted here", fit.file.path),
        Related(fit.saving.range, "saved here", fit.file.path),
        Related(asking.loading.range, "loaded here"),
    )
    source = f" (from `{asking.record.rpartition('.')[2]}`)" if asking.record else ""
    message = f"lacks {named}{more}{source}, on which the model was fitted"
    return RULE.at(asking.table, message, path=asking.file.path, related=related)
