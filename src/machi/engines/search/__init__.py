"""Finds things by what people say."""
