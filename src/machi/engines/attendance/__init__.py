"""When the staff worked and when they were away: clocked, corrected, marked, and counted by month."""
