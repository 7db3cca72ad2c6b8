"""The body of a letter about one incident: its table, and the notes beside it.

In:  an incident, what is known of the moment (alerts/facts.py), a zone, a language. Out: rows and sentences. Reads the incident alone.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.alerts import wording
from dashboard.alerts.bars import GAP, Bar
from dashboard.alerts.facts import Counted, Facts
from dashboard.domain.catalogue import CATALOGUE
from dashboard.models import Direction, Incident
from dashboard.words.amounts import amount, span
from dashboard.words.phrases import Words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the letter's table: `strong` is the figure, `rest` what goes with it."""

    name: str
    strong: str
    rest: str = ""


def rows(incident: Incident, known: Facts, zone: zoneinfo.ZoneInfo, now: datetime, words: Words) -> list[Row]:
    """The table: the number and its limit, or since when; who waits; what the agents do."""
    found = _of_the_metric(incident, known, zone, now, words) if wording.about_a_metric(incident) else []
    if not wording.about_a_metric(incident):
        found.append(Row(words.say("mail.row.since"), _time(wording.since(incident, known.figure), zone)))
    if known.waiting:
        found.append(_counted(words.metric("calls_waiting", "Calls waiting"), known.waiting, zone, words))
    if known.agents:
        found.append(_counted(words.say("mail.row.agents"), known.agents, zone, words))
    return found


def _of_the_metric(incident: Incident, known: Facts, zone: zoneinfo.ZoneInfo, now: datetime, words: Words) -> list[Row]:
    found, unit, figure, is_open = [], wording.unit_of(incident), known.figure, incident.resolved_at is None
    if is_open and figure.value is not None:
        ago = words.say("span.seconds", n=max(0, round((now - figure.at).total_seconds())))
        name = words.say("mail.row.now" if figure.live else "mail.row.last")
        found.append(
            Row(name, wording.value_text(incident, figure.value, words), words.say("mail.row.seen", time=_time(figure.at, zone), ago=ago))
        )
    limit = wording.limit_told(incident)
    if limit is not None:
        text, begin = amount(limit, unit, words), _time(wording.since(incident, figure), zone)
        if is_open and incident.for_s:
            text = words.say("mail.row.held", limit=text, span=span(incident.for_s, words))
        if is_open:
            when = words.say(f"mail.row.{wording.side(incident)}_since", time=begin)
        else:
            when = words.say(f"mail.row.{wording.side(incident)}_until", begin=begin, end=_time(wording.until(incident), zone))
        found.append(Row(words.say("mail.row.limit"), text, when))
    if incident.worst_value is not None and (not is_open or incident.worst_value != figure.value):
        name = words.say("mail.row.highest" if incident.direction == Direction.ABOVE else "mail.row.lowest")
        found.append(Row(name, wording.value_text(incident, incident.worst_value, words)))
    return found


def bars_note(incident: Incident, bars: Sequence[Bar], words: Words, *, plain: bool = False) -> str:
    """What the bars are; empty where there are none. `plain`: of the signs in plain text, which have one colour and a gap of their own."""
    if not bars:
        return ""
    metric = CATALOGUE[incident.metric]
    which = "highest" if incident.direction == Direction.ABOVE else "lowest"
    note = words.say(f"mail.bars.{which}", metric=words.metric(metric.name, metric.label))
    limit = wording.limit_told(incident)
    if limit is not None and not plain:
        note = words.say(f"mail.bars.{wording.side(incident)}", note=note, limit=amount(limit, metric.unit, words))
    return words.say("mail.bars.gaps", note=note, sign=GAP if plain else "–") if any(bar.height is None for bar in bars) else note


def _counted(name: str, found: Counted, zone: zoneinfo.ZoneInfo, words: Words) -> Row:
    if found.live:
        return Row(name, found.text, found.rest)
    time = _time(found.at, zone)
    rest = words.say("mail.row.as_of_too", rest=found.rest, time=time) if found.rest else words.say("mail.row.as_of", time=time)
    return Row(name, found.text, rest)


def _time(at: datetime, zone: zoneinfo.ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"
