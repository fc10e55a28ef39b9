"""Keeps documents from the day they arrive to the day they go: file plan, binders, retention, disposal."""
