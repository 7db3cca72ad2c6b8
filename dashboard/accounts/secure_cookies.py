"""Cookies that came over TLS go back over TLS only; on plain loopback they must not be so marked, or nobody could log in.

In:  a response of any view, whose request may have come by a TLS proxy (SECURE_PROXY_SSL_HEADER). Out: the same, its cookies `Secure`.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class SecureCookies(MiddlewareMixin):
    """The outermost middleware, so that it sees the cookies of all others. The mixin serves sync and async stacks alike."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.is_secure():
            for morsel in response.cookies.values():
                morsel["secure"] = True
        return response
