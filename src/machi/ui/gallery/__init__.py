"""Every component shown on one page, which is also its test; and whole pages made of them."""
