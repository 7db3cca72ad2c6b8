"""Sees to it that screens learn of every change of what they show, whoever made it: a page, a command, the administrator's shell.

In:  saves and deletions of screens, playlists and boards. Out: once each is committed, a word to every web process that it should look.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from dashboard.models import Board, Playlist, Screen
from dashboard.screens.control import tell_assignment
from dashboard.store.connection import client

# A playlist's items are saved with it, and deleted with it or with their board.
CHANGE_SCREENS = (Board, Playlist, Screen)


def watch_changes() -> None:
    """Called once, when Django is ready."""
    for model in CHANGE_SCREENS:
        post_save.connect(_changed, sender=model, dispatch_uid=f"screens.saved.{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"screens.deleted.{model.__name__}")


def _changed(**_: Any) -> None:
    transaction.on_commit(lambda: tell_assignment(client()), robust=True)
