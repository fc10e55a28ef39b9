"""Asks people things: fields, pages, logic."""
