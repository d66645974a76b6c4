"""Ours beside Kinto and pouchdb-server: the same record durably created over HTTP, and 1,000 of them on a new phone."""
