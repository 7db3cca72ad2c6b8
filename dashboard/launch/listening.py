"""The web server's own listening socket.

In:  HOST and PORT. Out: a bound socket whose accepted connections have a small send buffer.
The kernel would buffer up to 4 MB for a viewer that stopped reading; with 64 KiB the hub learns of it early and keeps only the newest.
"""

from __future__ import annotations

import errno
import os
import socket

from dashboard.launch.errors import LaunchError

SEND_BUFFER_BYTES = 65_536


def bind(host: str, port: int) -> socket.socket:
    """A TCP socket bound to the address, not yet listening; port 0 takes a free one. LaunchError says which variable is wrong."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise LaunchError(f"HOST {host!r} is no address of this machine and no name that leads to one.") from None
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        if family == socket.AF_INET6 and host == "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(address)
    except OSError as error:
        sock.close()
        raise LaunchError(_why(error, host, port)) from error
    sock.set_inheritable(False)
    return sock


def check_free(host: str, port: int) -> int:
    """The port that can be used: the given one, or a free one for 0. LaunchError when another program has it."""
    sock = bind(host, port)
    with sock:
        try:
            sock.listen(1)  # two sockets may bind with SO_REUSEADDR; only one may listen
        except OSError as error:
            raise LaunchError(_why(error, host, port)) from error
        taken: int = sock.getsockname()[1]
        return taken


def shown_host(host: str) -> str:
    """The host as it stands in a URL that this machine's browser can open."""
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT {port} on {host} is in use by another program; stop that, or set PORT to another number."
    if error.errno == errno.EACCES:
        return f"PORT {port} may not be opened by this user; set PORT to a number above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST {host!r} is no address of this machine."
    return f"HOST {host!r} and PORT {port} cannot be opened ({os.strerror(error.errno or 0)})."
