"""What was deleted is gone here as well, however much it was at once, and however the vendor's list behaves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest

from dashboard.domain.feeds import Endpoint
from dashboard.domain.tickets import Ticket
from dashboard.mirror import streams, trash
from dashboard.models import KnownTicket, Stream
from dashboard.sources.errors import ErrorKind, SourceError
from tests.mirror.conftest import Mirror
from tests.mirror.fake_desk import FakeDesk

MANY = 40  # with pages of three, more than three readings of the trash


@pytest.fixture
def deleted(mirror: Mirror, desk: FakeDesk) -> dict[int, Ticket]:
    """Tickets that are known, and of which only the trash tells that they were deleted, all at once."""
    for _ in range(MANY):
        desk.create(1)
    mirror.catch_up()
    desk.pass_s(600)
    mirror.catch_up()  # the trash is empty by now
    known = dict(desk.tickets)

    def as_before(ids: Iterable[int], **_: object) -> tuple[Ticket, ...]:
        return tuple(known[each] for each in ids)

    desk.show_many = as_before  # type: ignore[assignment]
    for ticket_id in known:
        desk.delete(ticket_id)
    return known


def minutes_until_all_are_gone(mirror: Mirror, desk: FakeDesk) -> int:
    """Polls once a minute, which is oftener than the trash is read."""
    for minutes in range(1, 60):
        desk.pass_s(60)
        if mirror.poll(Endpoint.TICKETS).tickets_unsolved == 0:
            return minutes
    raise AssertionError(f"{KnownTicket.objects.filter(is_gone=False).count()} are still there")


def test_more_deleted_tickets_than_one_reading_holds_are_gone_within_minutes(
    mirror: Mirror, desk: FakeDesk, deleted: dict[int, Ticket]
) -> None:
    asked = len(desk.asked)
    minutes = minutes_until_all_are_gone(mirror, desk)
    assert minutes <= 5 + MANY // (trash.MOST_PAGES * desk.page)
    assert desk.asked[asked:].count("trash") <= trash.MOST_PAGES * (minutes - 4)
    stream = streams.of("main", streams.TRASH)
    assert stream is not None
    assert (stream.cursor, stream.done_count, stream.high_at) == ("", 0, desk.trash[1][1])


def test_a_place_in_the_trash_that_the_vendor_no_longer_knows_begins_the_list_anew(
    mirror: Mirror, desk: FakeDesk, deleted: dict[int, Ticket]
) -> None:
    true, forgets = desk.deleted_page, [True]

    def forgetful(*, after: str | None = None, **options: Any) -> Any:
        if after and len(desk.asked) > forgotten_from and forgets:
            forgets.clear()
            raise SourceError(ErrorKind.INVALID, "The vendor refused the question (400).", status=400)
        return true(after=after, **options)

    desk.pass_s(300)
    mirror.poll(Endpoint.TICKETS)  # the first pages
    forgotten_from = len(desk.asked)
    desk.deleted_page = forgetful  # type: ignore[method-assign]
    minutes_until_all_are_gone(mirror, desk)
    assert not forgets


def test_a_trash_that_goes_round_is_read_to_an_end(mirror: Mirror, desk: FakeDesk, deleted: dict[int, Ticket]) -> None:
    true, places = desk.deleted_page, count()

    def round_and_round(**options: Any) -> Any:
        options.pop("after", None)
        page = true(**options)
        return type(page)(page.items, f"a{next(places)}", page.count, page.heard)

    desk.deleted_page = round_and_round  # type: ignore[method-assign]
    row = streams.of("main", streams.TRASH)
    assert row is not None
    Stream.objects.filter(pk=row.pk).update(done_count=trash.MOST_LISTED - trash.MOST_PAGES * desk.page - 1)
    for _ in range(2):
        desk.pass_s(300)
        mirror.poll(Endpoint.TICKETS)
    stream = streams.of("main", streams.TRASH)
    assert stream is not None
    assert (stream.cursor, stream.done_count, stream.high_at) == ("", 0, desk.trash[1][1])
