"""What is known of the vendor's tickets and cases: a mirror that polls bring up to date, never the truth itself.

Every row carries the account, so that several vendors' sites can lie side by side. Ids are the vendor's. No comment and no description is
kept: whoever opens a ticket on the desk sees the vendor's own, as of then.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Stream(models.Model):
    """How far one stream of changes was read. Written in the same transaction as the rows that the page brought, so that after a crash at
    any point the same page is read again and changes nothing twice.

    `name`: of mirror/streams.py. `cursor`: where the next page begins (the vendor's word, or Unix seconds); empty: at the beginning.
    `high_at`: the latest change that was seen; what changes later is still to be read. `read_at`: when a page came last. `caught_up_at`: as
    of when everything is known; None: the first reading is still under way, of which `done_count` of about `total_count` is done.
    """

    account = models.CharField(max_length=60)
    name = models.CharField(max_length=20)
    cursor = models.CharField(max_length=2000, blank=True)
    high_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField()
    caught_up_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    done_count = models.PositiveBigIntegerField(default=0)
    total_count = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "name"], name="stream_once")]

    def __str__(self) -> str:
        return f"{self.account}:{self.name}"


class KnownTicket(models.Model):
    """One ticket as last seen, and its metrics in whole minutes (calendar, business) where they have been read.

    `moved_at`: the vendor's `updated_at`. `is_behind`: its metrics are still to be read. `metrics_at`: `updated_at` of those that were;
    None: none were.
    `replied_at`, `solved_at`: the first public reply and the last solution, from the metrics; None: not yet. `is_gone`: in the trash, spam,
    or deleted for good. Durations None: they have not happened yet.
    """

    account = models.CharField(max_length=60)
    ticket_id = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10)
    priority = models.CharField(max_length=10, blank=True)
    type = models.CharField(max_length=10, blank=True)
    group_id = models.PositiveBigIntegerField(null=True, blank=True)
    assignee_id = models.PositiveBigIntegerField(null=True, blank=True)
    requester_id = models.PositiveBigIntegerField(null=True, blank=True)
    problem_id = models.PositiveBigIntegerField(null=True, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    is_gone = models.BooleanField(default=False)
    is_behind = models.BooleanField(default=True)
    metrics_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    reply_calendar_min = models.PositiveIntegerField(null=True, blank=True)
    reply_business_min = models.PositiveIntegerField(null=True, blank=True)
    resolution_calendar_min = models.PositiveIntegerField(null=True, blank=True)  # full resolution
    resolution_business_min = models.PositiveIntegerField(null=True, blank=True)
    first_resolution_calendar_min = models.PositiveIntegerField(null=True, blank=True)
    agent_wait_calendar_min = models.PositiveIntegerField(null=True, blank=True)
    agent_wait_business_min = models.PositiveIntegerField(null=True, blank=True)
    requester_wait_calendar_min = models.PositiveIntegerField(null=True, blank=True)
    requester_wait_business_min = models.PositiveIntegerField(null=True, blank=True)
    on_hold_calendar_min = models.PositiveIntegerField(null=True, blank=True)
    on_hold_business_min = models.PositiveIntegerField(null=True, blank=True)
    reopens_count = models.PositiveIntegerField(default=0)
    replies_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "ticket_id"], name="known_ticket_once")]
        indexes: ClassVar = [
            models.Index(fields=["account", "created_at"], name="known_ticket_created"),
            models.Index(fields=["account", "solved_at"], name="known_ticket_solved"),
            models.Index(fields=["account", "replied_at"], name="known_ticket_replied"),
            # The desk's list and the metrics still to be read cost what is unsolved, not what exists. Not partial by status: SQLite cannot
            # tell from bound values that they are those of the condition, and would read every ticket.
            models.Index(fields=["account", "status", "group_id"], name="known_ticket_status"),
            models.Index(fields=["account", "moved_at"], condition=models.Q(is_behind=True), name="known_ticket_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.account}:{self.ticket_id}"


class Tally(models.Model):
    """How many tickets of one group have one status and priority; kept beside the rows, by their differences, so that a count costs the
    same in an account of two hundred thousand. Gone tickets are in none. `group_id` 0: of no group; `priority` empty: of none."""

    account = models.CharField(max_length=60)
    group_id = models.PositiveBigIntegerField()
    status = models.CharField(max_length=10)
    priority = models.CharField(max_length=10, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "group_id", "status", "priority"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.account}:{self.group_id} {self.status} {self.count}"


class KnownEvent(models.Model):
    """One metric event, as the vendor sent it; `deleted` may become true later. A ticket's events go with it."""

    account = models.CharField(max_length=60)
    event_id = models.PositiveBigIntegerField()
    ticket_id = models.PositiveBigIntegerField()
    metric = models.CharField(max_length=24)
    instance = models.PositiveIntegerField()
    type = models.CharField(max_length=14)  # empty: a type without a name here
    at = models.DateTimeField()
    target_min = models.PositiveIntegerField(null=True, blank=True)
    business_hours = models.BooleanField(default=False)
    policy_id = models.PositiveBigIntegerField(null=True, blank=True)
    policy_title = models.CharField(max_length=200, blank=True)
    calendar_min = models.PositiveIntegerField(null=True, blank=True)
    business_min = models.PositiveIntegerField(null=True, blank=True)
    deleted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "event_id"], name="known_event_once")]
        indexes: ClassVar = [models.Index(fields=["account", "ticket_id"], name="known_event_ticket")]

    def __str__(self) -> str:
        return f"{self.account}:{self.event_id} {self.type}"


