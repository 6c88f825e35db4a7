"""The compiled form of the linter's own data."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from xops_lint import data_files

OWN = sorted(str(path.relative_to(data_files.FOLDER)) for path in data_files.FOLDER.rglob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(data_files, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path


@pytest.mark.parametrize("name", OWN)
def test_own_data_is_the_same_when_compiled(name: str):
    data = yaml.safe_load((data_files.FOLDER / name).read_bytes())

    assert json.loads(json.dumps(data)) == data


def test_the_compiled_form_is_read_while_its_source_is_unchanged(folder: Path):
    source = folder / "words.yaml"
    source.write_text("greeting: hello\n")
    assert data_files.load("words.yaml") == {"greeting": "hello"}
    (compiled,) = (folder / "__pycache__").iterdir()
    compiled.write_text(compiled.read_text().replace("hello", "compiled"))

    assert data_files.load("words.yaml") == {"greeting": "compiled"}

    source.write_text("greeting: good day\n")

    assert data_files.load("words.yaml") == {"greeting": "good day"}


def test_a_damaged_compiled_form_is_written_anew(folder: Path):
    (folder / "words.yaml").write_text("greeting: hello\n")
    data_files.load("words.yaml")
    (compiled,) = (folder / "__pycache__").iterdir()
    for damaged in ("", "[]", '{"of": null}'):
        compiled.write_text(damaged)

        assert data_files.load("words.yaml") == {"greeting": "hello"}
        assert json.loads(compiled.read_text())["data"] == {"greeting": "hello"}


def test_where_nothing_can_be_written_the_source_is_read(folder: Path):
    (folder / "words.yaml").write_text("greeting: hello\n")
    (folder / "__pycache__").write_text("a file in the place of the folder")

    assert data_files.load("words.yaml") == {"greeting": "hello"}


def test_nothing_is_written_where_bytecode_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (folder / "words.yaml").write_text("greeting: hello\n")

    assert data_files.load("words.yaml") == {"greeting": "hello"}
    assert [path.name for path in folder.iterdir()] == ["words.yaml"]
