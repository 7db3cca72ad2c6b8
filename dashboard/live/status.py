"""The frame's word on the source: the freshness of each feed, and what is wrong in a sentence the floor understands.

In:  inputs and the time. Out: the frame's `feeds`, `source` and `budget`, and a `FeedStatus` per feed for the other parts.
Must not put a vendor's raw text on a wall: `problem` speaks in our words; a feed's `error` is the source's own plain sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.domain.feeds import TICKET_ENDPOINTS, Endpoint, Feed
from dashboard.domain.freshness import Freshness, judge
from dashboard.domain.readings import Reading
from dashboard.domain.vendor_names import named, vendor_of
from dashboard.live.inputs import Inputs
from dashboard.live.messages import stamp
from dashboard.live.patch import Object
from dashboard.store.snapshots import Outcome, Pause, Stop

# What each kind of error means to somebody who looks at a wall. {name} is the source, {since} a time of day in the account's zone.
SENTENCES: Mapping[str, str] = {
    "auth": "{name} refused the credentials (401). Polling has stopped until the settings change.",
    "forbidden": "{name} has not let these credentials read the phone statistics (403) since {since}.",
    "not_found": "{name} has had no phone statistics at this address (404) since {since}.",
    "rate_limit": "{name} has asked for a pause (429) since {since}.",
    "server": "{name} has answered with errors of its own since {since}.",
    "timeout": "{name} has not answered since {since}.",
    "network": "{name} has been out of reach since {since}.",
    "tls": "{name} has offered no secure connection since {since}.",
    "redirect": "{name} has pointed to another address since {since}; it is not followed.",
    "too_large": "{name} has sent answers that are too large since {since}.",
    "invalid": "{name} has sent answers that cannot be read since {since}.",
    "refused_config": "The settings of {name} are not usable. Polling has stopped until they change.",
    "database": "The database of Queuelight has not answered since {since}, so that nothing of {name} is kept.",
    "database_refuses": "The database of Queuelight has refused to write since {since}, so that nothing of {name} is kept.",
}
# The same where no phone is shown.
WITHOUT_PHONE: Mapping[str, str] = {
    "forbidden": "{name} has not let these credentials read its numbers (403) since {since}.",
    "not_found": "{name} has had nothing to read at this address (404) since {since}.",
}
# With these the account is away, and not one kind of its numbers: a feed that has not been answered since is failing as well, though the
# account is left alone for a while and nobody has asked for it.
AWAY = frozenset({"server", "timeout", "network", "tls"})
UNKNOWN_SENTENCE = "{name} has not given a good answer since {since}."


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """One feed as judged now. `reading` None: it never answered."""

    feed: Feed
    state: Freshness
    interval_s: float
    failing: bool
    stopped: bool
    reading: Reading | None
    outcome: Outcome | None
    # The failure that it suffers from: its own, or that of another feed of its account since its last good answer.
    failure: Outcome | None = None


def feed_statuses(inputs: Inputs, now: datetime, told: object) -> dict[Endpoint, FeedStatus]:
    """The board's feed of each endpoint; at most one feed per endpoint. `told`: `feeds` of the frame before, None without one."""
    found: dict[Endpoint, FeedStatus] = {}
    for feed, plan in inputs.plans.items():
        reading, outcome, stopped = inputs.readings.get(feed), inputs.outcomes.get(feed), inputs.stop_of(feed) is not None
        failing = outcome is not None and outcome.error_kind is not None
        interval_s = plan.interval_s if failing else max(plan.interval_s, _promised_s(told, feed, reading))
        failure = outcome if failing else _failure_beside(inputs, feed, reading)
        at, since = reading.at if reading else None, failure.failing_since if failure else None
        state = judge(at=at, interval_s=interval_s, failing=failing, failing_since=since, stopped=stopped, now=now)
        found[feed.endpoint] = FeedStatus(feed, state, interval_s, failing, stopped, reading, outcome, failure)
    return found


def _failure_beside(inputs: Inputs, feed: Feed, reading: Reading | None) -> Outcome | None:
    """Of the board's other feeds of this account the one that has failed the longest, if nothing good came of this feed meanwhile."""
    found = [
        (outcome.failing_since, outcome)
        for other, outcome in inputs.outcomes.items()
        if other.account == feed.account and outcome.error_kind in AWAY and outcome.failing_since is not None
    ]
    found = [(since, outcome) for since, outcome in found if reading is not None and since > reading.at]
    return min(found, key=lambda each: each[0])[1] if found else None


def _promised_s(told: object, feed: Feed, reading: Reading | None) -> float:
    """The interval that was told with this very reading; 0 when it is new.

    A board that somebody begins to watch is asked more often at once, but what it holds is as old as was promised until the first
    answer comes: judged by the new interval, every first look at a healthy board would say late.
    """
    entry = told.get(feed.id) if isinstance(told, dict) else None
    if reading is None or not isinstance(entry, dict) or entry.get("at") != stamp(reading.at):
        return 0.0
    interval_s = entry.get("interval_s")
    return float(interval_s) if isinstance(interval_s, int | float) else 0.0


