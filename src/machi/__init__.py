"""Machi (まち): the open digital city hall."""
