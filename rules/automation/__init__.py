"""Machines do what people would forget, in the same order every time."""
