"""Static files with their hash in the name, compressed, the imports between ES modules included."""

from __future__ import annotations

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library ships no types
    """`support_js_module_import_aggregation`: without it Django leaves `import "./x.js"` unhashed, and a TV keeps an old module."""

    support_js_module_import_aggregation = True
