"""For how long the data of an account has been missing, and through whose fault: the vendor's, or ours.

In:  what is known of each feed that is needed, and from when on time counts. Out: an `Outage`. Pure; asks nothing.

One outage is one incident. While the vendor fails or refuses (an attempt failed, the account pauses for it or was stopped), the source is
at fault, and what is old is old because of that: nothing is said of our side then. What grows old although nothing failed is lost here:
a backlog of polls, a budget that is used up, a worker that hangs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.freshness import STALE_AFTER_INTERVALS, Freshness, judge
from dashboard.domain.vendor_names import ZENDESK, named, vendor_of
from dashboard.store.snapshots import Outcome, Pause, Stop

NAMES: Mapping[Endpoint, str] = {
    Endpoint.QUEUE: "the queue",
    Endpoint.AGENTS: "the agents",
    Endpoint.ACCOUNT: "the day's calls",
    Endpoint.AGENTS_OVERVIEW: "the agents' day",
    Endpoint.TICKETS: "the tickets",
    Endpoint.TICKET_METRICS: "the tickets' times",
    Endpoint.SLA: "the service levels",
    Endpoint.CASES: "Kayako's conversations",
}
LONGEST_DETAIL = 300
# The one failure that does not make the whole account wait: its other feeds are asked as before.
_OWN_FAILURE = "forbidden"
# Not the vendor's at all: what is old because of our own database is lost here.
_OURS = frozenset({"database", "database_refuses"})


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of one feed. `at`: its last good reading; `since`: from when on it has been needed at this pace."""

    feed: Feed
    at: datetime | None
    outcome: Outcome | None
    interval_s: float
    since: datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """`source_s`: for how long the vendor has failed us; `lost_s`: how old the oldest data is that is old through our own fault, None while
    nobody can tell. 0.0: all is well. The details say what is wrong in one plain sentence; empty when nothing is."""

    source_s: float
    lost_s: float | None
    source_detail: str = ""
    lost_detail: str = ""

    @property
    def is_the_vendors(self) -> bool:
        """Whether the account as a whole is not answered, so that time does not count against us."""
        return self.lost_s is None


def outage_of(
    feeds: Sequence[FeedState], *, stop: Stop | None, pause: Pause | None, alive_since: datetime, ours_since: datetime, now: datetime
) -> Outage:
    """The state of one account now.

    `alive_since`: we have been looking since then, without a break: what was before counts neither against the vendor nor against us.
    `ours_since`: the vendor has not been at fault since then; later than `alive_since`, or the same.
    """
    name = vendor_of(feeds[0].feed.endpoint) if feeds else ZENDESK
    failing = [one for one in feeds if _error(one) is not None]
    whole = stop is not None or pause is not None or any(_error(one) != _OWN_FAILURE for one in failing)
    source_since = [stop.at] if stop is not None else [_failing_since(one) for one in failing]
    if stop is None and pause is not None and not failing:
        source_since = [pause.at]
    source_s = max((_seconds(max(since, alive_since), now) for since in source_since), default=0.0)
    detail = named(_source_detail(failing, stop, pause), name)
    if whole:
        return Outage(source_s, None, detail)
    old = {one: _seconds(max(one.at or one.since, one.since, ours_since), now) for one in feeds if _is_old(one, ours_since, now)}
    lost_s = max(old.values(), default=0.0)
    return Outage(source_s, lost_s, detail, named(_lost_detail(list(old)), name))


def _is_old(one: FeedState, ours_since: datetime, now: datetime) -> bool:
    """Whether the data is stale without a failure, and has been needed and missing for long enough to be."""
    if _error(one) is not None:
        return False
    since = max(one.at or one.since, one.since, ours_since)
    return judge(at=since, interval_s=one.interval_s, failing=False, stopped=False, now=now) is Freshness.STALE


def _error(one: FeedState) -> str | None:
    kind = one.outcome.error_kind if one.outcome is not None else None
    return None if kind in _OURS else kind


def _failing_since(one: FeedState) -> datetime:
    outcome = one.outcome
    return one.since if outcome is None else outcome.failing_since or outcome.at


def _seconds(since: datetime, now: datetime) -> float:
    """A time ahead of ours (a clock was put back) is as long ago as no time at all."""
    return max(0.0, (now - since).total_seconds())


def _source_detail(failing: Sequence[FeedState], stop: Stop | None, pause: Pause | None) -> str:
    if stop is not None:
        return _short(stop.message)
    worst = min(failing, key=_failing_since, default=None)
    if worst is None or worst.outcome is None:
        return _short(pause.message) if pause is not None else ""
    return _short(f"{_listed(failing)}: {worst.outcome.error_message or 'no good answer.'}")


def _lost_detail(old: Sequence[FeedState]) -> str:
    if not old:
        return ""
    if all(one.outcome is not None and one.outcome.waiting for one in old):
        why = "our share of the vendor's limit is used up."
    else:
        why = f"nothing has come for more than {STALE_AFTER_INTERVALS} polls, though the vendor reports no error."
    return _short(f"{_listed(old)}: {why}")


def _listed(found: Sequence[FeedState]) -> str:
    """The feeds in words, each once: "The queue and the agents". Of more than three the first two and a count: a wall cuts a long line, and
    what it is about comes after them."""
    names = list(dict.fromkeys(NAMES[one.feed.endpoint] for one in sorted(found, key=lambda one: list(Endpoint).index(one.feed.endpoint))))
    names = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"]
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return text[0].upper() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_DETAIL else f"{text[: LONGEST_DETAIL - 1]}…"
