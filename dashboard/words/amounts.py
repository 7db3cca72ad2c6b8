"""Amounts, spans and moments as one language writes them.

In:  numbers with their unit, aware moments, a language's words. Out: text. Twin of static/js/live/format.js; the digits are 0 to 9, the
time of day has 24 hours and durations are m:ss, from a day on days and hours, in every language, so that a mail, a wall and a chart read
alike.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from dashboard.domain.amounts import DAY_S, clock, measured
from dashboard.domain.catalogue import Metric, Unit
from dashboard.words.phrases import Words


def amount(value: float, unit: Unit, words: Words) -> str:
    """ "3:00", "2 d 4 h 30 min", "1,234", "4.5 %"; up to three decimals, as people write limits."""
    if unit is Unit.SECONDS:
        return clock(value) if abs(value) < DAY_S else _days(value, words)
    return words.say("number.percent", n=_short(value * 100, words)) if unit is Unit.RATIO else _short(value, words)


def value_of(metric: Metric, value: float, words: Words, limit: float | None = None) -> str:
    """A value of a metric: an amount, a share to a tenth of a per cent (`limit` as for `measured`), of a difference with its sign (+99).
    A limit is an amount as people wrote it."""
    return metric.plus(value) + amount(measured(value, metric.unit, limit), metric.unit, words)


def _days(seconds: float, words: Words) -> str:
    """To the minute: "2 d", "2 d 4 h", "2 d 4 h 30 min"."""
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    days, hours = divmod(hours, 24)
    said = words.say("span.days_hours", d=days, h=hours) if hours else words.say("age.days", n=days)
    return f"{'−' if seconds < 0 else ''}{said}{' ' + words.say('span.minutes', n=minutes) if minutes else ''}"


def span(seconds: float, words: Words) -> str:
    """How long something took: "45 s", "12 min", "3 h 20 min", "5 days"."""
    whole = round(seconds)
    if whole < 120:
        return words.say("span.seconds", n=whole)
    minutes = round(whole / 60)
    if minutes < 120:
        return words.say("span.minutes", n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return words.say("span.days", n=round(hours / 24))
    return words.say("span.hours_minutes", h=hours, m=rest) if rest else words.say("span.hours", n=hours)


def long_date(at: datetime, words: Words, zone: tzinfo) -> str:
    """ "Friday 20 November"."""
    local = at.astimezone(zone)
    return words.say(
        "date.long", weekday=words.say(f"weekday.{local.isoweekday()}"), day=local.day, month=words.say(f"month.{local.month}")
    )


def short_date(at: datetime, words: Words, zone: tzinfo) -> str:
    """ "Fri 20 Nov"."""
    local = at.astimezone(zone)
    weekday, month = words.say(f"weekday.{local.isoweekday()}.short"), words.say(f"month.{local.month}.short")
    return words.say("date.short", weekday=weekday, day=local.day, month=month)


def day_month(at: datetime, words: Words, zone: tzinfo) -> str:
    """ "20 Nov"."""
    local = at.astimezone(zone)
    return words.say("date.day_month", day=local.day, month=words.say(f"month.{local.month}.short"))


def moment(at: datetime, words: Words, zone: tzinfo) -> str:
    """ "Fri 20 Nov 14:30"."""
    return words.say("date.with_time", day=short_date(at, words, zone), time=f"{at.astimezone(zone):%H:%M}")


def _short(number: float, words: Words) -> str:
    return words.digits(f"{number:.3f}".rstrip("0").rstrip("."))
