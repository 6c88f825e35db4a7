"""Somebody learns of it when a model, its data or its service goes wrong."""
