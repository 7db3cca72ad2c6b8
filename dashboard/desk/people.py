"""Whom a ticket can be given to, and what groups and people are called.

In:  the mirror's names, the agents that the phone knows, the assignees of unsolved tickets. Out: names by id, and choices for a form.
Must not ask the vendor: a name that nobody told is a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboard.desk.patience import asked, is_silent
from dashboard.desk.plans import Names
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentsActivity
from dashboard.domain.tickets import UNSOLVED
from dashboard.mirror.desk_list import names
from dashboard.models import KnownTicket
from dashboard.sources.registry import ACCOUNT
from dashboard.store import snapshots

MOST_ASSIGNEES = 500
Choices = list[tuple[int, str]]


def known_names() -> Names:
    """Everybody's and every group's name."""
    return Names(names(ACCOUNT, "group"), names(ACCOUNT, "user", with_phones=not is_silent()))


def group_choices(known: Names, also: Iterable[int] = ()) -> Choices:
    """Groups by name; `also`: numbers that must be among them."""
    return _sorted({**{each: known.group(each) for each in also if each}, **known.groups})


def assignee_choices(known: Names, also: Iterable[int] = ()) -> Choices:
    """Agents by name: those on the phone, and those who have unsolved tickets."""
    unsolved = KnownTicket.objects.filter(account=ACCOUNT, is_gone=False, status__in=[str(each) for each in UNSOLVED])
    having = unsolved.exclude(assignee_id=None).order_by().values_list("assignee_id", flat=True).distinct()[:MOST_ASSIGNEES]
    ids = {*(each for each in having if each is not None), *_agents(), *(each for each in also if each)}
    return _sorted({each: known.person(each) for each in ids})


def _agents() -> set[int]:
    feed = Feed(ACCOUNT, Endpoint.AGENTS)
    reading = asked(lambda redis: snapshots.load_readings(redis, [feed]).get(feed), "who is on the phone cannot be read")
    if reading is None or not isinstance(reading.body, AgentsActivity):
        return set()
    return {agent.agent_id for agent in reading.body.agents}


def _sorted(found: Mapping[int, str]) -> Choices:
    return sorted(found.items(), key=lambda each: (each[1].casefold(), each[0]))
