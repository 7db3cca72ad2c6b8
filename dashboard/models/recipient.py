"""Who is told: people by e-mail, and other channels; and the groups they stand in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Via(models.TextChoices):
    """How a recipient is reached. A channel is any service that the notification library knows, by one address (URL) of its own."""

    EMAIL = "email"
    CHANNEL = "channel"


class Recipient(models.Model):
    """`email` when `via` is email; else `url_encrypted`, which may hold a token and is never shown (alerts/channels.py).

    `language` is that of the mails. Quiet hours are times of day in `time_zone`; `quiet_from` later than `quiet_to` spans midnight; both
    None: none. Within them only critical incidents are told, and those too only with `critical_breaks_quiet`. `left_at`: the recipient
    does not want any more.
    `last_error` is one plain sentence about the last failed attempt, empty after a success.
    """

    name = models.CharField(max_length=80)
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.EMAIL)
    email = models.EmailField(blank=True)
    url_encrypted = models.TextField(blank=True)
    url_shown = models.CharField(max_length=120, blank=True)  # scheme and host alone: "slack://…"
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=10, default="en")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    critical_breaks_quiet = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures_count = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)  # back-off: no attempt sooner
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email"], condition=models.Q(via="email"), name="recipient_email_once"),
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None) | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="recipient_quiet_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecipientGroup(models.Model):
    """Recipients who are told together, such as "Support leads"."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(Recipient, related_name="groups", blank=True)

    def __str__(self) -> str:
        return self.name


class MailServer(models.Model):
    """How the one mail server of the installation has been of late: one row, made at its first failure. While it is away nobody's mail is
    tried but one letter's at a time, from `not_before` on; `failing_since` None: it answers. `last_error` is one plain sentence."""

    name = models.CharField(max_length=20, unique=True, default="mail")
    failing_since = models.DateTimeField(null=True, blank=True)
    failures_count = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
