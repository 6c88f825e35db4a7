"""A language model is asked by a name that its provider moves to newer models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, Facts, Project
from xops_lint.provenance import Written, texts
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP328",
    name="unpinned-llm",
    summary="A language model is asked by a name that its provider moves to newer models.",
    harm="Prompts that were tuned and tested on one model are answered by another, from one day to the next.",
    remedy="Name the dated snapshot that you tested, and move on by your own decision.",
    ops=("aiops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report moving names of models, each once a file, where they are written."""
    seen: set[tuple[str, str]] = set()
    for file, call in project.shown.calls_given("generate"):
        model = call.argument("model")
        if (
            model is None
            or call.entry is None
            or not call.entry.moving
            or explores(file)
            or named_by_hand(file, call, model)
        ):
            continue
        for written in texts(project, file, call, model):
            asked = Written(written.text, file.path, model.range)
            # Of what goes through other calls first, nobody kept where it stands.
            placed = written.range.start < written.range.end
            key = (written.path if placed else file.path, written.text)
            if key in seen or not moves(call.entry.moving, written.text):
                continue
            seen.add(key)
            if not placed:
                yield RULE.at(asked.range, f"may be `{asked.text}`, a name that moves to newer models", path=asked.path)
                continue
            related = () if written == asked else (Related(model.range, "is asked here", file.path),)
            yield RULE.at(written.range, "is a name that moves to newer models", path=written.path, related=related)


def explores(file: Facts) -> bool:
    """Say whether a file only tries something out."""
    return file.context.profile == "exploration" or file.context.test


def named_by_hand(file: Facts, call: Call, model: Argument) -> bool:
    """Say whether the name is none of the provider's: a server of one's own, or a deployment with a name of its own."""
    clients = [] if call.receiver is None else list(file.sources(call.receiver, "connect"))
    elsewhere = any(
        client.argument("uri") or "names_by_hand" in client.entry.traits for client in clients if client.entry
    )
    return elsewhere or any(client.unpacks for client in clients) or model.name not in (None, call.spelling("model"))


def moves(patterns: tuple[str, ...], name: str) -> bool:
    """Say whether a provider moves a name."""
    return any(re.fullmatch(pattern, name) for pattern in patterns)
