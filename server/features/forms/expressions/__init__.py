"""Expressions of forms, and the values that they work on. Pure."""
