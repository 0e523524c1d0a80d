"""Uploaded pictures, their renditions, and serving them."""
