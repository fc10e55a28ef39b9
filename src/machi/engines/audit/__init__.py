"""Writes down who did what, in chains that cannot be changed unseen."""
