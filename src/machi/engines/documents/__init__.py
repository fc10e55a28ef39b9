"""Documents issued: numbered, printed, verifiable."""
