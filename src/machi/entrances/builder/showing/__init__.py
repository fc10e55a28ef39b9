"""What the pages of the builder show of a manuscript."""
