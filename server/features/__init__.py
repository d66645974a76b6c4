"""One folder for each thing that a citizen would name. Features never import each other."""
