"""Addresses of data: which are remote, pinned, moving, and which hold data."""

from __future__ import annotations

import pytest

from xops_lint.locations import (
    is_branch,
    is_commit,
    is_hub_id,
    is_moving,
    is_mutable,
    is_pinned,
    is_program,
    is_remote,
    names_data,
    reads_live_table,
    surely_data,
)

COMMIT = "4f2c7d1e9b8a6c5d3e2f1a0b9c8d7e6f5a4b3c2d"


@pytest.mark.parametrize(
    "location",
    [
        "https://example.org/customers.csv",
        "s3://acme/customers.parquet",
        "gs://acme/customers",
        "abfss://data@acme.dfs.core.windows.net/customers",
        "hf://datasets/acme/customers/train.csv",
        "HTTPS://EXAMPLE.ORG/a.csv",
    ],
)
def test_a_url_of_another_machine_is_remote(location: str):
    assert is_remote(location)


@pytest.mark.parametrize(
    "location",
    [
        "data/customers.csv",
        "/mnt/data/a.csv",
        "file:///tmp/a.csv",
        "http://localhost:9000/a",
        "http://127.0.0.1/a.csv",
        "C:\\a.csv",
    ],
)
def test_files_and_this_machine_are_not_remote(location: str):
    assert not is_remote(location)


@pytest.mark.parametrize(
    "location",
    [
        f"https://raw.githubusercontent.com/acme/data/{COMMIT}/customers.csv",
        "https://raw.githubusercontent.com/acme/data/4f2c7d1/customers.csv",
        "https://raw.githubusercontent.com/acme/data/v1.2.0/customers.csv",
        "https://raw.githubusercontent.com/acme/data/refs/tags/v1.2/customers.csv",
        "https://raw.githubusercontent.com/acme/data/main/customers-2024-03.csv",
        "https://github.com/acme/data/releases/download/first/customers.csv",
        f"https://huggingface.co/datasets/acme/churn/resolve/{COMMIT}/train.csv",
        f"hf://datasets/acme/churn@{COMMIT}/train.csv",
        "https://zenodo.org/records/1234567/files/customers.csv",
        "https://example.org/tripdata_2021-01.parquet",
        "https://example.org/survey_2023.csv",
        "https://example.org/data/v2/customers.csv",
        "s3://acme/customers/dt=2024-03-01/part.parquet",
        "s3://acme/customers.parquet?versionId=3sL4kqtJlcpXroDTDmJ",
        "s3://acme-2024-03-01/customers.parquet",
    ],
)
def test_a_version_in_the_address_pins_it(location: str):
    assert is_pinned(location)


@pytest.mark.parametrize(
    "location",
    [
        "https://raw.githubusercontent.com/acme/data/main/customers.csv",
        "https://raw.githubusercontent.com/acme/data-v2/master/customers.csv",
        "https://raw.githubusercontent.com/acme/data/refs/heads/v2/customers.csv",
        "https://github.com/acme/data/raw/develop/customers.csv",
        "https://gitlab.com/acme/team/data/-/raw/main/customers.csv",
        "https://huggingface.co/datasets/acme/churn/resolve/main/train.csv",
        "https://10.0.0.12/customers.csv",
        "http://minio.acme.internal:9000/customers.csv",
        "https://api.acme.org/v1/customers",
        "https://acme.org/api/v2/customers",
        "s3://acme/customers/latest.parquet",
        "s3://acme/customers_201399.parquet",
    ],
)
def test_hosts_branches_and_interfaces_pin_nothing(location: str):
    assert not is_pinned(location)


def test_latest_is_moving_wherever_it_stands():
    assert is_moving("s3://{}/customers/latest.parquet")
    assert is_moving("https://example.org/latest/customers.csv")
    assert not is_moving("https://example.org/latestnews.csv")


def test_an_address_with_unknown_pieces_is_judged_by_what_is_known():
    assert is_mutable("s3://acme/customers.csv")
    assert is_mutable("s3://{}/customers/latest.csv")
    assert not is_mutable("s3://{}/customers.csv")
    assert not is_mutable("s3://${BUCKET}/customers.csv")
    assert not is_mutable("https://<account>.blob.core.windows.net/customers.csv")
    assert not is_mutable("hf://datasets/acme/churn/train.csv")
    assert not is_mutable("data/latest.csv")


def test_commits_and_branches_are_told_apart():
    assert is_commit(COMMIT)
    assert not is_commit("main")
    assert is_branch("main")
    assert is_branch("HEAD")
    assert not is_branch("v1.2.0")


def test_a_hub_id_is_no_file():
    assert is_hub_id("acme/churn")
    assert is_hub_id("gpt2")
    assert not is_hub_id("data/train.csv")
    assert not is_hub_id("./checkpoints/best")
    assert not is_hub_id("models/churn")
    assert not is_hub_id("old_model_dir")
    assert is_hub_id("bert-base-uncased")


def test_data_is_known_by_its_ending():
    assert names_data("https://example.org/customers.csv?raw=true")
    assert names_data("https://example.org/images.tar.gz")
    assert not names_data("https://example.org/install.sh")
    assert not names_data("https://example.org/customers")


def test_archives_and_texts_must_say_that_they_hold_data():
    assert surely_data("https://example.org/datasets/pets.tar.gz")
    assert surely_data("https://example.org/customers.csv.gz")
    assert not surely_data("https://dl.example.org/sdk.tar.gz")
    assert not names_data("https://example.org/daemon.json")
    assert names_data("https://example.org/train/labels.json")


def test_programs_are_no_data():
    assert is_program("https://example.org/install.sh?raw=true")
    assert is_program("https://example.org/loader.py")
    assert not is_program("https://example.org/customers.csv")


def test_a_query_without_a_bound_reads_a_live_table():
    assert reads_live_table("SELECT * FROM customers")
    assert reads_live_table("select id, churn from crm.customers where country = 'DE'")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM customers WHERE created < '2024-03-01'",
        "SELECT * FROM customers WHERE created < %(until)s",
        "SELECT * FROM customers WHERE created < :until",
        "SELECT * FROM customers VERSION AS OF 12",
        "SELECT * FROM customers FOR SYSTEM_TIME AS OF t",
        "SELECT * FROM customers_20240301",
        "SELECT * FROM customers_v3",
        "SELECT * FROM read_csv('customers.csv')",
        "customers",
        "INSERT INTO customers VALUES (1)",
    ],
)
def test_a_bound_version_or_parameter_is_not_live(query: str):
    assert not reads_live_table(query)


@pytest.mark.parametrize(
    "location",
    [
        "https://account-name.blob.core.windows.net/container-name/customers.csv",
        "s3://your-bucket/customers.csv",
        "abfss://container_name@acme.dfs.core.windows.net/customers",
    ],
)
def test_an_address_that_is_to_be_filled_in_is_not_judged(location: str):
    assert not is_mutable(location)


def test_a_word_inside_another_is_no_hint_of_data():
    assert not surely_data("https://example.org/releases/latest/linkcheck.tar.gz")
