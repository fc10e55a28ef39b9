"""Sample cases, so that the desk looks like a desk: made in development only, through the real actions."""
