"""The stages do what they promise, on a few made-up rows."""

import mlflow
import pytest
from fastapi.testclient import TestClient

from churn import evaluate, generate, prepare, train
from churn import serve as service
from churn.settings import FEATURES, TARGET


def test_the_same_seed_gives_the_same_customers():
    assert generate.customers(20, 1).equals(generate.customers(20, 1))
    assert not generate.customers(20, 1).equals(generate.customers(20, 2))


def test_empty_cells_are_refused():
    rows = generate.customers(20, 1)
    rows.loc[3, "age"] = None

    with pytest.raises(ValueError, match="empty cells"):
        prepare.check(rows)


def test_complaints_make_leaving_likelier():
    rows = generate.customers(1000, 1)
    model = train.build(0.5, 1).fit(rows[FEATURES].astype(float), rows[TARGET])
    calm, angry = [40.0, 12.0, 60.0, 0.0], [40.0, 12.0, 60.0, 6.0]
    scores = model.predict_proba(rows[FEATURES].head(2).assign(**dict(zip(FEATURES, zip(calm, angry)))))[:, 1]

    assert scores[0] < scores[1]


def test_the_whole_pipeline_and_its_service(monkeypatch, tmp_path):
    for name in ("CUSTOMERS", "TRAIN", "TEST", "MODEL", "METRICS"):
        for module in (generate, prepare, train, evaluate, service):
            monkeypatch.setattr(module, name, tmp_path / name.lower(), raising=False)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/runs.db")
    for stage in (generate, prepare, train, evaluate):
        stage.main()
    with TestClient(service.app) as client:
        answer = client.post("/predict", json=dict(zip(FEATURES, (40, 12, 60.0, 6)))).json()

    assert 0 < answer["probability"] < 1
