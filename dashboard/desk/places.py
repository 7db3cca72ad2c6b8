"""Where a form about tickets stands, and where it leads: its page, the address that it is sent to, the page that asks.

In:  the tickets' numbers. Out: addresses of the desk, and the answer that leads there after a post. Reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from dashboard.desk.narrowing import wanted
from dashboard.desk.wishes import OF_TRASH, What

# The parameter of a page that shows a form which was refused (drafts.py).
DRAFT = "draft"


class SeeOther(HttpResponseRedirect):
    """After a post: look there, by a GET, so that neither "Back" nor "Reload" sends a form again."""

    status_code: ClassVar[int] = 303  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Place:
    """The forms of one ticket's page, or, with `ticket_id` None, of the page of chosen ones."""

    ticket_id: int | None = None

    @property
    def sent_to(self) -> str:
        return reverse("desk-bulk") if self.ticket_id is None else reverse("desk-ticket-act", args=[self.ticket_id])

    def page(self, ids: Iterable[int] = ()) -> str:
        """The page with the forms; `ids`: the chosen ones."""
        if self.ticket_id is not None:
            return reverse("desk-ticket", args=[self.ticket_id])
        return f"{reverse('desk-bulk')}?{urlencode({'id': list(ids)}, doseq=True)}"

    def asked(self, token: str) -> str:
        """The page that asks about what was kept under this token."""
        if self.ticket_id is None:
            return reverse("desk-bulk-asked", args=[token])
        return reverse("desk-ticket-asked", args=[self.ticket_id, token])

    def back(self, what: What) -> str:
        """Where somebody looks who leaves the question alone."""
        if what in OF_TRASH:
            return reverse("desk-trash")
        return reverse("desk") if self.ticket_id is None else self.page()


def list_as_left(request: HttpRequest) -> str:
    """The list of tickets, narrowed and turned as it was when this request left it; else the whole list."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or came.path != reverse("desk"):
        return reverse("desk")
    what, _ = wanted(QueryDict(came.query))
    parts = [each for each in (what.query, f"page={what.page}" if what.page > 1 else "") if each]
    return f"{reverse('desk')}?{'&'.join(parts)}" if parts else reverse("desk")


def with_draft(address: str, token: str) -> str:
    """The page with the form that was refused."""
    return f"{address}{'&' if '?' in address else '?'}{DRAFT}={token}"
