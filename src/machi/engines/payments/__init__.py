"""Fees asked and paid."""
