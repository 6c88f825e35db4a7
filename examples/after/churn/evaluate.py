"""Scores the model on the test rows and fails if it is not good enough."""

import json

import pandas as pd
import skops.io
from sklearn.metrics import roc_auc_score

from churn.settings import FEATURES, METRICS, MODEL, TARGET, TEST, parameters


def main():
    """Write the metrics; exit with an error below the threshold."""
    rows = pd.read_csv(TEST)
    model = skops.io.load(MODEL)
    score = roc_auc_score(rows[TARGET], model.predict_proba(rows[FEATURES].astype(float))[:, 1])
    METRICS.write_text(json.dumps({"roc_auc": round(float(score), 4)}) + "\n", encoding="utf-8")
    if score < parameters()["evaluate"]["least_roc_auc"]:
        raise SystemExit(f"the model is not good enough: {score:.3f}")


if __name__ == "__main__":
    main()
