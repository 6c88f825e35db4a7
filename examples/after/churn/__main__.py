"""Runs all stages in order."""

from churn import evaluate, generate, prepare, train

if __name__ == "__main__":
    for stage in (generate, prepare, train, evaluate):
        stage.main()
