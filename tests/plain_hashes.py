"""The production storage of static files without its compression, which takes seconds and changes no name."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from config.static import HashedStaticFiles


class PlainHashes(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = HashedStaticFiles.support_js_module_import_aggregation
