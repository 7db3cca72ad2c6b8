"""The log beside what people did: tickets that rules open, comment on and solve, each step once, with its rule and its incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from dashboard.alerts import incidents, ticket_rows
from dashboard.desk.log_lines import RULES, log_of
from dashboard.models import DeskAct, Incident, IncidentTicket, Role
from dashboard.sources.registry import ACCOUNT
from tests.desk.desk_floor import EVIL, known
from tests.incidents.floor import LogIn, a_rule, text_of
from tests.incidents.records import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def person_did(at: datetime, number: int) -> None:
    DeskAct.objects.create(
        account=ACCOUNT,
        key=str(number),
        by="dana@example.com",
        at=at,
        what="update",
        ticket_ids=[1042],
        change={"status": "open"},
        state="done",
    )


def titles(client: Client, address: str) -> list[str]:
    """What the lines of the page are about, in their order."""
    rows = client.get(address).content.decode().split('<th scope="row">')[1:]
    return [row.split("</th>")[0].split(">")[1].split("<")[0] if row.startswith("<a") else row.split("<")[0] for row in rows]


def test_steps_of_rules_stand_in_the_log_once_between_those_of_people(log_in: LogIn) -> None:
    supervisor = log_in(Role.SUPERVISOR)
    incident = opened(a_rule(name=EVIL, opens_ticket=True))
    now = datetime.now(UTC)
    incidents.acknowledge(incident.pk, "dana@example.com", "", now)
    person_did(now + timedelta(seconds=90), 1)
    claims = []
    for minute in (1, 3):  # the second worker takes over from one that was killed after its answer had come
        at = now + timedelta(minutes=minute)
        taken = ticket_rows.claim(at)
        assert taken is not None
        claims.append((taken, at))
    assert [ticket_rows.opened(taken, 1042, at) for taken, at in claims] == [True, False]
    assert [ticket_rows.told(taken, 2, [2], at, solved=True) for taken, at in reversed(claims)] == [True, False]
    known(1042, now)

    everything = ["Solve ticket 1042", "Comment on ticket 1042", "Change ticket 1042", "Open ticket 1042"]
    assert titles(supervisor, "/desk/log/") == everything
    assert titles(supervisor, "/desk/log/?ticket=1042") == everything
    assert titles(supervisor, "/desk/log/?ticket=7") == []
    assert titles(supervisor, "/desk/log/?person=dana@example.com") == ["Change ticket 1042"]
    page = supervisor.get(f"/desk/log/?person={RULES}")
    found = text_of(page)
    for words in (
        "Comment for agents alone: acknowledged",
        f"of incident {incident.pk}",
        "rule &lt;script&gt;alert(1)&lt;/script&gt; مريم",
    ):
        assert words in found
    assert f'href="/incidents/{incident.pk}/"' in page.content.decode()
    assert 'href="/desk/1042/"' in page.content.decode()
    lines = supervisor.get("/desk/log.csv").content.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[2:4] for line in lines] == [
        ["rule_solved", "1042"],
        ["rule_told", "1042"],
        ["update", "1042"],
        ["rule_opened", "1042"],
    ]
    ticket = text_of(supervisor.get("/desk/1042/"))
    assert "Solve ticket 1042 by rule" in ticket
    assert "Done from here" not in text_of(log_in(Role.VIEWER).get("/desk/1042/"))


def test_ticket_that_was_given_up_stands_in_the_log_with_its_reason(log_in: LogIn) -> None:
    supervisor = log_in(Role.SUPERVISOR)
    incident = opened(a_rule(name="Wait", opens_ticket=True))
    taken = ticket_rows.claim(datetime.now(UTC))
    assert taken is not None
    ticket_rows.end(taken, IncidentTicket.State.GIVEN_UP, "Given up after a day.", datetime.now(UTC))
    found = text_of(supervisor.get("/desk/log/"))
    assert f"Open a ticket of incident {incident.pk} not done Given up after a day. rule Wait" in found


def test_log_is_turned_without_losing_or_doubling_a_line(log_in: LogIn) -> None:
    supervisor = log_in(Role.SUPERVISOR)
    now = datetime.now(UTC)
    incident = opened(a_rule(name="Wait", opens_ticket=True))
    life = [[ticket_rows.Step.TOLD, (now + timedelta(seconds=2 * each)).isoformat(), 1] for each in range(60)]
    IncidentTicket.objects.filter(incident=incident).update(life=life, ticket_id=1042, state="open")
    for each in range(60):
        person_did(now + timedelta(seconds=2 * each + 1), each)
    pages = [titles(supervisor, f"/desk/log/?page={number}") for number in (1, 2, 3)]
    assert [len(each) for each in pages] == [50, 50, 20]
    assert [title for page in pages for title in page] == ["Change ticket 1042", "Comment on ticket 1042"] * 60
    assert len(list(log_of("", None).newest(100))) == 100
    Incident.objects.all().delete()
    assert log_of("", None).count() == 60
