"""Whether anything may be changed at the vendor: one decision of an administrator for the whole installation. At first: nothing may.

In:  who decides. Out: the decision, with a name and a time. Nothing is remembered between two questions: who turns it off must not see one
more change made because somebody looked a second ago.
"""

from __future__ import annotations

import logging

from dashboard.models import Role, Switch, User

logger = logging.getLogger(__name__)

DESK_WRITES = "desk_writes"
READ_ONLY = "Queuelight is read-only: an administrator can switch changes at Zendesk on."


class NotAllowedError(Exception):
    """Somebody may not do this, or nobody may just now; one sentence for a page."""


def writes_on() -> bool:
    """Whether people and rules may change anything at the vendor. django.db.DatabaseError when the database is away: then nobody may."""
    return Switch.objects.filter(name=DESK_WRITES, is_on=True).exists()


def decision() -> Switch | None:
    """The last decision, by whom and when; None: nobody has decided, so that it is off."""
    return Switch.objects.filter(name=DESK_WRITES).first()


def set_writes(on: bool, by: User) -> None:
    """Decides. NotAllowedError: not an administrator (any more)."""
    if not User.objects.filter(pk=by.pk, role=Role.ADMINISTRATOR, is_active=True).exists():
        raise NotAllowedError("Only an administrator can switch changes at Zendesk on or off.")
    Switch.objects.update_or_create(name=DESK_WRITES, defaults={"is_on": on, "changed_by": by.email})
    logger.warning("Changes at the vendor were switched %s by person %d.", "on" if on else "off", by.pk)
