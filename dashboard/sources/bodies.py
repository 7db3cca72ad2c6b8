"""Bodies of answers: unpacked under a cap, parsed as JSON, and, where the vendor refuses, its own sentence in them.

In:  a response that has not been read, raw bytes. Out: bytes, JSON, one harmless line of text; or a SourceError that never quotes the body.
Must not decide what a status means.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

import httpx

from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.values import harmless

# A refusal is a sentence or a few; what is longer is somebody's web page.
REFUSAL_BYTES = 64_000
LONGEST_DETAIL = 300
_MOST_SENTENCES = 10


def unpacked(response: httpx.Response, cap: int) -> bytes:
    """The body, `cap` bytes at most (SourceError too_large). Gunzipped here: httpx would unpack a whole chunk, however large it becomes,
    before anybody could count it."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is packed in a way that was not asked for.")
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding.endswith("gzip") else None
    body = bytearray()
    packed_bytes = 0
    for chunk in response.iter_raw():
        packed_bytes += len(chunk)
        if unzip is None:
            body += chunk
        else:
            body += _inflated(unzip, chunk, cap + 1 - len(body))
            if unzip.unused_data:
                raise SourceError(ErrorKind.INVALID, "The vendor's answer goes on after its end.")
        if len(body) > cap or packed_bytes > cap:
            raise SourceError(ErrorKind.TOO_LARGE, f"The vendor's answer is larger than {cap // 1_000_000} MB.")
    if unzip is not None and packed_bytes and not unzip.eof:
        raise SourceError(ErrorKind.INVALID, "The vendor's packed answer is cut off.")
    return bytes(body)


def _inflated(unzip: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return unzip.decompress(chunk, most)
    except zlib.error:
        pass
    raise SourceError(ErrorKind.INVALID, "The vendor's answer could not be unpacked.")


def parsed(raw: bytes, content_type: str) -> object:
    """JSON of any shape. SourceError (invalid) with the reason; the body itself is never quoted: it may hold phone numbers."""
    media = content_type.partition(";")[0].strip().lower()
    if not raw.strip():
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is empty.")
    if media == "text/html":
        raise SourceError(ErrorKind.INVALID, "The vendor answered with a web page instead of numbers.")
    if media not in {"application/json", "text/json"} and not (media.startswith("application/") and media.endswith("+json")):
        raise SourceError(ErrorKind.INVALID, "The vendor's answer does not say that it is JSON.")
    try:
        found: object = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError:
        reason = "is not JSON"
    else:
        return found
    raise SourceError(ErrorKind.INVALID, f"The vendor's answer {reason}.")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def refusal(raw: bytes, content_type: str) -> str:
    """What the vendor says in the body of a refusal, in any of its shapes, as one line of LONGEST_DETAIL characters at most; empty: nothing
    that can be shown. E-mail addresses, numbers of phones and secrets are masked."""
    media = content_type.partition(";")[0].strip().lower()
    if media == "text/plain":
        return harmless(raw.decode("utf-8", "replace"), LONGEST_DETAIL)
    try:
        found = parsed(raw, content_type)
    except SourceError:
        return ""
    sentences: list[str] = []
    for sentence in _sentences(found):
        if sentence and sentence not in sentences:
            sentences.append(sentence)
        if len(sentences) >= _MOST_SENTENCES:
            break
    return harmless("; ".join(sentences), LONGEST_DETAIL)


def _sentences(body: object) -> Iterator[str]:
    """`details` says most, by field; then `description`; `error` is a word, or an object with a title and a message."""
    if not isinstance(body, dict):
        return
    details = body.get("details")
    if isinstance(details, dict) and details:
        for name, problems in details.items():
            for problem in problems if isinstance(problems, list) else [problems]:
                text = problem.get("description") if isinstance(problem, dict) else problem
                if isinstance(text, str) and text.strip():
                    yield text.strip() if name == "base" else f"{name}: {text.strip()}"
        return
    problems = body.get("errors")
    for problem in [*(problems if isinstance(problems, list) else []), body.get("error"), body]:
        if not isinstance(problem, dict):
            continue
        for name in ("message", "description", "detail", "title"):
            text = problem.get(name)
            if isinstance(text, str) and text.strip():
                yield text.strip()
                break
    error = body.get("error")
    if isinstance(error, str) and not isinstance(body.get("description"), str):
        yield error
