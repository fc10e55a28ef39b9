"""The door of the search engine: put in, take out, find."""

from machi.engines.search.actions import index, remove
from machi.engines.search.queries import Hit, find

__all__ = ["Hit", "find", "index", "remove"]
