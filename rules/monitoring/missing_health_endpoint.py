"""A service answers predictions, and nothing can ask whether it is able to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Safety
from xops_lint.insertions import NewRoute
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule
from xops_lint.serving import PREDICTION_ROUTE

RULE = Rule(
    code="XOP719",
    name="missing-health-endpoint",
    summary="A service answers predictions, and nothing can ask whether it is able to.",
    harm="A copy whose model did not load, or that hangs, gets its share of the requests and is never restarted.",
    remedy="Add a route such as `/health` that answers once the model is loaded, and let the platform ask it.",
    ops=("devops",),
    group=Group.PRODUCTION,
)

HEALTH = regex(r"health|ready|readiness|live(?:ness|z)?\b|ping|alive|status|heartbeat|version|info\b", re.IGNORECASE)
"""Words in the routes that others ask whether a service is well."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a service, the first route for predictions where no route of the project tells of health."""
    routes = [(file, call) for file in project.python for call in file.playing("serve") if is_route(call)]
    own = [(file, call) for file, call in routes if not file.context.test and not file.context.example]
    if any(tells_of_health(call) for _, call in own) or any(looks_healthy(file) for file, _ in own):
        return
    reported: set[str] = set()
    for file, call in own:
        asked = PREDICTION_ROUTE.search(str(call.value("name")))
        if asked and file.path not in reported and not file.notebook and predicts(project, file):
            reported.add(file.path)
            named = (definition for definition in file.definitions if call.index in definition.settings)
            where = next(named, call)
            fix = Fix("Add a route for its health", (NewRoute(call.range, call.callee, "/health"),), Safety.UNSAFE)
            message = "answers predictions in a service without a route for its health"
            yield RULE.at(where, message, path=file.path, fix=fix)


def is_route(call: Call) -> bool:
    """Say whether a call gives an address of a service to a function."""
    return call.takes("name") and call.receiver is not None and call.argument("name") is not None


def tells_of_health(call: Call) -> bool:
    """Say whether a route tells how the service is, or may; a front page that answers does as well."""
    path = call.value("name")
    return not isinstance(path, str) or path in ("", "/") or HEALTH.search(path) is not None


def looks_healthy(file: Facts) -> bool:
    """Say whether a function or a module of a service's file is called after its health."""
    names = [definition.name for definition in file.definitions] + [imported.target for imported in file.imports]
    return any(HEALTH.search(name.rpartition(".")[2]) for name in names)


def predicts(project: Project, file: Facts) -> bool:
    """Say whether running a file comes to load a model or to ask one."""
    return next(project.calls_reached(file, "load_model", "predict"), None) is not None
