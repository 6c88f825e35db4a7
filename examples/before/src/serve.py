"""Serves the churn model."""

import mlflow
import pandas as pd
from fastapi import FastAPI

app = FastAPI()
model = mlflow.pyfunc.load_model("models:/churn/latest")


@app.post("/predict")
def predict(customer: dict):
    return {"churn": float(model.predict(pd.DataFrame([customer]))[0])}
