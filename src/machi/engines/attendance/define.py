"""What the attendance of staff is made of."""

EMPLOYMENTS = ("regular", "fiscal_year", "reappointed")
"""How somebody is employed: 常勤, 会計年度任用職員, 再任用."""
MARKS = ("corrected", "leave", "overtime", "travel", "telework")
"""What may be marked on a day of somebody's sheet; `corrected` takes the place of what was clocked."""
LEAVE_BOOK, OVERTIME_BOOK = "office.leave", "office.overtime"
GRANTS = "office.leave_grants"
