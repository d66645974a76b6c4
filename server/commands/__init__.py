"""The commands of `motcua`, a file for each theme; `server.cli` loads the one that is called."""
