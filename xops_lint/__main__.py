"""Lets ``python -m xops_lint`` do what ``xops-lint`` does."""

from xops_lint.cli import main

if __name__ == "__main__":
    main()
