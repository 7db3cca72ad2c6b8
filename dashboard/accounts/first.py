"""The first steps of a new installation: boards of the phone, of tickets and of Kayako, an administrator, a screen. Every start calls this;
it only adds what is missing.

In:  the environment, a migrated database. Out: `FirstSteps`, what the READY block prints.
An account that exists is never changed: ADMIN_PASSWORD is the password of an account that this makes, not a way to reset one
(`manage.py set_password` is). A start would otherwise undo a password that its owner has changed.
Two processes may call this at once: unique columns in the database and a hard link on disk let one win, and the other sees its work.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction

from config.env import Env
from dashboard.accounts.keys import digest_of, is_screen_key, new_password, new_screen_key
from dashboard.models import Board, Role, Rule, Screen, User
from dashboard.widgets import defaults

FIRST_BOARD = "main"
FIRST_BOARD_TITLE = "Support line"
TICKETS_BOARD = "tickets"
TICKETS_BOARD_TITLE = "Tickets and SLA"
KAYAKO_BOARD = "kayako"
KAYAKO_BOARD_TITLE = "Kayako"
# The first rules are made right after the boards (alerts/defaults.py), once for ever: where one is there, so was the board.
PHONE_RULE, KAYAKO_RULE = "longest_wait", "kayako_error"
FIRST_EMAIL = "admin@queuelight.local"
FIRST_SCREEN_NAME = "First screen"
KEY_FILE = "first_screen.key"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is there to begin with. `admin_password` is None unless a random one was made just now: it is kept nowhere else."""

    board_slug: str
    admin_email: str
    admin_password: str | None = field(repr=False)
    screen_key: str = field(repr=False)


def ensure_first(env: Env) -> FirstSteps:
    """Make what is missing. OSError when DATA_DIR cannot be written."""
    board = _board(env)
    email, password = _administrator(env)
    return FirstSteps(board.slug, email, password, _screen_key(board, env.data_dir / KEY_FILE))


def first_board() -> Board | None:
    """The board that the supervisor's page shows: `main`, or the oldest where somebody removed that; None before the first start."""
    return Board.objects.filter(slug=FIRST_BOARD).first() or Board.objects.order_by("pk").first()


def _board(env: Env) -> Board:
    """The first board, made with the others of what is set up. Each is made once, also where its account is set up later; whoever removes
    one does not get it back."""
    with transaction.atomic():
        if env.has_phone and not Board.objects.exclude(slug=KAYAKO_BOARD).exists() and _is_new(PHONE_RULE):
            _, was_missing = Board.objects.get_or_create(slug=FIRST_BOARD, defaults={"title": FIRST_BOARD_TITLE})
            if was_missing and env.tickets:  # whoever makes the one makes the other
                _ensure(TICKETS_BOARD, TICKETS_BOARD_TITLE, defaults.tickets())
        if env.has_kayako and _is_new(KAYAKO_RULE):
            _ensure(KAYAKO_BOARD, KAYAKO_BOARD_TITLE, defaults.kayako())
        return first_board() or Board.objects.get_or_create(slug=FIRST_BOARD, defaults={"title": FIRST_BOARD_TITLE})[0]


def _is_new(rule: str) -> bool:
    return not Rule.objects.filter(key=rule).exists()


def _ensure(slug: str, title: str, widgets: object) -> None:
    Board.objects.get_or_create(slug=slug, defaults={"title": title, "widgets": widgets})


def _administrator(env: Env) -> tuple[str, str | None]:
    """The address to log in with, and the random password if this call made one."""
    if not env.admin_email:
        known = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()
        if known is not None:
            return known.email, None
    email = (env.admin_email or FIRST_EMAIL).lower()
    password = env.admin_password or new_password()
    try:
        with transaction.atomic():  # so that the loser of a race can go on using its connection
            if not User.objects.filter(email=email).exists():
                User.objects.create(email=email, role=Role.ADMINISTRATOR, password=password)
                return email, None if env.admin_password else password
    except IntegrityError:  # another process was first, and it is the one that shows the password
        pass
    return email, None


def _screen_key(board: Board, path: Path) -> str:
    """The first screen's key, kept in a file of its owner's so that each start can print the wall's whole address.

    A revoked key stays revoked: a new one takes its place, in the file and as a new screen.
    """
    key = _kept_key(path)
    if Screen.objects.filter(key_digest=digest_of(key), revoked_at__isnull=False).exists():
        key = _new_file(path, replace=True)
    Screen.objects.get_or_create(key_digest=digest_of(key), defaults={"name": FIRST_SCREEN_NAME, "board": board, "is_watched": False})
    return key


def _kept_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _new_file(path, replace=False)
    except UnicodeDecodeError:
        key = ""
    # What is left of a damaged file must never become a key: it could be one that anybody guesses.
    return key if is_screen_key(key) else _new_file(path, replace=True)


def _new_file(path: Path, *, replace: bool) -> str:
    """Write a new key and return it, or the other process's if that was first. Nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    key = new_screen_key()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{key}\n")
    try:
        if replace:
            fresh.replace(path)
        else:
            path.hardlink_to(fresh)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        if replace:
            raise
        fresh.replace(path)  # a file system without hard links
    finally:
        fresh.unlink(missing_ok=True)
    return key
