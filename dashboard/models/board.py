"""A page on a wall."""

from __future__ import annotations

from django.db import models


class Board(models.Model):
    """`account` names an account of the environment. `line_ids` and `group_ids` filter its feeds; empty means all.

    `distance_m` is how far away the viewers stand (3, 5 or 8): it chooses the size of type.
    """

    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=80)
    account = models.CharField(max_length=60, default="main")
    line_ids = models.JSONField(default=list, blank=True)
    group_ids = models.JSONField(default=list, blank=True)
    theme = models.CharField(max_length=10, default="dark")
    distance_m = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug
