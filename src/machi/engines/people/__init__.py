"""Who someone is and what they may: accounts, persons, units, posts, grants."""
