"""Applying, page by page: filling in, sending, correcting and following, for every entrance where people apply."""
