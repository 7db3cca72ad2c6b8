"""Form fields for what rules are made of: amounts in a metric's unit, durations, ids, moments in the account's time zone.

In:  what somebody typed. Out: numbers and times, or one sentence beside the field that names what is wrong.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from dashboard.domain.amounts import HINTS, AmountError, clock, duration_s, parse, say
from dashboard.domain.catalogue import Unit

LONGEST_TEXT = 80
LONGEST_DURATION_S = 86_400
LARGEST_ID = 2**53
MOST_IDS = 50


class AmountField(forms.CharField):
    """A number in `unit`, which the form sets once it knows the metric. Empty: None."""

    def __init__(self, **options: Any) -> None:
        self.unit = Unit.COUNT
        super().__init__(
            required=False, max_length=LONGEST_TEXT, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "amount"}), **options
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return parse(text, self.unit)
        except AmountError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return say(value, self.unit) if isinstance(value, int | float) else value

    @property
    def hint(self) -> str:
        """What may be typed here."""
        return HINTS[self.unit]


class DurationField(forms.CharField):
    """Whole seconds up to a day, typed as 3:00, 90 or 5 min. Empty: `empty_s`."""

    def __init__(self, *, empty_s: int = 0, **options: Any) -> None:
        self.empty_s = empty_s
        super().__init__(
            required=False, max_length=LONGEST_TEXT, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "amount"}), **options
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return self.empty_s
        try:
            found = duration_s(text)
        except AmountError as error:
            raise ValidationError(str(error)) from error
        if found > LONGEST_DURATION_S:
            raise ValidationError("This may be a day at most.")
        return round(found)

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int | float) else value


class MomentField(forms.CharField):
    """A day and a time of day in `zone`, as browsers send them (2026-11-22T14:30). Out: aware UTC. Empty: None."""

    def __init__(self, **options: Any) -> None:
        self.zone = zoneinfo.ZoneInfo("UTC")
        required = options.pop("required", False)
        super().__init__(required=required, max_length=LONGEST_TEXT, widget=forms.TextInput(attrs={"type": "datetime-local"}), **options)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        return moment(text, self.zone) if text else None

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


def moment(text: str, zone: zoneinfo.ZoneInfo) -> datetime:
    """The aware UTC time of a local one; of a time that comes twice (the clock is put back) the first. ValidationError.

    A time that the clock skips does not exist: saying so is better than quietly meaning an hour later.
    """
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError("This is not a day and a time such as 2026-11-22 14:30.") from error
    if local.tzinfo is not None or not 2000 <= local.year < 3000:
        raise ValidationError("This is not a day and a time such as 2026-11-22 14:30.")
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local:
        raise ValidationError(
            f"In {zone.key} the clock skips {local:%H:%M} on that day (summer time begins); choose a time before or after."
        )
    return found


class ZoneField(forms.CharField):
    """The name of a time zone, such as Europe/Berlin."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=60, widget=widget, error_messages={"required": "Write a time zone such as Europe/Berlin."}, **options)

    def clean(self, value: Any) -> Any:
        name = str(super().clean(value) or "").strip()
        if name not in zoneinfo.available_timezones():
            raise ValidationError(f"“{name[:40]}” is not a time zone; write one such as Europe/Berlin or America/New_York.")
        return name


class AddressField(forms.CharField):
    """An e-mail address; one sentence for whatever is wrong with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}), **options)

    def clean(self, value: Any) -> Any:
        address = str(super().clean(value) or "").strip()
        if not address:
            return ""
        EmailValidator(f"“{address[:60]}” is not an e-mail address; write one such as dana@example.com.")(address)
        return address
