"""The forms of who is told: a person, a channel, a group.

In:  what was typed. Out: an unsaved `Recipient` or a group's values, or one sentence beside the field that is wrong.
A channel's address is asked for and never shown again; an empty one keeps the address there is.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from dashboard.alerts import channels
from dashboard.domain.quiet_hours import QuietHours, moment
from dashboard.incidents.fields import AddressField, ZoneField
from dashboard.models import Recipient, RecipientGroup, Via
from dashboard.words.tables import BASE, LANGUAGES

LOOK_AHEAD_DAYS = 366
DST_NOTE = (
    "On the nights when the clocks change, it stays one quiet time: an hour longer in autumn, an hour shorter in spring. "
    "A time that the clock skips means the moment of the change."
)


class RecipientForm(forms.Form):
    """One form for both kinds; `recipient.via` says which, and drops the other's fields."""

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Write a name."})
    email = AddressField(label="E-mail address")
    url = forms.CharField(
        label="Address (URL)",
        required=False,
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Such as slack://… or msteams://…, as the Apprise library writes them. It is kept encrypted and never shown again.",
    )
    language = forms.ChoiceField(
        label="Language of the mails",
        choices=list(LANGUAGES.items()),
        initial=BASE,
        required=False,
        error_messages={"invalid_choice": "Queuelight does not speak that language."},
    )
    time_zone = ZoneField(label="Time zone")
    quiet_from = forms.TimeField(label="Quiet from", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_to = forms.TimeField(label="until", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    critical_breaks_quiet = forms.BooleanField(label="Critical incidents may break through", required=False)
    is_active = forms.BooleanField(label="On", required=False)

    def __init__(self, *args: Any, recipient: Recipient, **options: Any) -> None:
        self.recipient = recipient
        super().__init__(*args, **options)
        del self.fields["url" if recipient.via == Via.EMAIL else "email"]
        for name in ("quiet_from", "quiet_to"):
            self.fields[name].error_messages["invalid"] = "Write a time of day such as 22:00."

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"])
        if not address:
            raise ValidationError("Write the e-mail address.")
        other = Recipient.objects.filter(via=Via.EMAIL, email__iexact=address).exclude(pk=self.recipient.pk).first()
        if other is not None:
            raise ValidationError(f"{address} is told already, as “{other.name}”.")
        return address

    def clean_url(self) -> str:
        text = str(self.cleaned_data["url"]).strip()
        if not text and not self.recipient.url_encrypted:
            raise ValidationError("Write the channel's address.")
        if text and (wrong := channels.problem(text)) is not None:
            raise ValidationError(wrong)
        return text

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"]) or self.recipient.language

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins, ends = found.get("quiet_from"), found.get("quiet_to")
        if not self.has_error("quiet_from") and not self.has_error("quiet_to"):
            if (begins is None) != (ends is None):
                self.add_error("quiet_to" if ends is None else "quiet_from", "Quiet hours need both times, or neither.")
            elif begins is not None and begins == ends:
                self.add_error(
                    "quiet_to", "Both times are the same, which would be never. To tell nobody at any time, switch the recipient off."
                )
        if not self.errors:
            self._fill()
        return found

    def _fill(self) -> None:
        given, recipient = self.cleaned_data, self.recipient
        for name in ("name", "language", "time_zone", "quiet_from", "quiet_to", "critical_breaks_quiet", "is_active"):
            setattr(recipient, name, given[name])
        if recipient.via == Via.EMAIL:
            recipient.email = given["email"]
        elif given["url"]:
            channels.keep(recipient, given["url"])


class GroupForm(forms.Form):
    """A group's name and its members."""

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Write a name."})
    members = forms.ModelMultipleChoiceField(
        label="Members", queryset=Recipient.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, group: RecipientGroup, **options: Any) -> None:
        self.group = group
        super().__init__(*args, **options)
        # A hostile id must give a sentence, not a query error.
        members = cast("forms.ModelMultipleChoiceField[Recipient]", self.fields["members"])
        members.error_messages |= {
            "invalid_choice": "One of these is no recipient (any more).",
            "invalid_pk_value": "One of these is no recipient.",
        }

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if RecipientGroup.objects.filter(name__iexact=name).exclude(pk=self.group.pk).exists():
            raise ValidationError(f"There is a group “{name}” already.")
        return name


def initial_of(recipient: Recipient) -> dict[str, Any]:
    """What the form shows of a recipient as it is."""
    names = ("name", "email", "language", "time_zone", "quiet_from", "quiet_to", "critical_breaks_quiet", "is_active")
    return {name: getattr(recipient, name) for name in names}


def quiet_words(recipient: Recipient) -> str:
    """The quiet hours in words: "22:00 until 07:00 the next day, Europe/Berlin". Empty without any."""
    begins, ends = recipient.quiet_from, recipient.quiet_to
    if begins is None or ends is None:
        return ""
    next_day = " the next day" if ends < begins else ""
    return f"{begins:%H:%M} until {ends:%H:%M}{next_day}, {recipient.time_zone}"


def change_words(recipient: Recipient, now: datetime) -> str:
    """What happens to the quiet hours when the clocks change next, where their beginning or end lies in the hour concerned. Else empty."""
    begins, ends = recipient.quiet_from, recipient.quiet_to
    if begins is None or ends is None:
        return ""
    zone = zoneinfo.ZoneInfo(recipient.time_zone)
    hours = QuietHours(begins, ends, zone)
    today = now.astimezone(zone).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for clock in (hours.begins, hours.ends):
            first, last = (moment(day, clock, zone, last=last) for last in (False, True))
            if first != last:
                return f"On {day:%-d %B %Y} the clock shows {clock:%H:%M} twice: quiet begins at the first and ends at the second."
            if first.astimezone(zone).time().replace(second=0) != clock.replace(second=0):
                change = first.astimezone(zone)
                return f"On {day:%-d %B %Y} the clock skips {clock:%H:%M}: that night it means {change:%H:%M}, when the clocks change."
    return ""


def empty(via: str, time_zone: str) -> Recipient:
    """A recipient that is not saved yet."""
    return Recipient(via=via, time_zone=time_zone, critical_breaks_quiet=True, is_active=True)
