"""What runs the house: settings, addresses, the command."""
