"""Changes from form to outcome against the emulated vendor: asked once, done once; a conflict, both versions; a job, its failures."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py
from django.http import HttpResponse
from django.test import Client

from dashboard.desk import jobs, spam
from dashboard.models import DeskAct, KnownTicket, Role, Switch
from dashboard.sources import registry
from dashboard.sources.registry import ACCOUNT
from dashboard.store import connection, keys
from tests.desk.desk_floor import EVIL, allow_changes, made
from tests.emulator.running import RunningEmulator
from tests.incidents.floor import LogIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


@pytest.fixture
def dana(log_in: LogIn) -> Client:
    """A supervisor, while changes are allowed."""
    allow_changes()
    return log_in(Role.SUPERVISOR)


def hidden(page: HttpResponse, name: str) -> str:
    """The value of a page's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None, text_of(page)
    return html.unescape(found.group(1))


def sent(client: Client, path: str, fields: Mapping[str, object]) -> HttpResponse:
    """The page that answers a form: never the post itself, so that "Back" and "Reload" send nothing anew."""
    answer: Any = client.post(path, fields, follow=True)
    assert answer.redirect_chain, text_of(answer)
    assert {status for _, status in answer.redirect_chain} == {303}
    found: HttpResponse = answer
    return found


def at(answer: Any) -> str:
    """The address that a form led to in the end."""
    return str(answer.redirect_chain[-1][0])


def agreed(client: Client, ticket_id: int, **fields: str) -> tuple[HttpResponse, HttpResponse, str]:
    """The page that asks, the answer to its button, and the plan that it carried."""
    asking = sent(client, f"/desk/{ticket_id}/act/", {"do": "update"} | fields)
    sealed = hidden(asking, "agreed")
    answer = sent(client, f"/desk/{ticket_id}/act/", {"agreed": sealed})
    return asking, answer, sealed


def somebody_changes(emulator: RunningEmulator, ticket_id: int, **fields: object) -> None:
    auth = (f"{emulator.settings.email}/token", emulator.settings.api_token)
    emulator.clock.skip(5)
    answer = emulator.http.put(f"/api/v2/tickets/{ticket_id}", json={"ticket": fields}, auth=auth)
    assert answer.status_code == 200, answer.text


def test_change_is_asked_about_once_done_once_and_logged(still: RunningEmulator, dana: Client) -> None:
    (ticket_id,) = made(still, 1)
    fields = {"status": "pending", "priority": "urgent", "add_tags": "vip, late", "comment": EVIL, "who": "internal"}
    asking, answer, sealed = agreed(dana, ticket_id, **fields)
    said = text_of(asking)
    assert f"Ticket {ticket_id}: priority from normal to urgent." in said
    assert "An internal comment, for agents alone" in said
    assert "<script>alert" not in asking.content.decode()
    assert at(answer) == f"/desk/{ticket_id}/"
    ticket = registry.tickets(ACCOUNT).show(ticket_id)
    assert (ticket.priority, ticket.status, set(ticket.tags)) == ("urgent", "pending", {"vip", "late"})
    again = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": sealed})
    assert at(again) == f"/desk/{ticket_id}/"
    assert DeskAct.objects.count() == 1
    page = dana.get(f"/desk/{ticket_id}/")
    assert "Done from here" in text_of(page)
    assert "supervisor@example.com" in text_of(page)
    assert KnownTicket.objects.get(ticket_id=ticket_id).priority == "urgent"


def test_conflict_shows_both_versions_and_mine_can_be_tried_again(still: RunningEmulator, dana: Client) -> None:
    (ticket_id,) = made(still, 1)
    asking = sent(dana, f"/desk/{ticket_id}/act/", {"do": "update", "priority": "low", "add_tags": "mine"})
    sealed = hidden(asking, "agreed")
    somebody_changes(still, ticket_id, priority="high", tags=["theirs"])
    conflict = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": sealed})
    assert conflict.status_code == 409
    assert "Priority normal high low" in text_of(conflict)
    assert registry.tickets(ACCOUNT).show(ticket_id).priority == "high"
    anew = sent(dana, f"/desk/{ticket_id}/act/", {"again": hidden(conflict, "again")})
    assert f"Ticket {ticket_id}: priority from high to low." in text_of(anew)
    sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(anew, "agreed")})
    ticket = registry.tickets(ACCOUNT).show(ticket_id)
    assert (ticket.priority, set(ticket.tags)) == ("low", {"theirs", "mine"})
    assert list(DeskAct.objects.order_by("pk").values_list("state", flat=True)) == ["conflict", "done"]


