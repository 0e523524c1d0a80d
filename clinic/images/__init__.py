"""Uploaded images: shapes, renditions, share pictures, and serving them. May import models and lib."""
