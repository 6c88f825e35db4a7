"""Images and assets are read as the platforms that take them document it."""

from __future__ import annotations

import pytest

from xops_lint.assets import Asset, Image, asset, image, is_latest

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", Image("python")),
        ("python:3.11-slim", Image("python", "3.11-slim")),
        ("team/train:v1", Image("team/train", "v1")),
        ("registry.example.com/team/train", Image("registry.example.com/team/train")),
        ("registry.example.com:5000/train", Image("registry.example.com:5000/train")),
        ("localhost:5000/team/train:2", Image("localhost:5000/team/train", "2")),
        (f"python@{DIGEST}", Image("python", "", DIGEST)),
        (f"localhost:5000/train:2@{DIGEST}", Image("localhost:5000/train", "2", DIGEST)),
    ],
)
def test_an_image_has_a_repository_a_tag_and_a_digest(text: str, expected: Image) -> None:
    assert image(text) == expected


def test_a_registry_has_a_dot_or_a_port() -> None:
    named = ("team/train", "localhost/train", "localhost:5000/train", "ghcr.io/team/train", "train")

    assert [each.registry for text in named if (each := image(text))] == [
        "",
        "localhost",
        "localhost:5000",
        "ghcr.io",
        "",
    ]


@pytest.mark.parametrize(
    "text", ["", "scratch", "./train", "/train", "${IMAGE}:1", "train:{{ tag }}", "docker://alpine", "a b", "user@host"]
)
def test_what_is_filled_in_or_no_image_is_unknown(text: str) -> None:
    assert image(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("models:/churn/3", Asset("models", "churn", version="3")),
        ("models:/churn/Production", Asset("models", "churn", stage="Production")),
        ("models:/churn/latest", Asset("models", "churn", stage="latest")),
        ("models:/churn@champion", Asset("models", "churn", label="champion")),
        ("models:/m-0123456789abcdef", Asset("models", "", version="m-0123456789abcdef")),
        ("runs:/0a1b2c3d/model", Asset("runs", "model", version="0a1b2c3d")),
        ("azureml:churn:3", Asset("azureml", "churn", version="3")),
        ("azureml:churn@latest", Asset("azureml", "churn", label="latest")),
        ("azureml:churn", Asset("azureml", "churn")),
        ("azureml://registries/azureml/models/churn/versions/3", Asset("azureml", "churn", version="3")),
        ("azureml://registries/azureml/environments/sk/labels/latest", Asset("azureml", "sk", label="latest")),
        ("hf://team/churn", Asset("hf", "team/churn")),
        ("hf://team/churn@v1.0", Asset("hf", "team/churn", version="v1.0")),
        ("hf://team/churn:0a1b2c3", Asset("hf", "team/churn", version="0a1b2c3")),
        ("hf://datasets/team/churn@main/train.csv", Asset("hf", "team/churn", version="main")),
        ("team/project/churn:v3", Asset("", "team/project/churn", version="v3")),
        ("AzureML-sklearn@latest", Asset("", "AzureML-sklearn", label="latest")),
    ],
)
def test_an_asset_has_a_version_a_label_or_a_stage(text: str, expected: Asset) -> None:
    assert asset(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "data/churn.csv",
        "s3://bucket/churn.csv?versionId=abc",
        "gs://bucket/churn.csv#1699999999999999",
        "https://example.com/churn.csv",
        "churn",
        "C:\\data\\churn",
    ],
)
def test_paths_and_addresses_of_stores_are_no_assets(text: str) -> None:
    assert asset(text) is None


def test_the_newest_version_is_known_by_its_word() -> None:
    newest = ("azureml:churn@latest", "churn:latest", "a/labels/latest", "a/versions/latest", "azureml:${NAME}@latest")

    assert [is_latest(text) for text in newest] == [True] * 5
    assert not is_latest("azureml:churn:3")
    assert not is_latest("data/latest")


def test_a_registry_keeps_versions_and_a_hub_revisions() -> None:
    named = [found for text in ("azureml:churn", "hf://team/churn", "hf://team/churn@v1") if (found := asset(text))]

    assert [(each.lacks_version, each.is_in_hub) for each in named] == [(True, False), (True, True), (False, True)]
