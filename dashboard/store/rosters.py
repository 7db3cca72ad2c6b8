"""Who was in what state since when, for 48 hours: what a rewound board shows of its agents.

In:  the agents of each reading, as they come. Out: the agents as they were at any later asking. Nobody's calls or times are kept here.
A block of ten minutes is one Redis string of lines: first everybody with name and state, then, a line a poll, those who changed. A block
ends by itself two days later, and the names in it with it: a chart needs no names for longer, so nothing else keeps them.

Bytes: 200 agents who change their state thirty times an hour each take 12 MB over 48 hours, by Redis's own count
(tests/store/test_rosters.py). Every function raises redis.RedisError when Redis does not answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import redis as redis_py

from dashboard.domain.agents import InState
from dashboard.domain.feeds import Feed
from dashboard.domain.readings import AgentActivity, AgentState, CallStatus
from dashboard.store import codec, keys

logger = logging.getLogger(__name__)

BLOCK_S = 600
SPAN_S = 2 * 86_400
TTL_S = SPAN_S + 2 * BLOCK_S

# Never change these: what is kept refers to them by place. New ones go at the end.
_STATES: tuple[AgentState, ...] = ("online", "away", "transfers_only", "offline", "unknown")
_CALL_STATUSES: tuple[CallStatus | None, ...] = (None, "on_call", "wrap_up")

# KEYS block. ARGV everybody, the changes ("" for none), seconds to live. pcall: a key of another type is overwritten.
KEEP = """
local held = redis.pcall('STRLEN', KEYS[1])
if type(held) ~= 'number' or held == 0 then
  redis.call('SET', KEYS[1], ARGV[1])
elseif ARGV[2] ~= '' then
  redis.call('APPEND', KEYS[1], ARGV[2])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


@dataclass(frozen=True, slots=True)
class Named:
    """One agent at one moment."""

    agent_id: int
    name: str
    state: InState


@dataclass(frozen=True, slots=True)
class _Line:
    """One reading: everybody (`is_all`), or those who changed. Rows of everybody have a name after the id."""

    at_ms: int
    is_all: bool
    rows: Sequence[Sequence[object]]


def keep(
    redis: redis_py.Redis,
    feed: Feed,
    agents: Iterable[AgentActivity],
    states: Mapping[int, InState],
    before: Mapping[int, InState],
    *,
    at: datetime,
) -> None:
    """Notes the agents of a reading taken `at` (aware). `before`: the states as they were noted last. Who is new or gone makes a new list
    of everybody; somebody who was only given another name appears under it with the next block."""
    at_ms = _ms(at)
    everybody = _written(at_ms, "all", [[agent.agent_id, agent.name, *_packed(states[agent.agent_id], at_ms)] for agent in agents])
    changed = ""
    if states.keys() != before.keys():
        changed = everybody
    elif some := [[agent_id, *_packed(state, at_ms)] for agent_id, state in states.items() if before[agent_id] != state]:
        changed = _written(at_ms, "some", some)
    redis.eval(KEEP, 1, keys.roster(feed.id, at_ms // 1000 // BLOCK_S), everybody, changed, TTL_S)


class Rosters:
    """The agents over a span; asked in the order of time, each look goes on where the one before ended."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._lines = sorted(_lines(blocks), key=lambda line: line.at_ms)
        self._next = 0
        self._agents: dict[int, Named] = {}
        self._shown: Sequence[Named] = ()

    def at(self, when: datetime) -> Sequence[Named]:
        """The agents as of the last reading not after `when` (aware), which must not be before the time asked last; empty where nothing
        is known. The very same list as before while nothing has changed."""
        when_ms, first = _ms(when), self._next
        while self._next < len(self._lines) and self._lines[self._next].at_ms <= when_ms:
            self._take(self._lines[self._next])
            self._next += 1
        if self._next != first:
            self._shown = tuple(self._agents.values())
        return self._shown

    def _take(self, line: _Line) -> None:
        if line.is_all:
            self._agents = {}
        for row in line.rows:
            agent_id, rest = cast("int", row[0]), row[1:]
            known = self._agents.get(agent_id)
            if line.is_all:
                self._agents[agent_id] = Named(agent_id, cast("str", rest[0]), _unpacked(rest[1:], line.at_ms))
            elif known is not None:  # else a change of somebody whose name is lost
                self._agents[agent_id] = Named(agent_id, known.name, _unpacked(rest, line.at_ms))


def read(redis: redis_py.Redis, feed: Feed, start: datetime, end: datetime) -> Rosters:
    """What is known of start <= t <= end (aware), and of up to a block before."""
    first, last = _ms(start) // 1000 // BLOCK_S - 1, _ms(end) // 1000 // BLOCK_S
    wanted = [keys.roster(feed.id, block) for block in range(max(first, last - SPAN_S // BLOCK_S), last + 1)]
    found = cast("list[bytes | None]", redis.mget(wanted)) if wanted else []
    return Rosters(block for block in found if block is not None)


def _written(at_ms: int, what: str, rows: Sequence[Sequence[object]]) -> str:
    return json.dumps([at_ms, what, rows], ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(blocks: Iterable[bytes]) -> Iterator[_Line]:
    for block in blocks:
        for text in block.split(b"\n"):
            if text and (line := _line(text)) is not None:
                yield line


def _line(text: bytes) -> _Line | None:
    """None, and a word in the log, for what another release wrote or what is damaged."""
    try:
        match json.loads(text):
            case [int(at_ms), "all", [*rows]] if all(_is_row(row[:1] + row[2:]) and isinstance(row[1], str) for row in rows):
                return _Line(at_ms, True, rows)
            case [int(at_ms), "some", [*rows]] if all(map(_is_row, rows)):
                return _Line(at_ms, False, rows)
    except (ValueError, TypeError, IndexError):
        pass  # as below: it is no line of ours
    logger.warning("A line of who was in what state cannot be read; it is left out.")
    return None


def _is_row(row: object) -> bool:
    match row:
        case [int(), int(code)] | [int(), int(code), int(), int()]:
            return 0 <= code < len(_STATES) * len(_CALL_STATUSES)
    return False


def _packed(state: InState, at_ms: int) -> list[int]:
    """One number where the state began with this very reading, which is the rule; else also since when, and whether exactly."""
    code = _STATES.index(state.state) * len(_CALL_STATUSES) + _CALL_STATUSES.index(state.call_status)
    since_ms = _ms(state.since)
    return [code] if state.since_exact and since_ms == at_ms else [code, since_ms, int(state.since_exact)]


def _unpacked(row: Sequence[object], at_ms: int) -> InState:
    code, since_ms, exact = cast("Sequence[int]", row) if len(row) > 1 else (cast("int", row[0]), at_ms, 1)
    state, call_status = divmod(code, len(_CALL_STATUSES))
    return InState(_STATES[state], _CALL_STATUSES[call_status], datetime.fromtimestamp(since_ms / 1000, UTC), bool(exact))


def _ms(at: datetime) -> int:
    return codec.to_us(at) // 1000
