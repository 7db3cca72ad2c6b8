"""The stage: what the parts of the simulated centre share, and where they find each other.

In:  the account's set-up. Out: `WorldConfig` and `Stage`.
Must not decide anything; the parts (`arrivals`, `waiting`, `handling`, `presence`, `injection`) act on it, `world` sets it up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard.emulator.agenda import Agenda
from dashboard.emulator.calls import Call
from dashboard.emulator.counters import Book, LineTally
from dashboard.emulator.days import minute_of_day
from dashboard.emulator.lines import DEFAULT_GROUPS, DEFAULT_LINES, Group, Line
from dashboard.emulator.people import Agent
from dashboard.emulator.scenarios import NORMAL, Scenario

if TYPE_CHECKING:  # the parts import the stage; it only names them
    from dashboard.emulator.arrivals import Arrivals
    from dashboard.emulator.handling import Handling
    from dashboard.emulator.injection import Injection
    from dashboard.emulator.presence import Presence
    from dashboard.emulator.waiting import Waiting


@dataclass(frozen=True, slots=True)
class WorldConfig:
    """The account that is simulated. `base_calls_per_hour`: the day's mean; None: as many as the agents can just carry calmly.
    `calls_kept`: how many of the latest calls the truth remembers.

    ValueError, one sentence, for a centre without agents, lines or groups, for calls below 0,
    or for a line that routes nowhere.
    """

    seed: int = 1
    time_zone: str = "UTC"
    agents_count: int = 18
    lines: tuple[Line, ...] = DEFAULT_LINES
    groups: tuple[Group, ...] = DEFAULT_GROUPS
    base_calls_per_hour: float | None = None
    calls_kept: int = 50_000

    def __post_init__(self) -> None:
        if self.agents_count < 1:
            raise ValueError(f"A centre needs at least one agent, not {self.agents_count}.")
        if not self.lines or not self.groups:
            raise ValueError("A centre needs at least one line and one group.")
        if self.base_calls_per_hour is not None and not 0 <= self.base_calls_per_hour < float("inf"):
            raise ValueError(f"Calls per hour must be a number from 0, not {self.base_calls_per_hour}.")
        if self.calls_kept < 1:
            raise ValueError(f"At least one call must be kept, not {self.calls_kept}.")
        known = {group.id for group in self.groups}
        for line in self.lines:
            if not line.group_ids or not known.issuperset(line.group_ids):
                raise ValueError(f"The line {line.nickname!r} must route to groups of the account.")


def nobody_listens(call: Call, what: str) -> None:
    """What a floor without a help desk tells of its calls."""


@dataclass(slots=True)
class Stage:
    """Everything that more than one part needs.

    `agents` by id, in the order of hiring. `idle`: agents online and free, the longest idle first. `waiting_calls`: everybody in a
    queue by place, callbacks among them. `connected`: calls with somebody on the line. `calls`: the latest calls, ended or not.
    `told` hears of each call its fate when it ends, and before that of a `callback_requested`; it must not touch what it hears of.
    """

    config: WorldConfig
    zone: ZoneInfo
    agenda: Agenda
    book: Book
    scenario: Scenario = NORMAL
    told: Callable[[Call, str], None] = nobody_listens
    agents: dict[int, Agent] = field(default_factory=dict)
    idle: dict[int, Agent] = field(default_factory=dict)
    waiting_calls: dict[int, Call] = field(default_factory=dict)
    connected: dict[int, Call] = field(default_factory=dict)
    calls: deque[Call] = field(init=False)
    arrivals: Arrivals = field(init=False)
    waiting: Waiting = field(init=False)
    handling: Handling = field(init=False)
    presence: Presence = field(init=False)
    injection: Injection = field(init=False)

    def __post_init__(self) -> None:
        self.calls = deque(maxlen=self.config.calls_kept)

    @property
    def now_ms(self) -> int:
        return self.agenda.now_ms

    @property
    def minute(self) -> float:
        """The account's wall clock, minutes after midnight."""
        return minute_of_day(self.agenda.now_ms, self.zone)

    def tally(self, call: Call) -> LineTally:
        """The day's tally of the call's line."""
        return self.book.lines[call.line.id]

    def connect(self, call: Call) -> None:
        """Somebody is on the line: call time runs."""
        call.connected_since_ms = self.now_ms
        self.connected[call.id] = call
        self.tally(call).call_count += 1

    def disconnect(self, call: Call) -> None:
        """The line is free again."""
        self.settle_call(call)
        call.connected_since_ms = None
        self.connected.pop(call.id, None)

    def end(self, call: Call, fate: str) -> None:
        """The call is over, and this is what became of it."""
        self.disconnect(call)
        call.fate, call.ended_ms = fate, self.now_ms
        self.told(call, fate)

    def settle_call(self, call: Call) -> None:
        if call.connected_since_ms is not None:
            self.tally(call).call_ms += self.now_ms - call.connected_since_ms
            call.connected_since_ms = self.now_ms

    def settle(self) -> None:
        """Bring all running times up to now. Times are whole milliseconds, so doing it more often changes no sum."""
        for call in self.connected.values():
            self.settle_call(call)
        for agent in self.agents.values():
            agent.settle(self.now_ms)

    def begin_day(self) -> None:
        """Midnight in the account's zone: settle the old day, then count from zero what has not ended."""
        self.settle()
        for line_id in self.book.lines:
            self.book.lines[line_id] = LineTally()
        for call in self.connected.values():
            self.tally(call).call_count += 1
        self.book.waiting.reset()
        for agent in self.agents.values():
            agent.begin_day()
            if agent.line_id is not None:
                line = self.book.lines[agent.line_id]
                line.leg_count += agent.tally.leg_count
                line.wrap_up_count += agent.tally.wrap_up_count
