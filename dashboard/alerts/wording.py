"""An incident in words: the subject for a lock screen, the headline, the line below it. The same figures in all of them, and they add up.

In:  an incident, what its metric is just now, what the letter is for, a language. Out: plain text on one line. Reads the row alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.alerts.shown import beyond, is_of_failed_rule, passed_at
from dashboard.domain.amounts import clock
from dashboard.domain.catalogue import CATALOGUE, Unit
from dashboard.domain.waits import GROWING
from dashboard.models import Direction, Incident, Kind, Notification
from dashboard.words.amounts import amount, value_of
from dashboard.words.phrases import END, ENGLISH, ISOLATE, Words

LONGEST_SUBJECT = 160
# A poll's time and the vendor's whole seconds; within them the two ways to tell the same duration agree.
AGREE_S = 3.0


@dataclass(frozen=True, slots=True)
class Figure:
    """The newest value of the incident's metric and when it was read. `live`: it may be called "now". None: it has no value."""

    value: float | None
    at: datetime
    live: bool = True


def lasted_s(incident: Incident, figure: Figure) -> float:
    """For how many seconds the limit has been passed as of the figure, >= 0; of an incident that is over, how long it held.

    A wait of 7:42 has been above 3:00 for 4:42 or longer; within a poll of each other, the value's own arithmetic is taken, so that the
    figures of a sentence add up.
    """
    if incident.resolved_at is not None or incident.recovering_at is not None:
        return _held_s(incident)
    held_s = max(0.0, (figure.at - incident.limit_since_at).total_seconds())
    if incident.metric != GROWING or incident.direction != Direction.ABOVE or incident.limit is None or figure.value is None:
        return held_s
    implied_s = max(0.0, figure.value - incident.limit)
    return implied_s if abs(implied_s - held_s) <= AGREE_S else max(implied_s, held_s)


def since(incident: Incident, figure: Figure) -> datetime:
    """When the limit was passed, so that it and `lasted_s` say the same; of lost data, when it was lost."""
    if not about_a_metric(incident) and not is_of_failed_rule(incident):
        return passed_at(incident)
    if incident.resolved_at is not None or incident.recovering_at is not None:
        return incident.since_at
    return figure.at - timedelta(seconds=lasted_s(incident, figure))


def subject(what: str, incident: Incident, figure: Figure, note: str = "", words: Words = ENGLISH) -> str:
    """Such as "Longest wait 7:42 on Support line, at or above 3:00 for 4:42". `note`: what else the rule looks at ("3 calls waiting")."""
    if what == Notification.What.RESOLVED:
        return cut(words.say("mail.subject.resolved", said=over(incident, figure, words)))
    said = headline(incident, figure, words)
    if about_a_metric(incident):
        stands = seen(what, figure, standing(incident, figure, words), words)
        said = words.say("mail.said_for" if _at_limit(incident, figure) else "mail.said", headline=said, standing=stands)
    if what in (Notification.What.WORSE, Notification.What.REMINDER):
        said = words.say(f"mail.subject.{what}", said=said)
    return cut(words.say("mail.subject.with", said=said, note=note) if note else said)


def headline(incident: Incident, figure: Figure, words: Words = ENGLISH) -> str:
    """ "Longest wait 7:42 on Support line"; of incidents about the data itself, what is the matter and for how long."""
    if is_of_failed_rule(incident):
        return words.say("mail.head.rule", rule=incident.rule_name)
    if not about_a_metric(incident):
        return words.say(f"mail.head.{incident.kind}", duration=clock(_age_s(incident, figure)), screen=one_line(incident.scope_name))
    metric = CATALOGUE[incident.metric]
    value = words.say("mail.unknown") if figure.value is None else value_of(metric, figure.value, words, limit_told(incident))
    return _placed(incident, words.say("incident.figure", metric=words.metric(metric.name, metric.label), value=value), words)


def standing(incident: Incident, figure: Figure, words: Words = ENGLISH) -> str:
    """ "at or above 3:00 for 4:42", without a duration in its first second, or that it is back; at the limit itself just for how long."""
    if just_lasts(incident, figure):  # "0, below 0" would not add up
        return words.say("mail.for", duration=clock(lasted_s(incident, figure)))
    limit = beyond(incident, incident.limit or 0.0, words)
    if figure.value is not None and not is_beyond(incident, figure.value):
        return words.say("mail.was_for", limit=_opened(incident, words), duration=clock(_held_s(incident)))
    seconds = lasted_s(incident, figure)
    if incident.kind == Kind.SPIKE:
        limit = words.say("mail.spike", limit=limit)
    return words.say("mail.limit_for", limit=limit, duration=clock(seconds)) if seconds >= 1.0 else limit


