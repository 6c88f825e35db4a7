"""Trains the model on the training rows, in a tracked run."""

import mlflow
import pandas as pd
import skops.io
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from churn.settings import FEATURES, MODEL, TARGET, TRAIN, parameters


def build(penalty, seed):
    """Return the untrained model."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, random_state=seed))


def main():
    """Train, track and save the model."""
    options = parameters()
    rows = pd.read_csv(TRAIN)
    features, target = rows[FEATURES].astype(float), rows[TARGET]
    model = build(options["train"]["penalty"], options["seed"])
    with mlflow.start_run():
        mlflow.log_params({"penalty": options["train"]["penalty"], "seed": options["seed"]})
        scores = cross_val_score(model, features, target, scoring="roc_auc")
        mlflow.log_metric("validation_roc_auc", scores.mean())
        model.fit(features, target)
        signature = infer_signature(features, model.predict_proba(features))
        mlflow.sklearn.log_model(model, name="model", signature=signature, serialization_format="skops")
    MODEL.parent.mkdir(exist_ok=True)
    skops.io.dump(model, MODEL)


if __name__ == "__main__":
    main()
