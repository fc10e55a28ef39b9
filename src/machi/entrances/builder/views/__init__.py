"""Pages of the builder, by what a clerk does there."""
