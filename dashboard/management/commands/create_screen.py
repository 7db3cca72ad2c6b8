"""`manage.py create_screen <board>`: an address for a TV."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import runtime
from dashboard.accounts.keys import digest_of, new_screen_key
from dashboard.models import Board, Screen


class Command(BaseCommand):
    help = "Make an address by which a TV shows a board without a login. The key stands alone on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("board", help="the board's slug, such as main")
        parser.add_argument("--name", default="Screen", help="what to call the screen, such as Reception")

    def handle(self, *args: Any, **options: Any) -> None:
        board = Board.objects.filter(slug=options["board"]).first()
        if board is None:
            known = ", ".join(Board.objects.order_by("slug").values_list("slug", flat=True)) or "none yet; the first start makes one"
            raise CommandError(f"There is no board {options['board']!r} (boards: {known}).")
        key = new_screen_key()
        Screen.objects.create(name=options["name"][:80], board=board, key_digest=digest_of(key))
        env = settings.ENV
        host = "127.0.0.1" if env.host in {"0.0.0.0", "::"} else f"[{env.host}]" if ":" in env.host else env.host
        self.stdout.write(f"A screen for {board.title}. Open this address on the TV once; it then remembers the key for a year:")
        running_port = runtime.read(env.data_dir).get("port")  # PORT may be 0, a free one, or set for `make run` alone
        self.stdout.write(f"  http://{host}:{running_port or env.port}/wall/{board.slug}/?key={key}")
        self.stdout.write("From another machine, put the name or address of this server in place of the host. The key is shown this once:")
        self.stdout.write(key)
