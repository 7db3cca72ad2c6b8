"""Quiet times: muting everything, planning windows, ending them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.models import Quiet, Role
from tests.incidents.floor import LogIn, a_rule, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static", "redis")]


def now() -> datetime:
    return datetime.now(UTC)


def typed(at: datetime) -> str:
    """As a browser sends it; the account's zone is UTC here."""
    return at.strftime("%Y-%m-%dT%H:%M")


def window(**changed: str) -> dict[str, str]:
    starts = now() + timedelta(days=1)
    form = {"starts": typed(starts), "ends": typed(starts + timedelta(hours=2)), "reason": "Update", "rule": ""}
    return {"do": "window", **{f"window-{name}": value for name, value in {**form, **changed}.items()}}


def test_quiet_page_is_not_for_viewers(log_in: LogIn) -> None:
    quiet = Quiet.objects.create(starts_at=now(), ends_at=now() + timedelta(hours=1))
    client = log_in(Role.VIEWER)
    assert client.get("/quiet/").status_code == 403
    assert client.post(f"/quiet/{quiet.pk}/end/").status_code == 403
    assert Quiet.objects.exists()


def test_everything_is_muted_and_unmuted(log_in: LogIn) -> None:
    client = log_in(Role.SUPERVISOR)
    answer = client.post("/quiet/", {"do": "mute", "mute-length": "4h", "mute-reason": "Drill"}, follow=True)
    quiet = Quiet.objects.get()
    assert (quiet.rule, quiet.reason, quiet.weekly) == (None, "Drill", False)
    assert quiet.made_by is not None
    assert abs(quiet.ends_at - now() - timedelta(hours=4)) < timedelta(minutes=1)
    assert "Quiet now: Everything" in text_of(answer)
    page = text_of(client.post(f"/quiet/{quiet.pk}/end/", follow=True))
    assert "Everything is not quiet any more." in page
    assert Quiet.objects.get().ends_at <= now()


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Write until when."),
        ("2020-01-01T00:00", "must be in the future"),
        ("2999-01-01T00:00", "within 31 days"),
        ("noon", "not a day"),
    ],
)
def test_mute_until_a_wrong_moment_says_so(log_in: LogIn, until: str, sentence: str) -> None:
    answer = log_in(Role.SUPERVISOR).post("/quiet/", {"do": "mute", "mute-length": "until", "mute-until": until})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Quiet.objects.exists()


def test_window_is_planned_for_one_rule_every_week(log_in: LogIn) -> None:
    rule = a_rule()
    answer = log_in(Role.SUPERVISOR).post("/quiet/", window(rule=str(rule.pk), weekly="on"), follow=True)
    quiet = Quiet.objects.get()
    assert (quiet.rule, quiet.weekly, quiet.time_zone) == (rule, True, "UTC")
    assert f"every {quiet.starts_at:%A %H:%M} until" in text_of(answer)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"starts": ""}, "starts", "Write a day and a time."),
        ({"starts": "soon"}, "starts", "not a day and a time"),
        ({"ends": typed(now() - timedelta(days=2))}, "ends", "It ends before it begins."),
        ({"starts": "2020-01-01T00:00", "ends": "2020-01-01T01:00"}, "ends", "This is over already."),
        ({"ends": typed(now() + timedelta(days=60))}, "ends", "31 days long at most"),
        ({"ends": typed(now() + timedelta(days=9)), "weekly": "on"}, "ends", "shorter than a week"),
        ({"rule": "999999"}, "rule", "There is no such rule"),
    ],
)
def test_window_with_a_wrong_field_is_told_in_one_sentence(log_in: LogIn, changed: dict[str, str], field: str, sentence: str) -> None:
    answer = log_in(Role.SUPERVISOR).post("/quiet/", window(**changed))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert f'id="id_window-{field}_error"' in answer.content.decode()
    assert not Quiet.objects.exists()


@pytest.mark.parametrize(("clock", "is_wrong"), [("2027-03-28T02:30", True), ("2027-03-28T03:30", False), ("2027-10-31T02:30", False)])
def test_window_at_a_time_that_the_clock_skips_is_refused(log_in: LogIn, settings: object, clock: str, is_wrong: bool) -> None:
    settings.ACCOUNT_TIME_ZONE = "Europe/Berlin"  # type: ignore[attr-defined]
    answer = log_in(Role.SUPERVISOR).post("/quiet/", window(starts=clock, ends=f"{clock[:10]}T09:00"))
    assert ("the clock skips 02:30" in text_of(answer)) is is_wrong
    assert Quiet.objects.exists() is not is_wrong


def test_planned_window_is_removed(log_in: LogIn) -> None:
    quiet = Quiet.objects.create(starts_at=now() + timedelta(days=1), ends_at=now() + timedelta(days=2))
    client = log_in(Role.SUPERVISOR)
    client.post(f"/quiet/{quiet.pk}/end/")
    assert not Quiet.objects.exists()
    assert "ended already" in text_of(client.post(f"/quiet/{quiet.pk}/end/", follow=True))


def test_list_shows_what_is_quiet_now_first_and_muted_rules_too(log_in: LogIn) -> None:
    Quiet.objects.create(starts_at=now() + timedelta(days=1), ends_at=now() + timedelta(days=2), reason="Planned")
    a_rule(name="Muted one", muted_until=now() + timedelta(hours=1))
    page = text_of(log_in(Role.SUPERVISOR).get("/quiet/"))
    assert page.index("Muted one now") < page.index("Planned")
