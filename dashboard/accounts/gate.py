"""Who may open a desk page: people who log in, supervisors, administrators.

In:  a view. Out: the view behind the login, for everybody who logs in, for supervisors and administrators, or for administrators alone;
never kept by a cache.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from dashboard.models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
FOR_SUPERVISORS = "This is for supervisors and administrators. You may look at what is live and at incidents."
FOR_ADMINISTRATORS = "Only an administrator may do this."


def people(view: View[P]) -> Callable[..., HttpResponse]:
    """Wraps `view(request, user, ...)`: everybody who logs in may look."""
    return _for((Role.VIEWER, Role.SUPERVISOR, Role.ADMINISTRATOR), FOR_SUPERVISORS, view)


def supervisors(view: View[P]) -> Callable[..., HttpResponse]:
    """Wraps `view(request, user, ...)`."""
    return _for((Role.SUPERVISOR, Role.ADMINISTRATOR), FOR_SUPERVISORS, view)


def administrators(view: View[P]) -> Callable[..., HttpResponse]:
    """Wraps `view(request, user, ...)`."""
    return _for((Role.ADMINISTRATOR,), FOR_ADMINISTRATORS, view)


def _for(roles: tuple[Role, ...], refusal: str, view: View[P]) -> Callable[..., HttpResponse]:
    @never_cache
    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or user.role not in roles:
            raise PermissionDenied(refusal)
        return view(request, user, *args, **kwargs)

    return guarded
