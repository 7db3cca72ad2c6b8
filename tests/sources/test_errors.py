from __future__ import annotations

import inspect
import socket
import ssl
from datetime import UTC, datetime

import httpcore
import httpx
import pytest

from dashboard.sources.errors import ErrorKind, SourceError, from_httpx, from_status, http_date
from dashboard.sources.transport import _TO_HTTPX

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def exceptions_of(module: object) -> list[type[Exception]]:
    return sorted(
        {found for _, found in inspect.getmembers(module, inspect.isclass) if issubclass(found, Exception)},
        key=lambda found: found.__name__,
    )


def made(kind: type[Exception]) -> Exception:
    """An instance, whatever its constructor wants."""
    wants = {
        "message": "the message",
        "request": httpx.Request("GET", "https://x.example/?ids=1"),
        "response": httpx.Response(500, request=httpx.Request("GET", "https://x.example")),
    }
    parameters = inspect.signature(kind).parameters.values()
    given = {one.name: wants[one.name] for one in parameters if one.default is one.empty and one.name in wants}
    return kind(**given)


@pytest.mark.parametrize("kind", exceptions_of(httpx))
def test_from_httpx_with_any_exception_of_httpx_maps_it_to_one_sentence(kind: type[Exception]) -> None:
    error = from_httpx(made(kind))
    assert isinstance(error, SourceError)
    assert error.message.endswith(".")
    assert "x.example" not in error.message
    assert error.retry_after_s is None


def test_from_httpx_with_another_exception_refuses() -> None:
    with pytest.raises(TypeError):
        from_httpx(ValueError("not ours"))


@pytest.mark.parametrize("kind", exceptions_of(httpcore))
def test_transport_with_any_exception_of_httpcore_turns_it_into_httpx(kind: type[Exception]) -> None:
    meant = next(to for known, to in _TO_HTTPX if issubclass(kind, known))
    if kind is not httpcore.ConnectionNotAvailable:  # httpcore keeps that one to itself
        assert meant.__name__ == kind.__name__


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (ssl.SSLCertVerificationError("certificate verify failed"), ErrorKind.TLS),
        (ssl.SSLError("wrong version number"), ErrorKind.TLS),
        (socket.gaierror(-2, "Name or service not known"), ErrorKind.NETWORK),
        (ConnectionRefusedError(), ErrorKind.NETWORK),
        (OSError(101, "Network is unreachable"), ErrorKind.NETWORK),
    ],
)
def test_from_httpx_with_a_cause_beneath_names_it(cause: Exception, kind: ErrorKind) -> None:
    error = httpx.ConnectError("")
    error.__cause__ = httpcore.ConnectError()
    error.__cause__.__context__ = cause
    assert from_httpx(error).kind is kind


def test_from_status_with_any_status_but_200_is_an_error() -> None:
    for status in range(100, 1000):
        error = from_status(status, {}, NOW)
        assert (error is None) == (status == 200)
        assert error is None or str(status) in error.message


def test_only_settings_make_an_error_permanent() -> None:
    permanent = {kind for kind in ErrorKind if SourceError(kind, "x").permanent}
    assert permanent == {ErrorKind.AUTH, ErrorKind.FORBIDDEN, ErrorKind.REFUSED_CONFIG}


@pytest.mark.parametrize("text", ["", "now", "Sat, 21 Nov 2026 09:00:00", "Sat, 21 Nov 99999 09:00:00 GMT", "1 2 3", ";;;", "\x00"])
def test_http_date_with_no_date_is_none(text: str) -> None:
    assert http_date(text) is None


def test_http_date_with_an_offset_is_utc() -> None:
    assert http_date("Sat, 21 Nov 2026 10:00:00 +0100") == NOW
    assert http_date("Sat, 21 Nov 2026 09:00:00 GMT") == NOW
