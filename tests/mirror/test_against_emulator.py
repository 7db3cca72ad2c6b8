"""The mirror reads the emulated account, and its numbers agree with the emulator's truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings_tickets import SlaState, TicketBacklog, TicketTimes
from dashboard.domain.tickets import Comment, JobState, Priority, TicketChange, TicketMetric
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.simulated import SimulatedFloor
from dashboard.mirror.desk_list import tickets_at_risk
from dashboard.mirror.pace import NotYet
from dashboard.mirror.source import MirrorSource
from dashboard.models import KnownTicket
from dashboard.sources.auth import BasicToken
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_metrics import ZendeskMetrics
from dashboard.sources.zendesk_tickets import ZendeskTickets
from tests.emulator.running import DAY, RunningEmulator, running

ZONE = "Europe/Berlin"
TO_THE_MINUTE_S = 60 + 60
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def desk() -> Iterator[RunningEmulator]:
    with running(SimulatedFloor, EmulatorSettings(start=DAY, speed=0, tickets_count=150, time_zone=ZONE)) as emulator:
        emulator.control("limits", {"per_minute": 100_000})
        yield emulator


@pytest.fixture
def source(desk: RunningEmulator, settings: Any, redis: object) -> Iterator[MirrorSource]:
    """Lives by the simulated time: by it, tickets are made, and their targets missed."""
    settings.ACCOUNT_TIME_ZONE = ZONE
    client = _client(desk)
    yield MirrorSource(
        "main",
        tickets=lambda _: ZendeskTickets(client),
        metrics=lambda _: ZendeskMetrics(client),
        site=lambda _: "https://one.example",
        clock=desk.clock.world,
    )
    client.close()


@pytest.fixture
def vendor(desk: RunningEmulator) -> Iterator[ZendeskTickets]:
    """Somebody else who works at the vendor's."""
    client = _client(desk)
    yield ZendeskTickets(client)
    client.close()


def _client(desk: RunningEmulator) -> VendorClient:
    return VendorClient(desk.url, BasicToken(desk.settings.email, Secret(desk.settings.api_token)), clock=desk.clock.world)


def read(source: MirrorSource, endpoint: Endpoint, groups: tuple[int, ...] = ()) -> Any:
    """The body, after as many polls as a first reading takes."""
    for _ in range(200):
        try:
            return source.read(Feed("main", endpoint, groups)).reading.body
        except NotYet:
            continue
    raise AssertionError("the first reading does not end")


def read_all(source: MirrorSource) -> tuple[TicketBacklog, TicketTimes, SlaState]:
    """All three bodies, once the metrics of every ticket that moved have come."""
    read(source, Endpoint.TICKETS)
    while KnownTicket.objects.filter(is_behind=True).exists():
        read(source, Endpoint.TICKET_METRICS)
    return read(source, Endpoint.TICKETS), read(source, Endpoint.TICKET_METRICS), read(source, Endpoint.SLA)


def test_numbers_agree_with_the_emulators_truth_at_first_and_after_hours_of_work(desk: RunningEmulator, source: MirrorSource) -> None:
    for skip_s in (0, 5400, 3 * 3600):
        desk.clock.skip_world(skip_s)
        backlog, times, sla = read_all(source)
        truth = desk.control("truth/tickets")

        assert _backlog(backlog) == truth["backlog"] | {"oldest_created_at": None}
        assert (backlog.tickets_created_today, backlog.tickets_solved_today) == (truth["created_today"], truth["solved_today"])
        assert backlog.tickets_in_account == truth["count"]
        assert {row.name for row in backlog.rows} == {"Support", "Billing", "Technical"}
        assert _sla(sla) == {name: truth["sla"][name] for name in _sla(sla)}
        for span in ("today", "7d"):
            _times_agree(times, truth["times"][span], span)


