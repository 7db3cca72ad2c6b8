"""The first start, the second, and two at once."""

from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.env import Env, KayakoEnv, ZendeskEnv
from dashboard.accounts.access import screen_of_key
from dashboard.accounts.first import KEY_FILE, FirstSteps, ensure_first
from dashboard.alerts.defaults import ensure_rules
from dashboard.models import Board, Role, Rule, Screen, User
from dashboard.widgets import layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def env(tmp_path: Path) -> Env:
    found: Env = settings.ENV
    return dataclasses.replace(found, data_dir=tmp_path, admin_email="", admin_password="")


def slugs() -> list[str]:
    return sorted(board.slug for board in Board.objects.all())


def test_first_start_makes_a_board_an_administrator_and_a_screen(env: Env) -> None:
    steps = ensure_first(env)
    assert steps.board_slug == "main"
    assert {board.slug: board.title for board in Board.objects.all()} == {
        "main": "Support line",
        "tickets": "Tickets and SLA",
        "kayako": "Kayako",
    }
    for slug, kinds in (("tickets", ["sla", "backlog"]), ("kayako", ["chart", "number"])):
        shown, problems = layout.usable(Board.objects.get(slug=slug).widgets)
        assert ([each.kind for each in shown][:2], problems) == (kinds, ())
    person = User.objects.get()
    assert person.email == steps.admin_email == "admin@queuelight.local"
    assert person.role == Role.ADMINISTRATOR
    assert steps.admin_password is not None
    assert person.check_password(steps.admin_password)
    viewer = screen_of_key(steps.screen_key)
    assert viewer is not None
    assert viewer.board_slugs == ("main",)
    assert stat.S_IMODE((env.data_dir / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in env.data_dir.iterdir()] == [KEY_FILE]


def test_first_steps_repr_holds_no_secret(env: Env) -> None:
    steps = ensure_first(env)
    assert str(steps.admin_password) not in repr(steps)
    assert steps.screen_key not in repr(steps)


def test_second_start_adds_nothing_and_shows_no_password(env: Env) -> None:
    first, second = ensure_first(env), ensure_first(env)
    assert second == FirstSteps(first.board_slug, first.admin_email, None, first.screen_key)
    assert (Board.objects.count(), User.objects.count(), Screen.objects.count()) == (3, 1, 1)


def test_board_of_tickets_or_of_kayako_that_was_removed_stays_removed(env: Env) -> None:
    ensure_first(env)
    ensure_rules(env)
    Board.objects.exclude(slug="main").delete()
    ensure_first(env)
    assert slugs() == ["main"]


def test_first_start_without_tickets_makes_no_board_of_them(env: Env) -> None:
    ensure_first(dataclasses.replace(env, tickets=False))
    assert slugs() == ["kayako", "main"]


def test_boards_and_rules_are_made_of_what_is_set_up_and_of_the_rest_when_it_is_set_up_later(env: Env) -> None:
    zendesk, kayako = ZendeskEnv("https://a.zendesk.com", oauth_token="t"), KayakoEnv("https://a.kayako.com", oauth_token="t")
    only_kayako, only_zendesk = dataclasses.replace(env, kayako=kayako), dataclasses.replace(env, zendesk=zendesk)
    assert ensure_first(only_kayako).board_slug == "kayako"
    ensure_rules(only_kayako)
    assert slugs() == ["kayako"]
    assert set(Rule.objects.values_list("key", flat=True)) == {"screen", "kayako_lost", "kayako_error"}
    both = dataclasses.replace(only_kayako, zendesk=zendesk)
    assert ensure_first(both).board_slug == "main"
    ensure_rules(both)
    assert slugs() == ["kayako", "main", "tickets"]
    Board.objects.all().delete()
    assert ensure_first(both).board_slug == "main", "there is always one"
    Board.objects.all().delete()
    Rule.objects.all().delete()
    ensure_first(only_zendesk)
    ensure_rules(only_zendesk)
    assert slugs() == ["main", "tickets"]
    ensure_first(both)
    assert slugs() == ["kayako", "main", "tickets"]


def test_given_administrator_is_made_and_its_password_not_shown(env: Env) -> None:
    env = dataclasses.replace(env, admin_email="Dana@Example.com", admin_password="chosen by Dana")
    steps = ensure_first(env)
    assert (steps.admin_email, steps.admin_password) == ("dana@example.com", None)
    assert User.objects.get().check_password("chosen by Dana")


def test_admin_password_given_later_changes_no_account_that_exists(env: Env) -> None:
    first = ensure_first(env)
    ensure_first(dataclasses.replace(env, admin_email=first.admin_email, admin_password="another one"))
    assert User.objects.get().check_password(str(first.admin_password))


def test_admin_email_given_later_adds_that_administrator(env: Env) -> None:
    ensure_first(env)
    steps = ensure_first(dataclasses.replace(env, admin_email="dana@example.com"))
    assert steps.admin_password is not None
    assert User.objects.get(email="dana@example.com").check_password(steps.admin_password)
    assert User.objects.count() == 2


def test_renamed_administrator_is_the_one_that_is_named(env: Env) -> None:
    ensure_first(env)
    User.objects.update(email="dana@example.com")
    assert ensure_first(env).admin_email == "dana@example.com"
    assert User.objects.count() == 1


def test_lost_database_keeps_the_walls_address(env: Env) -> None:
    first = ensure_first(env)
    Screen.objects.all().delete()
    assert ensure_first(env).screen_key == first.screen_key
    assert screen_of_key(first.screen_key) is not None


@pytest.mark.parametrize("content", [None, "", "  \n"])
def test_lost_or_empty_key_file_gets_a_new_screen(env: Env, content: str | None) -> None:
    first = ensure_first(env)
    path = env.data_dir / KEY_FILE
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    second = ensure_first(env)
    assert second.screen_key != first.screen_key
    assert screen_of_key(second.screen_key) is not None


def test_revoked_first_screen_stays_revoked(env: Env) -> None:
    first = ensure_first(env)
    Screen.objects.update(revoked_at=timezone.now())
    second = ensure_first(env)
    assert screen_of_key(first.screen_key) is None
    assert screen_of_key(second.screen_key) is not None
    assert ensure_first(env).screen_key == second.screen_key


@pytest.mark.django_db(transaction=True)
def test_eight_starts_at_once_make_one_of_each(env: Env) -> None:
    def start(_: int) -> FirstSteps:
        try:
            return ensure_first(env)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(start, range(8)))
    assert len({steps.screen_key for steps in found}) == 1
    assert [steps.admin_password for steps in found].count(None) == 7
    assert (Board.objects.count(), User.objects.count(), Screen.objects.count()) == (3, 1, 1)


@pytest.mark.parametrize("damaged", [b"", b"x", b"\xff\xfe\x00", b"qls_" + b"a" * 20, b"qls_" + b"a" * 43 + b"\nmore"])
def test_damaged_key_file_gets_a_new_key_and_never_becomes_one(env: Env, damaged: bytes) -> None:
    before = ensure_first(env).screen_key
    (env.data_dir / KEY_FILE).write_bytes(damaged)
    after = ensure_first(env).screen_key
    assert after != before
    assert screen_of_key(after) is not None
    assert screen_of_key(damaged.decode("latin-1").strip()) is None
    assert ensure_first(env).screen_key == after
