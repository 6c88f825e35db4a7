"""One wheel, one package, with everything the linter needs inside."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    wanted = ("xops_lint", "rules", "pyproject.toml", "README.md", "LICENSE")
    for name in wanted:
        found = ROOT / name
        if found.is_dir():
            shutil.copytree(found, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(found, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built).namelist()


def test_nothing_else_lands_in_site_packages(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"xops_lint"}


@pytest.mark.parametrize("pattern", ["rules/*/*.py", "rules/*/*.md", "xops_lint/**/*.py", "xops_lint/data/**/*.yaml"])
def test_rules_pages_and_data_are_inside(wheel: list[str], pattern: str) -> None:
    sources = [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)]
    expected = {name if name.startswith("xops_lint/") else f"xops_lint/{name}" for name in sources}

    assert len(expected) > 20
    assert expected - set(wheel) == set()


def test_the_marker_of_typed_packages_is_inside(wheel: list[str]) -> None:
    assert "xops_lint/py.typed" in wheel