def test_what_others_do_at_the_vendor_is_in_the_mirror_after_the_next_polls(
    desk: RunningEmulator, source: MirrorSource, vendor: ZendeskTickets
) -> None:
    read_all(source)
    ids = [each.ticket.ticket_id for each in tickets_at_risk("main", now=desk.clock.world(), limit=6)]
    deleted, kept, spam, merged, into = ids[:5]

    vendor.delete(deleted)
    vendor.mark_as_spam(spam)
    vendor.update(kept, TicketChange(priority=Priority.URGENT, comment=Comment("We are on it.")), updated_stamp=None)
    job = vendor.merge(into, [merged], target_comment="One of them.", source_comment="Goes on there.")
    desk.clock.skip(10)  # jobs go by the server's clock
    assert vendor.job(job.id).state is JobState.COMPLETED
    desk.clock.skip_world(360)
    after, _, _ = read_all(source)

    truth = desk.control("truth/tickets")
    assert _backlog(after) == truth["backlog"] | {"oldest_created_at": None}
    rows = {row.ticket_id: row for row in KnownTicket.objects.filter(ticket_id__in=ids)}
    assert [rows[each].is_gone for each in ids[:5]] == [True, False, True, False, False]
    assert (rows[kept].priority, rows[merged].status) == ("urgent", "closed")
    at_risk = {each.ticket.ticket_id for each in tickets_at_risk("main", now=desk.clock.world(), limit=1000)}
    assert at_risk.isdisjoint({deleted, spam, merged})

    vendor.restore(deleted)
    desk.clock.skip_world(20)
    read_all(source)
    assert not KnownTicket.objects.get(ticket_id=deleted).is_gone


def _backlog(body: TicketBacklog) -> dict[str, Any]:
    by_group = {str(row.group_id): row.new + row.open + row.pending + row.hold for row in body.rows}
    return {
        "unsolved": body.tickets_unsolved,
        "unassigned": body.tickets_unassigned,
        "by_status": {name: getattr(body, f"tickets_{name}") for name in ("new", "open", "pending", "hold")},
        "by_priority": {name: getattr(body, f"tickets_{name}") for name in ("urgent", "high", "normal", "low")}
        | {"none": body.tickets_no_priority},
        "by_group": dict(sorted(by_group.items())),
        "oldest_created_at": None,
    }


def _sla(body: SlaState) -> dict[str, Any]:
    names = [metric.value for metric in TicketMetric]
    policies: dict[str, dict[str, int]] = {}
    for row in body.rows:
        if row.met or row.missed:
            counts = policies.setdefault(row.title, {"met": 0, "missed": 0})
            counts["met"] += row.met
            counts["missed"] += row.missed
    return {
        "breached": body.sla_breached,
        **{f"breaching_in_{minutes}": getattr(body, f"sla_breaching_in_{minutes}") for minutes in (15, 30, 60)},
        "7d": {
            "met": body.sla_met_7d,
            "missed": body.sla_missed_7d,
            "by_metric": {name: {word: getattr(body, f"{word}_{name}_7d") for word in ("met", "missed")} for name in names},
            "by_policy": dict(sorted(policies.items())),
        },
    }


def _times_agree(body: TicketTimes, truth: dict[str, Any], span: str) -> None:
    def told(name: str) -> Any:
        return getattr(body, f"{name}_{span}")

    assert told("tickets_measured") == truth["solved_count"]
    # When the first reply came is known to the minute only, so one at the edge of the span may fall on either side of it.
    assert 0 <= truth["first_reply_count"] - told("first_reply_count") <= 1
    assert [told(name) for name in ("reopens", "replies_to_resolution", "one_touch")] == [
        truth[name] for name in ("reopens", "replies", "one_touch")
    ]
    for ours, theirs in (
        ("first_reply_median", "first_reply_median_s"),
        ("first_reply_business_median", "first_reply_business_median_s"),
        ("resolution_median", "resolution_median_s"),
        ("resolution_business_median", "resolution_business_median_s"),
    ):
        # The vendor tells whole minutes, cut off; the truth is of seconds.
        assert 0 <= truth[theirs] - told(ours) < TO_THE_MINUTE_S, (ours, span)
