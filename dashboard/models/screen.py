"""A TV that may show a board without a login."""

from __future__ import annotations

from django.db import models

from dashboard.models.board import Board


class Screen(models.Model):
    """`key_digest` is the SHA-256 of the key in the screen's cookie; the key itself is shown once and kept nowhere."""

    name = models.CharField(max_length=80)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="screens")
    key_digest = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
