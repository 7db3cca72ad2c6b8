"""What the desk knows and how old it is: the first reading and its progress, a vendor that fails, events that only administrators may read.

In:  the streams of the mirror, the feeds' last outcomes, the time. Out: signs, each one sentence; and the line about targets.
Must not ask the vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis as redis_py
from django.conf import settings

from dashboard.desk.left import span
from dashboard.desk.patience import asked
from dashboard.desk.target_facts import Fact, facts_of
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.freshness import GRACE_S, STALE_AFTER_INTERVALS
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import SlaState
from dashboard.domain.vendor_names import named
from dashboard.incidents.page import said
from dashboard.models import Stream
from dashboard.polling.feeds import interval_s
from dashboard.sources.errors import ErrorKind
from dashboard.sources.registry import ACCOUNT, KAYAKO
from dashboard.store import snapshots
from dashboard.store.snapshots import Outcome, Pause, Stop

TICKETS, SLA, CASES = Feed(ACCOUNT, Endpoint.TICKETS), Feed(ACCOUNT, Endpoint.SLA), Feed(KAYAKO, Endpoint.CASES)
STREAM_OF = {TICKETS: "tickets", SLA: "events"}
NO_REDIS = "Redis does not answer, so nothing is read from Zendesk, and nothing can be changed. Tickets are shown as they were last known."
OFF = "Tickets are not read from Zendesk here, because the setting TICKETS is 0: set TICKETS=1 and start Queuelight again to have a desk."
NO_ZENDESK = "No Zendesk account is set up here (ZENDESK_URL), so there are no tickets. Kayako's conversations are on the boards alone."
NOT_BEGUN = "Tickets have not been read yet. The first reading begins within a minute of the start; this page fills by itself."
NOT_TIMED = "Time left is not known yet: the events of SLA targets are read after the tickets; this page fills by itself."
NOT_ADMIN = "Time left is not known: Zendesk shows the events of SLA targets to administrators alone, and these credentials are not one's."


@dataclass(frozen=True, slots=True)
class Sign:
    """One sentence about what is shown. `kind`: wrong, reading or note. `ratio`: of a first reading, 0 to 1; None: not known."""

    kind: str
    text: str
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands. `has_tickets`: something was read; `as_of`: when tickets were read last, in words; empty: never. `is_off`: tickets are
    not to be read at all. `clocks_known`: the clocks of all tickets were read once. `others`: of what is read beside Zendesk's tickets."""

    signs: tuple[Sign, ...]
    facts: tuple[Fact, ...]
    has_tickets: bool
    as_of: str
    is_off: bool = False
    clocks_known: bool = True
    others: tuple[Sign, ...] = ()

    @property
    def all(self) -> tuple[Sign, ...]:
        """Every sign, Zendesk's first."""
        return (*self.signs, *self.others)


def standing(now: datetime) -> Standing:
    """As of `now` (aware)."""
    streams = {stream.name: stream for stream in Stream.objects.filter(account=ACCOUNT)}
    tickets = streams.get("tickets")
    as_of = said(tickets.read_at, seconds=True) if tickets is not None else ""
    has_tickets = tickets is not None and (tickets.done_count > 0 or tickets.caught_up_at is not None)
    if not settings.ENV.has_phone:
        return Standing((Sign("note", NO_ZENDESK),), (), has_tickets, as_of)
    if not settings.ENV.tickets:
        return Standing((Sign("note", OFF),), (), has_tickets, as_of, is_off=True)
    told = asked(lambda redis: _told(redis, now), "the desk cannot read how it stands")
    known = _clocks_known(streams)
    if told is None:
        return Standing((Sign("wrong", NO_REDIS),), (), has_tickets, as_of, clocks_known=known)
    outcomes, stop, pause, reading = told
    signs, facts = _signs(streams, outcomes, stop, pause, now), _facts(reading, streams, outcomes.get(SLA), now)
    return Standing(signs, facts, has_tickets, as_of, clocks_known=known, others=_kayako(outcomes.get(CASES)))


def _told(redis: redis_py.Redis, now: datetime) -> tuple[Mapping[Feed, Outcome], Stop | None, Pause | None, Reading | None]:
    outcomes = snapshots.load_outcomes(redis, [TICKETS, SLA, CASES])
    reading = snapshots.load_readings(redis, [SLA]).get(SLA)
    return outcomes, snapshots.stopped(redis, ACCOUNT), snapshots.paused(redis, ACCOUNT, now), reading


