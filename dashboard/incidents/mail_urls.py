"""The address behind the links in mails."""

from __future__ import annotations

from django.urls import path

from dashboard.incidents import by_mail

urlpatterns = [path("i/<str:token>/", by_mail.by_mail, name="by-mail")]
