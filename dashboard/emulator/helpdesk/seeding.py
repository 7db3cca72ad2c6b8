"""Seeding: the account's tickets before the simulation begins, and what is still to happen to those that are open.

In:  an empty desk, the course of its tickets, the midnight to begin with. Out: the desk with its past; what is pending, for the agenda.
Tickets that are closed by then and lie some days back share courses (`past`); all others are lived through one by one.
"""

from __future__ import annotations

import math
from bisect import bisect
from datetime import timedelta
from itertools import accumulate

from dashboard.emulator.chance import stream
from dashboard.emulator.days import day_of, wall_ms
from dashboard.emulator.helpdesk.company import ADMIN_ID, CUSTOMERS_COUNT
from dashboard.emulator.helpdesk.course import Called, Course
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.lifecycle import Lifecycle
from dashboard.emulator.helpdesk.linking import Linking
from dashboard.emulator.helpdesk.past import MOST_EVENTS, SeededPast, Taken
from dashboard.emulator.helpdesk.policies import POLICIES
from dashboard.emulator.helpdesk.tickets import CLOSED, Event, Ticket
from dashboard.emulator.profile import demand

TEMPLATES_COUNT = 1500
LEAST_DAYS = 21
MOST_A_DAY = 1500
# Courses take 4 days at least until they are closed; of younger tickets hardly any is.
_SHARED_FROM_DAYS = 8
_VOICE_SHARE = 0.3
# The account has service agreements since five weeks: the tickets of a long past have clocks, but no targets.
_AGREED_FROM_DAYS = 35
_MINUTES = tuple(accumulate(demand(minute + 0.5) for minute in range(1440)))

Pending = tuple[Ticket, tuple[str, int] | None]
"""A ticket that is not closed, with what happens to it next of itself and at which instant; None: an agent must come."""


class _Ordinals:
    """The journal of a course that many tickets share: its events are numbered from 0."""

    def write(self, event: Event, ticket: Ticket) -> None:
        event.id = len(ticket.events)
        ticket.events.append(event)

    def changed(self, ticket: Ticket, at_ms: int) -> None:
        ticket.updated_ms = max(ticket.updated_ms, at_ms)


def seed(desk: HelpDesk, course: Course, linking: Linking, until_ms: int) -> list[Pending]:
    """Fill the desk with as many tickets as its set-up says, created on the days before `until_ms` (the account's midnight).

    Up to some thousands they are spread over three weeks, most of them lately; more lie evenly, at most 1,500 a day.
    """
    config, book = desk.config, desk.book
    count = config.tickets_count
    if count == 0:
        return []
    rng = stream(config.seed, "past", count)
    days_count = max(LEAST_DAYS, math.ceil(count / MOST_A_DAY))
    ages = rng.choices(range(1, days_count + 1), [1 / (1 + 200 * age / count) for age in range(days_count)], k=count)
    shared = range(count) if count <= TEMPLATES_COUNT else rng.choices(range(TEMPLATES_COUNT), k=count)
    customers = rng.choices(range(CUSTOMERS_COUNT), k=count)
    today = day_of(until_ms, desk.zone)
    starts_ms = [wall_ms(today - timedelta(days=age), 0, desk.zone) for age in range(days_count + 1)]
    begins_ms = [_begins_ms(config.seed, number) for number in range(min(count, TEMPLATES_COUNT))]
    # One template day for all: courses are moved from there.
    template_day_ms = starts_ms[min(days_count, LEAST_DAYS)]
    courses = _Courses(desk, template_day_ms, begins_ms)
    order = sorted(range(count), key=lambda place: (starts_ms[ages[place]] + begins_ms[shared[place]], place))
    taken = Taken()
    pending: list[Pending] = []
    book.bulk(True)
    alone: list[tuple[int, int]] = []
    for ticket_id, place in enumerate(order, 1):
        number, shift_ms = shared[place], starts_ms[ages[place]] - template_day_ms
        if ages[place] > _AGREED_FROM_DAYS:
            number += courses.count
        if ages[place] >= _SHARED_FROM_DAYS and courses.closed_ms(number) + shift_ms <= until_ms:
            taken.add(ticket_id, number, shift_ms, desk.company.customer_id(customers[place]))
        else:
            alone.append((ticket_id, starts_ms[ages[place]] + begins_ms[shared[place]]))
    past = SeededPast(courses.known, taken, desk.company)
    book.begin_with(past)
    book.log.begin_with(past.event_keys(), past.look_event, past.event_numbers_count)
    for ticket_id, created_ms in alone:
        ticket = _begun(desk, course, ticket_id, created_ms)
        book.add(ticket)
        linking.link(ticket)
        following = _lived(course, ticket, created_ms, until_ms)
        if ticket.status != CLOSED:
            pending.append((ticket, following))
    book.bulk(False)
    return pending


