"""Calendar: moments as a reader sees them, in the zone of the course."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def day(value: date | datetime | float) -> str:
    """Writes a day.

    >>> day(date(2026, 9, 7))
    'Monday 7 September 2026'
    """
    when = datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else value
    return f"{when:%A} {when.day} {when:%B %Y}"


def moment(value: datetime | float, zone: str = "UTC") -> str:
    """Writes a moment with its offset.

    >>> moment(0.0)
    'Thu 1 Jan 1970, 00:00 UTC'
    """
    known = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    when = known.astimezone(ZoneInfo(zone))
    return f"{when:%a} {when.day} {when:%b %Y, %H:%M %Z}"
