"""Fills an installation with what the pages of people are about: boards, screens, a playlist, incidents.

In:  a joined installation. Out: rows like those that people make. Nothing of it is real.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

SPANISH, ARABIC, TILES = "atencion", "khidma", "tiles"


def furnish() -> None:
    """After `Installation` has joined."""
    from django.utils import timezone

    from dashboard.accounts.keys import digest_of, new_screen_key
    from dashboard.models import Board, Playlist, PlaylistItem, Screen

    main = Board.objects.get(slug="main")
    boards = [
        Board(slug=SPANISH, title="Atención al cliente", language="es", profile="floor", names="first", bands=True),
        Board(slug=ARABIC, title="خدمة العملاء", language="ar", profile="floor", names="first"),
        Board(slug=TILES, title="Every tile", profile="supervisor", widgets=every_tile()),
    ]
    for board in boards:
        board.save()
    playlist = Playlist.objects.create(name="Floor, ground level")
    for position, board in enumerate((main, boards[0], boards[2])):
        PlaylistItem.objects.create(playlist=playlist, board=board, position=position, seconds=20 + 10 * position)
    now = timezone.now()
    seen = {"width": 1920, "height": 1080, "ratio": 1, "address": "192.0.2.17", "version": "0.1.0"}
    for name, shown, ago_s in (
        ("Reception", {"board": main}, 4),
        ("Floor, north wall", {"playlist": playlist}, 9),
        ("Canteen", {"board": boards[0]}, 4000),
    ):
        at = now - timedelta(seconds=ago_s)
        Screen.objects.create(name=name, key_digest=digest_of(new_screen_key()), painted_at=at, seen=seen, is_watched=False, **shown)


def every_tile() -> list[Any]:
    """Each kind of widget once, as the palette gives it."""
    options: dict[str, dict[str, Any]] = {
        "number": {"metric": "calls_waiting"},
        "gauge": {"metric": "occupancy_ratio", "high": 100},
        "sparkline": {"metric": "longest_wait_time"},
        "chart": {"metric": "longest_wait_time"},
        "leaders": {"is_on": True},
        "text": {"text": "Team meeting at 15:00 in room 2"},
    }
    places = {
        "wait": (0, 0, 8, 6),
        "number": (8, 0, 4, 3),
        "sparkline": (8, 3, 4, 3),
        "gauge": (12, 0, 4, 4),
        "clock": (16, 0, 3, 3),
        "text": (19, 0, 5, 3),
        "leaders": (19, 3, 5, 6),
        "chart": (12, 4, 7, 5),
        "calls": (0, 6, 5, 6),
        "incidents": (5, 6, 7, 3),
        "counts": (5, 9, 7, 3),
        "budget": (12, 9, 6, 3),
        "quality": (18, 9, 6, 3),
        "agents": (0, 12, 20, 4),
        "image": (20, 12, 4, 4),
    }
    return [
        {"id": kind, "kind": kind, **dict(zip("xywh", place, strict=True)), "options": options.get(kind, {})}
        for kind, place in places.items()
    ]
