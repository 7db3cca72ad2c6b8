"""A minute of a feed: what each of its metrics was, packed; and an hour of its rows, minute by minute."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class HistoryFeed(models.Model):
    """A feed that has history; `feed` names it: `Feed.id`, shortened where it is too long (history/feeds.py).

    A row of its own so that a minute holds a small number instead of the text.
    """

    feed = models.CharField(max_length=400, unique=True)

    def __str__(self) -> str:
        return self.feed


class HistoryLayout(models.Model):
    """Which metrics a packed minute holds, in which order: their names, separated by spaces.

    Written once and never changed, so that old minutes stay readable whatever becomes of the catalogue. `digest` (SHA-256, hex) makes it
    unique: an index has no room for the names.
    """

    names = models.TextField()
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.names


class Minute(models.Model):
    """`minute` counts from 1970 (Unix time / 60). `live_ratio` is the share of it in which the feed's numbers were live, 0..1.

    `packed` holds min, mean, max, last and marks of the metrics that `layout` names (history/packing.py).
    A minute without a reading holds no value: it has a row only when an earlier reading was still live in it. A gap is a gap.
    """

    # No index for the keys alone: the constraint's begins with `feed`, and by layout nothing is looked for.
    feed = models.ForeignKey(HistoryFeed, on_delete=models.CASCADE, related_name="minutes", db_index=False)
    layout = models.ForeignKey(HistoryLayout, on_delete=models.PROTECT, related_name="+", db_index=False)
    minute = models.PositiveIntegerField()
    live_ratio = models.FloatField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["feed", "minute"], name="minute_once")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.minute}"


class HourOfRows(models.Model):
    """`hour` counts from 1970 (Unix time / 3600). `packed` holds what the rows of the feed were in each of its minutes
    (history/past_rows.py); empty: nothing was noted."""

    feed = models.ForeignKey(HistoryFeed, on_delete=models.CASCADE, related_name="hours_of_rows", db_index=False)
    hour = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["feed", "hour"], name="hour_of_rows_once")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.hour}"
