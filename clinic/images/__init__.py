"""Uploaded images: shapes, renditions, share pictures, and serving them.

May import page_cache, models and lib.
"""
