from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis as redis_py
from pytest_django import Settings

from config.env import KayakoEnv, ZendeskEnv
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.sources import registry
from dashboard.sources.errors import ErrorKind, SourceError
from tests.emulator.running import RunningEmulator

BASIC = ZendeskEnv("https://a.zendesk.com", email="a@example.com", api_token="token-sentinel")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    registry.close_all()
    yield
    registry.close_all()


def use(settings: Settings, zendesk: ZendeskEnv | None) -> None:
    settings.ENV = replace(settings.ENV, zendesk=zendesk)


def test_source_is_one_per_account_for_all_threads(settings: Settings) -> None:
    use(settings, BASIC)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(registry.source("main"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_source_after_a_change_of_settings_is_another(settings: Settings) -> None:
    use(settings, BASIC)
    first = registry.source("main")
    use(settings, replace(BASIC, api_token="another-token"))
    second = registry.source("main")
    assert second is not first
    with pytest.raises(SourceError):
        first.read(Feed("main", Endpoint.QUEUE))


def test_source_after_close_all_is_another(settings: Settings) -> None:
    use(settings, BASIC)
    first = registry.source("main")
    registry.close_all()
    assert registry.source("main") is not first


@pytest.mark.parametrize(("account", "zendesk"), [("main", None), ("other", BASIC)])
def test_source_without_an_account_is_refused(settings: Settings, account: str, zendesk: ZendeskEnv | None) -> None:
    use(settings, zendesk)
    for call in (registry.source, registry.credentials_digest):
        with pytest.raises(SourceError) as caught:
            call(account)
        assert (caught.value.kind, caught.value.permanent) == (ErrorKind.REFUSED_CONFIG, True)


def test_source_with_a_token_that_cannot_be_sent_is_refused(settings: Settings) -> None:
    use(settings, ZendeskEnv("https://a.zendesk.com", oauth_token="not ä token"))
    with pytest.raises(SourceError) as caught:
        registry.source("main")
    assert caught.value.kind is ErrorKind.REFUSED_CONFIG


def test_credentials_digest_changes_with_each_part_and_reveals_none(settings: Settings) -> None:
    accounts = [
        BASIC,
        replace(BASIC, url="https://b.zendesk.com"),
        replace(BASIC, email="b@example.com"),
        replace(BASIC, api_token="token-sentinel2"),
        replace(BASIC, email="a@example.comt", api_token="oken-sentinel"),
        ZendeskEnv(BASIC.url, oauth_token="token-sentinel"),
        ZendeskEnv(BASIC.url, oauth_client_id="id", oauth_client_secret="token-sentinel"),
        ZendeskEnv(BASIC.url, oauth_client_id="id", oauth_client_secret="token-sentinel", oauth_scope="read write"),
    ]
    digests = []
    for account in accounts:
        use(settings, account)
        digests.append(registry.credentials_digest("main"))
        assert registry.credentials_digest("main") == digests[-1]
        assert digests[-1].isalnum()
    assert len(set(digests)) == len(accounts)
    settings.SECRET_KEY = "another key"
    assert registry.credentials_digest("main") not in digests


def test_source_shows_no_secret_in_its_repr(settings: Settings) -> None:
    for account in (
        BASIC,
        ZendeskEnv(BASIC.url, oauth_token="token-sentinel"),
        ZendeskEnv(BASIC.url, oauth_client_id="id", oauth_client_secret="token-sentinel"),
    ):
        use(settings, account)
        shown = repr(registry.source("main"))
        assert "https://a.zendesk.com" in shown
        assert "sentinel" not in shown


def test_source_of_each_way_to_sign_in_reads_from_the_emulator(
    settings: Settings, emulator: RunningEmulator, redis: redis_py.Redis
) -> None:
    given = emulator.settings
    for account in (
        ZendeskEnv(emulator.url, email=given.email, api_token=given.api_token),
        ZendeskEnv(emulator.url, oauth_token=given.bearer_token),
        ZendeskEnv(emulator.url, oauth_client_id=given.oauth_client_id, oauth_client_secret=given.oauth_client_secret),
    ):
        use(settings, account)
        assert registry.source("main").read(Feed("main", Endpoint.AGENTS)).reading.body


def test_kayako_is_one_until_its_settings_change_and_refused_without_any(settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, kayako=None)
    for ask in (registry.kayako, lambda: registry.credentials_digest(registry.KAYAKO)):
        with pytest.raises(SourceError) as caught:
            ask()
        assert caught.value.kind is ErrorKind.REFUSED_CONFIG
    env = KayakoEnv("https://a.kayako.com", email="a@example.com", password="password-sentinel")
    settings.ENV = replace(settings.ENV, kayako=env)
    first, digest = registry.kayako(), registry.credentials_digest("kayako")
    assert registry.kayako() is first
    assert "password-sentinel" not in f"{first!r} {digest}"
    settings.ENV = replace(settings.ENV, kayako=replace(env, email="", password="", oauth_token="token-sentinel"))
    assert registry.kayako() is not first
    assert registry.credentials_digest("kayako") != digest
    with pytest.raises(SourceError):
        first.cases_page()
    registry.close_all()
