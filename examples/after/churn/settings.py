"""Paths and parameters of the project."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
CUSTOMERS = ROOT / "data" / "customers.csv"
TRAIN = ROOT / "data" / "train.csv"
TEST = ROOT / "data" / "test.csv"
MODEL = ROOT / "models" / "churn.skops"
METRICS = ROOT / "metrics.json"

FEATURES = ["age", "months", "monthly_charge", "complaints"]
TARGET = "churned"


def parameters():
    """Return the parameters of params.yaml."""
    return yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
