"""What both languages must say of the same codes; the JSON files are made by `make.py`."""
