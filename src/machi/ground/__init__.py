"""Words without a city in them: expressions, Japanese text, calendar, money, places."""