def test_many_tickets_change_in_a_job_whose_failures_are_named(still: RunningEmulator, dana: Client, redis: redis_py.Redis) -> None:
    ids = made(still, 3)
    chosen = dana.get("/desk/bulk/", {"id": ids})
    assert "3 chosen tickets" in text_of(chosen)
    asking = sent(dana, "/desk/bulk/", {"do": "update", "id": ids, "add_tags": "storm"})
    assert "3 tickets" in text_of(asking)
    somebody_changes(still, ids[1], priority="high")
    answer = sent(dana, "/desk/bulk/", {"agreed": hidden(asking, "agreed"), "id": ids})
    act = DeskAct.objects.get()
    assert at(answer) == f"/desk/acts/{act.pk}/"
    running: dict[str, Any] = dana.get(f"/desk/acts/{act.pk}/", headers={"Accept": "application/json"}).json()
    assert (running["state"], running["has_ended"], running["failed_count"]) == ("running", False, 1)
    for _ in range(20):
        still.clock.skip(5)
        if jobs.follow(redis, datetime.now(UTC)):
            break
    page = dana.get(f"/desk/acts/{act.pk}/")
    assert "done, but 1 of 3 failed" in text_of(page)
    assert f"Ticket {ids[1]} : changed by somebody else in the meantime." in text_of(page)
    assert registry.tickets(ACCOUNT).show(ids[0]).tags == ("storm",)


def test_tickets_are_deleted_restored_and_deleted_for_good_each_by_who_may(still: RunningEmulator, dana: Client, log_in: LogIn) -> None:
    (ticket_id,) = made(still, 1)
    asking = sent(dana, f"/desk/{ticket_id}/act/", {"do": "delete"})
    assert "goes to the trash, from where it can be restored for 30 days." in text_of(asking)
    sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
    assert f"#{ticket_id}" in text_of(dana.get("/desk/trash/"))
    gone = dana.get(f"/desk/{ticket_id}/")
    assert "This ticket is in the trash" in text_of(gone)
    refused = sent(dana, "/desk/bulk/", {"do": "destroy", "id": ticket_id})
    assert "Only administrators can delete tickets for good." in text_of(refused)
    restore = sent(dana, "/desk/bulk/", {"do": "restore", "id": ticket_id})
    answer = sent(dana, "/desk/bulk/", {"agreed": hidden(restore, "agreed"), "id": ticket_id})
    assert at(answer) == "/desk/trash/"
    assert registry.tickets(ACCOUNT).show(ticket_id).id == ticket_id
    boss = log_in(Role.ADMINISTRATOR)
    for do in ("delete", "destroy"):
        page = sent(boss, "/desk/bulk/", {"do": do, "id": ticket_id})
        sent(boss, "/desk/bulk/", {"agreed": hidden(page, "agreed"), "id": ticket_id})
    assert "Nobody can take this back." in text_of(page)
    assert DeskAct.objects.filter(what="destroy", state="running").exists()


def test_spam_is_marked_as_long_as_that_is_why_it_is_in_the_trash(still: RunningEmulator, dana: Client) -> None:
    ids = made(still, 3)
    for do, number in (("spam", ids[0]), ("delete", ids[1]), ("spam", ids[2]), ("restore", ids[2])):
        asking = sent(dana, "/desk/bulk/", {"do": do, "id": number})
        sent(dana, "/desk/bulk/", {"agreed": hidden(asking, "agreed"), "id": number})
    auth = (f"{still.settings.email}/token", still.settings.api_token)
    assert still.http.delete(f"/api/v2/tickets/{ids[2]}", auth=auth).status_code == 204
    trash = text_of(dana.get("/desk/trash/"))
    assert [f"Ticket {each} spam #{each}" in trash for each in ids] == [True, False, False]
    gone = text_of(dana.get(f"/desk/{ids[0]}/"))
    assert "This ticket was marked as spam on" in gone
    assert "by supervisor@example.com ." in gone
    assert "was marked as spam" not in text_of(dana.get(f"/desk/{ids[1]}/"))
    assert not spam.is_of(DeskAct.objects.get(what="spam", ticket_ids=[ids[0]]), datetime.now(UTC) + 2 * spam.SKEW)  # deleted anew since


