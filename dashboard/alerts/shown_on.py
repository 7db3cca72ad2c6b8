"""Which board shows what an incident is about: where its "See it as it was" leads.

In:  an incident, the boards. Out: one board, and whether the rule's metric is on it. Reads the database alone.
"""

from __future__ import annotations

from dashboard.alerts.then import concerns
from dashboard.models import Board, Incident
from dashboard.polling.feeds import board_feeds
from dashboard.widgets import defaults, layout
from dashboard.widgets.registry import KINDS


def shows(board: Board, metric: str) -> bool:
    """Whether a tile of the board shows the metric, as a number or over time."""
    widgets, _ = layout.usable(defaults.standard() if board.widgets is None else board.widgets)
    return any(
        metric in KINDS[each.kind].metrics(each.options) or any(wish.metric == metric for wish in KINDS[each.kind].wishes(each.options))
        for each in widgets
    )


def board_of(incident: Incident) -> tuple[Board | None, bool]:
    """The board to look at, and whether it shows the incident's metric; None: there is no board.

    First a board of the rule's own lines and groups that shows the metric, then one that shows it and is touched by them; else the first
    that is touched, else the first. An incident about the data itself is on every board of its account.
    """
    boards = list(Board.objects.order_by("pk"))
    of_account = [each for each in boards if each.account == incident.account]
    touched = [each for each in of_account if concerns(incident, each)]
    if not incident.metric:
        return next(iter(touched or of_account or boards), None), True
    asked = [each for each in boards if incident.scope in {feed.id for feed in board_feeds(each).values()}]
    for each in (*asked, *touched):
        if shows(each, incident.metric):
            return each, True
    return next(iter(touched or of_account or boards), None), False
