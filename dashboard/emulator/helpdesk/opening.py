"""Opening the desk: its past, its people at work and what comes in, on the agenda of the floor.

In:  the account's set-up, an agenda that stands at the account's midnight, the agents, who of them is free. Out: `RunningDesk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dashboard.emulator.agenda import Agenda
from dashboard.emulator.helpdesk.company import Person
from dashboard.emulator.helpdesk.course import Course
from dashboard.emulator.helpdesk.desk import DeskConfig, HelpDesk
from dashboard.emulator.helpdesk.incoming import Incoming
from dashboard.emulator.helpdesk.linking import Linking
from dashboard.emulator.helpdesk.seeding import seed
from dashboard.emulator.helpdesk.work import Work


@dataclass(frozen=True, slots=True)
class RunningDesk:
    """A desk that lives: its state, and what brings new tickets."""

    desk: HelpDesk
    incoming: Incoming


def open_desk(
    config: DeskConfig, agenda: Agenda, agents: Iterable[Person], free_agents: Callable[[], Iterable[int]], admin_email: str
) -> RunningDesk:
    """The desk as of `agenda.now_ms`, with everything that is to happen on the agenda."""
    desk = HelpDesk(config, agenda, agents, free_agents, admin_email)
    course = Course(config.seed, desk.lifecycle, desk.company, config.groups)
    linking = Linking(config.seed, desk.book)
    pending = seed(desk, course, linking, agenda.now_ms)
    work = Work(desk, course, {agent.id: agent.group_ids for agent in desk.company.agents.values()})
    work.begin_with(pending)
    return RunningDesk(desk, Incoming(desk, course, work, linking))
