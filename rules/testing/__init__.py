"""Data, code and models are checked before anyone relies on them."""
