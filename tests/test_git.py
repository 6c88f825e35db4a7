"""What git is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

from xops_lint.git import kept_bytes


def repository(folder: Path, attributes: str = "") -> Path:
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    (folder / ".gitattributes").write_text(attributes)
    (folder / "train.csv").write_bytes(b"1,2,3\n" * 1000)
    return folder


def test_git_keeps_a_file_as_large_as_it_is(tmp_path: Path) -> None:
    assert kept_bytes(repository(tmp_path), "train.csv") == 6000


def test_git_keeps_a_pointer_to_what_a_filter_takes(tmp_path: Path) -> None:
    assert kept_bytes(repository(tmp_path, "*.csv filter=lfs -text\n"), "train.csv") == 0


def test_an_attribute_of_another_file_does_not_count(tmp_path: Path) -> None:
    assert kept_bytes(repository(tmp_path, "*.parquet filter=lfs\n*.csv -filter\n"), "train.csv") == 6000


def test_links_and_missing_files_take_nothing(tmp_path: Path) -> None:
    (repository(tmp_path) / "linked.csv").symlink_to("train.csv")

    assert [kept_bytes(tmp_path, path) for path in ("linked.csv", "gone.csv", "\0")] == [0, 0, 0]


def test_without_a_repository_the_size_on_disk_counts(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_bytes(b"1,2,3\n" * 1000)

    assert kept_bytes(tmp_path, "train.csv") == 6000
