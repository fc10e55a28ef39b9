"""What one field needs beyond definitions."""
