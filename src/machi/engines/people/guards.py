"""Decorators that say who a page is for."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import resolve_url

from machi.engines.people.queries import actor_of


def resident_required(view):
    """Only for someone signed in (staff are residents, too); others go to the sign-in page first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if actor_of(request).account is None:
            return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
        return view(request, *args, **kwargs)

    return guarded


def staff_required(view):
    """Only for staff who hold a post today; what they may do with a thing is still for `can` to say."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        actor = actor_of(request)
        if actor.account is None:
            return redirect_to_login(request.get_full_path(), resolve_url("people:staff_login"))
        if not actor.posts:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
