from __future__ import annotations

from dashboard.domain.feeds import Endpoint
from dashboard.mirror import streams
from dashboard.models import KnownClock, KnownEvent, KnownTicket, Stream, Tally
from tests.mirror.conftest import Mirror


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
