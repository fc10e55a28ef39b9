"""What the house answers when a page cannot be shown."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """A form that was open too long, or that another site sent: say what to do (Django's CSRF_FAILURE_VIEW)."""
    return render(request, "403_csrf.html", status=403)
