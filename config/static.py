"""Static files with their hash in the name, compressed, the imports between ES modules included; our scripts and styles made lean.

In:  the files of static/. Out: what a browser gets. Must not change what a script does: what goes is comments, indentation and empty lines,
more than a third of what a TV would otherwise load before its first picture. Files of others (vendor/) stay as they came.
"""

from __future__ import annotations

import re

from django.core.files.base import ContentFile, File
from servestatic.storage import CompressedManifestStaticFilesStorage

_OWN = re.compile(r"(js|css)/.+\.(js|css)")
# A block that begins and ends a line, or a line of its own.
_COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_BEHIND_CODE = re.compile(r"\s+(?://.*|/\*(?:(?!\*/).)*\*/)$")
_QUOTES = "\"'`"


def lean(text: str) -> str:
    """A script or a style sheet without comments, indentation and empty lines. No text of it may go on from one line to the next: our style
    has no template over several lines (tests/test_static_files.py)."""
    lines = (_without_comment(line).strip() for line in _COMMENTS.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _without_comment(line: str) -> str:
    """Without the comment behind its code, if surely none of that stands in a text: as many quotes before it open as close."""
    for found in re.finditer(r"\s(?=//|/\*)", line):
        code, rest = line[: found.start()], line[found.start() :]
        if _BEHIND_CODE.fullmatch(rest) and all(code.count(quote) % 2 == 0 for quote in _QUOTES):
            return code
    return line


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library ships no types
    """`support_js_module_import_aggregation`: without it Django leaves `import "./x.js"` unhashed, and a TV keeps an old module."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: File[bytes]) -> str:
        if _OWN.fullmatch(name.replace("\\", "/")):
            # From its beginning: whoever made the hash of it has read it to its end.
            content = ContentFile(lean(b"".join(content.chunks()).decode()).encode())
        return str(super()._save(name, content))
