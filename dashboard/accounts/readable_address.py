"""Addresses that hold the sign NUL are answered at once: PostgreSQL takes it in no text, and nobody means it.

In:  a request. Out: nothing, or the page of a bad request (400). Forms refuse the sign in their fields by themselves.
"""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

NUL = "\x00"


class ReadableAddress(MiddlewareMixin):
    """Before anything that looks into the database by what an address says. The mixin serves sync and async stacks alike."""

    def process_request(self, request: HttpRequest) -> None:
        if NUL in request.path or "%00" in request.META.get("QUERY_STRING", "") or NUL in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds the sign NUL.")
