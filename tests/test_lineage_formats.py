"""``lineage`` in the formats of other tools, as the libraries of these read them and their schemas want them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes import environment, git, lint, write

EXAMPLE = Path(__file__).parent.parent / "examples" / "after"
WITHOUT = (
    "import sys; sys.modules.update({'openlineage': None, 'cyclonedx': None}); "
    "from xops_lint.cli import main; main(sys.argv[1:])"
)


def shown(format: str, *words: str) -> str:
    done = lint(EXAMPLE, "lineage", *words, "--output-format", format, variables={"SOURCE_DATE_EPOCH": "1767268800"})

    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def jobs(text: str) -> dict[str, tuple[set[str], set[str]]]:
    """Return what the jobs of events take and leave."""
    found = {}
    for line in text.splitlines():
        event = json.loads(line)
        taken, left = ({f"{each['name']}" for each in event[side]} for side in ("inputs", "outputs"))
        found[event["job"]["name"]] = (taken, left)
    return found


def test_jobs_take_and_leave_data():
    pytest.importorskip("openlineage.client")

    found = jobs(shown("openlineage"))

    assert found["stage/evaluate"] == ({"data/test.csv", "models/churn.skops"}, {"metrics.json"})
    # What several run is a job of its own.
    assert "models/churn.skops" in found["path/churn/train.py"][1]
    assert jobs(shown("openlineage", "models/churn.skops", "--downstream")).keys() < found.keys()


def test_a_program_that_a_stage_alone_runs_is_a_part_of_it(tmp_path: Path):
    pytest.importorskip("openlineage.client")
    write(tmp_path, "dvc.yaml", "stages:\n  fit:\n    cmd: python fit.py\n    deps: [fit.py]\n")
    write(tmp_path, "fit.py", 'import pandas\n\nrows = pandas.read_csv("s3://bucket/rows.csv")\nrows.to_csv(place)\n')
    git(tmp_path, "init", "-q")

    event = json.loads(lint(tmp_path, "lineage", "--output-format", "openlineage").stdout)

    assert event["job"]["name"] == "stage/fit"
    assert [(each["namespace"], each["name"]) for each in event["inputs"]] == [("s3://bucket", "rows.csv")]
    told = event["job"]["facets"]["documentation"]["description"]
    assert told == "stage dvc.yaml:2; script fit.py; not known: writes place (fit.py:4)"


def test_events_are_those_of_the_library():
    pytest.importorskip("openlineage.client")
    from openlineage.client.event_v2 import InputDataset, Job, JobEvent, OutputDataset

    for line in shown("openlineage").splitlines():
        event: dict[str, Any] = json.loads(line)
        made = JobEvent(
            eventTime=event["eventTime"],
            producer=event["producer"],
            job=Job(**event["job"]),
            inputs=[InputDataset(**each) for each in event["inputs"]],
            outputs=[OutputDataset(**each) for each in event["outputs"]],
        )
        facets = [event["job"]["facets"], *(each["facets"] for each in (*event["inputs"], *event["outputs"]))]

        assert made.schemaURL == event["schemaURL"]
        assert event["eventTime"] == "2026-01-01T12:00:00+00:00"
        assert all({"_producer", "_schemaURL"} <= facet.keys() for each in facets for facet in each.values())


def test_the_bill_keeps_to_the_published_schema():
    pytest.importorskip("cyclonedx")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    pytest.importorskip("jsonschema")

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(shown("cyclonedx")) is None


def test_the_bill_says_what_a_model_is_made_of():
    pytest.importorskip("cyclonedx")

    bill = json.loads(shown("cyclonedx"))

    kinds = {each["bom-ref"]: each["type"] for each in bill["components"]}
    needed = {each["ref"]: set(each.get("dependsOn", ())) for each in bill["dependencies"]}
    model = "path:models/churn.skops"
    assert kinds[model] == "machine-learning-model"
    assert "path:data/train.csv" in needed[model]
    assert model in needed["service:churn/serve.py:POST /predict"]
    assert needed["project:after"] == kinds.keys()
    assert shown("cyclonedx") == shown("cyclonedx")


@pytest.mark.parametrize("format", ["openlineage", "cyclonedx"])
def test_a_library_that_is_missing_is_named(format: str):
    command = [sys.executable, "-c", WITHOUT, "lineage", "--output-format", format]

    done = subprocess.run(command, cwd=EXAMPLE, capture_output=True, text=True, check=False, env=environment())

    assert (done.returncode, done.stdout) == (2, "")
    assert (
        f'the format `{format}` needs a library that is not installed: pip install "xops-lint[lineage]"' in done.stderr
    )


def test_nobody_pays_for_the_libraries_who_does_not_ask():
    script = (
        "import sys, xops_lint.commands.check, xops_lint.commands.lineage; "
        "print({'openlineage', 'cyclonedx', 'distributed'} & sys.modules.keys())"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
