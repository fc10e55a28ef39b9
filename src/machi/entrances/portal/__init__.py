"""Residents, phone first."""
