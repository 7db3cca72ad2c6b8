"""What the pages say of the ticket of an incident, and of the rule that wants one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.accounts.switch import set_writes
from dashboard.alerts import incidents
from dashboard.alerts.ticket_rows import OVER_MEANWHILE
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
    client.post(f"/rules/{rule.pk}/", sent(opens_ticket="on", ticket_group="7", ticket_language="fr", version="1"))
    kept = Rule.objects.get(pk=rule.pk)
    assert (kept.opens_ticket, kept.ticket_group_id, kept.ticket_language) == (True, 7, "fr")
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


def test_timeline_and_api_tell_the_life_of_the_ticket(log_in: LogIn) -> None:
    client = log_in(Role.SUPERVISOR)
    incident = opened(a_rule(name="With a ticket", opens_ticket=True))
    incidents.acknowledge(incident.pk, "dana@example.com", "", incident.opened_at + timedelta(minutes=1))
    row = IncidentTicket.objects.filter(incident=incident)
    address, api = f"/incidents/{incident.pk}/", f"/api/v1/incidents/{incident.pk}"
    assert "A ticket is wanted" in text_of(client.get(address))
    assert client.get(api).json()["incident"]["ticket"] == {"state": "wanted"}
    at = incident.opened_at.isoformat()
    row.update(state="solved", ticket_id=1042, life=[["opened", at, 1], ["told", at, 2], ["solved", at, 2]])
    page = client.get(address)
    for line in ("Opened ticket #1042", "Added a comment (acknowledged) to ticket #1042", "Solved ticket #1042"):
        assert line in text_of(page)
    assert page.content.decode().count('href="/desk/1042/"') == 4
    ticket = client.get(api).json()["incident"]["ticket"]
    assert (ticket["state"], ticket["number"], ticket["url"].endswith("/desk/1042/")) == ("solved", 1042, True)
    assert client.get("/api/v1/incidents").json()["incidents"][0]["ticket"] == ticket
    row.update(state="given_up", error="The group is gone.", life=[["opened", at, 1], ["given_up", at, 0]])
    assert "Nothing more is added to ticket #1042 The group is gone." in text_of(client.get(address))
    row.update(ticket_id=None, error=OVER_MEANWHILE, life=[["given_up", at, 0]])
    assert text_of(client.get(address)).count("No ticket: Queuelight was read-only until it was over.") == 2
    plain = opened(a_rule(name="Without"))
    assert "ticket" not in client.get(f"/api/v1/incidents/{plain.pk}").json()["incident"]
