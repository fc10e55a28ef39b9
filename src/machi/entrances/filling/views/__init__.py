"""Pages of an application, from the first question to its end."""
