"""Definitions: read, checked, versioned, published."""
