"""The environment: what is right is taken, what is wrong gets one sentence that names the variable, what is secret stays unseen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import env as env_module
from config.env import BASE_DIR, EnvError, is_loopback, load
from config.mail_env import MailEnv, Security

SECRET = "sentinel-7f3a9c"
OAUTH = {"ZENDESK_URL": "https://a.zendesk.com", "ZENDESK_OAUTH_TOKEN": SECRET}
KAYAKO = {"KAYAKO_URL": "https://a.kayako.com", "KAYAKO_EMAIL": "a@b.example", "KAYAKO_PASSWORD": SECRET}
CLIENT = {"ZENDESK_URL": "https://a.zendesk.com", "ZENDESK_OAUTH_CLIENT_ID": "c", "ZENDESK_OAUTH_CLIENT_SECRET": SECRET}


@pytest.fixture
def base(tmp_path: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path)}


def test_load_of_nothing_gives_the_defaults(base: dict[str, str], tmp_path: Path) -> None:
    env = load(base)
    assert (env.host, env.port, env.data_dir) == ("127.0.0.1", 8000, tmp_path)
    assert (env.redis_url, env.redis_embedded) == ("", True)
    assert env.database_url == f"sqlite:///{tmp_path}/queuelight.sqlite3"
    assert env.zendesk is None
    assert not env.emulated
    assert (env.time_zone, env.time_zone_given) == ("UTC", False)
    assert (env.queue_interval_s, env.agents_interval_s, env.account_interval_s, env.agents_overview_interval_s) == (1, 5, 15, 30)
    assert env.budget_share == 0.8
    assert not env.debug


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"PORT": "80.5"}, "PORT"),
        ({"PORT": "٨٠"}, "PORT"),
        ({"PORT": "9" * 5000}, "PORT"),
        ({"QUEUE_INTERVAL_S": "\uff11"}, "QUEUE_INTERVAL_S"),
        ({"QUEUE_INTERVAL_S": "1_0"}, "QUEUE_INTERVAL_S"),
        ({"ALLOWED_HOSTS": "https://wall.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "wall.example:8000"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "wall.example other.example"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY_FILE": "/dev/zero"}, "SECRET_KEY_FILE"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"QUEUE_INTERVAL_S": "0"}, "QUEUE_INTERVAL_S"),
        ({"AGENTS_INTERVAL_S": "nan"}, "AGENTS_INTERVAL_S"),
        ({"ACCOUNT_INTERVAL_S": "inf"}, "ACCOUNT_INTERVAL_S"),
        ({"AGENTS_OVERVIEW_INTERVAL_S": "soon"}, "AGENTS_OVERVIEW_INTERVAL_S"),
        ({"BUDGET_SHARE": "80"}, "BUDGET_SHARE"),
        ({"BUDGET_SHARE": "0"}, "BUDGET_SHARE"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL"),
        ({"REDIS_URL": f"http://:{SECRET}@127.0.0.1"}, "REDIS_URL"),
        ({"REDIS_URL": f"redis://:{SECRET}/x@127.0.0.1:port"}, "REDIS_URL"),
        ({"REDIS_URL": f"redis://[{SECRET}"}, "REDIS_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": f"postgres://u:{SECRET}@h:port/x"}, "DATABASE_URL"),
        ({"EMAIL_URL": f"http://u:{SECRET}@h"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL"),
        ({"EMAIL_URL": f"smtp://u:{SECRET}@h/path"}, "EMAIL_URL"),
        ({"EMAIL_URL": f"smtp://u:{SECRET}@h?tls=1"}, "EMAIL_URL"),
        ({"EMAIL_URL": f"smtp://:{SECRET}@h"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://u@h"}, "EMAIL_URL"),
        ({"EMAIL_FROM": "nobody"}, "EMAIL_FROM"),
        ({"SITE_URL": "wall.example.com"}, "SITE_URL"),
        ({"SITE_URL": "https://wall.example.com/path"}, "SITE_URL"),
        ({"SITE_URL": "https://u:p@wall.example.com"}, "SITE_URL"),
        ({"ADMIN_EMAIL": "nobody"}, "ADMIN_EMAIL"),
        ({"ADMIN_EMAIL": "a@b@c"}, "ADMIN_EMAIL"),
        ({"TIME_ZONE": "Berlin"}, "TIME_ZONE"),
        ({"TIME_ZONE": "../etc/passwd"}, "TIME_ZONE"),
        ({"DATA_DIR": "~nobody-of-that-name/x"}, "DATA_DIR"),
        ({"DATA_DIR": "/dev/null/x"}, "DATA_DIR"),
        ({"SECRET_KEY_FILE": "/nonexistent/file"}, "SECRET_KEY_FILE"),
        ({"SECRET_KEY_FILE": "/etc"}, "SECRET_KEY_FILE"),
        ({"SECRET_KEY": SECRET, "SECRET_KEY_FILE": "/etc/hostname"}, "SECRET_KEY"),
        ({"ZENDESK_OAUTH_TOKEN": SECRET}, "ZENDESK_URL"),
        ({"ZENDESK_EMAIL": "a@b.example"}, "ZENDESK_URL"),
        ({"ZENDESK_URL": "https://a.zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "a.zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "http://a.zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "ftp://a.zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "https://a.zendesk.com/api/v2"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "https://a.zendesk.com?x=1"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": f"https://u:{SECRET}@a.zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "https://a zendesk.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "https://[::1"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "https://a.zendesk.com:port"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_URL": "http://127.0.0.1.example.com"}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_EMAIL": "a@b.example"}, "ZENDESK_API_TOKEN"),
        ({**OAUTH, "ZENDESK_API_TOKEN": SECRET}, "ZENDESK_EMAIL"),
        ({**OAUTH, "ZENDESK_OAUTH_CLIENT_ID": "c"}, "ZENDESK_OAUTH_CLIENT_SECRET"),
        ({**OAUTH, "ZENDESK_OAUTH_CLIENT_SECRET": SECRET}, "ZENDESK_OAUTH_CLIENT_ID"),
        ({**OAUTH, "ZENDESK_EMAIL": "a@b.example", "ZENDESK_API_TOKEN": SECRET}, "ZENDESK_URL"),
        ({**OAUTH, "ZENDESK_OAUTH_SCOPE": "read"}, "ZENDESK_OAUTH_SCOPE"),
        ({**CLIENT, "ZENDESK_OAUTH_SCOPE": "everything"}, "ZENDESK_OAUTH_SCOPE"),
        ({"KAYAKO_PASSWORD": SECRET}, "KAYAKO_URL"),
        ({"KAYAKO_URL": "https://a.kayako.com"}, "KAYAKO_URL"),
        ({**KAYAKO, "KAYAKO_URL": "https://a.kayako.com/api/v1"}, "KAYAKO_URL"),
        ({**KAYAKO, "KAYAKO_URL": "http://a.kayako.com"}, "KAYAKO_URL"),
        ({**KAYAKO, "KAYAKO_EMAIL": ""}, "KAYAKO_EMAIL"),
        ({**KAYAKO, "KAYAKO_PASSWORD": ""}, "KAYAKO_PASSWORD"),
        ({**KAYAKO, "KAYAKO_OAUTH_TOKEN": SECRET}, "KAYAKO_URL"),
    ],
)
def test_load_of_a_wrong_variable_says_one_sentence_that_names_it(base: dict[str, str], given: dict[str, str], named: str) -> None:
    with pytest.raises(EnvError) as caught:
        load({**base, **given})
    sentence = str(caught.value)
    assert named in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert SECRET not in sentence


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9", "https://a.zendesk.com/"])
def test_load_of_a_vendor_on_loopback_or_https_is_taken(base: dict[str, str], url: str) -> None:
    zendesk = load({**base, **OAUTH, "ZENDESK_URL": url}).zendesk
    assert zendesk is not None
    assert zendesk.url == url.rstrip("/")


@pytest.mark.parametrize(
    "signed",
    [
        {"ZENDESK_OAUTH_TOKEN": SECRET},
        {"ZENDESK_EMAIL": "a@b.example", "ZENDESK_API_TOKEN": SECRET},
        {"ZENDESK_OAUTH_CLIENT_ID": "c", "ZENDESK_OAUTH_CLIENT_SECRET": SECRET},
    ],
)
def test_load_of_each_way_to_sign_in_is_taken_and_unseen(base: dict[str, str], signed: dict[str, str]) -> None:
    env = load({**base, "ZENDESK_URL": "https://a.zendesk.com", **signed})
    assert env.zendesk is not None
    assert SECRET not in repr(env)
    assert SECRET not in repr(env.zendesk)


@pytest.mark.parametrize("signed", [KAYAKO, {"KAYAKO_URL": "https://a.kayako.com/", "KAYAKO_OAUTH_TOKEN": SECRET}])
def test_load_of_kayako_is_taken_and_unseen(base: dict[str, str], signed: dict[str, str]) -> None:
    env = load({**base, **signed})
    assert env.kayako is not None
    assert env.kayako.url == "https://a.kayako.com"
    assert SECRET not in repr(env)
    assert load(base).kayako is None


@pytest.mark.parametrize(("given", "asked"), [("", "read"), (" read  write ", "read write"), ("read tickets:write", "read tickets:write")])
def test_load_of_a_scope_gives_what_the_client_asks_for(base: dict[str, str], given: str, asked: str) -> None:
    zendesk = load({**base, **CLIENT, "ZENDESK_OAUTH_SCOPE": given}).zendesk
    assert zendesk is not None
    assert zendesk.oauth_scope == asked


def test_load_of_secrets_shows_none_in_the_repr(base: dict[str, str]) -> None:
    given = {
        "REDIS_URL": f"redis://:{SECRET}@h/0",
        "DATABASE_URL": f"postgres://u:{SECRET}@h/x",
        "SECRET_KEY": SECRET,
        "ADMIN_PASSWORD": SECRET,
        "EMAIL_URL": f"smtp://u:{SECRET}@h",
    }
    assert SECRET not in repr(load({**base, **given}))


def test_load_of_a_file_reads_the_secret_from_it(base: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert load({**base, "SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "from a file"


def test_load_of_blanks_is_as_if_unset(base: dict[str, str]) -> None:
    assert load({**base, "PORT": " ", "ZENDESK_URL": "", "TIME_ZONE": ""}) == load(base)


def test_secret_key_is_made_once_and_readable_by_its_owner_alone(base: dict[str, str], tmp_path: Path) -> None:
    first = load(base).secret_key
    assert len(first) >= 50
    assert load(base).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_data_folder_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    load({"DATA_DIR": str(tmp_path / "new" / "var")})
    assert (tmp_path / "new" / "var").stat().st_mode & 0o777 == 0o700


def test_secret_key_of_two_that_start_at_once_is_the_same(base: dict[str, str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: load(base).secret_key, range(8)))) == 1


def test_secret_key_that_is_empty_is_made_anew(base: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_bytes(b"")
    assert len(load(base).secret_key) >= 50
    assert load(base) == load(base)


def test_secret_key_that_is_damaged_gets_one_sentence(base: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EnvError, match=r"^DATA_DIR: .*secret_key is damaged; remove it"):
        load(base)


@pytest.mark.parametrize(
    ("given", "bound", "expected"),
    [
        ("", "127.0.0.1", {"localhost", "127.0.0.1", "[::1]"}),
        ("", "0.0.0.0", {"localhost", "127.0.0.1", "[::1]"}),
        ("", "192.0.2.1", {"localhost", "127.0.0.1", "[::1]", "192.0.2.1"}),
        ("*,.wall.example,[2001:db8::1]", "", {"localhost", "127.0.0.1", "[::1]", "*", ".wall.example", "[2001:db8::1]"}),
        ("wall.example, b.example,", "0.0.0.0", {"localhost", "127.0.0.1", "[::1]", "wall.example", "b.example"}),
    ],
)
def test_allowed_hosts_hold_loopback_and_what_is_given(base: dict[str, str], given: str, bound: str, expected: set[str]) -> None:
    assert set(load({**base, "ALLOWED_HOSTS": given, "HOST": bound}).allowed_hosts) == expected


@pytest.mark.parametrize(("host", "expected"), [("localhost", True), ("127.1.2.3", True), ("127.evil.example", False), ("", False)])
def test_is_loopback_tells_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / ".env").write_text(text)
    monkeypatch.setattr(env_module, "BASE_DIR", tmp_path)
    monkeypatch.delenv("QUEUELIGHT_NO_DOTENV", raising=False)


def test_dotenv_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, monkeypatch, '# a comment\n\nexport PORT=9001\nADMIN_EMAIL="a@b.example"\nTIME_ZONE=Europe/Berlin # there\n')
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert (load().port, load().admin_email, load().time_zone) == (9001, "a@b.example", "Europe/Berlin")
    monkeypatch.setenv("PORT", "9002")
    assert load().port == 9002


@pytest.mark.parametrize("text", ["PORT 8000\n", "=x\n", "A B=1\n"])
def test_dotenv_with_a_line_that_is_neither_names_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    dotenv(tmp_path, monkeypatch, f"# first\n{text}")
    with pytest.raises(EnvError, match=r"^\.env, line 2"):
        load()


def test_dotenv_that_is_no_text_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, monkeypatch, "")
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EnvError, match=r"^\.env: "):
        load()


def test_example_file_holds_every_variable_that_is_read_and_no_other() -> None:
    source = "".join((BASE_DIR / "config" / name).read_text(encoding="utf-8") for name in ("env.py", "vendor_env.py"))
    read = set(re.findall(r'reader\.(?:text|whole|seconds|ratio|flag|email|url)\("([A-Z_]+)"', source))
    assert len(read) > 20
    example = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read
    readme = (BASE_DIR / "README.md").read_text(encoding="utf-8")
    operations = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name in read if name not in readme + operations} == set()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://mail.example", MailEnv("mail.example", 25, Security.NONE)),
        ("smtp://u:p%40ss@mail.example:587", MailEnv("mail.example", 587, Security.STARTTLS, "u", "p@ss")),
        ("smtp://u:p@127.0.0.1:1025", MailEnv("127.0.0.1", 1025, Security.NONE, "u", "p")),
        ("smtp+tls://u:p@mail.example", MailEnv("mail.example", 587, Security.STARTTLS, "u", "p")),
        ("smtps://u:p@mail.example", MailEnv("mail.example", 465, Security.TLS, "u", "p")),
    ],
)
def test_email_url_says_how_the_way_is_kept_private(base: dict[str, str], url: str, found: MailEnv) -> None:
    assert load({**base, "EMAIL_URL": url}).mail == found


def test_addresses_for_mails_have_sensible_defaults(base: dict[str, str]) -> None:
    bare = load({**base, "PORT": "8123"})
    assert (bare.mail, bare.site_url, bare.email_from) == (None, "http://127.0.0.1:8123", "queuelight@127.0.0.1")
    given = load({**base, "HOST": "0.0.0.0", "SITE_URL": "https://wall.example.com/", "ADMIN_EMAIL": "dana@example.com"})
    assert (given.site_url, given.email_from) == ("https://wall.example.com", "dana@example.com")
    assert "wall.example.com" in given.allowed_hosts
    assert load({**base, "HOST": "::1"}).site_url == "http://[::1]:8000"


def test_command_with_a_wrong_variable_ends_with_one_sentence(tmp_path: Path) -> None:
    given = {**os.environ, "DATA_DIR": str(tmp_path), "PORT": "eighty"}
    done = subprocess.run(
        [sys.executable, BASE_DIR / "manage.py", "up"], env=given, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "queuelight: PORT must be a whole number from 0 to 65535, not 'eighty'.\n"
    assert done.stdout == ""
