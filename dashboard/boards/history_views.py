"""/history/: history to take away, for people who would rather choose than write an address.

In:  a form with times of the account's zone. Out: the form with a sentence about what is wrong, or a way to the API that sends the file.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from dashboard.accounts.gate import people
from dashboard.api.answers import ApiError
from dashboard.api.export import parsed
from dashboard.domain.catalogue import CATALOGUE
from dashboard.incidents.page import account_zone, page
from dashboard.incidents.rules_choices import metric_choices
from dashboard.models import Board, User

STEPS = (("60", "each minute"), ("300", "each 5 minutes"), ("900", "each quarter of an hour"), ("3600", "each hour"), ("86400", "each day"))
FORMS = (("csv", "CSV, for a spreadsheet"), ("parquet", "Parquet, for programs"))
LOCAL = "%Y-%m-%dT%H:%M"
FIRST_METRICS = ("longest_wait_time", "calls_waiting", "total_inbound_calls", "total_calls_abandoned_in_queue")


class ExportForm(forms.Form):
    """Times are of the account's zone; one that a change of summer time skips or repeats is the earlier one there is."""

    board = forms.ModelChoiceField(Board.objects.order_by("title"), to_field_name="slug", label="Board", empty_label=None)
    metrics = forms.MultipleChoiceField(label="Numbers", choices=metric_choices, widget=forms.SelectMultiple(attrs={"size": "14"}))
    start = forms.DateTimeField(label="From", input_formats=[LOCAL], widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    end = forms.DateTimeField(label="To", input_formats=[LOCAL], widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    step = forms.ChoiceField(label="One row", choices=STEPS, initial="900")
    format = forms.ChoiceField(label="As", choices=FORMS, initial="csv")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("Any", self.fields["board"]).label_from_instance = _name

    def query(self) -> dict[str, str]:
        """What the API is asked."""
        found = self.cleaned_data
        return {
            "metrics": ",".join(name for name in CATALOGUE if name in found["metrics"]),
            "from": self._moment("start"),
            "to": self._moment("end"),
            "step": found["step"],
            "format": found["format"],
        }

    def _moment(self, name: str) -> str:
        naive: datetime = self.cleaned_data[name].replace(tzinfo=None)
        return naive.replace(tzinfo=account_zone()).isoformat()


def _name(board: Board) -> str:
    """As people know the board, with its address, which parts two of one name."""
    return f"{board.title} (/{board.slug}/)"


@people
def export_page(request: HttpRequest, user: User) -> HttpResponse:
    """The form; with something chosen, the way to the file."""
    if "board" not in request.GET:
        return _shown(request, user, ExportForm(initial=_initial()))
    form = ExportForm(request.GET)
    if not form.is_valid():
        return _shown(request, user, form, status=422)
    board: Board = form.cleaned_data["board"]
    query = form.query()
    try:
        parsed(query, board, timezone.now())
    except ApiError as error:
        form.add_error(None, str(error))
        return _shown(request, user, form, status=422)
    return HttpResponseRedirect(f"{reverse('api-export')}?{urlencode({'board': board.slug, **query})}")


def _initial() -> dict[str, Any]:
    now = timezone.localtime(timezone=account_zone()).replace(second=0, microsecond=0, tzinfo=None)
    first = Board.objects.order_by("pk").first()
    return {
        "board": first.slug if first else None,
        "metrics": list(FIRST_METRICS),
        "start": now.replace(hour=0, minute=0) - timedelta(days=6),
        "end": now,
    }


def _shown(request: HttpRequest, user: User, form: ExportForm, *, status: int = 200) -> HttpResponse:
    return page(request, user, "boards/export.html", {"form": form, "here": "history"}, status=status)
