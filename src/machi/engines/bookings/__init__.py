"""Who has what place, thing or hour, and when."""
