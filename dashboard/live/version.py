"""Which release a page came from: a page that says another one in its hello is told to load itself anew.

In:  pyproject.toml, the templates and the static files of this checkout. Out: one short word that changes when one of them does.
"""

from __future__ import annotations

import functools
import hashlib

from django.contrib.staticfiles.storage import staticfiles_storage

from config.env import BASE_DIR


@functools.cache
def served_version() -> str:
    """Sixteen hexadecimal digits; the same in every process of one release. Made once: a release does not change while it runs."""
    digest = hashlib.sha256((BASE_DIR / "pyproject.toml").read_bytes())
    for template in sorted((BASE_DIR / "templates").rglob("*")):
        if template.is_file():
            digest.update(template.read_bytes())
    digest.update(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    return digest.hexdigest()[:16]
