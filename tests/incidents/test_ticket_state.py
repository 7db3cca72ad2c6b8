"""What the pages say of the ticket of an incident, and of the rule that wants one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.accounts.switch import set_writes
from dashboard.models import Incident, IncidentTicket, KnownName, Role, Rule, User
from tests.incidents.floor import LogIn, a_rule, sent, text_of
from tests.incidents.records import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def test_rule_form_takes_a_group_for_its_tickets_and_shows_the_newest(log_in: LogIn) -> None:
    KnownName.objects.create(account="main", what="group", vendor_id=7, name="Support <b>")
    rule, client = a_rule(), log_in(Role.SUPERVISOR)
    page = text_of(client.get(f"/rules/{rule.pk}/"))
    assert "Support &lt;b&gt;" in page
    assert "read-only" in page
    client.post(f"/rules/{rule.pk}/", sent(opens_ticket="on", ticket_group="7", version="1"))
    kept = Rule.objects.get(pk=rule.pk)
    assert (kept.opens_ticket, kept.ticket_group_id) == (True, 7)
    incident = opened(kept)
    IncidentTicket.objects.filter(incident=incident).update(ticket_id=1042, state="open", told_number=1)
    KnownName.objects.all().delete()  # the group is gone at the vendor: the rule keeps what it was told
    answer = client.get(f"/rules/{rule.pk}/")
    assert 'href="/desk/1042/"' in answer.content.decode()
    assert "group 7" in text_of(answer)
    client.post(f"/rules/{rule.pk}/", sent(version="2"))
    kept.refresh_from_db()
    assert (kept.opens_ticket, kept.ticket_group_id) == (False, None)


def test_incident_page_says_how_its_ticket_stands(log_in: LogIn) -> None:
    client = log_in(Role.ADMINISTRATOR)
    plain = opened(a_rule())
    assert 'id="ticket"' not in client.get(f"/incidents/{plain.pk}/").content.decode()
    incident = opened(a_rule(name="With a ticket", opens_ticket=True))

    def said(**columns: object) -> str:
        IncidentTicket.objects.filter(incident=incident).update(**columns)
        return text_of(client.get(f"/incidents/{incident.pk}/"))

    assert "It is to be opened. Queuelight is read-only: it waits until" in said()
    set_writes(True, User.objects.get(role=Role.ADMINISTRATOR))
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert "The vendor could not be reached. Tried again at Sun 22 Nov" in said(error="The vendor could not be reached.", due_at=at)
    page = said(error="", state="open", ticket_id=1042, told_number=1)
    assert "Ticket #1042" in page
    assert "It tells of everything so far." in page
    Incident.objects.filter(pk=incident.pk).update(version=2)
    assert "What happened last is still to be added." in said()
    assert "Nothing more is added to it. Given up after a day." in said(state="given_up", error="Given up after a day.")
    assert "It tells of everything up to the end." in said(state="solved", error="", told_number=2)
