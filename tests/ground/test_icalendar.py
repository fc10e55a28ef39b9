"""A calendar file that other programs read (RFC 5545)."""

from datetime import UTC, date, datetime

from machi.ground.icalendar import calendar

MADE = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)


def test_a_day_is_a_whole_day_with_a_reminder():
    text = calendar([("a@machi", date(2026, 11, 30), "転入届", "市役所へ")], made=MADE, name="引っ越し")

    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    for line in ("UID:a@machi", "DTSTAMP:20261125T030405Z", "DTSTART;VALUE=DATE:20261130", "DTEND;VALUE=DATE:20261201"):
        assert line in lines
    assert lines.count("BEGIN:VALARM") == 1


def test_signs_with_a_meaning_are_escaped():
    text = calendar([("a", date(2026, 1, 1), "a,b;c\\d", "1\n2")], made=MADE, name="x")

    assert "SUMMARY:a\\,b\\;c\\\\d\r\n" in text
    assert "DESCRIPTION:1\\n2\r\n" in text


def test_long_lines_are_folded_between_letters_at_75_octets():
    title = "届" * 80
    text = calendar([("a", date(2026, 1, 1), title, "")], made=MADE, name="x")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"SUMMARY:{title}\r\n" in text.replace("\r\n ", "")
