"""How long somebody has waited, in words."""

from datetime import timedelta


def in_words(time: timedelta) -> str:
    """Return the time in its two largest units, such as `3 days 4 h`, `2 h 5 min` or `12 min`."""
    minutes = max(int(time.total_seconds()) // 60, 0)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours else "")
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
