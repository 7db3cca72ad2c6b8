"""A call centre that stands still: three lines, two groups, as many agents as asked for; every number is known in advance."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dashboard.emulator.agenda import Agenda
from dashboard.emulator.days import to_ms
from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.desk import DeskConfig, HelpDesk
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.lines import Group
from dashboard.emulator.options import EmulatorSettings

LINES = (360000000101, 360000000102, 360000000103)
GROUPS = (360000000201, 360000000202)
SCENARIOS = ("normal", "storm")
DESK_GROUPS = tuple(Group(group_id, f"Group {number}") for number, group_id in enumerate(GROUPS, 1))


def desk_agents() -> list[Person]:
    """Three, who alternate between the groups."""
    return [
        Person(360000001000 + number, f"Agent {number}", "agent", f"agent{number}@still.example", group_ids=(GROUPS[number % 2],))
        for number in range(3)
    ]


class StillFloor:
    """Fulfils `Floor`. Line n has n callers waiting, the longest for 10 n seconds; agents alternate between the groups."""

    def __init__(self, settings: EmulatorSettings, start: datetime) -> None:
        self.now, self._agents_count = start, settings.agents_count
        self.line_ids, self.group_ids = LINES, GROUPS
        self.scenario = "normal"
        self._spikes: list[dict[str, object]] = []
        self.set_scenario(settings.scenario)
        # Nobody writes and nobody works: what tickets there are, a test has made.
        self.desk = HelpDesk(DeskConfig(groups=DESK_GROUPS, tickets_count=0), Agenda(to_ms(start)), desk_agents())

    def advance(self, to: datetime) -> None:
        self.now = max(self.now, to)
        self.desk.agenda.run_to(to_ms(self.now))

    def more_tickets(self, count: int, breach_in_min: int | None) -> None:
        for _ in range(count):
            ticket_id = self.desk.book.next_id()
            customer_id = self.desk.company.customer_id(ticket_id)
            at_ms = self.desk.stamp_ms
            self.desk.make(Ticket(ticket_id, at_ms, at_ms, f"Ticket {ticket_id}", customer_id, customer_id, priority="normal"))

    def set_scenario(self, name: str) -> None:
        if name not in SCENARIOS:
            raise ValueError(f"The scenario must be one of {', '.join(SCENARIOS)}, not {name!r}.")
        self.scenario = name

    def inject(self, shape: str, size: float | None, for_s: float | None, in_s: float) -> None:
        if shape != "rush":
            raise ValueError(f"The shape must be rush, not {shape!r}.")
        self._spikes.append({"shape": shape, "size": size, "for_s": for_s, "in_s": in_s})

    def spikes(self) -> list[dict[str, object]]:
        return list(self._spikes)

    def end_spikes(self) -> None:
        self._spikes.clear()

    def _waiting(self, line_ids: Collection[int] | None) -> list[int]:
        return [number for number, line in enumerate(LINES, 1) if line_ids is None or line in line_ids]

    def current_queue_activity(self, line_ids: Collection[int] | None) -> dict[str, int]:
        waiting = self._waiting(line_ids)
        return {
            "agents_online": self._agents_count,
            "average_wait_time": 5 * max(waiting, default=0),
            "longest_wait_time": 10 * max(waiting, default=0),
            "calls_waiting": sum(waiting),
            "callbacks_waiting": 0,
            "embeddable_callbacks_waiting": 0,
        }

    def account_overview(self, line_ids: Collection[int] | None) -> dict[str, int]:
        return {"total_calls": 100 * len(self._waiting(line_ids)), "total_inbound_calls": 80 * len(self._waiting(line_ids))}

    def agents_activity(self, group_ids: Collection[int] | None) -> list[dict[str, object]]:
        return [
            {
                "name": f"Agent {number}",
                "agent_id": 360000001000 + number,
                "via": "client",
                "forwarding_number": None,
                "agent_state": "online",
                "call_status": None,
                "calls_accepted": number,
                "average_hold_time": 0,
            }
            for number in range(self._agents_count)
            if group_ids is None or GROUPS[number % 2] in group_ids
        ]

    def agents_overview(self) -> dict[str, int]:
        return {"total_calls_accepted": 80, "total_calls_put_on_hold": 3}

    def pro_fields(self, endpoint: str) -> frozenset[str]:
        return {
            "account_overview": frozenset({"total_inbound_calls"}),
            "agents_activity": frozenset({"average_hold_time"}),
            "agents_overview": frozenset({"total_calls_put_on_hold"}),
        }.get(endpoint, frozenset())

    def calls(self, since: datetime | None, limit: int) -> list[dict[str, object]]:
        return [{"arrived_at": self.now, "wait_s": 3, "fate": "answered"}][:limit]
