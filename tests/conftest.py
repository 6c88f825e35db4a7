from __future__ import annotations

import os
from pathlib import Path

import pytest

# The linter is started hundreds of times: without its bytecode each start would compile every module anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Write goldens anew; read the difference before you commit.")


class Golden:
    """Compares a text with a file that is kept; ``--update`` writes the file."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def check(self, path: Path, actual: str) -> None:
        if self.update:
            path.write_text(actual, "utf-8", newline="\n")

        assert actual == path.read_text("utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.config.getoption("--update"))
