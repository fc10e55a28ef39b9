"""Staff, wide screen, keyboard."""
