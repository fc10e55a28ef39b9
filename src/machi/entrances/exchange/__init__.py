"""What comes from other cities and systems, and what goes to them: packages, forms, applications."""
