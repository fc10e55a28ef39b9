"""Definitions that travel from city to city as one signed file: what is in it, who signed it, what is done with it."""