def feeds_part(inputs: Inputs, statuses: Mapping[Endpoint, FeedStatus]) -> Object:
    """`frame.feeds`: by feed id, in a stable order."""
    part: Object = {}
    for status in sorted(statuses.values(), key=lambda one: one.feed):
        outcome = status.outcome
        entry: Object = {
            "endpoint": status.feed.endpoint.value,
            "interval_s": status.interval_s,
            "state": status.state.value,
            "failing": status.failing,
            "stopped": status.stopped,
            "failures": outcome.failures if outcome else 0,
        }
        if status.failure is not None and status.failure.failing_since is not None:
            entry["failing_since"] = stamp(status.failure.failing_since)
        if status.reading is not None:
            entry["at"] = stamp(status.reading.at)
        if outcome is not None and outcome.error_kind is not None:
            entry["error"] = {
                "kind": outcome.error_kind,
                "message": named(outcome.error_message or "", vendor_of(status.feed.endpoint)),
                "at": stamp(outcome.at),
            }
        elif (stop := inputs.elsewhere.get(status.feed.account)) is not None:  # the frame's `source` does not speak of it
            entry["error"] = {"kind": stop.kind, "message": named(stop.message, vendor_of(status.feed.endpoint)), "at": stamp(stop.at)}
        retry_at = _next_attempt(outcome, inputs.pause_of(status.feed))
        if retry_at is not None:
            entry["retry_at"] = stamp(retry_at)
        if outcome is not None and outcome.waiting:
            entry["waiting"] = True
        if outcome is not None and outcome.done_count is not None:
            entry["reading"] = {"done": outcome.done_count}
            if outcome.total_count is not None:
                entry["reading"] = {"done": outcome.done_count, "total": max(outcome.total_count, outcome.done_count)}
        part[status.feed.id] = entry
    return part


def _next_attempt(outcome: Outcome | None, pause: Pause | None) -> datetime | None:
    """Before when a feed is not asked; None: at its usual time. A pause by another feed of the account holds for it, too."""
    if outcome is None or outcome.retry_at is None or pause is None:
        return outcome.retry_at if outcome is not None else None
    return max(outcome.retry_at, pause.until)


def source_part(inputs: Inputs, statuses: Mapping[Endpoint, FeedStatus], now: datetime, speaker: Endpoint = Endpoint.QUEUE) -> Object:
    """`frame.source`: one feed, the `speaker`, speaks for the source; refused credentials bring it down at once. Where the queue does not
    speak, `endpoint` says who does; of Kayako's trouble on a board of somebody else's, `beside` tells."""
    status = statuses.get(speaker)
    part = _source(inputs, status, speaker, now)
    kayako = statuses.get(Endpoint.CASES)
    if kayako is not None and speaker is not Endpoint.CASES:
        beside = _source(inputs, kayako, Endpoint.CASES, now)
        if "problem" in beside and kayako.state is not Freshness.LIVE:
            part["beside"] = beside
    return part


def _source(inputs: Inputs, status: FeedStatus | None, speaker: Endpoint, now: datetime) -> Object:
    stop = inputs.stop_of(status.feed) if status is not None else inputs.stop
    state = Freshness.DOWN if stop is not None else status.state if status else Freshness.UNKNOWN
    part: Object = {"name": _name(inputs, speaker), "state": state.value, "emulated": inputs.emulated}
    if speaker is not Endpoint.QUEUE:
        part["endpoint"] = speaker.value
    problem = _problem(inputs, status, stop, speaker, now)
    if problem is not None:
        part["problem"] = problem
    return part


def _name(inputs: Inputs, speaker: Endpoint) -> str:
    if speaker is Endpoint.CASES:
        return "Kayako"
    return "Zendesk" if speaker in TICKET_ENDPOINTS else inputs.source_name


def budget_part(inputs: Inputs) -> Object:
    """`frame.budget`: what our share of the vendor's limits has been used, by bucket."""
    return {
        bucket: {"used": use.used, "cap": use.cap, "limit": use.limit, "window_s": use.window_s} for bucket, use in inputs.budget.items()
    }


def sentence(kind: str, *, name: str, since: datetime, now: datetime, time_zone: str, speaker: Endpoint = Endpoint.QUEUE) -> str:
    """What is wrong, in one sentence. `kind` is an ErrorKind's value; one we do not know gets a general sentence."""
    zone = ZoneInfo(time_zone)
    local, today = since.astimezone(zone), now.astimezone(zone)
    when = f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local.day} {local:%B, %H:%M}"
    sentences = SENTENCES if speaker is Endpoint.QUEUE else {**SENTENCES, **WITHOUT_PHONE}
    return sentences.get(kind, UNKNOWN_SENTENCE).format(name=name, since=when)


def _problem(inputs: Inputs, status: FeedStatus | None, stop: Stop | None, speaker: Endpoint, now: datetime) -> Object | None:
    """A stop comes first, then the feed's own failure, then a pause that another feed of the account brought about."""
    outcome = status.outcome if status else None
    pause = inputs.pause if status is None else inputs.pause_of(status.feed)
    kind: str
    retry_at: datetime | None = None
    if stop is not None:
        kind, since = stop.kind, stop.at
    elif outcome is not None and outcome.error_kind is not None:
        kind, since, retry_at = outcome.error_kind, outcome.failing_since or outcome.at, _next_attempt(outcome, pause)
    elif status is not None and (beside := status.failure) is not None and beside.error_kind and status.state is not Freshness.LIVE:
        kind, since, retry_at = beside.error_kind, beside.failing_since or beside.at, _next_attempt(beside, pause)
    elif pause is not None and (status is None or status.state is not Freshness.LIVE):
        kind, since, retry_at = pause.kind, pause.at, pause.until
    else:
        return None
    text = sentence(kind, name=_name(inputs, speaker), since=since, now=now, time_zone=inputs.time_zone, speaker=speaker)
    problem: Object = {"kind": kind, "message": text, "since": stamp(since)}
    if retry_at is not None:
        problem["retry_at"] = stamp(retry_at)
    return problem
