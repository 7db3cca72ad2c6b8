"""The secret key that an installation makes for itself, when SECRET_KEY does not give one.

In:  DATA_DIR. Out: the key, kept in a file of its owner's, so that sessions outlive a restart. EnvError when it cannot be kept.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config.env_error import EnvError


def kept_secret_key(data_dir: Path) -> str:
    """A key made at the first start and kept, readable by its owner alone, so that sessions outlive a restart.

    An empty file (the disk was full when it was made) is replaced: nothing was ever signed with it.
    """
    path = data_dir / "secret_key"
    try:
        # Passwords' hashes and the picture of a floor lie in there: nobody else on the machine needs to see into it.
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if key := path.read_text(encoding="ascii").strip():
                return key
            path.unlink()
        except FileNotFoundError:
            pass
        return _new_secret_key(path)
    except UnicodeDecodeError:
        raise EnvError(f"DATA_DIR: {path} is damaged; remove it to have a new key made (everybody then logs in again).") from None
    except OSError as error:
        raise EnvError(f"DATA_DIR: {data_dir} cannot be written ({error.strerror}).") from error


def _new_secret_key(path: Path) -> str:
    """Written whole beside its place first: of two that start at once, neither may read half a key or keep one of its own."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        path.hardlink_to(part)
    except FileExistsError:  # another was first
        pass
    except OSError:
        part.replace(path)  # a file system without hard links
    finally:
        part.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()
