"""The feeds of tickets and of Kayako, for whoever looks after them: how old each is, how far a first reading is, what is wrong;
and their main numbers, of the whole account.

In:  who asks. Out: JSON; the phone's feeds are in each board's frame.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.accounts.access import Viewer
from dashboard.api.answers import answer
from dashboard.api.guard import Allowed, api
from dashboard.live.beside import beside
from dashboard.polling.boards import SHELF
from dashboard.store.connection import client


@api(Allowed.PEOPLE)
def feeds(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`{"at", "feeds": {id: entry}, "metrics": {name: entry}, "thresholds": {name: limits}, "budget": {account: use}}`."""
    redis = client()
    return answer(beside(redis, SHELF.boards(redis), timezone.now()))
