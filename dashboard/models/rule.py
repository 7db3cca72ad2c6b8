"""What opens an incident, who is told of it in which order, and when nobody is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dashboard.models.recipient import Recipient, RecipientGroup
from dashboard.models.user import User


class Kind(models.TextChoices):
    """`threshold` and `spike` judge a metric; `lost` the age of the data, whatever made it old; `source` that the vendor fails us; `screen`
    for how long a TV has painted nothing."""

    THRESHOLD = "threshold"
    SPIKE = "spike"
    LOST = "lost"
    SOURCE = "source"
    SCREEN = "screen"


class Direction(models.TextChoices):
    """Which side of a limit is bad. A value that equals an enter value has entered; one that equals a leave value has left."""

    ABOVE = "above"
    BELOW = "below"


class Rule(models.Model):
    """One rule; `alerts/rules.py` makes the pure `domain.rules.RuleSpec` of it, which says what is judged and how.

    Limits are in the metric's own unit; None: this severity is not used. Scope: `line_ids` for metrics of the queue and the account,
    `group_ids` for those of the agents, empty for all; `scope_name` is what people call it ("Support line").
    `while_metric` >= `while_at_least` must hold as well (a metric of the same feed; empty: no such condition).
    `key` names a rule that the first start made, so that it is made once and not again after somebody deleted it; None for others.
    For a spike, `critical_enter` is the value at which a spike is critical; its warning limits come from the baseline, and
    `spike_floor`, `spike_rise` and `spike_times` shape them. For lost and source the limits are seconds.
    `error`: the rule crashed and is switched off until it is saved again. `version` grows with every change.
    """

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=40, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.THRESHOLD)
    account = models.CharField(max_length=60, default="main")
    metric = models.CharField(max_length=80, blank=True)
    line_ids = models.JSONField(default=list, blank=True)
    group_ids = models.JSONField(default=list, blank=True)
    scope_name = models.CharField(max_length=80, blank=True)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.ABOVE)
    warning_enter = models.FloatField(null=True, blank=True)
    warning_leave = models.FloatField(null=True, blank=True)
    warning_for_s = models.PositiveIntegerField(default=0)
    critical_enter = models.FloatField(null=True, blank=True)
    critical_leave = models.FloatField(null=True, blank=True)
    critical_for_s = models.PositiveIntegerField(default=0)
    keep_s = models.PositiveIntegerField(default=60)
    spike_floor = models.FloatField(null=True, blank=True)
    spike_rise = models.FloatField(null=True, blank=True)
    spike_times = models.FloatField(null=True, blank=True)
    while_metric = models.CharField(max_length=80, blank=True)
    while_at_least = models.FloatField(null=True, blank=True)
    is_enabled = models.BooleanField(default=True)
    error = models.CharField(max_length=300, blank=True)
    error_at = models.DateTimeField(null=True, blank=True)
    cooldown_s = models.PositiveIntegerField(default=300)
    reminder_s = models.PositiveIntegerField(default=1800)  # 0: no reminders
    muted_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=254, blank=True)  # the person's address; empty: Queuelight itself
    opens_ticket = models.BooleanField(default=False)  # a problem ticket at the vendor for each incident (alerts/tickets.py)
    ticket_group_id = models.PositiveBigIntegerField(null=True, blank=True)
    ticket_language = models.CharField(max_length=10, blank=True)  # empty: as the account's first board
    deleted_at = models.DateTimeField(null=True, blank=True)  # kept, for the incidents' sake and so that no start makes it again

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """Whom a rule tells `after_s` seconds after the incident opened, as long as nobody has acknowledged it; 0: at once.

    A rule without steps tells ADMIN_EMAIL.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="steps")
    after_s = models.PositiveIntegerField(default=0)
    group = models.ForeignKey(RecipientGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="steps")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, null=True, blank=True, related_name="steps")

    class Meta:
        ordering: ClassVar = ["after_s", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(group=None, recipient__isnull=False) | models.Q(group__isnull=False, recipient=None),
                name="step_group_or_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} after {self.after_s} s"


class Quiet(models.Model):
    """Nobody is told from `starts_at` to `ends_at`: a mute, or a maintenance window planned beforehand. `rule` None: everything.

    `weekly`: again every seven days at the same time of day in `time_zone`. What is still open at the end is told then.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, null=True, blank=True, related_name="quiets")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    weekly = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=60, default="UTC")
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="quiet_ends_later")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"
