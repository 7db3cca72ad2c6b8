from __future__ import annotations

from typing import Any

from dashboard.domain.feeds import Endpoint
from dashboard.mirror import streams
from dashboard.models import KnownClock, KnownEvent, KnownTicket, Stream, Tally
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk


def test_mirror_of_another_site_forgets_the_first_and_reads_anew(mirror: Mirror) -> None:
    mirror.desk.create()
    mirror.catch_up()
    assert KnownTicket.objects.count() == 1
    KnownTicket.objects.create(account="other", ticket_id=7, status="open", created_at=mirror.desk.now, moved_at=mirror.desk.now)
    known = streams.of("main", streams.TICKETS)
    assert known is not None

    mirror.site = "https://two.example"
    mirror.desk.tickets.clear()
    mirror.desk.events.clear()
    mirror.catch_up()

    assert list(KnownTicket.objects.values_list("account", "ticket_id")) == [("other", 7)]
    assert not any(model.objects.filter(account="main").exists() for model in (KnownClock, KnownEvent))
    assert not Tally.objects.filter(account="main", count__gt=0).exists()
    renewed = streams.of("main", streams.TICKETS)
    assert renewed is not None
    assert renewed.pk != known.pk, "it began at the beginning"


def test_mirror_of_the_same_site_stays(mirror: Mirror) -> None:
    mirror.desk.create()
    mirror.catch_up()
    before = set(Stream.objects.values_list("pk", flat=True))
    mirror.poll(Endpoint.TICKETS)
    assert set(Stream.objects.values_list("pk", flat=True)) == before


def test_metrics_that_were_asked_of_the_site_before_are_not_written_to_the_tickets_of_the_new_one(mirror: Mirror) -> None:
    ticket_id = mirror.desk.create()
    mirror.catch_up()
    mirror.desk.pass_s(600)
    mirror.desk.solve(ticket_id)
    mirror.poll(Endpoint.TICKETS)
    two = Mirror(FakeDesk(now=mirror.desk.now))
    two.site = "https://two.example"
    two.desk.create()
    true = mirror.metrics.of_ticket

    def changes_hands(asked: int, **how: Any) -> Any:
        two.catch_up()  # another worker, with new settings
        return true(asked, **how)

    mirror.metrics.of_ticket = changes_hands
    mirror.poll(Endpoint.TICKET_METRICS)
    row = KnownTicket.objects.get(account="main", ticket_id=ticket_id)
    assert (row.status, row.solved_at, row.replies_count) == ("new", None, 0)
