"""The graph of a project: what runs what, and which data, code and parameters become which model and service."""
