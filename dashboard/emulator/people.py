"""The agents: who they are, and what each is doing now.

In:  a seed and a number. Out: `Agent`s with names from many languages; the same seed makes the same people.
Must not decide what an agent does next: `presence.py` and `handling.py` do. Numbers are from the range kept for fiction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dashboard.emulator.chance import stream
from dashboard.emulator.counters import AgentTally, LineTally
from dashboard.emulator.lines import Group

_FIRST_NAMES = (
    "Amara", "Mateo", "Zoë", "Łukasz", "Mei", "Siobhán", "Noor", "Björn", "Chiara", "Đức", "Ifeoma", "Joaquín", "Karolína",
    "Yusuf", "Hinemoa", "Søren", "Aiko", "Thandiwe", "Nikos", "Françoise", "Arjun", "Ayşe", "Elif", "Tomáš", "Leilani",
    "Oleksandr", "Priya", "Íñigo", "Wanjirū", "Hélène", "Kofi", "Marta",
)  # fmt: skip
_LAST_NAMES = (
    "Okafor", "García Núñez", "van der Berg", "Wójcik", "Lin", "O’Neill", "Al-Masri", "Sjöström", "D'Angelo", "Nguyễn", "Nwosu",
    "Álvarez", "Dvořáková", "Demir", "Parata", "Ågård", "Tanaka", "Mkhize", "Papadopoulos", "Lefèvre", "Raghunathan", "Şahin",
    "Öztürk", "Štěpánek", "Kealoha", "Shevchenko", "Subramaniam", "Etxeberria", "Kamau", "Brontë", "Mensah",
    "Kowalczyk-Brzęczyszczykiewicz",
)  # fmt: skip
# Right to left, one word, and another script: a board that breaks on these breaks on real people.
_OTHER_NAMES = {5: "ليلى حداد", 11: "Suharto", 16: "田中 愛子"}


class Doing(StrEnum):
    """What an agent is doing, apart from the state they chose."""

    FREE = "free"
    RINGING = "ringing"
    DIALLING = "dialling"
    TALK = "talk"
    HOLD = "hold"
    CONSULT = "consult"
    WRAP_UP = "wrap_up"

    @property
    def on_call(self) -> bool:
        """What the vendor calls `on_call`."""
        return self in (Doing.DIALLING, Doing.TALK, Doing.HOLD, Doing.CONSULT)


@dataclass(slots=True, eq=False)
class Agent:
    """One agent, number `index` of those hired.

    `planned` is the state that the roster gives, `pulled` the one a scenario forces (None: none). `at_work`: between the shift's
    beginning and end; `out`: at work, but on a break or in another state than online by plan.

    `turn` counts what the agent has begun: an event made for an earlier turn is void. `rank` 0..1 decides in which order
    scenarios pull people away. `lines` are the tallies of all lines; `line_id` says whose call the agent is or was last on.
    """

    id: int
    index: int
    name: str
    via: str
    avatar_url: str | None
    forwarding_number: str | None
    group_ids: tuple[int, ...]
    rank: float
    since_ms: int
    lines: Mapping[int, LineTally]
    state: str = "offline"
    doing: Doing = Doing.FREE
    planned: str = "offline"
    at_work: bool = False
    out: bool = False
    pulled: str | None = None
    employed: bool = True
    turn: int = 0
    plan_turn: int = 0
    line_id: int | None = None
    tally: AgentTally = field(default_factory=AgentTally)

    @property
    def wanted(self) -> str:
        """The state the agent goes to as soon as nothing is in hand."""
        if self.planned == "offline" or not self.employed:
            return "offline"
        return self.planned if self.pulled is None else self.pulled

    def settle(self, now_ms: int) -> None:
        """Count the time since the last settling to what the agent was and did; call before either changes."""
        passed_ms, self.since_ms = now_ms - self.since_ms, now_ms
        tally = self.tally
        if self.state != "offline":
            tally.online_ms += passed_ms
            if self.state == "away":
                tally.away_ms += passed_ms
            elif self.state == "transfers_only":
                tally.transfers_only_ms += passed_ms
            elif self.doing in (Doing.FREE, Doing.RINGING):
                tally.available_ms += passed_ms
        if self.doing is Doing.WRAP_UP:
            tally.wrap_up_ms += passed_ms
            if self.line_id is not None:
                self.lines[self.line_id].wrap_up_ms += passed_ms
        elif self.doing.on_call:
            tally.call_ms += passed_ms
            if self.doing is Doing.TALK:
                tally.talk_ms += passed_ms
            elif self.doing is Doing.HOLD:
                tally.hold_ms += passed_ms
                if self.line_id is not None:
                    self.lines[self.line_id].hold_ms += passed_ms

    def do(self, doing: Doing, now_ms: int) -> None:
        """Begin something else."""
        self.settle(now_ms)
        self.doing = doing

    def begin_day(self) -> None:
        """A fresh tally at midnight (settle first); the conversation or wrap-up that goes on is one of the new day's too."""
        self.tally = AgentTally(leg_count=int(self.doing.on_call), wrap_up_count=int(self.doing is Doing.WRAP_UP))


def _name(index: int) -> str:
    if index in _OTHER_NAMES:
        return _OTHER_NAMES[index]
    lap, place = divmod(index, len(_FIRST_NAMES))
    # Every lap shifts the last names against the first, so that names repeat only after 32 * 32 people.
    return f"{_FIRST_NAMES[place]} {_LAST_NAMES[(place + 7 * lap) % len(_LAST_NAMES)]}"


def agent(seed: int, index: int, groups: Sequence[Group], lines: Mapping[int, LineTally], now_ms: int) -> Agent:
    """Agent number `index` (from 0) of the account, offline."""
    rng = stream(seed, "agent", index)
    agent_id = 360786790000 + 1237 * index + rng.randrange(1000)
    main = index % len(groups)
    others = [group.id for place, group in enumerate(groups) if place != main and rng.random() < 0.3]
    by_phone = rng.random() < 0.15
    return Agent(
        id=agent_id,
        index=index,
        name=_name(index),
        via="phone" if by_phone else "client",
        avatar_url=None if rng.random() < 0.2 else f"https://avatars.example/system/photos/{agent_id}/photo_thumb.png",
        forwarding_number=f"+120255501{rng.randrange(100):02d}" if by_phone or rng.random() < 0.1 else None,
        group_ids=(groups[main].id, *others),
        rank=rng.random(),
        since_ms=now_ms,
        lines=lines,
    )
