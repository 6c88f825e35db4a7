"""Checks the customers and splits them into training and test rows."""

import pandas as pd
from sklearn.model_selection import train_test_split

from churn.settings import CUSTOMERS, FEATURES, TARGET, TEST, TRAIN, parameters


def check(rows):
    """Raise ValueError if the rows are not what the model can learn from."""
    missing = {*FEATURES, TARGET} - set(rows.columns)
    if missing:
        raise ValueError(f"columns are missing: {sorted(missing)}")
    if rows[FEATURES].isna().any().any():
        raise ValueError("there are empty cells among the features")
    if rows[TARGET].nunique() != 2:
        raise ValueError("the target has not two values")


def main():
    """Write the training and the test rows."""
    options = parameters()
    rows = pd.read_csv(CUSTOMERS)
    check(rows)
    train, test = train_test_split(
        rows, test_size=options["prepare"]["test_share"], stratify=rows[TARGET], random_state=options["seed"]
    )
    train.to_csv(TRAIN, index=False)
    test.to_csv(TEST, index=False)


if __name__ == "__main__":
    main()
