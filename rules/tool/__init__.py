"""The tool itself: what it could not read, what failed, and what people tell it in comments."""
