"""The addresses of the API, version 1."""

from __future__ import annotations

from django.urls import path

from dashboard.api.agents import agents
from dashboard.api.compared import comparison
from dashboard.api.export import export
from dashboard.api.feeds import feeds
from dashboard.api.frame import frame
from dashboard.api.history import history
from dashboard.api.incidents import incident, incidents
from dashboard.api.openapi import openapi
from dashboard.api.past import past, past_marks

urlpatterns = [
    path("boards/<slug:slug>/frame", frame, name="api-frame"),
    path("boards/<slug:slug>/compared", comparison, name="api-compared"),
    path("boards/<slug:slug>/past", past, name="api-past"),
    path("boards/<slug:slug>/past/marks", past_marks, name="api-past-marks"),
    path("feeds", feeds, name="api-feeds"),
    path("agents", agents, name="api-agents"),
    path("metrics/<str:name>/history", history, name="api-history"),
    path("history/export", export, name="api-export"),
    path("incidents", incidents, name="api-incidents"),
    path("incidents/<int:incident_id>", incident, name="api-incident"),
    path("openapi.json", openapi, name="api-openapi"),
]
