"""The doctor's look at Kayako."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from config.env import Env, KayakoEnv, load
from dashboard.launch.doctor.finding import Finding, Level
from dashboard.launch.doctor.kayako import kayako
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.kayako import Kayako
from dashboard.sources.kayako_auth import KayakoLogin
from dashboard.sources.redaction import Secret
from tests.emulator.running import RunningEmulator
from tests.launch.test_doctor import levels, texts
from tests.sources.scripted import Scripted
from tests.sources.test_kayako import case, listed, site

Look = Callable[..., Sequence[Finding]]


@pytest.fixture
def env(tmp_path: Path) -> Env:
    return load({"DATA_DIR": str(tmp_path), "REDIS_URL": settings.REDIS_URL, "SECRET_KEY": "k" * 50})


@pytest.fixture
def look(env: Env, emulator: RunningEmulator) -> Iterator[Look]:
    clients: list[VendorClient] = []

    def found(password: str = emulator.settings.password) -> Sequence[Finding]:
        login = KayakoLogin(emulator.settings.email, Secret(password))
        clients.append(VendorClient(emulator.url, login))
        here = replace(env, kayako=KayakoEnv(emulator.url, email=emulator.settings.email, password=password))
        return kayako(here, lambda: Kayako(clients[-1], login), lambda: None)

    yield found
    for client in clients:
        client.close()


def test_kayako_that_answers_tells_credentials_and_how_much_there_is(look: Look, emulator: RunningEmulator) -> None:
    found = look()
    assert levels(found) == {"Kayako": Level.OK, "Kayako login": Level.OK}
    assert "conversations can be read" in texts(found)
    assert [each["endpoint"] for each in emulator.requests()["recent"]] == ["kayako_cases"], "one request, whatever comes of it"


def test_kayako_that_refuses_fails_with_a_remedy(look: Look, emulator: RunningEmulator) -> None:
    found = look("sentinel-wrong-password")
    assert levels(found) == {"Kayako": Level.OK, "Kayako login": Level.FAIL}
    assert "sentinel" not in texts(found)
    emulator.control("kayako", {"otp": True})
    assert "one-time password" in texts(look())
    emulator.fault("500", endpoint="kayako_cases")
    (failed,) = look()
    assert (failed.what, failed.level, bool(failed.remedy)) == ("Kayako", Level.FAIL, True)


def test_kayako_in_another_order_is_a_warning_and_kayako_that_is_not_set_none(env: Env) -> None:
    vendor = Scripted(listed(case(1), case(2, updated_at="2026-11-21T09:30:00+05:00"), total=2))
    here = replace(env, kayako=KayakoEnv("https://a.kayako.com", oauth_token="token-sentinel"))
    found = kayako(here, lambda: site(vendor), lambda: None)
    assert levels(found) == {"Kayako": Level.OK, "Kayako login": Level.OK, "Kayako list": Level.WARN}

    def never() -> Kayako:
        raise AssertionError("nothing to ask")

    def used_up() -> None:
        raise SourceError(ErrorKind.RATE_LIMIT, "our share of the vendor's limit is used up for 30 s.")

    assert levels(kayako(here, lambda: site(vendor), used_up)) == {"Kayako": Level.SKIP}
    assert levels(kayako(replace(env, kayako=None), never, lambda: None)) == {"Kayako": Level.SKIP}
