"""What any city hall does; no department's name in here."""
