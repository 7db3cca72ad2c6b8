"""What people, and rules, change at the vendor: each act once, with what came of it; and whether anything may be changed at all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dashboard.models.incident import Incident


class Switch(models.Model):
    """A decision of an administrator for the whole installation. `desk_writes` off, or no such row: nothing is changed at the vendor."""

    name = models.CharField(max_length=40, unique=True)
    is_on = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=254, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} {'on' if self.is_on else 'off'}"


class DeskAct(models.Model):
    """One act of one person on one or more tickets, or on the switch; the audit, and where the progress of a job is followed.

    Written before the vendor is asked (`sent`), so that an act whose answer was lost is not forgotten: then it is `unknown`, never silently
    repeated. `change` is what was asked for (fields and values, never a comment's text beyond its first 200 characters), `before` what the
    fields were. `failed`: [[ticket id, the vendor's reason], …]. `key` comes from the form, so that a second press of the button is the
    same act.
    """

    class What(models.TextChoices):
        UPDATE = "update"
        COMMENT = "comment"
        BULK = "bulk"
        MERGE = "merge"
        SPAM = "spam"
        DELETE = "delete"
        RESTORE = "restore"
        DESTROY = "destroy"
        LINK = "link"
        SWITCH = "switch"  # of changes as such, on or off: of no ticket

    class State(models.TextChoices):
        SENT = "sent"
        RUNNING = "running"  # a job at the vendor
        DONE = "done"
        CONFLICT = "conflict"
        FAILED = "failed"
        UNKNOWN = "unknown"

    account = models.CharField(max_length=60)
    key = models.CharField(max_length=64, unique=True)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What.choices)
    ticket_ids = models.JSONField(default=list)
    change = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    error = models.CharField(max_length=300, blank=True)
    job_id = models.CharField(max_length=80, blank=True)
    job_total = models.PositiveIntegerField(null=True, blank=True)
    job_progress = models.PositiveIntegerField(null=True, blank=True)
    failed = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state"], name="desk_act_state")]

    def __str__(self) -> str:
        return f"{self.pk} {self.what} by {self.by}"


class IncidentTicket(models.Model):
    """The problem ticket of one incident: at most one, however often we crash while opening it.

    `external_id` is made with the row and sent with the ticket, so that after a crash the ticket is found instead of opened again.
    `told_number`: the last transition that is in the ticket as a comment. `state`: wanted (still to be opened), open, solved, given_up
    (`error` says why). A claim is as for notifications. `failing_since` None: the vendor took the last change. `language` is that of its
    words, as it was when the incident opened: what is asked for again is the same. `life`: [what, ISO time, the transition's number or 0],
    … for each thing that came true at the vendor, and for its end.
    """

    class State(models.TextChoices):
        WANTED = "wanted"
        OPEN = "open"
        SOLVED = "solved"
        GIVEN_UP = "given_up"

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="ticket")
    account = models.CharField(max_length=60)
    external_id = models.CharField(max_length=80, unique=True)
    ticket_id = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WANTED)
    told_number = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claim = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts_count = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, default="en")
    life = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="incident_ticket_due")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"
