"""An application's life: apply, check, correct, decide, issue."""