def test_tickets_are_merged_and_linked_to_a_problem_that_was_found_by_words(still: RunningEmulator, dana: Client) -> None:
    first, second, problem = made(still, 3)
    somebody_changes(still, problem, type="problem", subject=EVIL)
    found = dana.get("/desk/problems/", {"text": "alert"}).json()["problems"]
    assert found == [{"id": problem, "subject": EVIL, "status": found[0]["status"]}]
    agreed(dana, first, problem=f"#{problem}")
    assert registry.tickets(ACCOUNT).show(first).problem_id == problem
    assert f"#{first}" in text_of(dana.get(f"/desk/{problem}/"))
    merging = sent(dana, f"/desk/{first}/act/", {"do": "merge", "into": str(second), "from_comment": "the same"})
    assert "closed and merged into" in text_of(merging)
    assert "Nobody can take this back." in text_of(merging)
    answer = sent(dana, f"/desk/{first}/act/", {"agreed": hidden(merging, "agreed")})
    assert at(answer).startswith("/desk/acts/")
    still.fault("500")
    assert dana.get("/desk/problems/", {"text": "alert"}).status_code == 502


def test_outcome_that_nobody_knows_is_said_and_not_repeated(dana: Client) -> None:
    act = DeskAct.objects.create(
        account=ACCOUNT,
        key="k",
        by="dana@example.com",
        at=datetime.now(UTC),
        what="update",
        ticket_ids=[7],
        change={"status": "solved", "assignee_id": 42},
        before={"7": {"status": "open", "assignee_id": None}},
        state="unknown",
        error="Zendesk did not answer within 10 s.",
    )
    found = text_of(dana.get(f"/desk/acts/{act.pk}/"))
    for words in ("nobody knows", "Nothing is repeated by itself", "was open → solved", "was nobody → person 42", "#7"):
        assert words in found
    assert dana.get("/desk/acts/999999/").status_code == 404


def test_act_that_was_not_made_keeps_what_was_written_and_offers_another_try(still: RunningEmulator, dana: Client) -> None:
    (ticket_id,) = made(still, 1)
    comment = f"{EVIL} " + "A long story. " * 100
    fields = {"do": "update", "comment": comment, "who": "public"}
    asking = sent(dana, f"/desk/{ticket_id}/act/", fields)
    for fault, words in (("429", "Trying again looks"), ("none", "Done: comment on")):
        still.fault(fault, endpoint="ticket_update")
        answer = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
        assert words in text_of(answer)
        if fault != "none":
            assert "This was not done" in text_of(answer)
            assert text_of(answer).count("A long story.") >= 100
            assert "<script>alert" not in answer.content.decode()
            again = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
            assert "This was not done" in text_of(again)  # the same act: nobody was asked anew
            pause_ends()
            asking = sent(dana, f"/desk/{ticket_id}/act/", {"again": hidden(answer, "again")})
    assert list(DeskAct.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "done"]

    asking = sent(dana, f"/desk/{ticket_id}/act/", fields)
    still.fault("500", endpoint="ticket_update")
    unsure = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
    assert "Nobody knows whether this was done" in text_of(unsure)
    assert text_of(unsure).count("A long story.") >= 100
    assert "Try mine again" not in text_of(unsure)
    still.fault("none", endpoint="ticket_update")

    Switch.objects.update(is_on=False)
    off = sent(dana, f"/desk/{ticket_id}/act/", fields)
    assert "Queuelight is read-only" in text_of(off)
    assert "A long story." in off.content.decode()
    allow_changes()
    asking = sent(dana, f"/desk/{ticket_id}/act/", fields)
    Switch.objects.update(is_on=False)
    refused = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
    assert "Queuelight is read-only" in text_of(refused)
    assert "A long story." in text_of(refused)
    still_off = sent(dana, f"/desk/{ticket_id}/act/", {"again": hidden(refused, "again")})
    assert "Queuelight is read-only" in text_of(still_off)
    assert "A long story." in text_of(still_off)
    assert DeskAct.objects.count() == 3


def pause_ends() -> None:
    """As after the time that the vendor asked us to wait."""
    connection.client().delete(keys.pause(ACCOUNT))


BAD_CHOICES = (("", "No ticket is chosen."), ("id=x", "no number"), (f"id={','.join(map(str, range(1, 102)))}", "At most 100"))


def test_choice_that_cannot_be_meant_is_said(dana: Client) -> None:
    for query, sentence in BAD_CHOICES:
        assert sentence in text_of(dana.get(f"/desk/bulk/?{query}", follow=True)), query


def test_read_only_says_why_and_refuses_what_was_asked_before(still: RunningEmulator, dana: Client) -> None:
    (ticket_id,) = made(still, 1)
    asking = sent(dana, f"/desk/{ticket_id}/act/", {"do": "update", "priority": "low"})
    Switch.objects.update(is_on=False)
    answer = sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
    assert "Queuelight is read-only" in text_of(answer)
    assert registry.tickets(ACCOUNT).show(ticket_id).priority == "normal"
    assert not DeskAct.objects.exists()
