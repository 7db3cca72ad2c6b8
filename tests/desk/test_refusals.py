"""A form that is refused comes back on its page, as it was filled, with one sentence that has the keyboard; every page after a post is had
by a GET, for the person who sent the form alone."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import redis as redis_py
from django.http import HttpResponse
from django.test import Client

from dashboard.desk import drafts
from dashboard.desk.drafts import Draft
from dashboard.models import DeskAct, KnownTicket, Role, Switch, User
from dashboard.store import keys
from tests.desk.desk_floor import EVIL, allow_changes, known, made, read
from tests.desk.test_act_pages import at, hidden, sent
from tests.emulator.running import RunningEmulator
from tests.incidents.floor import LogIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def the_sentence(page: HttpResponse) -> str:
    """What has the keyboard: one sentence, no more."""
    found = re.findall(r'<p class="form-error[^>]*role="alert" tabindex="-1" autofocus>(.*?)</p>', page.content.decode(), re.DOTALL)
    assert len(found) == 1, text_of(page)
    return html.unescape(re.sub(r"<[^>]+>", "", found[0]))


def test_refused_form_comes_back_on_its_page_as_it_was_filled(still: RunningEmulator, log_in: LogIn) -> None:
    allow_changes()
    boss = log_in(Role.ADMINISTRATOR)
    ids = made(still, 2)
    one, other = ids
    address, filled = f"/desk/{one}/act/", {"add_tags": "kept-tag", "comment": f"{EVIL} kept words"}
    merge = {"do": "merge", "into_comment": "kept words"}
    cases: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"do": "update", "problem": "fire", **filled}, 422, "Write a ticket's number"),
        ({"do": "update", "status": "nonsense", **filled}, 422, "“nonsense” is not one of the choices"),
        ({"do": "update", "problem": str(other), **filled}, 422, "is no problem"),
        ({"do": "update", "comment": " "}, 422, "Nothing is to be changed"),
        ({"do": "update", "priority": "normal"}, 422, "is like that already"),
        ({"into": "", **merge}, 422, "Write the number of the ticket that stays"),
        ({"into": "987654", **merge}, 422, "knows no ticket 987654"),
        ({"into": str(one), **merge}, 422, "cannot be merged into itself"),
        ({"do": "nonsense"}, 422, "Choose what is to be done."),
        ({"agreed": "forged"}, 422, "damaged on its way"),
    )
    for fields, status, sentence in cases:
        page = sent(boss, address, fields)
        assert (page.status_code, at(page).split("?")[0]) == (status, f"/desk/{one}/"), fields
        assert sentence in the_sentence(page), fields
        for kept in ("kept words", "kept-tag"):
            assert (kept in page.content.decode()) == any(kept in str(each) for each in fields.values()), fields
        assert "<script>alert" not in page.content.decode()
        assert ('<details class="card sheet-card" open>' in page.content.decode()) == (fields.get("do") == "merge"), fields
    for fields, status, sentence in (cases[0], cases[6], cases[9]):
        many = sent(boss, "/desk/bulk/", {**fields, "id": ids})
        assert (many.status_code, at(many).split("&draft")[0]) == (status, f"/desk/bulk/?id={one}&id={other}"), fields
        assert sentence in the_sentence(many), fields
    Switch.objects.update(is_on=False)
    for do in ("update", "delete", "spam", "merge"):
        page = sent(boss, address, {"do": do, "into": str(other), "comment": "kept words", "into_comment": "kept words"})
        assert (page.status_code, at(page).split("?")[0]) == (409, f"/desk/{one}/"), do
        assert "Queuelight is read-only" in the_sentence(page), do
    token = at(page).split("draft=")[1]
    assert boss.get(f"/desk/{one}/?draft={token}").status_code == 409  # "Reload" shows the same
    assert log_in(Role.SUPERVISOR).get(f"/desk/{one}/?draft={token}").status_code == 200  # it is nobody else's
    assert not DeskAct.objects.exists()


def test_choice_that_is_refused_comes_back_chosen(still: RunningEmulator, log_in: LogIn) -> None:
    now = datetime.now(UTC)
    read("tickets", now)
    rows = [KnownTicket(account="main", ticket_id=each, status="open", created_at=now, moved_at=now) for each in range(1001, 1202)]
    KnownTicket.objects.bulk_create(rows)
    dana = log_in(Role.SUPERVISOR)
    came = {"Referer": "http://testserver/desk/?status=open&page=1"}
    chosen = list(range(1002, 1110))
    page: Any = dana.get("/desk/bulk/", {"id": chosen}, headers=came, follow=True)
    assert (page.status_code, at(page).split("&draft")[0]) == (422, "/desk/?status=open")
    assert the_sentence(page).startswith("At most 100 tickets can be changed at once; 108 are chosen.")
    assert page.content.decode().count(" checked aria-label=") + page.content.decode().count('type="hidden" name="id"') == 108
    page = dana.get("/desk/bulk/", headers={"Referer": "http://elsewhere/desk/?status=open"}, follow=True)
    assert (page.status_code, at(page).split("?draft")[0]) == (422, "/desk/")
    assert "No ticket is chosen" in the_sentence(page)

    KnownTicket.objects.all().delete()
    allow_changes()
    (ticket_id,) = made(still, 1)
    still.http.delete(f"/api/v2/tickets/{ticket_id}", auth=(f"{still.settings.email}/token", still.settings.api_token))
    page = sent(dana, "/desk/bulk/", {"do": "restore"})
    assert (page.status_code, at(page).split("?")[0]) == (422, "/desk/trash/")
    assert "No ticket is chosen" in the_sentence(page)
    page = sent(dana, "/desk/bulk/", {"do": "destroy", "id": ticket_id, "after": ""})
    assert page.status_code == 409
    assert "Only administrators can delete tickets for good." in the_sentence(page)
    assert f'aria-label="Choose ticket {ticket_id}" checked' in page.content.decode()
    page = sent(log_in(Role.ADMINISTRATOR), "/desk/switch/", {"on": "maybe"})
    assert (page.status_code, the_sentence(page)) == (422, "Say on or off.")


def test_words_written_to_a_ticket_that_went_meanwhile_are_still_shown(still: RunningEmulator, log_in: LogIn) -> None:
    allow_changes()
    (ticket_id,) = made(still, 1)
    auth = (f"{still.settings.email}/token", still.settings.api_token)
    still.http.delete(f"/api/v2/tickets/{ticket_id}", auth=auth)
    KnownTicket.objects.filter(ticket_id=ticket_id).update(is_gone=True)
    dana = log_in(Role.SUPERVISOR)
    fields = {"do": "update", "comment": "A long story."}
    page = sent(dana, f"/desk/{ticket_id}/act/", fields)
    assert (page.status_code, f"knows no ticket {ticket_id}" in the_sentence(page)) == (422, True)
    assert "A long story." in text_of(page)
    KnownTicket.objects.all().delete()
    page = sent(dana, f"/desk/{ticket_id}/act/", fields)
    assert at(page).startswith(f"/desk/bulk/?id={ticket_id}&draft=")
    assert f"knows no ticket {ticket_id}" in the_sentence(page)
    assert "A long story." in text_of(page)


def test_question_may_be_gone_back_to_and_shows_what_became_of_it(still: RunningEmulator, log_in: LogIn, redis: redis_py.Redis) -> None:
    allow_changes()
    (ticket_id,) = made(still, 1)
    dana, boss = log_in(Role.SUPERVISOR), log_in(Role.ADMINISTRATOR)
    asking = sent(dana, f"/desk/{ticket_id}/act/", {"do": "update", "priority": "low"})
    question = at(asking)
    assert question.startswith(f"/desk/{ticket_id}/asked/")
    again = dana.get(question)
    assert (again.status_code, hidden(again, "agreed")) == (200, hidden(asking, "agreed"))
    for address in (question, f"/desk/{ticket_id}/asked/{'0' * 34}/", "/desk/bulk/asked/nonsense/"):
        page = boss.get(address)
        assert (page.status_code, "not kept any more" in text_of(page)) == (404, True)
    Switch.objects.update(is_on=False)
    off = dana.get(question)
    assert (off.status_code, "Queuelight is read-only" in text_of(off)) == (409, True)
    allow_changes()
    sent(dana, f"/desk/{ticket_id}/act/", {"agreed": hidden(asking, "agreed")})
    act = DeskAct.objects.get()
    assert dana.get(question).headers["Location"] == f"/desk/acts/{act.pk}/"
    DeskAct.objects.update(state="conflict")
    conflict = dana.get(question)
    assert (conflict.status_code, "Somebody was faster" in text_of(conflict)) == (409, True)
    assert 0 < redis.ttl(keys.draft(User.objects.get(email="supervisor@example.com").pk, 1)) <= drafts.KEPT_S


def test_drafts_of_one_person_are_bounded_and_end(log_in: LogIn, redis: redis_py.Redis) -> None:
    log_in(Role.SUPERVISOR)
    user = User.objects.get()
    first = drafts.keep(Draft(422, why="x" * 100), user)
    assert drafts.kept(first, user) == Draft(422, why="x" * 100)
    tokens = [drafts.keep(Draft(422, why=str(each)), user) for each in range(drafts.MOST)]
    assert drafts.kept(first, user) is None
    assert [drafts.kept(each, user) for each in tokens] == [Draft(422, why=str(each)) for each in range(drafts.MOST)]
    assert len(redis.keys(f"{keys.PREFIX}draft:*")) == drafts.MOST
    assert drafts.keep(Draft(422, fields="x" * drafts.LONGEST), user) == ""


def test_without_redis_the_form_comes_back_as_the_answer_itself(log_in: LogIn, no_redis: None) -> None:
    known(7, datetime.now(UTC))
    allow_changes()
    boss = log_in(Role.ADMINISTRATOR)
    for path, fields, status in (
        ("/desk/7/act/", {"do": "update", "problem": "fire", "comment": "kept words"}, 422),
        ("/desk/bulk/", {"do": "update", "problem": "fire", "id": "7", "comment": "kept words"}, 422),
        ("/desk/switch/", {"on": "maybe"}, 422),
    ):
        page = boss.post(path, fields)
        assert page.status_code == status, path
        assert the_sentence(page)
        assert ("kept words" in page.content.decode()) == ("comment" in fields)
    away = boss.get(f"/desk/7/asked/{'0' * 34}/")
    assert (away.status_code, "Redis does not answer" in text_of(away)) == (503, True)


def test_form_sent_by_somebody_logged_out_leads_back_to_its_page(client: Client) -> None:
    answer = client.post("/desk/7/act/", {"do": "update"})
    assert answer.headers["Location"] == "/login/?next=/desk/7/act/"