def _signs(
    streams: Mapping[str, Stream], outcomes: Mapping[Feed, Outcome], stop: Stop | None, pause: Pause | None, now: datetime
) -> tuple[Sign, ...]:
    tickets, events = streams.get("tickets"), streams.get("events")
    signs: list[Sign] = []
    if stop is not None:
        since = f"{named(stop.message)} So it is since {said(stop.at, seconds=True)}; nothing is asked until the settings change."
        signs.append(Sign("wrong", f"{since}{_kept(tickets)}"))
    elif (failing := _failing(TICKETS, outcomes.get(TICKETS), tickets, pause, now)) is not None:
        signs.append(failing)
    elif pause is not None:
        signs.append(
            Sign(
                "wrong",
                f"{named(pause.message)} Nothing is asked since {said(pause.at, seconds=True)}."
                f"{_next_try(pause.until, now)}{_kept(tickets)}",
            )
        )
    elif tickets is None:
        signs.append(Sign("reading", NOT_BEGUN))
    elif (old := _old(tickets, TICKETS, "Tickets", now)) is not None:
        signs.append(old)
    if tickets is not None and tickets.caught_up_at is None:
        signs.append(_progress(tickets, "tickets"))
    if _is_forbidden(outcomes.get(SLA)):
        signs.append(Sign("note", NOT_ADMIN))
    elif tickets is not None and tickets.caught_up_at is not None and not _clocks_known(streams):
        reading = events is not None and events.done_count > 0
        signs.append(_progress(events, "events of SLA targets") if events is not None and reading else Sign("reading", NOT_TIMED))
    elif stop is None and not signs and events is not None:
        late = _failing(SLA, outcomes.get(SLA), events, pause, now) or _old(events, SLA, "Time left", now)
        signs += [] if late is None else [late]
    return tuple(signs)


def _clocks_known(streams: Mapping[str, Stream]) -> bool:
    return all((stream := streams.get(name)) is not None and stream.caught_up_at is not None for name in ("events", "clocks"))


def _is_forbidden(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.error_kind == ErrorKind.FORBIDDEN


def _failing(feed: Feed, outcome: Outcome | None, stream: Stream | None, pause: Pause | None, now: datetime) -> Sign | None:
    """Why, since when, when next, and as of when the list is."""
    if outcome is None or outcome.error_message is None:
        return None
    since = f" It fails since {said(outcome.failing_since, seconds=True)}." if outcome.failing_since is not None else ""
    usual = outcome.at + timedelta(seconds=interval_s(feed.endpoint, watched=True))
    next_at = max(usual if outcome.retry_at is None else outcome.retry_at, *([pause.until] if pause is not None else []), outcome.at)
    return Sign("wrong", f"{named(outcome.error_message)}{since}{_next_try(next_at, now)}{_kept(stream)}")


def _next_try(at: datetime, now: datetime) -> str:
    return f" Next try: {said(at, seconds=True)}." if at > now else " It is tried again now."


def _kept(stream: Stream | None) -> str:
    return f" What is shown is as of {said(stream.read_at, seconds=True)}." if stream is not None and stream.read_at is not None else ""


def _old(stream: Stream, feed: Feed, what: str, now: datetime) -> Sign | None:
    if stream.read_at is None:
        return None
    if not _is_stale(stream.read_at, feed, now):
        return None
    ago = f"{said(stream.read_at, seconds=True)}, {span(int((now - stream.read_at).total_seconds()))} ago"
    return Sign("wrong", f"{what} as of {ago}: nothing has been read since. Is the worker running?")


def _is_stale(at: datetime, feed: Feed, now: datetime) -> bool:
    """By the unwatched pace: the desk's own look does not make the feed quicker."""
    return (now - at).total_seconds() > STALE_AFTER_INTERVALS * interval_s(feed.endpoint, watched=False) + GRACE_S


def _progress(stream: Stream, what: str) -> Sign:
    done = f"{stream.done_count:,}"
    if not stream.total_count:
        return Sign("reading", f"The first reading of {what} is under way: {done} so far. What is shown is not all there is.")
    ratio = min(1.0, stream.done_count / stream.total_count)
    of = f"{done} of about {stream.total_count:,} ({100 * ratio:.0f} %)"
    return Sign("reading", f"The first reading of {what} is under way: {of}. What is shown is not all there is.", ratio)


def _kayako(outcome: Outcome | None) -> tuple[Sign, ...]:
    """Kayako's first reading, which goes on beside this page."""
    if settings.ENV.kayako is None or outcome is None or outcome.done_count is None:
        return ()
    done, total = outcome.done_count, outcome.total_count
    of = f"{done:,}" if not total else f"{done:,} of about {total:,} ({100 * done / total:.0f} %)"
    text = f"Kayako's conversations are being read for the first time: {of}. Boards show each of their numbers as soon as it is known."
    return (Sign("reading", text, min(1.0, done / total) if total else None),)


def _facts(reading: Reading | None, streams: Mapping[str, Stream], outcome: Outcome | None, now: datetime) -> tuple[Fact, ...]:
    """None of what is too old to be told as now, of a first reading, or not allowed any more."""
    if reading is None or not isinstance(reading.body, SlaState) or _is_forbidden(outcome) or _is_stale(reading.at, SLA, now):
        return ()
    if any(streams.get(name) is None or streams[name].caught_up_at is None for name in ("tickets", "events")):
        return ()
    return facts_of(reading.body)
