"""`manage.py export_history`: the history of a board into a file, CSV or Parquet."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import redis as redis_py
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dashboard.api.answers import ApiError
from dashboard.api.export import parsed
from dashboard.history.export import FORMATS, rows
from dashboard.models import Board
from dashboard.store.connection import client


class Command(BaseCommand):
    help = "Writes the history of a board's numbers into a file, one row a metric and step."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="where to; - for the standard output. Its ending chooses the format unless --format says it")
        parser.add_argument("--board", default="main", help="whose lines and groups (default: main)")
        parser.add_argument("--metrics", default="", help="names with commas between them (default: all)")
        parser.add_argument("--from", dest="start", default="", help="ISO 8601 with a zone (default: the step two hours before --to)")
        parser.add_argument("--to", dest="end", default="", help="ISO 8601 with a zone (default: now)")
        parser.add_argument("--step", default="", help="seconds a row (default: fitting)")
        parser.add_argument("--format", default="", choices=["", *FORMATS], help="csv or parquet")

    def handle(self, *_args: Any, **options: Any) -> None:
        now, path = timezone.now(), options["file"]
        board = Board.objects.filter(slug=options["board"]).first()
        if board is None:
            raise CommandError(f"There is no board {options['board']!r}.")
        form = options["format"] or ("parquet" if path.endswith(".parquet") else "csv")
        given = {"metrics": options["metrics"], "from": options["start"], "to": options["end"], "step": options["step"], "format": form}
        try:
            wanted = parsed(given, board, now)
            pieces = FORMATS[wanted.form](rows(client(), wanted.feeds, wanted.metrics, wanted.span, now))
            size = _written(path, pieces)
        except ApiError as error:
            raise CommandError(str(error)) from None
        except redis_py.RedisError as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}): the last 48 hours cannot be read.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        self.stderr.write(f"{size:,} bytes written to {path}.")


def _written(path: str, pieces: Any) -> int:
    """Into a file beside it first, so that nobody ever finds half of one. OSError when it cannot be written."""
    if path == "-":
        return sum(sys.stdout.buffer.write(_bytes(piece)) for piece in pieces)
    target = Path(path)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            size = sum(file.write(_bytes(piece)) for piece in pieces)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return size


def _bytes(piece: str | bytes) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece
