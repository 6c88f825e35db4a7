"""The same code, data, parameters and environment give the same model."""
