"""A key for other programs."""

from __future__ import annotations

from django.db import models

from dashboard.models.user import User


class ApiToken(models.Model):
    """A Bearer token that reads as its `user`. `digest` is its SHA-256; the token itself is shown once and kept nowhere."""

    name = models.CharField(max_length=80)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
