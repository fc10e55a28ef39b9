"""Says what must be done when something happens in a life: a short interview, and the procedures in order."""
