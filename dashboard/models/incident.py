"""What happened: an interval during which a rule held, each step of it, and each attempt to tell somebody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dashboard.models.recipient import Recipient
from dashboard.models.rule import Rule


class Incident(models.Model):
    """`since_at` is when the condition began to hold, `opened_at` when it had held long enough. `resolved_at` None: it is open.

    State, in one word (`state`): open, acknowledged, recovering (the value is back, `keep_s` runs), resolved.
    What the rule was at the opening is kept here: a rule may change or go, and what happened must stay readable.
    `limit` is the enter value that was passed (of the severity now; for a spike the bound at that time), `value` the last live one,
    `worst_value` the worst so far. `limit` has been passed since `limit_since_at`; that of the opening, `opened_limit`, since
    `since_at`. `version` grows with every transition: a change is made only upon the version it was judged by.
    """

    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True, related_name="incidents")
    scope = models.TextField()  # the feed's id (a hundred lines make it long), or the account's for lost and source
    rule_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    account = models.CharField(max_length=60)
    metric = models.CharField(max_length=80, blank=True)
    scope_name = models.CharField(max_length=80, blank=True)
    direction = models.CharField(max_length=6)
    severity = models.CharField(max_length=10)
    worst_severity = models.CharField(max_length=10)
    limit = models.FloatField(null=True, blank=True)
    for_s = models.PositiveIntegerField(default=0)
    value = models.FloatField(null=True, blank=True)
    worst_value = models.FloatField(null=True, blank=True)
    detail = models.CharField(max_length=300, blank=True)  # lost and source: what is wrong, one plain sentence
    since_at = models.DateTimeField()
    opened_limit = models.FloatField(null=True, blank=True)
    limit_since_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    recovering_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=254, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "scope"], condition=models.Q(resolved_at=None), name="incident_one_open_per_rule_and_scope"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["-opened_at"], name="incident_newest"),
            models.Index(fields=["resolved_at"], name="incident_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.rule_name}"

    @property
    def state(self) -> str:
        if self.resolved_at is not None:
            return "resolved"
        if self.recovering_at is not None:
            return "recovering"
        return "acknowledged" if self.acknowledged_at is not None else "open"


class Transition(models.Model):
    """One entry of an incident's timeline, in the order of `number`; `by` is a person, a recipient, or empty for ourselves."""

    class What(models.TextChoices):
        OPENED = "opened"
        WORSE = "worse"
        EASED = "eased"
        RECOVERING = "recovering"
        BACK = "back"  # it had been recovering
        RESOLVED = "resolved"
        ACKNOWLEDGED = "acknowledged"
        UNACKNOWLEDGED = "unacknowledged"
        SNOOZED = "snoozed"
        NOTED = "noted"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="transitions")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=14, choices=What.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=254, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    value = models.FloatField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)  # of a snooze

    class Meta:
        ordering: ClassVar = ["incident", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "number"], name="transition_number_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}.{self.number} {self.what}"


class Notification(models.Model):
    """One thing to tell one recipient of one incident; written in the same transaction as what it tells of.

    `state`: waiting (for its time, its turn, or a hold to end), claimed (somebody prepares it; nothing has left yet; ends with
    `claimed_until`), handing (it is being given to the mail server or the channel), then sent, or dropped (`reason` says why).
    `once` makes it unique: the same transition, step or reminder never makes two rows. `message_id` is made with the row and never
    changes, so that a second hand-over of the same thing (a crash between the server's yes and our note of it) can be told.
    `carried_by`: the digest that it was sent in.
    """

    class What(models.TextChoices):
        OPENED = "opened"
        WORSE = "worse"
        REMINDER = "reminder"
        RESOLVED = "resolved"
        DIGEST = "digest"

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        HANDING = "handing"
        SENT = "sent"
        DROPPED = "dropped"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="notifications")
    what = models.CharField(max_length=10, choices=What.choices)
    step = models.PositiveSmallIntegerField(default=0)
    once = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    message_id = models.CharField(max_length=120, unique=True)
    claim = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts_count = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    carried_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carries")
    subject = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="notification_due"),
            models.Index(fields=["recipient", "id"], name="notification_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.what} to {self.recipient_id}"
