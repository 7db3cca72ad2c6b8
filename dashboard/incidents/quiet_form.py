"""The forms of quiet times: mute now, or plan a maintenance window.

In:  what was typed, in the account's time zone. Out: an unsaved `Quiet`, or one sentence beside the field that is wrong.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms

from dashboard.incidents.fields import MomentField
from dashboard.models import Quiet, Rule

LONGEST = timedelta(days=31)
WEEK = timedelta(days=7)
FOR_CHOICES = [("1h", "1 hour"), ("4h", "4 hours"), ("1d", "a day"), ("until", "until …")]
FOR = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1)}


class MuteForm(forms.Form):
    """Nobody is told of anything from now on."""

    length = forms.ChoiceField(label="For", choices=FOR_CHOICES, initial="1h")
    until = MomentField(label="Until")
    reason = forms.CharField(label="Why", max_length=200, required=False)

    def __init__(self, *args: Any, zone: zoneinfo.ZoneInfo, now: datetime, **options: Any) -> None:
        self._now, self._zone = now, zone
        super().__init__(*args, **options)
        cast("MomentField", self.fields["until"]).zone = zone

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.errors:
            return found
        ends_at = self._now + FOR[found["length"]] if found["length"] in FOR else found["until"]
        if ends_at is None:
            self.add_error("until", "Write until when.")
        elif not self._now < ends_at <= self._now + LONGEST:
            self.add_error("until", "This must be in the future, within 31 days.")
        else:
            self.quiet = Quiet(starts_at=self._now, ends_at=ends_at, time_zone=self._zone.key, reason=found["reason"].strip())
        return found


class WindowForm(forms.Form):
    """A maintenance window, once or every week."""

    rule = forms.ModelChoiceField(label="What", queryset=Rule.objects.none(), required=False, empty_label="Everything")
    starts = MomentField(label="From", required=True)
    ends = MomentField(label="Until", required=True)
    weekly = forms.BooleanField(label="Every week at this time", required=False)
    reason = forms.CharField(label="Why", max_length=200, required=False, help_text="Such as: telephone system is updated.")

    def __init__(self, *args: Any, zone: zoneinfo.ZoneInfo, now: datetime, **options: Any) -> None:
        self._now, self._zone = now, zone
        super().__init__(*args, **options)
        rules = cast("forms.ModelChoiceField[Rule]", self.fields["rule"])
        rules.queryset = Rule.objects.filter(deleted_at=None).order_by("name")
        rules.error_messages["invalid_choice"] = "There is no such rule (any more)."
        for name in ("starts", "ends"):
            cast("MomentField", self.fields[name]).zone = zone
            self.fields[name].error_messages["required"] = "Write a day and a time."

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.errors:
            return found
        starts_at, ends_at, weekly = found["starts"], found["ends"], found["weekly"]
        if ends_at <= starts_at:
            self.add_error("ends", "It ends before it begins.")
        elif weekly and ends_at - starts_at >= WEEK:
            self.add_error("ends", "A window of every week must be shorter than a week, or it would never end.")
        elif ends_at - starts_at > LONGEST:
            self.add_error("ends", "A window may be 31 days long at most.")
        elif not weekly and ends_at <= self._now:
            self.add_error("ends", "This is over already.")
        else:
            self.quiet = Quiet(
                rule=found["rule"],
                starts_at=starts_at,
                ends_at=ends_at,
                weekly=weekly,
                time_zone=self._zone.key,
                reason=found["reason"].strip(),
            )
        return found
