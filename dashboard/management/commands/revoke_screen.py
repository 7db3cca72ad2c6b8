"""`manage.py revoke_screen <name or number>`: a TV that was stolen, given away or named wrongly may show nothing any more."""

from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from dashboard.live.publish import say_bye
from dashboard.models import Screen
from dashboard.store.connection import client


class Command(BaseCommand):
    help = "Take a screen's key away. What it shows goes dark within five seconds, and its address opens nothing any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("screen", help="its name, such as Reception, or its number")

    def handle(self, *args: Any, **options: Any) -> None:
        screen = _the_one(options["screen"].strip())
        screen.revoked_at = timezone.now()
        screen.save(update_fields=["revoked_at"])
        try:
            say_bye(client(), f"screen:{screen.pk}")
        except redis.RedisError as error:  # the key is dead all the same: each web process asks every two seconds what its screens may show
            self.stderr.write(f"Redis does not answer ({type(error).__name__}); the screen goes dark within seconds all the same.")
        what = screen.board.title if screen.board is not None else "anything"
        self.stdout.write(f"{screen.name} (number {screen.pk}) may not show {what} any more.")


def _the_one(wanted: str) -> Screen:
    """The screen in use of that name or number. CommandError when there is none, or more than one of that name."""
    living = Screen.objects.select_related("board").filter(revoked_at=None)
    number = Q(pk=int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else Q(pk=None)
    found = list(living.filter(Q(name=wanted) | number).order_by("pk"))
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(f"{screen.pk} ({screen.name})" for screen in found)
        raise CommandError(f"More than one screen is meant by {wanted!r}; say which by its number: {named}.")
    known = ", ".join(f"{screen.pk} ({screen.name})" for screen in living.order_by("pk")) or "none"
    raise CommandError(f"There is no screen {wanted!r} in use (screens in use: {known}).")
