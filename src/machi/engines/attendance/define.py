"""What the attendance of staff is made of."""

EMPLOYMENTS = ("regular", "fiscal_year", "reappointed")
"""How somebody is employed: 常勤, 会計年度任用職員, 再任用."""
MARKS = ("corrected", "leave", "overtime", "travel", "telework")
"""What may be marked on a day of somebody's sheet; `corrected` takes the place of what was clocked."""
LEAVE_BOOK, OVERTIME_BOOK = "office.leave", "office.overtime"
GRANTS = "office.leave_grants"
HEADINGS = {
    "mail": "メール", "employment": "任用", "hired_on": "採用日", "weekly_days": "週の日数", "day_minutes": "1日の時間",
    "starts": "始業", "ends": "終業", "rest_minutes": "休憩の分数", "from_day": "適用日",
}  # fmt: skip
"""The headings of a file of terms of work."""
EMPLOYED = {
    "常勤職員": "regular", "常勤": "regular", "会計年度任用職員": "fiscal_year", "会計年度": "fiscal_year",
    "再任用職員": "reappointed", "再任用": "reappointed",
}  # fmt: skip
"""How employment is written in such a file."""
