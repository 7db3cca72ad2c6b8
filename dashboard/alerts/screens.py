"""Judges whether the screens that are watched still show anything, every few seconds.

In:  what each screen said last that it had painted, its working hours, the rules of kind `screen`. Out: whether an incident changed.
Only time counts in which a screen could have told us: within its hours, while we were looking, and while a web process lived to hear it.
Our own restart, or a Redis that came back empty, is nobody's silence. A screen that never painted, or has no board, is not judged.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis as redis_py
from django.db import DatabaseError

from dashboard.accounts.assignment import assignment_of, with_boards
from dashboard.accounts.screen_hours import hours_of, zone_of
from dashboard.alerts import holding, incidents, rules, verdicts
from dashboard.alerts.rules import Entry
from dashboard.alerts.shown import is_of_failed_rule
from dashboard.alerts.verdicts import CHECKED, Moment, Seen
from dashboard.domain.judging import Observed
from dashboard.domain.rules import limits_of
from dashboard.domain.working_hours import is_within
from dashboard.models import Incident, Kind, Screen
from dashboard.store import codec, keys
from dashboard.store.painted import load_painted

logger = logging.getLogger(__name__)

EVERY_S, EARLY_S = 5.0, 0.5
# Two looks further apart than this: nobody was looking in between.
LONGEST_GAP_S = 20.0
# A screen says it every ten seconds, so a shorter silence is none.
SILENT_FROM_S = 15.0
LIFE_S = 3600
AT, WEB = "at", "web"

REMOVED = "The screen was removed."
NOT_WATCHED = "The screen is not watched any more."
OFF_HOURS = "Its working hours are over."
NO_BOARD = "It has no board to show any more."


@dataclass(frozen=True, slots=True)
class Silence:
    """For how long a screen has painted nothing though it could have said so (seconds), and when it last did (aware UTC)."""

    silent_s: float
    painted_at: datetime


def judge_screens(redis: redis_py.Redis, now: datetime) -> bool:
    """Judges every watched screen as of `now` (aware), if nobody did within the last few seconds. True: an incident changed.

    False also when the database does not answer. redis.RedisError when Redis does not answer.
    """
    try:
        entries = rules.book(redis).of_screens
        if not entries or not _is_due(redis, now):
            return False
        screens = {screen.pk: screen for screen in with_boards()}
        reasons = {pk: why for pk, screen in screens.items() if (why := _why_not(screen, now))}
        judged = {pk: screen for pk, screen in screens.items() if pk not in reasons}
        silences = _silences(redis, judged, now)
        open_scopes = _open_scopes()
        changed = [_close(scope, ids, screens, reasons, now) for scope, ids in open_scopes.items()]
        for pk, silence in silences.items():
            if silence.silent_s >= SILENT_FROM_S or scope_of(pk) in open_scopes:
                changed.append(_judge(redis, judged[pk], silence, entries, now))
        return any(changed)
    except DatabaseError as error:
        logger.error("Whether screens are dark cannot be judged: the database does not answer (%s).", type(error).__name__)
        return False


def scope_of(screen_id: int) -> str:
    """What an incident about a screen is about; no feed and no account has such a name."""
    return f"screen:{screen_id}"


def _is_due(redis: redis_py.Redis, now: datetime) -> bool:
    """Two who look at once do no harm: both count from the same look before."""
    at = cast("bytes | None", redis.hget(keys.SILENCE, AT))
    try:
        return at is None or not 0.0 <= (now - codec.from_us(int(at))).total_seconds() < EVERY_S - EARLY_S
    except ValueError:  # not ours
        return True


def _why_not(screen: Screen, now: datetime) -> str:
    """Why nothing is expected of a screen now; empty: something is."""
    if not screen.is_watched:
        return NOT_WATCHED
    if not assignment_of(screen).items:
        return NO_BOARD
    return "" if is_within(hours_of(screen), now) else OFF_HOURS


def _silences(redis: redis_py.Redis, screens: Mapping[int, Screen], now: datetime) -> Mapping[int, Silence]:
    """Of each screen that ever painted; and keeps it for the next look. What was counted of a screen that is not judged now is forgotten:
    its next working day begins with the whole limit before it."""
    before = {name.decode(errors="replace"): value for name, value in cast("dict[bytes, bytes]", redis.hgetall(keys.SILENCE)).items()}
    web = cast("bytes | None", redis.get(keys.alive("web"))) or b""
    counted_s = _counted_s(before, web, now)
    painted = load_painted(redis, [f"screen:{pk}" for pk in screens])
    found: dict[int, Silence] = {}
    for pk, screen in screens.items():
        latest = painted.get(f"screen:{pk}")
        at = max((each for each in (screen.painted_at, latest.at if latest else None) if each is not None), default=None)
        if at is None:
            continue
        known = _read(before.get(str(pk)))
        so_far_s = known.silent_s if known is not None and at <= known.painted_at else 0.0
        # A time ahead of ours (a clock was put back) is as long ago as no time at all.
        found[pk] = Silence(min(so_far_s + counted_s, max(0.0, (now - at).total_seconds())), at)
    fields: dict[str, bytes] = {AT: b"%d" % codec.to_us(now), WEB: web}
    fields |= {str(pk): b"%d %d" % (round(one.silent_s * 1000), codec.to_us(one.painted_at)) for pk, one in found.items()}
    pipe = redis.pipeline()
    pipe.delete(keys.SILENCE)
    pipe.hset(keys.SILENCE, items=[part for pair in fields.items() for part in pair])
    pipe.expire(keys.SILENCE, LIFE_S)
    pipe.execute()
    return found


def _counted_s(before: Mapping[str, bytes], web: bytes, now: datetime) -> float:
    """How much of the time since the last look a screen could have been heard in. A web process writes its sign every two seconds; it is
    judged by its change, as the clocks of two machines may differ."""
    try:
        since_s = (now - codec.from_us(int(before[AT]))).total_seconds()
    except (KeyError, ValueError):
        return 0.0
    heard = bool(web) and web != before.get(WEB)
    return since_s if heard and 0.0 < since_s <= LONGEST_GAP_S else 0.0


def _read(text: bytes | None) -> Silence | None:
    try:
        silent_ms, painted_us = (text or b"").split()
        return Silence(int(silent_ms) / 1000, codec.from_us(int(painted_us)))
    except ValueError:
        return None


def _open_scopes() -> Mapping[str, Sequence[Incident]]:
    found: dict[str, list[Incident]] = {}
    for incident in Incident.objects.filter(kind=Kind.SCREEN, resolved_at=None):
        if not is_of_failed_rule(incident):
            found.setdefault(incident.scope, []).append(incident)
    return found


def _close(scope: str, open_: Sequence[Incident], screens: Mapping[int, Screen], reasons: Mapping[int, str], now: datetime) -> bool:
    """Ends what is open of a screen that is not judged any more; whether it did."""
    pk = next((pk for pk in screens if scope_of(pk) == scope), None)
    why = REMOVED if pk is None else reasons.get(pk, "")
    if not why:
        return False
    for incident in open_:
        incidents.close(incident.pk, why, now)
    return True


def _judge(redis: redis_py.Redis, screen: Screen, silence: Silence, entries: Sequence[Entry], now: datetime) -> bool:
    scope = scope_of(screen.pk)
    before = holding.load(redis, scope)
    if not verdicts.is_new(before, now, now):
        return False
    # Once it paints again there is no silence to tell: the sentence stays that of the silence that was.
    detail = _detail(screen, silence, now) if silence.silent_s >= SILENT_FROM_S else ""
    moment = Moment(scope, now, now, LONGEST_GAP_S, {CHECKED: before.notes.get(CHECKED, 0)})

    def see(entry: Entry) -> Seen:
        return Seen(Observed(now, silence.silent_s, LONGEST_GAP_S), limits_of(entry.spec, None), detail, place=screen.name)

    return verdicts.reach(redis, moment, entries, before, see).changed


def _detail(screen: Screen, silence: Silence, now: datetime) -> str:
    """Such as "Screen Reception has shown nothing since 14:02." in the screen's own time; with the day where that is not today."""
    zone = zone_of(screen)
    at, today = silence.painted_at.astimezone(zone), now.astimezone(zone)
    day = "" if at.date() == today.date() else f"{at:%a %-d %b} "
    return f"Screen {screen.name} has shown nothing since {day}{at:%H:%M}."
