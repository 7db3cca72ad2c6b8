"""A minute of a feed: what each of its metrics was, packed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class HistoryFeed(models.Model):
    """A feed that has history; `feed` is `Feed.id`. A row of its own so that a minute holds a small number instead of the text."""

    feed = models.CharField(max_length=400, unique=True)

    def __str__(self) -> str:
        return self.feed


class Minute(models.Model):
    """`minute` counts from 1970 (Unix time / 60). `live_ratio` is the share of it in which the feed's numbers were live, 0..1.

    `packed` holds min, mean, max, last and marks of every metric of the feed's endpoint (history/packing.py).
    A minute without a reading has no row: a gap is a gap.
    """

    feed = models.ForeignKey(HistoryFeed, on_delete=models.CASCADE, related_name="minutes")
    minute = models.PositiveIntegerField()
    live_ratio = models.FloatField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["feed", "minute"], name="minute_once")]
        indexes: ClassVar = [models.Index(fields=["minute"], name="minute_by_age")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.minute}"
