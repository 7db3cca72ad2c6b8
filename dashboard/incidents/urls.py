"""The addresses of incidents and of the box of letters."""

from __future__ import annotations

from django.urls import path

from dashboard.incidents import acts, box_views, views

urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/acknowledge/", acts.acknowledge, name="incident-acknowledge"),
    path("incidents/<int:pk>/unacknowledge/", acts.unacknowledge, name="incident-unacknowledge"),
    path("incidents/<int:pk>/snooze/", acts.snooze, name="incident-snooze"),
    path("incidents/<int:pk>/note/", acts.note, name="incident-note"),
    path("mail/", box_views.letters, name="letters"),
    path("mail/latest/", box_views.latest, name="letters-latest"),
    path("mail/<str:name>/", box_views.letter, name="letter"),
    path("mail/<str:name>/html/", box_views.letter_html, name="letter-html"),
]
