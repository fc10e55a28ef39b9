"""One message out on every channel."""
