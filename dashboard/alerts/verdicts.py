"""Judges all rules of one feed (or account) by one moment: what was held, what each rule sees, what happens, what is held then.

In:  the rules, what each sees of the moment. Out: incidents, and what is held in Redis. Must not know where the values come from.

The order is what makes it safe: an event is written to the database first, and only then held. A crash in between makes the same event
happen again, which `incidents.record` takes for what it is. The incidents are right where they and Redis differ: they are looked at when
Redis held nothing, after a gap, when a rule was changed, and every 30 s.
A database that does not answer delays what happens: time goes on, and it happens at the first reading that can be written down.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import redis as redis_py
from django.db import DatabaseError

from dashboard.alerts import holding, incidents, rules
from dashboard.alerts.changing import BusyIncidentError
from dashboard.alerts.holding import Holding, Kept
from dashboard.alerts.rules import Entry
from dashboard.domain import judging
from dashboard.domain.judging import Happened, Held, Observed, What
from dashboard.domain.rules import Limits
from dashboard.domain.thresholds import Severity
from dashboard.models import Incident
from dashboard.polling.quietly import OncePerMinute
from dashboard.store import codec
from dashboard.store.database import DATABASE

logger = logging.getLogger(__name__)

# How often the incidents are looked at though nothing seems to be wrong.
CHECKED_FOR = timedelta(seconds=30)
# A clock ahead of ours by more than this was put back since.
AHEAD = timedelta(seconds=1)
CHECKED = "checked"
# A database that is locked keeps each who writes waiting for ten seconds. With a poll a second all threads of a worker would soon wait, and
# nothing would be polled any more: so few may that no gap comes of it, and the others take it for away soon. Writing takes milliseconds.
WRITERS_COUNT = 2
WRITER_WAIT_S = 0.5

_may_say = OncePerMinute()
_writers = threading.BoundedSemaphore(WRITERS_COUNT)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule sees of the moment. `limits` None: what is usual is not known. `detail`: what is wrong, for lost, source and screen.
    `place`: where, if the moment knows it better than the rule: a screen's name."""

    observed: Observed
    limits: Limits | None
    detail: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: when the reading was taken; `now`: when it is judged; `longest_gap_s` as in `Observed`. `notes` are kept beside the rules."""

    scope: str
    at: datetime
    now: datetime
    longest_gap_s: float
    notes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stored` False: another worker has judged meanwhile, look again. `changed`: an incident did."""

    stored: bool
    changed: bool


def is_new(before: Holding, at: datetime, now: datetime) -> bool:
    """Whether a reading taken `at` was not judged yet: it is newer, or what was judged is from before a clock was put back."""
    if before.at is None or at > before.at or before.at > now + AHEAD:
        return True
    return before.at - at > judging.OLDEST_STRAGGLER


def reach(redis: redis_py.Redis, moment: Moment, entries: Sequence[Entry], before: Holding, see: Callable[[Entry], Seen]) -> Verdict:
    """Judges `entries` by one moment. redis.RedisError when Redis does not answer; nothing is held then, and the next reading goes on.

    A rule whose `see` or judging raises is switched to error; the others go on.
    """
    court = _Court(moment, before)
    if not court.learn_what_is_open(entries):
        return Verdict(stored=True, changed=False)
    kept: dict[int, Kept] = {}
    for entry in entries:
        try:
            kept[entry.rule.pk] = court.judge(entry, see)
        except (redis_py.RedisError, DatabaseError):
            raise
        except Exception as error:  # whatever is wrong with one rule must not keep the others from being judged
            logger.exception("The rule %r (%d) failed.", entry.rule.name, entry.rule.pk)
            why = f"It failed while it was judged ({type(error).__name__})."
            court.changed |= _switch_off(redis, entry, why, moment.now)
    after = Holding(moment.at, kept, {**moment.notes, CHECKED: court.checked_us})
    return Verdict(holding.save(redis, moment.scope, before=before, after=after), court.changed)


