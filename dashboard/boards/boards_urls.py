"""The addresses of boards' lists, settings, editor and pictures."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from dashboard.boards import boards_views, editor_views


class Digest:
    """A SHA-256 as hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "digest")

urlpatterns: list[URLPattern] = [
    path("boards/", boards_views.boards, name="boards"),
    path("boards/new/", boards_views.new, name="board-new"),
    path("boards/import/", boards_views.import_file, name="board-import"),
    path("boards/<slug:slug>/", boards_views.settings, name="board"),
    path("boards/<slug:slug>/copy/", boards_views.copy, name="board-copy"),
    path("boards/<slug:slug>/delete/", boards_views.delete, name="board-delete"),
    path("boards/<slug:slug>/export/", boards_views.export, name="board-export"),
    path("boards/<slug:slug>/edit/", editor_views.editor, name="board-edit"),
    path("boards/<slug:slug>/preview/", editor_views.preview, name="board-preview"),
    path("boards/<slug:slug>/draft/", editor_views.draft_frame, name="board-draft"),
    path("boards/<slug:slug>/save/", editor_views.save, name="board-save"),
    path("images/", editor_views.upload, name="images"),
    path("images/<digest:digest>/", editor_views.image, name="image"),
]
