"""The pages of who is told: people, channels and groups, each with a button that sends a test.

In:  requests of supervisors and administrators. Out: pages. Channels' addresses and deleting are for administrators alone.
"""

from __future__ import annotations

import logging
import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.accounts.gate import FOR_ADMINISTRATORS, administrators, supervisors
from dashboard.incidents.page import page, said
from dashboard.incidents.recipients_form import DST_NOTE, GroupForm, RecipientForm, change_words, empty, initial_of, quiet_words
from dashboard.incidents.recipients_trial import send_test
from dashboard.models import Recipient, RecipientGroup, Role, User, Via

logger = logging.getLogger(__name__)


@supervisors
def recipients(request: HttpRequest, user: User) -> HttpResponse:
    """Everybody who can be told, with their quiet hours and the last failure, and the groups."""
    people = list(Recipient.objects.prefetch_related("groups").order_by("via", "name"))
    rows = [
        {
            "recipient": person,
            "quiet": quiet_words(person),
            "is_channel": person.via == Via.CHANNEL,
            "left": said(person.left_at),
            "failed": said(person.last_error_at),
            "sent": said(person.last_sent_at),
        }
        for person in people
    ]
    groups = RecipientGroup.objects.prefetch_related("members").order_by("name")
    return page(request, user, "rules/recipients.html", {"here": "recipients", "rows": rows, "groups": groups})


@supervisors
def new(request: HttpRequest, user: User) -> HttpResponse:
    """A new person, or with `?via=channel` a new channel."""
    via = Via.CHANNEL if request.GET.get("via") == Via.CHANNEL else Via.EMAIL
    _may_change(user, via)
    recipient = empty(via, settings.ACCOUNT_TIME_ZONE)
    if request.method == "POST":
        return _save(request, user, RecipientForm(request.POST, recipient=recipient))
    return _page(request, user, RecipientForm(recipient=recipient, initial=initial_of(recipient)))


@supervisors
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A recipient as it is, and its changes."""
    recipient = _recipient(pk)
    if request.method == "POST":
        _may_change(user, recipient.via)
        return _save(request, user, RecipientForm(request.POST, recipient=recipient))
    return _page(request, user, RecipientForm(recipient=recipient, initial=initial_of(recipient)))


@require_POST
@supervisors
def test(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Sends a test, and says in one sentence what became of it."""
    recipient = _recipient(pk)
    wrong = send_test(recipient, by=user.email, now=timezone.now())
    if wrong is None:
        messages.success(request, f"A test for “{recipient.name}” has been handed over.")
    else:
        messages.error(request, f"The test for “{recipient.name}” failed: {wrong}")
    return HttpResponseRedirect(reverse("recipients"))


