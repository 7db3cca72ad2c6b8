"""The addresses of people."""

from __future__ import annotations

from django.urls import path

from dashboard.accounts.views import Login, Logout, Password

urlpatterns = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("password/", Password.as_view(), name="password"),
]
