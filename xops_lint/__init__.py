"""xops-lint: a linter for data and ML systems."""

__version__ = "0.1.0"
