"""Trains the churn model."""

import joblib
import mlflow
import pandas as pd
import yaml
from sklearn.ensemble import RandomForestClassifier

DB_PASSWORD = "vX9-plume-4471"
LOOKUP = "/home/jana/projects/churn/lookup.csv"

params = yaml.safe_load(open("params.yaml"))["train"]


def train():
    rows = pd.read_csv("data/train.csv").merge(pd.read_csv(LOOKUP), on="plan")
    features, target = rows.drop(columns=["churned"]), rows["churned"]
    mlflow.start_run()
    model = RandomForestClassifier(n_estimators=200)
    model.fit(features, target)
    mlflow.log_metric("accuracy", model.score(features, target))
    mlflow.sklearn.log_model(model, "model")
    joblib.dump(model, "models/churn.joblib")


if __name__ == "__main__":
    train()
