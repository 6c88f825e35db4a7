"""Generates customers: made up, but the same ones for every seed."""

import numpy as np
import pandas as pd

from churn.settings import CUSTOMERS, TARGET, parameters


def customers(count, seed):
    """Return a table of made-up customers, some of whom have left."""
    generator = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "age": generator.integers(18, 90, count),
            "months": generator.integers(0, 120, count),
            "monthly_charge": generator.normal(60, 20, count).round(2),
            "complaints": generator.poisson(0.7, count),
        }
    )
    leaning = -1.2 - 0.02 * rows["months"] + 0.9 * rows["complaints"] + 0.01 * rows["monthly_charge"]
    rows[TARGET] = (generator.random(count) < 1 / (1 + np.exp(-leaning))).astype(int)
    return rows


def main():
    """Write the customers of the parameters."""
    options = parameters()
    CUSTOMERS.parent.mkdir(exist_ok=True)
    customers(options["generate"]["customers"], options["seed"]).to_csv(CUSTOMERS, index=False)


if __name__ == "__main__":
    main()
