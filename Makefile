PYTHON ?= .venv/bin/python

setup:
	python3 -m venv .venv
	.venv/bin/pip install -c constraints-dev.txt -e '.[dev]'

check:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -n auto

site:
	$(PYTHON) docs/generate.py
	mkdocs build --strict

bench:
	$(PYTHON) benchmarks/speed.py

mutations:
	$(PYTHON) -m benchmarks.mutations

.PHONY: setup check site bench mutations
