"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from dashboard.desk import act_views, ask_views, clock_views, list_views, log_views, ticket_views, trash_views

urlpatterns = [
    path("desk/", list_views.desk, name="desk"),
    path("desk/bulk/", act_views.bulk, name="desk-bulk"),
    path("desk/bulk/asked/<slug:token>/", ask_views.asked_of_many, name="desk-bulk-asked"),
    path("desk/problems/", list_views.problems, name="desk-problems"),
    path("desk/trash/", trash_views.trash, name="desk-trash"),
    path("desk/log/", log_views.log, name="desk-log"),
    path("desk/log.csv", log_views.log_csv, name="desk-log-csv"),
    path("desk/switch/", log_views.switch, name="desk-switch"),
    path("desk/acts/<int:pk>/", act_views.act, name="desk-act"),
    path("desk/<int:ticket_id>/", ticket_views.ticket, name="desk-ticket"),
    path("desk/<int:ticket_id>/clocks/", clock_views.clocks, name="desk-clocks"),
    path("desk/<int:ticket_id>/act/", act_views.act_on_one, name="desk-ticket-act"),
    path("desk/<int:ticket_id>/asked/<slug:token>/", ask_views.asked_of_one, name="desk-ticket-asked"),
]
