"""Output formats: a module a format, whose name is the format's."""