def _begins_ms(seed_number: int, number: int) -> int:
    """When in its day this ticket comes: whole seconds, more in the hours in which more people call."""
    rng = stream(seed_number, "begins", number)
    return (bisect(_MINUTES, rng.random() * _MINUTES[-1]) * 60 + rng.randrange(60)) * 1000


def _begun(desk: HelpDesk, course: Course, ticket_id: int, created_ms: int) -> Ticket:
    rng = stream(desk.config.seed, "channel", ticket_id)
    if rng.random() >= _VOICE_SHARE:
        return course.written(ticket_id, created_ms)
    what = "voicemail" if rng.random() < 0.5 else "callback"
    return course.called(ticket_id, created_ms, Called(abs(ticket_id), "Support line", rng.choice(desk.config.groups).id, what))


def _lived(course: Course, ticket: Ticket, at_ms: int, until_ms: int | None) -> tuple[str, int] | None:
    """Live through it until then (None: to its end). What is next of itself, and when; None: an agent must come, or nothing will."""
    course.begin(ticket, at_ms)
    while ticket.status != CLOSED:
        ahead = course.ahead(ticket)
        at_ms += course.lies_ms(ticket) if ahead is None else ahead[1]
        if until_ms is not None and at_ms > until_ms:
            return None if ahead is None else (ahead[0], at_ms)
        if ahead is None:
            course.touch(ticket, course.somebody(ticket) or ADMIN_ID, at_ms)
        else:
            course.happen(ticket, ahead[0], at_ms)
    return None


class _Courses:
    """The shared courses, lived through when they are first needed: number 0 to `count`, and as many of the time before agreements."""

    def __init__(self, desk: HelpDesk, day_ms: int, begins_ms: list[int]) -> None:
        self._desk, self._day_ms, self._begins_ms, self.count = desk, day_ms, begins_ms, len(begins_ms)
        self._agreed, self._before = (
            Course(desk.config.seed, Lifecycle(desk.hours, _Ordinals(), policies), desk.company, desk.config.groups)
            for policies in (POLICIES, {})
        )
        self._nothing = Ticket(0, day_ms, day_ms, "", 0, 0)
        self.known: list[Ticket] = [self._nothing] * (2 * self.count)

    def closed_ms(self, number: int) -> int:
        """When it is closed, on the template day's count."""
        found = self.known[number]
        if found is self._nothing:
            found = self.known[number] = self._lived(number)
        return found.updated_ms

    def _lived(self, number: int) -> Ticket:
        """Lived through to the end; one with more events than can be numbered is drawn anew."""
        course = self._agreed if number < self.count else self._before
        at_ms = self._day_ms + self._begins_ms[number % self.count]
        attempt = 0
        while True:
            ticket = _begun(self._desk, course, -1 - number - attempt * 2 * TEMPLATES_COUNT, at_ms)
            _lived(course, ticket, at_ms, None)
            if len(ticket.events) < MOST_EVENTS:
                return ticket
            attempt += 1
