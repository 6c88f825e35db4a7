"""``xops-lint fleet``: lint many repositories, on this machine or on a cluster."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import extras, terminal

if TYPE_CHECKING:
    from xops_lint.fleet import Outcome


@click.command()
@click.argument("repositories", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="REPOS.txt")
@click.option(
    "--output-dir",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("xops-lint-fleet"),
    show_default=True,
    help="Where the reports are written.",
)
@click.option("--cluster", metavar="ADDRESS", help="The scheduler of a Dask cluster, such as `tcp://scheduler:8786`.")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Processes to use without a cluster; all cores by default."
)
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Judge all by this settings file."
)
@click.option("--own-settings", is_flag=True, help="Judge each repository by its own settings, local rules included.")
@click.option("--preview", is_flag=True, help="Let rules in preview take part.")
@click.option("--quiet", "-q", is_flag=True, help="Show errors, and nothing else.")
def command(
    repositories: Path,
    output_dir: Path,
    cluster: str | None,
    jobs: int | None,
    config: Path | None,
    own_settings: bool,
    preview: bool,
    quiet: bool,
) -> int:
    """Lint the repositories that REPOS.txt lists, a path or git address a line.

    Writes a report of each, and one of all as JSON and HTML. All are judged by the same settings:
    the defaults, or those of --config.
    """
    from xops_lint import fleet

    if config is not None and own_settings:
        raise click.UsageError("`--config` and `--own-settings` exclude each other")
    found = fleet.listed(repositories.read_text("utf-8"), repositories.absolute().parent)
    if not found:
        raise click.UsageError(f"{repositories} lists no repository")
    started, told = time.monotonic(), _Told(len(found), quiet)
    order = fleet.Order(config.absolute() if config else None, own_settings, preview)
    with _executors(cluster, jobs) as executor:
        outcomes = fleet.run(found, order, executor, told)
    _write(outcomes, output_dir)
    if not quiet:
        seconds = time.monotonic() - started
        terminal.say(f"{len(found)} repositories in {seconds:.1f} s: {len(found) / seconds * 3600:.0f} an hour")
        terminal.say(f"see {output_dir / 'fleet.html'}")
    return 2 if any(each.error for each in outcomes) else 0


class _Told:
    """Says of each repository that it is done."""

    def __init__(self, total: int, quiet: bool) -> None:
        self.total, self.done, self.quiet = total, 0, quiet

    def __call__(self, outcome: Outcome) -> None:
        self.done += 1
        words = outcome.error or f"{len(outcome.findings)} findings in {outcome.files} files, {outcome.seconds:.1f} s"
        if outcome.error or not self.quiet:
            terminal.say(f"{self.done}/{self.total} {outcome.repository.name}: {words}")


@contextmanager
def _executors(cluster: str | None, jobs: int | None) -> Iterator[Callable[[], Executor]]:
    """Give what makes executors: of a cluster's workers, or of processes here."""
    if cluster is None:
        yield lambda: ProcessPoolExecutor(jobs)
        return
    extras.require("`--cluster`", "cluster", "distributed")
    import distributed

    from xops_lint.exceptions import PathError

    # It has types in some versions only.
    connect: Any = distributed.Client

    try:
        client = connect(cluster, timeout="30s")
    except (OSError, ValueError) as error:
        raise PathError(f"{cluster}: no scheduler answers there: {error}") from error
    with client:
        yield client.get_executor


def _write(outcomes: Sequence[Outcome], folder: Path) -> None:
    from xops_lint import fleet_report

    report = fleet_report.record(outcomes)
    pages = {"fleet.json": _json(report), "fleet.html": fleet_report.page(report)}
    pages.update({f"repositories/{each.repository.name}.json": _json(each.findings) for each in outcomes})
    for name, text in pages.items():
        with terminal.output(folder / name) as out:
            out.write(text)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
