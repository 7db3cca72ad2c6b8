"""What the vendor refuses, in plain words."""

from __future__ import annotations

import pytest

from dashboard.desk.refusal_words import error_said, item_said
from dashboard.desk.sending import MOVED
from dashboard.sources.errors import ErrorKind, SourceError

ITEMS = (
    ("TicketUpdateFailed: Assignee: is required when solving a ticket", "Zendesk refused: an assignee is required to solve a ticket."),
    ("RecordNotFound: Could not find ticket 5", "Zendesk refused: it is not there (any more), or not shown to our credentials."),
    ("TicketUpdateFailed: <b>Nein</b>: مرحبا", "Zendesk refused, in its own words: “<b>Nein</b>: مرحبا”"),
    ("TicketMergeFailed", "Zendesk refused, and does not say why."),
    (MOVED, "changed by somebody else in the meantime."),
)


@pytest.mark.parametrize(("reason", "said"), ITEMS)
def test_item_that_failed_is_said_in_plain_words(reason: str, said: str) -> None:
    assert item_said(reason) == said


def test_refused_request_is_said_with_the_vendors_reason() -> None:
    refused = SourceError(ErrorKind.REFUSED, "The vendor refused this change (422).", detail="status: Status closed prevents ticket update")
    assert error_said(refused) == "Zendesk refused this change (422): it is closed, and nobody can change it any more."
    own = SourceError(ErrorKind.FORBIDDEN, "May not (403).", detail="Forbidden: You do not have access to this page.")
    assert error_said(own) == "May not (403). In its own words: “Forbidden: You do not have access to this page.”"
    assert error_said(SourceError(ErrorKind.TIMEOUT, "No answer.")) == "No answer."