class _Court:
    """One moment's judging. `checked_us`: when the incidents were last looked at, 0 to have them looked at next time."""

    def __init__(self, moment: Moment, before: Holding) -> None:
        self._moment, self._before = moment, before
        self._open: dict[int, Incident] | None = None  # None: not looked at this time
        self._database_answers = True
        self.checked_us = before.notes.get(CHECKED, 0)
        self.changed = False

    def learn_what_is_open(self, entries: Sequence[Entry]) -> bool:
        """Looks at the incidents where that is due. False: it must be known, and the database does not answer."""
        needed = self._is_gap() or any(self._was_edited(entry) for entry in entries)
        checked_for = self._moment.now - codec.from_us(self.checked_us)
        if not needed and timedelta(0) <= checked_for < CHECKED_FOR:
            return True
        try:
            found = Incident.objects.filter(
                rule_id__in=[entry.rule.pk for entry in entries], scope=self._moment.scope, resolved_at=None
            ).order_by("pk")
            self._open = {incident.rule_id: incident for incident in found if incident.rule_id is not None}
        except DatabaseError as error:
            self._say(error)
            return not needed
        self.checked_us = codec.to_us(self._moment.now)
        return True

    def judge(self, entry: Entry, see: Callable[[Entry], Seen]) -> Kept:
        """What is held of the rule after this moment. What happens is written down; where it cannot be, it happens next time."""
        kept = self._kept(entry)
        seen = see(entry)
        after, events = judging.step(entry.spec, kept.held, seen.observed, seen.limits)
        if events and not self._database_answers:
            after, events = judging.watch(entry.spec, kept.held, seen.observed, seen.limits), ()
        try:
            for event in events:
                kept = self._write(entry, kept, event, seen)
        except (DatabaseError, BusyIncidentError) as error:
            self._say(error)
            after = judging.watch(entry.spec, kept.held, seen.observed, seen.limits)
        return self._tell(replace(kept, held=after), seen.observed.value)

    def _kept(self, entry: Entry) -> Kept:
        """What was held of the rule, put right by its version and by what is open."""
        rule, version = entry.rule, entry.rule.version
        kept = self._before.kept.get(rule.pk)
        if kept is None:
            kept = Kept(version, Held(self._before.at or self._moment.at))
        held = judging.edited(kept.held) if kept.version != version else kept.held
        if self._is_gap():
            held = judging.interrupted(held)
        if self._open is None:
            return replace(kept, version=version, held=held)
        incident = self._open.get(rule.pk)
        if incident is None:
            return Kept(version, judging.aligned(held, opened=Severity.OK, recovering=False))
        held = judging.aligned(held, opened=Severity(incident.severity), recovering=incident.recovering_at is not None)
        return replace(kept, version=version, held=held, incident_id=incident.pk)

    def _write(self, entry: Entry, kept: Kept, event: Happened, seen: Seen) -> Kept:
        with _writer():
            incident = incidents.record(entry.rule, self._moment.scope, event, now=self._moment.now, detail=seen.detail, place=seen.place)
        if incident is None:
            if event.what is not What.RESOLVED:
                self.checked_us = 0  # already so, or nothing is open though we held that something is
            return Kept(kept.version, kept.held) if event.what is What.RESOLVED else kept
        self.changed = True
        if event.what is What.RESOLVED:
            return Kept(kept.version, kept.held)
        return replace(kept, incident_id=incident.pk)

    def _tell(self, kept: Kept, value: float | None) -> Kept:
        """The open incident's row learns the newest value (and, of those in between, the worst)."""
        if kept.incident_id is not None and value is not None and self._database_answers:
            try:
                with _writer():
                    incidents.observe(kept.incident_id, value, self._moment.at)
            except DatabaseError as error:
                self._say(error)
        return kept

    def _is_gap(self) -> bool:
        """Whether what was held is from too long ago, or from before a clock was put back, or not there at all."""
        before = self._before.at
        if before is None or before >= self._moment.at:
            return True
        return (self._moment.at - before).total_seconds() > self._moment.longest_gap_s

    def _was_edited(self, entry: Entry) -> bool:
        kept = self._before.kept.get(entry.rule.pk)
        return kept is not None and kept.version != entry.rule.version

    def _say(self, error: Exception) -> None:
        """Asked no more at this moment: with SQLite, each try may wait for ten seconds."""
        self._database_answers = False
        if not DATABASE.heard(error) and _may_say():
            logger.error("Incidents wait to be written: the database cannot take them (%s).", type(error).__name__)


class _WritersWaitError(DatabaseError):
    """As many as may be are writing, and none gets on: as with a database that is away."""


@contextlib.contextmanager
def _writer() -> Iterator[None]:
    if not _writers.acquire(timeout=WRITER_WAIT_S):
        raise _WritersWaitError("others wait for the database")
    try:
        yield
    finally:
        _writers.release()


def _switch_off(redis: redis_py.Redis, entry: Entry, why: str, now: datetime) -> bool:
    try:
        return rules.switch_off(redis, entry.rule, why, now)
    except DatabaseError as error:
        logger.warning("That the rule failed cannot be written down (%s); it is tried again at its next reading.", type(error).__name__)
        return False