class KnownClock(models.Model):
    """A clock with a target, folded from its ticket's events; `state`, `breach_at` and `fulfilled_at` are those of domain/sla.py, and tell
    whether it was kept. `group_id` is the ticket's, kept here so that counts by group need no join; 0: of none."""

    account = models.CharField(max_length=60)
    ticket_id = models.PositiveBigIntegerField()
    metric = models.CharField(max_length=24)
    instance = models.PositiveIntegerField()
    group_id = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10)
    target_min = models.PositiveIntegerField()
    business_hours = models.BooleanField(default=False)
    policy_id = models.PositiveBigIntegerField(null=True, blank=True)
    policy_title = models.CharField(max_length=200, blank=True)
    breach_at = models.DateTimeField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "ticket_id", "metric", "instance"], name="known_clock_once"),
        ]
        indexes: ClassVar = [
            # Those that wait: what is missed now or nearly. Not partial, as above.
            models.Index(fields=["account", "state", "breach_at"], name="known_clock_waiting"),
            models.Index(fields=["account", "breach_at"], name="known_clock_breach"),
            models.Index(fields=["account", "fulfilled_at"], name="known_clock_fulfilled"),
        ]

    def __str__(self) -> str:
        return f"{self.account}:{self.ticket_id} {self.metric} {self.instance}"


class KnownName(models.Model):
    """What people call a group or a person of the vendor's site, where it was told."""

    account = models.CharField(max_length=60)
    what = models.CharField(max_length=10)  # group, user, team
    vendor_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "what", "vendor_id"], name="known_name_once")]

    def __str__(self) -> str:
        return f"{self.account}:{self.what} {self.vendor_id}"


class KnownCase(models.Model):
    """One conversation of Kayako and its metrics; durations in whole seconds. `is_behind`: metrics are still to be read; `metrics_at`: when
    they were last (None: never)."""

    account = models.CharField(max_length=60)
    case_id = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=40)
    priority = models.CharField(max_length=40, blank=True)
    team_id = models.PositiveBigIntegerField(null=True, blank=True)
    assignee_id = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # its last activity
    is_behind = models.BooleanField(default=True)
    metrics_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    is_first_contact_resolved = models.BooleanField(null=True, blank=True)
    first_response_s = models.PositiveIntegerField(null=True, blank=True)
    average_response_s = models.PositiveIntegerField(null=True, blank=True)
    agent_wait_s = models.PositiveIntegerField(null=True, blank=True)
    customer_wait_s = models.PositiveIntegerField(null=True, blank=True)
    resolution_s = models.PositiveIntegerField(null=True, blank=True)
    reopens_count = models.PositiveIntegerField(default=0)
    touches_count = models.PositiveIntegerField(default=0)
    replies_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "case_id"], name="known_case_once")]
        indexes: ClassVar = [
            models.Index(fields=["account", "created_at"], name="known_case_created"),
            models.Index(fields=["account", "resolved_at"], name="known_case_resolved"),
            models.Index(fields=["account", "moved_at"], condition=models.Q(is_behind=True), name="known_case_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.account}:{self.case_id}"
