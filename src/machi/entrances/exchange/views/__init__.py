"""Pages of the exchange, by what is exchanged."""
