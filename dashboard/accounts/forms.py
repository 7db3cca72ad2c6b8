"""The forms of people: log in, change a password."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm

LONGEST_PASSWORD = 1000  # hashing a megabyte would be work for nothing


class LoginForm(AuthenticationForm):
    """E-mail address and password. One sentence for every failure: it does not tell whether the address is known."""

    error_messages = {  # noqa: RUF012 (Django's own shape)
        "invalid_login": "This e-mail address and password do not fit together. Both must be exact, the password's capitals too.",
        "inactive": "This e-mail address and password do not fit together. Both must be exact, the password's capitals too.",
    }
    username = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_username(self) -> str:
        """Lower case, as addresses are kept: else each spelling of one address would have its own ten tries."""
        return str(self.cleaned_data["username"]).strip().lower()
