"""Serves the model, and counts what it is asked and what it answers."""

from contextlib import asynccontextmanager

import pandas as pd
import skops.io
from fastapi import FastAPI
from prometheus_client import Histogram, make_asgi_app
from pydantic import BaseModel

from churn.settings import FEATURES, MODEL

LATENCY = Histogram("churn_request_seconds", "Time to answer a request, in seconds")
SCORE = Histogram("churn_score", "Predicted probability of leaving", buckets=[step / 10 for step in range(1, 11)])


class Customer(BaseModel):
    """What the model is asked about."""

    age: float
    months: float
    monthly_charge: float
    complaints: float


@asynccontextmanager
async def loaded(app):
    """Load the model once, before the first request."""
    app.state.model = skops.io.load(MODEL)
    yield


app = FastAPI(title="churn", lifespan=loaded)
app.mount("/metrics", make_asgi_app())


@app.get("/health")
def health():
    """Answer the probes."""
    return {"status": "ok"}


@app.post("/predict")
def predict(customer: Customer):
    """Return the probability that a customer leaves."""
    with LATENCY.time():
        row = pd.DataFrame([customer.model_dump()])[FEATURES]
        score = float(app.state.model.predict_proba(row)[0, 1])
    SCORE.observe(score)
    return {"probability": score}
