"""The forms of a screen: letting one in by its code, and its settings.

In:  what was typed. Out: an unsaved `Screen` with the new values, or one sentence beside the field that is wrong.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dashboard.incidents.fields import ZoneField
from dashboard.models import Screen
from dashboard.screens import codes, shows
from dashboard.screens.naming import quoted

LONGEST_NAME = 80
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Unseen by themselves, but Persian words and many emoji are written with them.
_JOINERS = "\u200c\u200d"
GONE = "This board or playlist was deleted meanwhile; choose another one."


class NameField(forms.CharField):
    """A name of at most 80 characters on one line: whatever the language, and markup is just text."""

    def __init__(self, *, what: str, **options: Any) -> None:
        self._what = what
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> str:
        typed = unicodedata.normalize("NFC", str(value or ""))
        # Signs that cannot be seen (line breaks, null, overrides of the direction) would make names that nobody can tell apart.
        name = " ".join("".join(" " if _is_unseen(sign) else sign for sign in typed).split()).strip(f" {_JOINERS}")
        if not name:
            raise ValidationError(f"Give the {self._what} a name.")
        if len(name) > LONGEST_NAME:
            raise ValidationError(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
        return name


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in _JOINERS


class _ShownForm(forms.Form):
    name = NameField(label="Name", what="screen", help_text="Where it hangs, such as Reception.")
    shows = forms.ChoiceField(label="Shows", required=False)

    def __init__(self, *args: Any, screen: Screen, **options: Any) -> None:
        self.screen = screen
        super().__init__(*args, **options)
        self.fields["shows"].choices = shows.choices()  # type: ignore[attr-defined]
        self.fields["shows"].error_messages["invalid_choice"] = GONE
        self.fields["name"].widget.attrs["dir"] = "auto"

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Screen.objects.filter(name__iexact=name, revoked_at=None).exclude(pk=self.screen.pk).exists():
            raise ValidationError(f"There is a screen {quoted(name)} already.")
        self.screen.name = name
        return name

    def clean_shows(self) -> str:
        chosen = str(self.cleaned_data["shows"])
        if not shows.give(self.screen, chosen):
            raise ValidationError(GONE)
        return chosen


class AddForm(_ShownForm):
    """`code` is tidied, and wrong in form only if it can be no code at all."""

    code = forms.CharField(
        label="Code",
        required=False,
        help_text="The six signs on the TV. Spaces and small letters do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input", "maxlength": "20"}
        ),
    )
    field_order = ("code", "name", "shows")

    def clean_code(self) -> str:
        try:
            return codes.tidy(str(self.cleaned_data["code"]))
        except codes.CodeError as error:
            raise ValidationError(str(error)) from error


class SettingsForm(_ShownForm):
    """Hours empty: always. They matter only for a screen that is watched."""

    is_watched = forms.BooleanField(label="Tell people when it has shown nothing for two minutes", required=False)
    hours_from = forms.TimeField(label="On from", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hours_to = forms.TimeField(label="until", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hours_days = forms.MultipleChoiceField(
        label="On these days", required=False, choices=list(enumerate(DAYS)), widget=forms.CheckboxSelectMultiple
    )
    time_zone = ZoneField(label="Time zone", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("hours_from", "hours_to"):
            self.fields[name].error_messages["invalid"] = "Write a time of day such as 08:00."

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins, ends = found.get("hours_from"), found.get("hours_to")
        if "hours_from" in found and "hours_to" in found and (begins is None) != (ends is None):
            self.add_error("hours_to" if ends is None else "hours_from", "Write both times, or neither for the whole day.")
        if begins is not None and begins == ends:
            self.add_error("hours_to", "From and until are the same time. Leave both empty for the whole day.")
        if self.errors:
            return found
        days = sorted(int(day) for day in found["hours_days"])
        screen = self.screen
        screen.is_watched = found["is_watched"]
        screen.hours_from, screen.hours_to = begins, ends
        screen.hours_days = [] if len(days) == len(DAYS) else days
        screen.time_zone = found["time_zone"] or ""
        return found


def initial_of(screen: Screen, account_zone: str) -> dict[str, Any]:
    """What a screen's settings are now."""
    return {
        "name": screen.name,
        "shows": shows.value_of(screen),
        "is_watched": screen.is_watched,
        "hours_from": screen.hours_from,
        "hours_to": screen.hours_to,
        "hours_days": [str(day) for day in screen.hours_days or range(len(DAYS))],
        "time_zone": screen.time_zone or account_zone,
    }
