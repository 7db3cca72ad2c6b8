"""The addresses of screens, playlists and pairing."""

from __future__ import annotations

from django.urls import URLPattern, path

from dashboard.screens import add_views, fleet_views, pair_views, playlist_views, screen_views

urlpatterns: list[URLPattern] = [
    path("pair/", pair_views.pair, name="pair"),
    path("pair/state/", pair_views.ask, name="pair-state"),
    path("screen/", screen_views.screen, name="screen"),
    path("screens/", fleet_views.screens, name="screens"),
    path("screens/add/", add_views.add, name="screen-add"),
    path("screens/<int:pk>/", fleet_views.settings, name="screen-settings"),
    path("screens/<int:pk>/flash/", fleet_views.flash, name="screen-flash"),
    path("screens/<int:pk>/reload/", fleet_views.reload, name="screen-reload"),
    path("screens/<int:pk>/remove/", fleet_views.remove, name="screen-remove"),
    path("playlists/", playlist_views.playlists, name="playlists"),
    path("playlists/new/", playlist_views.new, name="playlist-new"),
    path("playlists/<int:pk>/", playlist_views.edit, name="playlist"),
    path("playlists/<int:pk>/delete/", playlist_views.delete, name="playlist-delete"),
]
