"""The rule book: one folder a principle, one module and one page a rule."""
