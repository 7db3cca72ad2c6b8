"""The pages of the desk: the list, one ticket, the trash, the log, the switch; who may see what, what they say of what is away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis as redis_py
from django.test import Client

from dashboard.accounts.switch import writes_on
from dashboard.desk.soon import SETTLED_AFTER, read_soon
from dashboard.desk.standing import NO_REDIS, NOT_ADMIN, NOT_BEGUN, OFF, SLA, TICKETS
from dashboard.domain.readings import Reading
from dashboard.domain.readings_tickets import SlaState
from dashboard.mirror.names import learn
from dashboard.models import DeskAct, KnownTicket, Role
from dashboard.sources.registry import ACCOUNT
from dashboard.store import codec, keys, snapshots
from dashboard.store.snapshots import Outcome, Pause, Stop
from tests.desk.desk_floor import EVIL, allow_changes, clock, known, made, read
from tests.emulator.running import RunningEmulator
from tests.incidents.floor import LogIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]
PAGES = ("/desk/", "/desk/trash/", "/desk/log/", "/desk/switch/", "/desk/7/", "/desk/bulk/?id=7", "/desk/problems/?text=fire")


# --- who may


def test_desk_needs_a_login_and_each_page_its_role(client: Client, log_in: LogIn, still: RunningEmulator) -> None:
    known(7, datetime.now(UTC))
    for path in PAGES:
        assert client.get(path).headers["Location"].startswith("/login/?next=/desk/")
    viewer, supervisor, boss = log_in(Role.VIEWER), log_in(Role.SUPERVISOR), log_in(Role.ADMINISTRATOR)
    assert [viewer.get(path).status_code for path in PAGES] == [200, 200, 403, 403, 200, 403, 403]
    assert [supervisor.get(path).status_code for path in PAGES] == [200, 200, 200, 403, 200, 200, 200]
    assert [boss.get(path).status_code for path in PAGES] == [200] * 7
    for path, back in (("/desk/7/act/", "/desk/7/"), ("/desk/bulk/", "/desk/")):  # as after a role was taken
        answer: Any = viewer.post(path, {"do": "delete", "id": "7"}, follow=True)
        assert (answer.status_code, answer.redirect_chain[0][0].split("?")[0]) == (403, back)
        assert "Only supervisors and administrators can change tickets." in text_of(answer)
    assert not DeskAct.objects.exists()
    page = viewer.get("/desk/").content.decode()
    assert 'name="id"' not in page
    assert "/desk/log/" not in page


def test_nothing_is_changed_by_a_get_and_a_post_needs_its_token(log_in: LogIn, still: RunningEmulator) -> None:
    boss = log_in(Role.ADMINISTRATOR)
    assert boss.get("/desk/7/act/").headers["Location"] == "/desk/7/"  # where a login in between leads
    assert boss.put("/desk/7/act/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = boss.cookies
    for path in ("/desk/switch/", "/desk/7/act/", "/desk/bulk/"):
        assert strict.post(path, {"on": "1"}).status_code == 403
    assert not writes_on()


# --- the list


def test_list_shows_those_at_risk_first_each_with_its_time_in_words(log_in: LogIn) -> None:
    now = datetime.now(UTC)
    read("tickets", now)
    learn(ACCOUNT, "group", {9: "Billing"}, now)
    for ticket_id, left_min, state in ((1, 200, "running"), (2, -30, "running"), (3, 10, "running"), (4, 30, "paused")):
        known(ticket_id, now, subject=EVIL if ticket_id == 2 else f"Subject {ticket_id}", group_id=9, assignee_id=42, priority="urgent")
        clock(ticket_id, now, timedelta(minutes=left_min), state=state)
    known(5, now)
    known(6, now, status="solved")
    viewer = log_in(Role.VIEWER)
    early = text_of(viewer.get("/desk/"))
    assert "not known" in early
    assert "Time left is not known yet: the events of SLA targets are read after the tickets" in early
    assert "no target" not in early
    for name in ("events", "clocks"):
        read(name, now)
    page = viewer.get("/desk/")
    found = text_of(page)
    assert "not known" not in found
    # Whatever the hour is, and however slow the machine: "9:5" alone stands in a clock's time as well.
    order = [re.search(each, found) for each in (r"missed by 3\d:\d\d", r"\b9:\d\d left", "paused", "no target")]
    places = [each.start() for each in order if each is not None]
    assert (len(places), places) == (4, sorted(places))
    assert "<script>alert" not in page.content.decode()
    assert "Gold &amp; silver" in found
    assert "person 42" in found
    assert "Subject 6" not in found
    assert page.content.decode().count("<tr data-ticket") == 5


def test_list_is_narrowed_by_its_address_and_says_what_it_does_not_understand(log_in: LogIn) -> None:
    now = datetime.now(UTC)
    read("tickets", now)
    known(1, now, group_id=9, assignee_id=42, priority="urgent", status="new")
    known(2, now, priority="")
    viewer = log_in(Role.VIEWER)

    def shown(query: str) -> list[str]:
        page = viewer.get(f"/desk/?{query}").content.decode()
        return [each.split('"')[0] for each in page.split('<tr data-ticket="')[1:]]

    assert shown("group=9&assignee=42&status=new&status=open&priority=urgent") == ["1"]
    assert shown("group=0") == shown("assignee=0") == shown("priority=none") == ["2"]
    known(3, now, assignee_id=43, group_id=8)
    assert sorted(shown("assignee=42&assignee=0")) == ["1", "2"]
    assert sorted(shown("assignee=42&assignee=43&group=9&group=8")) == ["1", "3"]
    asked = viewer.get("/desk/?assignee=42&assignee=0&assignee=77&group=0&status=open").content.decode()
    for box in ('name="assignee" value="42" checked', 'name="assignee" value="77" checked', 'name="group" value="0" checked'):
        assert box in asked
    assert "nobody, person 42 and 1 more" in asked
    assert shown("status=pending") == []
    assert sorted(shown("group=x&status=nonsense&page=-3&assignee=99999999999999999999")) == ["1", "2", "3"]
    said = text_of(viewer.get("/desk/?group=x&status=nonsense&priority=huge"))
    for sentence in ("A group is a number.", "A status is new, open, pending or hold.", "A priority is urgent, high, normal, low or none."):
        assert sentence in said
    assert "There is no such page any more." in text_of(viewer.get("/desk/?page=3"))
    assert "No unsolved ticket of this choice." in text_of(viewer.get("/desk/?status=hold"))


def test_list_of_more_than_a_page_is_turned(log_in: LogIn) -> None:
    now = datetime.now(UTC)
    rows = [KnownTicket(account=ACCOUNT, ticket_id=each, status="open", created_at=now, moved_at=now) for each in range(1, 403)]
    KnownTicket.objects.bulk_create(rows)
    supervisor = log_in(Role.SUPERVISOR)
    assert "1 to 200 of 402" in text_of(supervisor.get("/desk/"))
    last = supervisor.get("/desk/?status=open&page=3")
    assert "401 to 402 of 402" in text_of(last)
    assert 'href="?status=open&amp;page=2"' in last.content.decode()


# --- how it stands


def test_list_says_what_is_known_and_how_old_it_is(log_in: LogIn, redis: redis_py.Redis, settings: Any) -> None:
    now = datetime.now(UTC)
    viewer = log_in(Role.VIEWER)
    assert NOT_BEGUN in text_of(viewer.get("/desk/"))
    read("tickets", now, caught_up_at=None, done_count=1200, total_count=4800)
    assert "1,200 of about 4,800 (25 %)" in text_of(viewer.get("/desk/"))
    read("tickets", now)
    read("events", now)
    sla = SlaState(sla_breached=3, sla_breaching_in_15=1, sla_met_today=9, sla_missed_today=1)
    snapshots.save_reading(redis, SLA, Reading(sla, now))
    found = text_of(viewer.get("/desk/"))
    assert all(each in found for each in ("missed now 3", "within 15 min 1", "kept today 90 % of 10"))
    assert "told warning" not in viewer.get("/desk/").content.decode()
    snapshots.save_outcome(redis, SLA, Outcome(now, "forbidden", "May not.", 1, now))
    found = text_of(viewer.get("/desk/"))
    assert NOT_ADMIN in found
    assert "missed now" not in found
    snapshots.save_outcome(redis, TICKETS, Outcome(now, "server", "Zendesk answered with an error (503).", 2, now))
    failing = text_of(viewer.get("/desk/"))
    for words in ("Zendesk answered with an error (503). It fails since", "Next try: ", "What is shown is as of"):
        assert words in failing
    read("tickets", now, caught_up_at=None, done_count=1200, total_count=4800)
    failing = text_of(viewer.get("/desk/"))
    assert "It fails since" in failing
    assert "1,200 of about 4,800 (25 %)" in failing
    read("tickets", now)
    snapshots.save_outcome(redis, TICKETS, Outcome(now))
    snapshots.save_pause(redis, ACCOUNT, Pause("rate_limit", "The limit is used up (429).", now, now + timedelta(minutes=1)))
    assert "The limit is used up (429). Nothing is asked since" in text_of(viewer.get("/desk/"))
    redis.delete(keys.pause(ACCOUNT))
    snapshots.save_stop(redis, ACCOUNT, Stop("auth", "Refused (401).", now, "x"))
    assert "Refused (401). So it is since" in text_of(viewer.get("/desk/"))
    redis.delete(keys.stopped(ACCOUNT))
    read("tickets", now - timedelta(hours=2))
    assert re.search(r"2:00:\d\d", text_of(viewer.get("/desk/")))
    assert "Is the worker running?" in text_of(viewer.get("/desk/"))
    from dataclasses import replace

    settings.ENV = replace(settings.ENV, tickets=False)
    off = viewer.get("/desk/")
    assert OFF in text_of(off)
    assert "/desk/trash/" not in off.content.decode()
    assert "<table" not in off.content.decode()


def test_list_without_redis_shows_what_was_known(log_in: LogIn, no_redis: None) -> None:
    now = datetime.now(UTC)
    read("tickets", now)
    known(1, now)
    found = text_of(log_in(Role.SUPERVISOR).get("/desk/"))
    assert NO_REDIS in found
    assert "Subject 1" in found


# --- one ticket


def test_ticket_is_the_vendors_own_with_clocks_durations_and_people(log_in: LogIn, still: RunningEmulator) -> None:
    (ticket_id,) = made(still, 1)
    now = datetime.now(UTC)
    clock(ticket_id, now, timedelta(minutes=-20))
    page = log_in(Role.SUPERVISOR).get(f"/desk/{ticket_id}/")
    found = text_of(page)
    for words in ("as Zendesk has it", "missed by 20:", "First reply", "not yet", "Collaborators", "Read-only: Queuelight changes nothing"):
        assert words in found
    assert "<fieldset disabled" in page.content.decode()
    assert "Gold &amp; silver" in found


def test_ticket_is_shown_without_the_part_that_cannot_be_had(log_in: LogIn, still: RunningEmulator) -> None:
    (ticket_id,) = made(still, 1)
    still.fault("500", endpoint="ticket_followers")
    found = text_of(log_in(Role.VIEWER).get(f"/desk/{ticket_id}/"))
    assert "Not shown: followers." in found
    assert "Collaborators" in found
    assert "as Zendesk has it" in found


def test_ticket_is_shown_as_last_known_while_the_vendor_fails(log_in: LogIn, still: RunningEmulator) -> None:
    (ticket_id,) = made(still, 1)
    KnownTicket.objects.filter(ticket_id=ticket_id).update(subject=EVIL, tags=["<b>", "vip"])
    still.fault("500")
    page = log_in(Role.VIEWER).get(f"/desk/{ticket_id}/")
    found = text_of(page)
    assert "as last known" in found
    assert "What is shown is what Queuelight knew last" in found
    assert "&lt;script&gt;alert(1)&lt;/script&gt; مريم" in found
    assert "<script>alert" not in page.content.decode()
    assert "You may look." in found
    still.fault("none")
    assert log_in_again(page).get("/desk/999999/").status_code == 404


def test_clocks_older_than_a_change_say_so_until_they_hold_it(log_in: LogIn, redis: redis_py.Redis) -> None:
    now = datetime.now(UTC)
    known(7, now, subject=EVIL)
    clock(7, now, timedelta(minutes=20))
    read("events", now - timedelta(minutes=1))
    act = DeskAct.objects.create(account=ACCOUNT, key="k", by="d", at=now, what="update", ticket_ids=[7], state="running", job_id="V3-1")
    viewer = log_in(Role.VIEWER)

    def part() -> str:
        return text_of(viewer.get("/desk/7/clocks/"))

    assert "is still under way at Zendesk." in part()
    DeskAct.objects.update(state="done", ended_at=now)
    assert "is not in them yet." in part()
    assert re.search(r"\b19:\d\d left", part())
    read("events", now + timedelta(seconds=1))  # it may have been asked before the change
    assert "is not in them yet." in part()
    read("events", now + timedelta(seconds=2))
    assert "Clocks as of" not in part()
    read("events", now - timedelta(minutes=1))
    DeskAct.objects.update(failed=[[7, "TicketUpdateFailed"]])
    assert "Clocks as of" not in part()
    assert viewer.get(f"/desk/{2**60}/clocks/").status_code == 404
    redis.zadd(keys.DUE, {soon_feed.id: 9e18 for soon_feed in (TICKETS, SLA)})
    read_soon(act.account, now)
    assert {redis.zscore(keys.DUE, feed.id) for feed in (TICKETS, SLA)} == {codec.to_us(now + SETTLED_AFTER)}


def log_in_again(page: Any) -> Client:
    """The client that a response was made for."""
    client: Client = page.client
    return client


# --- log and switch


def test_log_is_narrowed_and_taken_away_without_formulas(log_in: LogIn) -> None:
    now = datetime.now(UTC)
    for number, by in enumerate(("dana@example.com", "=cmd()|a", "dana@example.com")):
        DeskAct.objects.create(
            account=ACCOUNT,
            key=str(number),
            by=by,
            at=now - timedelta(minutes=number),
            what="update" if number else "bulk",
            ticket_ids=[10 + number] if number else list(range(10, 30)),
            change={"status": "solved", "comment": {"body": EVIL, "public": True}},
            before={str(10 + number): {"status": "open"}},
            state="done" if number else "failed",
            error="" if number else "Zendesk refused every single one.",
            failed=[] if number else [[10, "closed"]],
        )
    supervisor = log_in(Role.SUPERVISOR)
    found = text_of(supervisor.get("/desk/log/"))
    refused = "Zendesk refused every single one."
    for words in ("Change 20 tickets", "10, 11, 12, 13, 14 and 15 more", "open → solved", "not done", refused):
        assert words in found
    assert "<script>alert" not in supervisor.get("/desk/log/").content.decode()
    assert text_of(supervisor.get("/desk/log/?ticket=11")).count("Change ticket 11") == 1
    assert "Change 20 tickets" in text_of(supervisor.get("/desk/log/?ticket=29&person=dana@example.com"))
    assert "Nothing of this choice was done." in text_of(supervisor.get("/desk/log/?ticket=77"))
    assert "A ticket is a number" in text_of(supervisor.get("/desk/log/?ticket=x"))
    file = supervisor.get("/desk/log.csv?ticket=11")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "at,by,what,tickets,change,before,state,error,failed,ended_at"
    assert [line.split(",")[1] for line in lines[1:]] == ["dana@example.com", "'=cmd()|a"]


def test_only_an_administrator_switches_changes_on_and_off(log_in: LogIn) -> None:
    boss = log_in(Role.ADMINISTRATOR)
    assert "Changes at Zendesk are off" in text_of(boss.get("/desk/switch/"))
    assert log_in(Role.SUPERVISOR).post("/desk/switch/", {"on": "1"}).status_code == 403
    assert not writes_on()
    assert "Changes at Zendesk are on" in text_of(boss.post("/desk/switch/", {"on": "1"}, follow=True))
    assert writes_on()
    assert "Say on or off." in text_of(boss.post("/desk/switch/", {"on": "maybe"}, follow=True))
    boss.post("/desk/switch/", {"on": "1"})  # as it was: nothing to write down
    boss.post("/desk/switch/", {"on": "0"})
    log = text_of(boss.get("/desk/log/"))
    assert (log.count("Turn changes on"), log.count("Turn changes off")) == (1, 1)
    assert "switch" in boss.get("/desk/log.csv").content.decode()
    boss.post("/desk/switch/", {"on": "0"})
    assert not writes_on()


def test_trash_is_the_vendors_own_and_says_when_it_is_away(log_in: LogIn, still: RunningEmulator) -> None:
    (ticket_id,) = made(still, 1)
    allow_changes()
    boss = log_in(Role.ADMINISTRATOR)
    still.http.delete(f"/api/v2/tickets/{ticket_id}", auth=(f"{still.settings.email}/token", still.settings.api_token))
    page = boss.get("/desk/trash/")
    assert f"#{ticket_id}" in text_of(page)
    assert "Delete for good" in text_of(page)
    assert "Delete for good" not in text_of(log_in(Role.SUPERVISOR).get("/desk/trash/"))
    still.fault("500")
    assert "told warning" in boss.get("/desk/trash/").content.decode()
