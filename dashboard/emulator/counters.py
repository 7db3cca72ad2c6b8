"""What the account has counted since its midnight: per line and per agent.

In:  events and stretches of time from the rest of the world. Out: tallies that `stats.py` turns into the vendor's answers.
How the day's border is drawn:
* a count belongs to the day in which the thing happened: a call that came at 23:59 and was abandoned at 00:01 is yesterday's
  call and today's abandonment;
* time on calls, on hold, in wrap-up and in a state is counted second by second and split at midnight, so that no agent was
  ever busier than the day is long;
* a wait (in the queue, for an answer, for a callback) is counted whole, when it ends.
All times are whole milliseconds, so sums do not depend on how often anybody looked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass(slots=True)
class LineTally:
    """One phone line's day. `*_count` things and `*_ms` times; a mean is a time over the count named with it."""

    inbound_count: int = 0
    outbound_count: int = 0
    outside_hours_count: int = 0
    abandoned_count: int = 0
    voicemail_count: int = 0
    requested_voicemail_count: int = 0
    exceeded_wait_count: int = 0
    callback_count: int = 0
    widget_callback_count: int = 0
    textback_count: int = 0
    call_ms: int = 0
    call_count: int = 0  # calls that were there for a part of call_ms
    hold_ms: int = 0
    leg_count: int = 0  # conversations of one agent in one call
    wrap_up_ms: int = 0
    wrap_up_count: int = 0
    queue_wait_ms: int = 0  # of callers who were answered from the live queue
    queue_wait_count: int = 0
    max_queue_wait_ms: int = 0
    answer_ms: int = 0  # from the system's answer to an agent's
    answer_count: int = 0
    callback_wait_ms: int = 0
    callback_wait_count: int = 0


@dataclass(slots=True)
class AgentTally:
    """One agent's day. `available_ms` is a part of `online_ms`, which holds `away_ms` and `transfers_only_ms` too."""

    available_ms: int = 0
    online_ms: int = 0
    away_ms: int = 0
    transfers_only_ms: int = 0
    accepted_count: int = 0
    denied_count: int = 0
    missed_count: int = 0
    accepted_transfer_count: int = 0
    started_transfer_count: int = 0
    held_count: int = 0
    accepted_conference_count: int = 0
    started_conference_count: int = 0
    call_ms: int = 0
    talk_ms: int = 0
    hold_ms: int = 0
    leg_count: int = 0
    wrap_up_ms: int = 0
    wrap_up_count: int = 0


@dataclass(slots=True)
class _Peak:
    """The most waiting at once on one set of lines, as far as the changes have been read."""

    read_count: int
    waiting: int
    peak: int


@dataclass(slots=True)
class WaitingLog:
    """Every change of how many wait, callers and callbacks together, so that the day's maximum is exact for any set of lines."""

    waiting: dict[int, int] = field(default_factory=dict)
    _changes: list[tuple[int, int]] = field(default_factory=list)
    _at_midnight: dict[int, int] = field(default_factory=dict)
    _peaks: dict[frozenset[int], _Peak] = field(default_factory=dict)

    def change(self, line_id: int, by: int) -> None:
        """One more (`by` 1) or one fewer (-1) waits on the line."""
        self.waiting[line_id] = self.waiting.get(line_id, 0) + by
        self._changes.append((line_id, by))

    def reset(self) -> None:
        """Begin a day with those who wait now."""
        self._at_midnight = dict(self.waiting)
        self._changes.clear()
        self._peaks.clear()

    def peak(self, line_ids: Collection[int]) -> int:
        """The most that have waited at once today on these lines together; each change is read once per set of lines."""
        lines = frozenset(line_ids)
        known = self._peaks.get(lines)
        if known is None:
            if len(self._peaks) >= 64:  # a client that asks for ever new filters must not fill the memory
                self._peaks.clear()
            waiting = sum(self._at_midnight.get(line_id, 0) for line_id in lines)
            known = self._peaks[lines] = _Peak(0, waiting, waiting)
        for line_id, by in self._changes[known.read_count :]:
            if line_id in lines:
                known.waiting += by
                known.peak = max(known.peak, known.waiting)
        known.read_count = len(self._changes)
        return known.peak


@dataclass(slots=True)
class Book:
    """The day's tallies of all lines, and the log of who waited."""

    lines: dict[int, LineTally]
    waiting: WaitingLog = field(default_factory=WaitingLog)
