"""A package and not just a folder: one of the libraries installs its own `tests`, which would be found first."""
