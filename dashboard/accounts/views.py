"""The pages of people: log in, log out, change the password.

In:  requests. Out: pages. Who is known how is `access`' business, the lock after ten failures is django-axes' (settings AXES_*).
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from dashboard.accounts.forms import LoginForm


class Login(auth.LoginView):
    """`?next=` is followed on our own host only (Django's RedirectURLMixin checks it)."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class Logout(auth.LogoutView):
    """POST only, so that no foreign page can log somebody out."""


@method_decorator(never_cache, name="dispatch")
class Password(auth.PasswordChangeView):
    """Changing the password ends all other sessions of this person."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("supervisor")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Your password is changed. You are logged out everywhere else.")
        return super().form_valid(form)
