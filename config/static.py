"""Static files with their hash in the name, compressed, the imports between ES modules included; our scripts and styles without comments.

In:  the files of static/. Out: what a browser gets. Must not change what a script does: only comments that stand on lines of their own go,
which is a third of what a TV would otherwise load before its first picture. Files of others (vendor/) stay as they came.
"""

from __future__ import annotations

import re

from django.core.files.base import ContentFile, File
from servestatic.storage import CompressedManifestStaticFilesStorage

_OWN = re.compile(r"(js|css)/.+\.(js|css)")
# A block that begins and ends a line, or a line of its own. Comments behind code stay: a string may look like one.
_COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


def without_comments(text: str) -> str:
    """A script or a style sheet without the comments that stand on lines of their own."""
    return _COMMENTS.sub("", text)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library ships no types
    """`support_js_module_import_aggregation`: without it Django leaves `import "./x.js"` unhashed, and a TV keeps an old module."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: File[bytes]) -> str:
        if _OWN.fullmatch(name.replace("\\", "/")):
            # From its beginning: whoever made the hash of it has read it to its end.
            content = ContentFile(without_comments(b"".join(content.chunks()).decode()).encode())
        return str(super()._save(name, content))
