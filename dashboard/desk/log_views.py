"""What was done to tickets, by whom or by which rule, and what came of it: a page and a file; and the switch that lets anything be done.

In:  requests: the log is for supervisors and administrators, the switch for administrators. Out: pages, CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.accounts.gate import administrators, supervisors
from dashboard.accounts.switch import NotAllowedError, decision
from dashboard.desk import act_words
from dashboard.desk.audit import switched
from dashboard.desk.by_rules import Line
from dashboard.desk.log_lines import RULES, log_of
from dashboard.desk.narrowing import vendor_id
from dashboard.desk.people import known_names
from dashboard.desk.places import SeeOther
from dashboard.desk.refusals import SWITCH, Refusal, refusal_of, refused, send_back
from dashboard.incidents.page import page, said
from dashboard.models import DeskAct, User

PAGE_SIZE = 50
MOST_LINES = 20_000
COLUMNS = ("at", "by", "what", "tickets", "change", "before", "state", "error", "failed", "ended_at")
# A text that a spreadsheet would take for a formula: what people write comes from outside (CWE-1236).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@require_safe
@supervisors
def log(request: HttpRequest, user: User) -> HttpResponse:
    """Newest first; `?person=` (an address, or "rules") and `?ticket=` narrow it, `?page=` turns it."""
    person, ticket, problem = _wanted(request)
    whole: Any = log_of(person, ticket)  # slices and a count are all that a paginator asks of it
    pages: Paginator[DeskAct | Line] = Paginator(whole, PAGE_SIZE)
    turn = pages.get_page(request.GET.get("page"))
    names = known_names()
    context = {
        "here": "desk",
        "rows": [act_words.told(each, names) if isinstance(each, DeskAct) else each for each in turn],
        "turn": turn,
        "person": person,
        "ticket": ticket,
        "problem": problem,
        "rules": RULES,
        "people": DeskAct.objects.order_by("by").values_list("by", flat=True).distinct()[:200],
        "query": urlencode({name: value for name, value in (("person", person), ("ticket", ticket)) if value}),
    }
    context["who"] = context.pop("person")
    return page(request, user, "desk/log.html", context)


@require_safe
@supervisors
def log_csv(request: HttpRequest, user: User) -> HttpResponse:
    """What the pages would show, the newest 20,000 of it, as a file; times in UTC."""
    person, ticket, _ = _wanted(request)
    found = log_of(person, ticket).newest(MOST_LINES)
    headers = {"Content-Disposition": 'attachment; filename="queuelight-desk-log.csv"', "Cache-Control": "no-store"}
    return HttpResponse(b"".join(_csv(found)), content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def switch(request: HttpRequest, user: User) -> HttpResponse:
    """The question whether anything may be changed at the vendor; POST `on` 1 or 0 answers it."""
    if request.method != "POST":
        return _decided(request, user, refusal_of(request, user))
    wish = request.POST.get("on", "")
    try:
        if wish not in ("0", "1"):
            return _not_decided(request, user, "Say on or off.", 422)
        switched(wish == "1", user, timezone.now())
    except NotAllowedError as error:
        return _not_decided(request, user, str(error), 409)
    messages.success(request, "Changes at Zendesk are on." if wish == "1" else "Changes at Zendesk are off: Queuelight only reads.")
    return SeeOther(reverse("desk-switch"))


def _not_decided(request: HttpRequest, user: User, why: str, status: int) -> HttpResponse:
    refusal = refused(request, SWITCH, why, status)
    return send_back(user, reverse("desk-switch"), refusal, lambda found: _decided(request, user, found))


def _decided(request: HttpRequest, user: User, refusal: Refusal | None) -> HttpResponse:
    last = decision()
    context = {
        "here": "desk",
        "is_on": last is not None and last.is_on,
        "by": last.changed_by if last is not None else "",
        "when": said(last.changed_at) if last is not None else "",
        "refused": refusal,
    }
    return page(request, user, "desk/switch.html", context, status=200 if refusal is None else refusal.status)


def _wanted(request: HttpRequest) -> tuple[str, int | None, str]:
    person = request.GET.get("person", "").strip()[:254]
    text = request.GET.get("ticket", "").strip()
    ticket = vendor_id(text) if text else None
    return person, ticket, "A ticket is a number, such as 1234." if text and ticket is None else ""


def _csv(found: Iterable[DeskAct | Line]) -> Iterator[bytes]:
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write("\ufeff")  # without it, spreadsheets read umlauts wrongly
    writer.writerow(COLUMNS)
    for each in found:
        fields = _of_act(each) if isinstance(each, DeskAct) else _of_rule(each)
        writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in fields])
        yield line.getvalue().encode("utf-8", "surrogatepass")
        line.seek(0)
        line.truncate()
    yield line.getvalue().encode()


def _of_act(act: DeskAct) -> tuple[str, ...]:
    return (
        act_words.iso(act.at),
        act.by,
        act.what,
        " ".join(str(each) for each in act.ticket_ids),
        json.dumps(act.change, ensure_ascii=False, sort_keys=True),
        json.dumps(act.before, ensure_ascii=False, sort_keys=True),
        act.state,
        act.error,
        "; ".join(f"{ticket_id}: {why}" for ticket_id, why in act.failed),
        act_words.iso(act.ended_at),
    )


def _of_rule(line: Line) -> tuple[str, ...]:
    about = {"incident": line.incident_id} | ({"comment": line.about} if line.about else {})
    return (
        act_words.iso(line.at),
        f"rule {line.rule}",
        f"rule_{line.what}",
        "" if line.ticket_id is None else str(line.ticket_id),
        json.dumps(about, ensure_ascii=False, sort_keys=True),
        "{}",
        "done" if line.is_done else "failed",
        line.error,
        "",
        act_words.iso(line.at),
    )
