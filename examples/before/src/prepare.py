"""Scales the customers and splits them."""

import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

FEATURES = ["age", "months", "monthly_charge", "complaints"]

rows = pd.read_csv("data/customers.csv")
scaler = StandardScaler()
rows[FEATURES] = scaler.fit_transform(rows[FEATURES])
train, test = train_test_split(rows, test_size=0.25)
train.to_csv("data/train.csv", index=False)
test.to_csv("data/test.csv", index=False)