@require_POST
@supervisors
def back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Somebody who had left wants to be told again."""
    recipient = _recipient(pk)
    Recipient.objects.filter(pk=pk).update(left_at=None)
    logger.info("Recipient %d was taken back by %s.", pk, user.email)
    messages.success(request, f"“{recipient.name}” is told again.")
    return HttpResponseRedirect(reverse("recipients"))


@administrators
def delete(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """GET asks, POST deletes."""
    return _delete(
        request,
        user,
        _recipient(pk),
        what=("", "this recipient"),
        text="Rules that tell only this recipient will tell the administrator instead. What was sent to it vanishes from past "
        "incidents too; to keep that, switch it off.",
        back_to=reverse("recipient", args=[pk]),
    )


@supervisors
def group(request: HttpRequest, user: User, pk: int | None = None) -> HttpResponse:
    """A group as it is, and its changes; without `pk` a new one."""
    found = _group(pk) if pk is not None else RecipientGroup()
    members = found.members.all() if found.pk else []
    if request.method != "POST":
        return page(
            request,
            user,
            "rules/group.html",
            {"here": "recipients", "form": GroupForm(group=found, initial={"name": found.name, "members": members}), "group": found},
        )
    form = GroupForm(request.POST, group=found)
    if not form.is_valid():
        return page(request, user, "rules/group.html", {"here": "recipients", "form": form, "group": found}, status=422)
    found.name = form.cleaned_data["name"]
    try:
        with transaction.atomic():
            found.save()
            found.members.set(form.cleaned_data["members"])
    except IntegrityError:  # somebody else made a group of this name in the same moment
        form.add_error("name", f"There is a group “{found.name}” already.")
        return page(request, user, "rules/group.html", {"here": "recipients", "form": form, "group": found}, status=409)
    logger.info("Recipient group %d was changed by %s.", found.pk, user.email)
    messages.success(request, f"The group “{found.name}” is saved.")
    return HttpResponseRedirect(reverse("recipients"))


@administrators
def delete_group(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """GET asks, POST deletes."""
    return _delete(
        request,
        user,
        _group(pk),
        what=("the group ", "this group"),
        text="Its members stay. Rules that tell only this group will tell the administrator instead.",
        back_to=reverse("recipient-group", args=[pk]),
    )


def _delete(
    request: HttpRequest, user: User, found: Recipient | RecipientGroup, *, what: tuple[str, str], text: str, back_to: str
) -> HttpResponse:
    """`what`: as it stands before its name, and on the button."""
    before, named = what
    if request.method != "POST":
        heading, button = f"Delete {before}“{found.name}”?", f"Delete {named}"
        return _ask(request, user, heading=heading, text=text, button=button, back_to=back_to)
    kind, pk = type(found).__name__, found.pk
    found.delete()
    logger.info("%s %d was deleted by %s.", kind, pk, user.email)
    said_of = f"{before}“{found.name}” is deleted."
    messages.success(request, said_of[:1].upper() + said_of[1:])
    return HttpResponseRedirect(reverse("recipients"))


def _recipient(pk: int) -> Recipient:
    found = Recipient.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such recipient (any more).")
    return found


def _group(pk: int) -> RecipientGroup:
    found = RecipientGroup.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such group (any more).")
    return found


def _may_change(user: User, via: str) -> None:
    """A channel's address often holds a key: administrators alone may set one."""
    if via == Via.CHANNEL and user.role != Role.ADMINISTRATOR:
        raise PermissionDenied(FOR_ADMINISTRATORS)


def _save(request: HttpRequest, user: User, form: RecipientForm) -> HttpResponse:
    recipient = form.recipient
    if not form.is_valid():
        return _page(request, user, form, status=422)
    try:
        with transaction.atomic():
            recipient.save()
    except IntegrityError:  # the same address was saved in the same moment
        form.add_error("email", "This address is told already.")
        return _page(request, user, form, status=409)
    logger.info("Recipient %d was changed by %s.", recipient.pk, user.email)
    quiet = quiet_words(recipient)
    messages.success(
        request, f"“{recipient.name}” is saved." + (f" Quiet from {quiet}. {change_words(recipient, timezone.now())}" if quiet else "")
    )
    return HttpResponseRedirect(reverse("recipients"))


def _page(request: HttpRequest, user: User, form: RecipientForm, *, status: int = 200) -> HttpResponse:
    recipient = form.recipient
    context: dict[str, Any] = {
        "here": "recipients",
        "form": form,
        "recipient": recipient,
        "is_channel": recipient.via == Via.CHANNEL,
        "quiet": quiet_words(recipient) if recipient.pk else "",
        "dst_note": DST_NOTE,
        "zones": sorted(zoneinfo.available_timezones()),
        "change": change_words(recipient, timezone.now()) if recipient.pk else "",
    }
    return page(request, user, "rules/recipient.html", context, status=status)


def _ask(request: HttpRequest, user: User, *, heading: str, text: str, button: str, back_to: str) -> HttpResponse:
    context = {"here": "recipients", "heading": heading, "text": text, "button": button, "back": back_to}
    return page(request, user, "rules/ask.html", context)
