"""The rules of sync, pure: no I/O, no clock, no randomness. `SPEC.md` beside this file defines them."""
