"""What the house answers when a page cannot be shown."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Say what to do when a form was open too long, or another site sent it (CSRF_FAILURE_VIEW)."""
    return render(request, "403_csrf.html", status=403)
