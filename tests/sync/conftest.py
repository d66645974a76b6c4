"""Settings of the property tests: seeds vary from run to run, and a failure prints how to replay it."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sync", deadline=None, max_examples=300, print_blob=True)
settings.load_profile("sync")
