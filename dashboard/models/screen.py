"""A TV that may show a board without a login, what it shows in turn, and how it is let in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dashboard.models.board import Board


class Playlist(models.Model):
    """Boards that a screen shows in turn. `preempts`: a critical incident that nobody has taken holds its board on the screen."""

    name = models.CharField(max_length=80)
    preempts = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class PlaylistItem(models.Model):
    """One board of a playlist, for `seconds` (5 to 3,600). A board that is deleted leaves its playlists."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="items")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="playlist_items")
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveSmallIntegerField(default=30)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.playlist_id}/{self.position}"


class Screen(models.Model):
    """`key_digest` is the SHA-256 of the key in the screen's cookie; the key itself is shown once and kept nowhere.

    It shows `playlist` where it has one, else `board`; neither (its board was deleted): it says so and waits, and keeps its pairing.
    `is_watched`: silence of two minutes is an incident, within `hours_from` to `hours_to` (both None: always) in `time_zone` (empty: the
    account's) on `hours_days` (0 is Monday). `seen` is what the screen last said of itself (screens/seen.py), `painted_at` when it last
    told that it had painted a frame; both are written at most once a minute, Redis has them fresher.
    """

    name = models.CharField(max_length=80)
    board = models.ForeignKey(Board, null=True, blank=True, on_delete=models.SET_NULL, related_name="screens")
    playlist = models.ForeignKey(Playlist, null=True, blank=True, on_delete=models.SET_NULL, related_name="screens")
    key_digest = models.CharField(max_length=64, unique=True)
    is_watched = models.BooleanField(default=True)
    hours_from = models.TimeField(null=True, blank=True)
    hours_to = models.TimeField(null=True, blank=True)
    hours_days = models.JSONField(default=list, blank=True)  # empty: every day
    time_zone = models.CharField(max_length=60, blank=True, default="")
    seen = models.JSONField(default=dict, blank=True)
    painted_at = models.DateTimeField(null=True, blank=True)
    paired_by = models.CharField(max_length=254, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A code on a TV that waits to be typed in: six characters, good for ten minutes and for one screen.

    `secret_digest` is the SHA-256 of what only that TV holds: the code alone lets nobody in. `screen` is set when a supervisor typed the
    code, `claimed_at` when the TV has fetched its key; a code is used once.
    """

    code = models.CharField(max_length=6, unique=True)
    secret_digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=60, blank=True)
    screen = models.ForeignKey(Screen, null=True, blank=True, on_delete=models.CASCADE, related_name="pairings")
    claimed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"pairing {self.pk}"
