"""Why the vendor did not do something, in plain words: its known sentences in ours, every other in its own, said to be its own.

In:  the vendor's reason as it was told (docs/vendor-zendesk-tickets.md, "Refusals"), or ours. Out: plain text for a page. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from dashboard.desk.sending import MISSING, MOVED
from dashboard.domain.vendor_names import named
from dashboard.sources.errors import SourceError

OURS: Final = frozenset({MOVED, MISSING})
# What the vendor says, as far as it is known, without regard to case; the first that is found holds.
KNOWN: Final = (
    ("is required when solving", "an assignee is required to solve a ticket"),
    ("is not a member of the group", "the assignee is not in that group"),
    ("closed prevents ticket update", "it is closed, and nobody can change it any more"),
    ("cannot be changed back to new", "a ticket that was opened cannot become new again"),
    ("only an incident has a problem", "incidents alone can be linked to a problem"),
    ("must be a ticket of type problem", "incidents can be linked to problems alone"),
    ("cannot be merged into itself", "a ticket cannot be merged into itself"),
    ("assignee: is invalid", "the assignee is no agent (any more)"),
    ("group: is invalid", "there is no such group (any more)"),
    ("requester: is invalid", "there is no such requester (any more)"),
    ("description: cannot be blank", "a comment without words cannot be written"),
    ("updateconflict", "somebody changed it while this was under way"),
    ("recordnotfound", "it is not there (any more), or not shown to our credentials"),
    ("permissiondenied", "our credentials may not do this"),
)
# The class of an error, which says nothing to people: "TicketUpdateFailed: …".
_CLASS = re.compile(r"^[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:: *|$)")


def known(reason: str) -> str:
    """What the vendor means, as the end of a sentence without its stop; empty: not one that is known."""
    small = reason.lower()
    return next((plain for words, plain in KNOWN if words in small), "")


def item_said(reason: str) -> str:
    """Of one ticket of several, to stand behind its number."""
    if reason in OURS:
        return reason if reason == MISSING else reason[:1].lower() + reason[1:]
    if plain := known(reason):
        return f"Zendesk refused: {plain}."
    own = _CLASS.sub("", reason).strip()
    return f"Zendesk refused, in its own words: “{own}”" if own else "Zendesk refused, and does not say why."


def error_said(error: SourceError) -> str:
    """Of a request: what went wrong, the vendor's reason where it gave one, and how long it wants to be left alone."""
    wait = f" It may be asked again in {max(1, round(error.retry_after_s))} s." if error.retry_after_s else ""
    message = named(error.message)
    if plain := known(error.detail):
        return f"{message.rstrip('.')}: {plain}.{wait}"
    own = f" In its own words: “{error.detail}”" if error.detail else ""
    return f"{message}{own}{wait}"
