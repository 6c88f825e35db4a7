"""``xops-lint audit``: a scorecard of the seven principles, with evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal

if TYPE_CHECKING:
    from xops_lint.audit import Audit
    from xops_lint.audit_page import Earlier


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@options.output_format("text", "json", "markdown", "html", "badge")
@click.option(
    "--output-file",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the audit to a file.",
)
@click.option("--min-score", type=click.IntRange(0, 100), metavar="N", help="Exit with 1 if the score is below N.")
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A saved audit (JSON) for the trend of the HTML page; may be given again.",
)
@options.settings_options
@click.pass_context
def command(
    context: click.Context,
    /,
    path: Path | None,
    output_format: str,
    output_file: Path | None,
    min_score: int | None,
    earlier: tuple[Path, ...],
    **_: Any,
) -> int:
    """Say of each principle what holds, what is broken, and what cannot be known from files.

    A check holds if it had something to look at and found nothing; the places it
    looked at are the evidence. Baselined findings count, suppressed ones half if
    they give a reason.
    """
    from xops_lint import auditing, discovery

    paths = (path or Path("."),)
    settings, registry = options.settings_and_rules(context, paths)
    before = _read(context, earlier)
    found = discovery.find(paths, settings)
    made, report = auditing.audit(found.files, discovery.project(found, paths, settings), settings, registry)
    with terminal.output(output_file) as out:
        out.writelines(f"{line}\n" for line in _lines(output_format, made, before))
    if report.failed:
        terminal.say("a rule or a reader failed, so the audit may be incomplete: `xops-lint check` tells more")
        return 2
    if min_score is not None and made.score < min_score:
        terminal.say(f"the score is {made.score}, below {min_score}")
        return 1
    return 0


def _lines(output_format: str, audit: Audit, earlier: Sequence[Earlier]) -> Iterator[str]:
    from xops_lint import audit_page, audit_records

    if output_format == "json":
        yield json.dumps(audit_records.record(audit), indent=2, ensure_ascii=False)
    elif output_format == "markdown":
        yield from audit_records.markdown(audit)
    elif output_format == "html":
        yield audit_page.page(audit, earlier).rstrip("\n")
    elif output_format == "badge":
        yield audit_page.badge(audit).rstrip("\n")
    else:
        yield from audit_records.text(audit)


def _read(context: click.Context, files: Sequence[Path]) -> list[Earlier]:
    """Return the scores of saved audits, in the order of their files' names."""
    from xops_lint.audit_page import Earlier

    found = []
    for file in sorted(files):
        try:
            found.append(Earlier(file.stem, int(json.loads(file.read_bytes())["score"])))
        except (OSError, ValueError, KeyError, TypeError):
            raise click.UsageError(
                f"{file} is no saved audit: make one with `xops-lint audit --output-format json -o {file}`", context
            ) from None
    return found
