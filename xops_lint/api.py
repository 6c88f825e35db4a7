"""Linting from Python: what the command line does, without its output."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xops_lint import discovery, registry, runner, settings_check, settings_loading
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.settings import Settings


def lint(paths: Sequence[Path], settings: Settings | None = None) -> Report:
    """Lint files and folders; without settings, with those of their project.

    Raises XopsError if a path does not exist or the settings are wrong.
    """
    settings, rules = _settings_and_rules(paths, settings)
    found = discovery.find(paths, settings)
    report = runner.run(found.files, settings, rules, project_files=discovery.project(found, paths, settings))
    return report.with_notices(found.skipped)


def lint_text(text: str, path: Path, settings: Settings | None = None) -> Report:
    """Lint a text as if it were the content of a file, which need not exist."""
    settings, rules = _settings_and_rules([path], settings)
    relative = discovery.relative(path.absolute(), settings.root)
    return runner.run_text(relative, text.encode("utf-8", "surrogatepass"), settings, rules)


def _settings_and_rules(paths: Sequence[Path], settings: Settings | None) -> tuple[Settings, Registry]:
    settings = settings or settings_loading.load(tuple(paths))
    rules = registry.load(settings.rule_paths)
    settings_check.check(settings, rules)
    return settings, rules