def just_lasts(incident: Incident, figure: Figure) -> bool:
    """Whether all that can be said of how it stands is for how long: it has no limit, or is at it."""
    return incident.limit is None or _at_limit(incident, figure)


def seen(what: str, figure: Figure, said: str, words: Words = ENGLISH) -> str:
    """What a reminder adds while nobody knows how it is now: it comes by the clock, also when the data is lost."""
    return words.say("mail.unseen", said=said) if is_unseen(what, figure) else said


def is_unseen(what: str, figure: Figure) -> bool:
    """Whether it speaks of a moment that has passed."""
    return what == Notification.What.REMINDER and not figure.live


def over(incident: Incident, figure: Figure, words: Words = ENGLISH) -> str:
    """What it was, when it is over: "longest wait on Support line was at or above 3:00 for 9:10, highest 12:04"."""
    if not about_a_metric(incident):
        if is_of_failed_rule(incident):
            return words.say("mail.over.rule", rule=incident.rule_name)
        missing_s = _held_s(incident) + (incident.opened_limit or 0.0)
        return words.say(f"mail.over.{incident.kind}", duration=clock(missing_s), screen=one_line(incident.scope_name))
    metric = CATALOGUE[incident.metric]
    what = _placed(incident, words.within(words.metric(metric.name, metric.label)), words)
    held = clock(_held_s(incident))
    if incident.opened_limit is None:
        was = words.say("mail.over.lasted", what=what, duration=held)
    else:
        was = words.say("mail.over.was", what=what, limit=_opened(incident, words), duration=held)
    if incident.worst_value is None:
        return was
    side = "highest" if incident.direction == Direction.ABOVE else "lowest"
    return words.say(f"mail.over.{side}", said=was, value=value_of(metric, incident.worst_value, words, incident.opened_limit))


def about_a_metric(incident: Incident) -> bool:
    """Whether it is about a number of the catalogue, and not about the data itself or a rule."""
    return incident.metric in CATALOGUE and not is_of_failed_rule(incident)


def limit_told(incident: Incident) -> float | None:
    """The limit that its letters speak of: the one of its severity now; of what is over, the one of the opening."""
    return incident.limit if incident.resolved_at is None else incident.opened_limit


def is_beyond(incident: Incident, value: float) -> bool:
    """Whether a value is at or past the limit that its letters speak of; True where there is none."""
    limit = limit_told(incident)
    if limit is None:
        return True
    return value >= limit if incident.direction == Direction.ABOVE else value <= limit


def side(incident: Incident) -> str:
    """ "above" or "below"."""
    return "above" if incident.direction == Direction.ABOVE else "below"


def _at_limit(incident: Incident, figure: Figure) -> bool:
    return figure.value is not None and figure.value == incident.limit


def _opened(incident: Incident, words: Words) -> str:
    if incident.opened_limit is None:
        return words.say(f"mail.limit.own_{side(incident)}")
    return beyond(incident, incident.opened_limit, words)


def until(incident: Incident) -> datetime:
    """Until when the limit of the opening was passed: until it was back, else until it was last seen."""
    return incident.recovering_at or incident.resolved_at or incident.last_seen_at


def _held_s(incident: Incident) -> float:
    return max(0.0, (until(incident) - incident.since_at).total_seconds())


def _age_s(incident: Incident, figure: Figure) -> float:
    """How long there has been nothing: what it was when it was last looked at, and the time since."""
    known_s = incident.value if incident.value is not None else (incident.limit or 0.0)
    return known_s + (max(0.0, (figure.at - incident.last_seen_at).total_seconds()) if incident.recovering_at is None else 0.0)


def _placed(incident: Incident, what: str, words: Words) -> str:
    return words.say("incident.placed", what=what, where=one_line(incident.scope_name)) if incident.scope_name else what


def one_line(text: str) -> str:
    """Without line breaks or other control signs: a name that somebody typed must not end a header."""
    return _one_line(text, "")


def _one_line(text: str, kept: str) -> str:
    return " ".join("".join(sign if sign.isprintable() or sign in kept else " " for sign in text).split())


def cut(text: str) -> str:
    """One line, short enough for a subject; the signs stay by which right-to-left sentences keep names apart."""
    line = _one_line(text, ISOLATE + END)
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def unit_of(incident: Incident) -> Unit:
    """The unit of the incident's figures: its metric's, seconds for those about the data itself."""
    return CATALOGUE[incident.metric].unit if incident.metric in CATALOGUE else Unit.SECONDS


def value_text(incident: Incident, value: float, words: Words = ENGLISH) -> str:
    """A value of the incident's figures: its metric's, with its sign where that is a difference, or a time of one about the data itself."""
    metric = CATALOGUE.get(incident.metric)
    return amount(value, Unit.SECONDS, words) if metric is None else value_of(metric, value, words, incident.limit)
