"""The sync server of Một Cửa: one spine (store, kinds, exchange, auth, live) and a folder for each feature."""
