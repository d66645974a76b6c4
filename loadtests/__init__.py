"""Simulated people with real keys, and what they measure."""
