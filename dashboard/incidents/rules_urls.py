"""The addresses of rules, recipients and quiet times."""

from __future__ import annotations

from django.urls import path

from dashboard.incidents import quiet_views, recipients_views, rules_views

urlpatterns = [
    path("rules/", rules_views.rules, name="rules"),
    path("rules/new/", rules_views.new, name="rule-new"),
    path("rules/new/backtest/", rules_views.backtest, name="rule-new-backtest"),
    path("rules/new/suggest/", rules_views.suggestion, name="rule-new-suggest"),
    path("rules/<int:pk>/", rules_views.edit, name="rule"),
    path("rules/<int:pk>/backtest/", rules_views.backtest, name="rule-backtest"),
    path("rules/<int:pk>/suggest/", rules_views.suggestion, name="rule-suggest"),
    path("rules/<int:pk>/mute/", rules_views.mute, name="rule-mute"),
    path("rules/<int:pk>/delete/", rules_views.delete, name="rule-delete"),
    path("recipients/", recipients_views.recipients, name="recipients"),
    path("recipients/new/", recipients_views.new, name="recipient-new"),
    path("recipients/<int:pk>/", recipients_views.edit, name="recipient"),
    path("recipients/<int:pk>/test/", recipients_views.test, name="recipient-test"),
    path("recipients/<int:pk>/back/", recipients_views.back, name="recipient-back"),
    path("recipients/<int:pk>/delete/", recipients_views.delete, name="recipient-delete"),
    path("recipients/groups/new/", recipients_views.group, name="recipient-group-new"),
    path("recipients/groups/<int:pk>/", recipients_views.group, name="recipient-group"),
    path("recipients/groups/<int:pk>/delete/", recipients_views.delete_group, name="recipient-group-delete"),
    path("quiet/", quiet_views.quiet, name="quiet"),
    path("quiet/<int:pk>/end/", quiet_views.end, name="quiet-end"),
]
