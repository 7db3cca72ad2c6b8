"""Forgets what is older than anybody looks: incidents that are over, with their timeline and notifications, after 400 days.

In:  now. Out: fewer rows. An open incident and what is still to be sent are never touched.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.models import Incident, Notification

KEPT_FOR = timedelta(days=400)
# Small transactions: who writes meanwhile waits for milliseconds, not for a year of rows.
BATCH = 500


def prune(now: datetime) -> int:
    """Deletes what is too old; how many incidents and digests went."""
    before = now - KEPT_FOR
    count = 0
    while pks := list(Incident.objects.filter(resolved_at__lt=before).values_list("pk", flat=True)[:BATCH]):
        Incident.objects.filter(pk__in=pks).delete()
        count += len(pks)
    # Digests belong to no incident; what they carried went with theirs.
    done = (Notification.State.SENT, Notification.State.DROPPED)
    old = Notification.objects.filter(incident=None, state__in=done, created_at__lt=before, carries=None)
    while pks := list(old.values_list("pk", flat=True)[:BATCH]):
        Notification.objects.filter(pk__in=pks).delete()
        count += len(pks)
    return count
