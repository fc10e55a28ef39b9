"""Files in and out: checked, stored by content, served by right."""
