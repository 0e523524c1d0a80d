"""A package, so that the demo is loaded once for all that is tested here: the scope of its fixture."""
